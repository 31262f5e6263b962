// How a group's heads become blocks, and how blocks go.
#include "core/base/ensure.h"
#include "core/tsdb/packed_column.h"
#include "core/tsdb/target_group.h"

#include <algorithm>

namespace fleetglass::tsdb {

double TargetGroup::HeadColumn::at(size_t row) const
{
    const uint64_t upToRow = (uint64_t { 2 } << row) - 1;
    const auto count = static_cast<size_t>(std::popcount(marks & upToRow));
    return count == 0 ? kAbsent : values[count - 1];
}

void TargetGroup::pack(int64_t untilMs, Outcome& outcome)
{
    const std::lock_guard lock(m_mutex);
    if (!m_rowTimes.empty() && m_rowTimes.back() <= untilMs)
        packRows(outcome);
    for (Series* series : m_looseSeries) {
        if (!series->loose->isHeadEmpty() && series->loose->headMaxMs() <= untilMs)
            packLoose(*series);
    }
    settle();
}

void TargetGroup::packRows(Outcome& outcome)
{
    auto block = std::make_shared<RowBlock>();
    block->minMs = m_rowTimes.front();
    block->maxMs = m_rowTimes.back();
    block->rows = static_cast<uint32_t>(m_rowTimes.size());
    packTimes(block->times, m_rowTimes);
    if (*std::max_element(m_rowCommits.begin(), m_rowCommits.end()) >= m_shared.commits.horizon())
        block->commits = m_rowCommits;

    std::vector<const HeadColumn*> columns;
    for (const HeadColumn& column : m_columns) {
        if (column.samples > 0)
            columns.push_back(&column);
    }
    std::sort(columns.begin(), columns.end(),
        [](const HeadColumn* a, const HeadColumn* b) { return a->series->slot < b->series->slot; });
    block->slots.reserve(columns.size());
    block->offsets.reserve(columns.size());
    std::vector<double> values(m_rowTimes.size());
    for (const HeadColumn* column : columns) {
        for (size_t row = 0; row < values.size(); ++row)
            values[row] = column->at(row);
        block->slots.push_back(column->series->slot);
        block->offsets.push_back(static_cast<uint32_t>(block->values.size()));
        packColumn(block->values, values);
        block->samples += column->samples;
        ++column->series->rowBlocks;
    }
    block->times.shrink_to_fit();
    block->values.shrink_to_fit();
    m_blockBytes += block->bytes();
    const uint64_t order = m_shared.queue.push(block->maxMs, this, nullptr);
    m_blocks.push_back({ std::move(block), order, m_headJournal, 0, false });
    m_hasPacked = true;
    resetHead(outcome);
}

// An empty head; series that had no sample in the last one leave it.
void TargetGroup::resetHead(Outcome& outcome)
{
    m_rowTimes.clear();
    m_rowCommits.clear();
    m_present = 0;
    ++m_chain;
    m_chainColumns = 0;
    m_headJournal = 0;
    size_t kept = 0;
    for (HeadColumn& column : m_columns) {
        if (column.samples == 0) {
            m_valueBytes -= column.values.capacity() * sizeof(double);
            column.series->column = Series::kNoColumn;
            dropIfEmpty(*column.series, outcome);
            continue;
        }
        column.marks = 0;
        column.samples = 0;
        column.lastRow = UINT32_MAX;
        column.place = UINT32_MAX;
        column.values.clear();
        column.series->column = static_cast<uint32_t>(kept);
        if (&m_columns[kept] != &column)
            m_columns[kept] = std::move(column);
        ++kept;
    }
    m_columns.resize(kept);
}

void TargetGroup::packLoose(Series& series)
{
    m_looseBytes -= series.loose->headBytes();
    const auto block = series.loose->pack(m_shared.commits.horizon());
    m_looseBytes += series.loose->headBytes();
    m_blockBytes += block->bytes();
    ++m_looseBlocks;
    m_shared.queue.push(block->maxMs, this, &series);
    m_hasPacked = true;
}

void TargetGroup::evict(const EvictionQueue::Entry& entry, Outcome& outcome)
{
    const std::lock_guard lock(m_mutex);
    if (entry.series != nullptr)
        evictLoose(*entry.series, entry.maxMs, outcome);
    else
        evictRows(entry.maxMs, outcome);
    settle();
}

void TargetGroup::evictRows(int64_t maxMs, Outcome& outcome)
{
    // It may have become part of a larger block between the queue and here.
    if (m_blocks.empty() || m_blocks.front().block->maxMs != maxMs)
        return;
    const auto block = m_blocks.front().block;
    if (m_blocks.front().file != 0)
        outcome.released.push_back(m_blocks.front().file);
    m_blocks.pop_front();
    m_blockBytes -= block->bytes();
    m_samples -= block->samples;
    outcome.evicted += block->samples;
    for (const uint32_t slot : block->slots) {
        Series& series = m_shared.table.at(slot);
        --series.rowBlocks;
        const int64_t firstMs = series.firstMs.load(std::memory_order_relaxed);
        series.firstMs.store(std::max(firstMs, maxMs + 1), std::memory_order_relaxed);
        dropIfEmpty(series, outcome);
    }
}

void TargetGroup::evictLoose(Series& series, int64_t maxMs, Outcome& outcome)
{
    FLEETGLASS_ENSURE(series.loose && !series.loose->blocks().empty()
        && series.loose->blocks().front().block->maxMs == maxMs);
    const auto block = series.loose->blocks().front().block;
    if (const uint32_t file = series.loose->blocks().front().file; file != 0)
        outcome.released.push_back(file);
    m_blockBytes -= block->bytes();
    m_samples -= block->samples();
    --m_looseBlocks;
    outcome.evicted += block->samples();
    series.loose->dropFront();
    if (!series.loose->empty())
        return;
    m_looseBytes -= series.loose->headBytes();
    series.loose.reset();
    m_looseSeries[series.loosePlace] = m_looseSeries.back();
    m_looseSeries[series.loosePlace]->loosePlace = series.loosePlace;
    m_looseSeries.pop_back();
    dropIfEmpty(series, outcome);
}

// A column without a sample in the head.
void TargetGroup::removeColumn(uint32_t place)
{
    m_valueBytes -= m_columns[place].values.capacity() * sizeof(double);
    m_columns[place].series->column = Series::kNoColumn;
    if (place + 1 < m_columns.size()) {
        m_columns[place] = std::move(m_columns.back());
        m_columns[place].series->column = place;
    }
    m_columns.pop_back();
}

// The series ended and its last sample went: the ref dies with it.
void TargetGroup::dropIfEmpty(Series& series, Outcome& outcome)
{
    if (series.rowBlocks > 0 || series.loose)
        return;
    if (series.column != Series::kNoColumn) {
        if (m_columns[series.column].samples > 0)
            return;
        removeColumn(series.column);
    }
    if (series.exemplars) {
        for (const StampedExemplar& stamped : *series.exemplars)
            m_exemplarBytes -= sizeof(StampedExemplar) + bytesOf(stamped.exemplar.labels);
        series.exemplars.reset();
    }
    series.lastIsHistogram = false;
    series.firstMs = INT64_MAX;
    series.lastMs = INT64_MIN;
    --m_homed;
    ++series.generation;
    outcome.dropped.push_back(&series);
}

} // namespace fleetglass::tsdb
