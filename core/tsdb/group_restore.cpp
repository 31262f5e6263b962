// How a group takes up again what the disk kept of it.
#include "core/base/ensure.h"
#include "core/tsdb/target_group.h"

#include <algorithm>

namespace fleetglass::tsdb {

void TargetGroup::adopt(Series& series)
{
    const std::lock_guard lock(m_mutex);
    FLEETGLASS_ENSURE(homeOf({ &series, series.generation.load() }) == Home::Here);
}

void TargetGroup::restoreRows(
    RowBlock block, std::span<const RestoredColumn> columns, uint32_t file)
{
    const std::lock_guard lock(m_mutex);
    std::vector<const RestoredColumn*> sorted;
    for (const RestoredColumn& column : columns)
        sorted.push_back(&column);
    std::sort(sorted.begin(), sorted.end(),
        [](const auto* a, const auto* b) { return a->series->slot < b->series->slot; });
    for (const RestoredColumn* column : sorted) {
        Series& series = *column->series;
        block.slots.push_back(series.slot);
        block.offsets.push_back(static_cast<uint32_t>(block.values.size()));
        block.values.insert(block.values.end(), column->bytes.begin(), column->bytes.end());
        ++series.rowBlocks;
        series.firstMs = std::min(series.firstMs.load(), column->firstMs);
        if (column->lastMs > series.lastMs) {
            series.lastMs = column->lastMs;
            series.lastValue = column->lastValue;
            series.lastIsHistogram = false;
        }
    }
    block.slots.shrink_to_fit();
    block.offsets.shrink_to_fit();
    block.values.shrink_to_fit();
    m_lastRowMs = std::max(m_lastRowMs, block.maxMs);
    m_samples += block.samples;
    m_blockBytes += block.bytes();
    const uint64_t order = m_shared.queue.push(block.maxMs, this, nullptr);
    m_blocks.push_back(
        { std::make_shared<const RowBlock>(std::move(block)), order, 0, file, true });
    settle();
}

// From mark to mark: the rows of a column that have a sample. Answers the first of them.
size_t TargetGroup::countRows(HeadColumn& column, size_t rows)
{
    size_t firstRow = rows;
    uint64_t marks = column.marks;
    for (const double value : column.values) {
        const auto row = static_cast<size_t>(std::countr_zero(marks));
        marks &= marks - 1;
        const size_t end = marks == 0 ? rows : static_cast<size_t>(std::countr_zero(marks));
        if (isAbsent(value))
            continue;
        firstRow = std::min(firstRow, row);
        column.samples += static_cast<uint32_t>(end - row);
        column.lastRow = static_cast<uint32_t>(end - 1);
    }
    return firstRow;
}

// The head must be empty: the one before was packed.
void TargetGroup::restoreHead(RestoredHead head, uint64_t era, Outcome& outcome)
{
    const std::lock_guard lock(m_mutex);
    if (!m_rowTimes.empty())
        packRows(outcome);
    m_chain = head.chain;
    m_era = era;
    m_headJournal = head.journal;
    m_rowTimes = head.timesMs;
    m_rowCommits.assign(head.timesMs.size(), 0);
    m_lastRowMs = std::max(m_lastRowMs, m_rowTimes.back());
    m_chainColumns = static_cast<uint32_t>(head.columns.size());
    const size_t rows = m_rowTimes.size();
    for (uint32_t place = 0; place < head.columns.size(); ++place) {
        RestoredHead::Column& restored = head.columns[place];
        if (restored.series == nullptr || restored.values.empty())
            continue;
        Series& series = *restored.series;
        if (series.column == Series::kNoColumn) {
            series.column = static_cast<uint32_t>(m_columns.size());
            m_columns.emplace_back().series = &series;
        }
        HeadColumn& column = m_columns[series.column];
        column.place = place;
        column.marks = restored.marks;
        m_valueBytes -= column.values.capacity() * sizeof(double);
        column.values = std::move(restored.values);
        m_valueBytes += column.values.capacity() * sizeof(double);
        const size_t firstRow = countRows(column, rows);
        if (column.samples > 0)
            series.firstMs = std::min(series.firstMs.load(), m_rowTimes[firstRow]);
        m_samples += column.samples;
        if (column.isPresent())
            ++m_present;
        if (column.samples == 0 || m_rowTimes[column.lastRow] <= series.lastMs)
            continue;
        series.lastMs = m_rowTimes[column.lastRow];
        series.lastValue = column.at(column.lastRow);
        series.lastIsHistogram = false;
    }
    settle();
}

void TargetGroup::continueAfter(uint64_t chain, Outcome& outcome)
{
    const std::lock_guard lock(m_mutex);
    if (!m_rowTimes.empty())
        packRows(outcome);
    m_chain = std::max(m_chain, chain + 1);
    settle();
}

void TargetGroup::restoreLoose(Series& series, std::vector<HeldLoose> blocks,
    std::span<const std::pair<storage::LooseSample, uint32_t>> samples)
{
    const std::lock_guard lock(m_mutex);
    ensureLoose(series);
    const auto noteNewest = [&](int64_t timeMs, double value, bool isHistogram) {
        if (timeMs <= series.lastMs)
            return;
        series.lastMs = timeMs;
        series.lastValue = value;
        series.lastIsHistogram = isHistogram;
    };
    for (HeldLoose& held : blocks) {
        const auto block = held.block;
        series.firstMs = std::min(series.firstMs.load(), block->minMs);
        const LooseSamples decoded = block->decode();
        if (!decoded.timesMs.empty())
            noteNewest(decoded.timesMs.back(), decoded.values.back(), false);
        if (!decoded.histograms.empty())
            noteNewest(decoded.histograms.back().timestampMs, 0, true);
        m_blockBytes += block->bytes();
        m_samples += block->samples();
        ++m_looseBlocks;
        m_shared.queue.push(block->maxMs, this, &series);
        series.loose->restore(std::move(held));
    }
    for (const auto& [sample, journal] : samples) {
        if (series.loose->isHeadFull())
            packLoose(series);
        const size_t before = series.loose->headBytes();
        series.loose->add(sample, sample.timestampMs, 0, journal);
        m_looseBytes += series.loose->headBytes() - before;
        series.firstMs = std::min(series.firstMs.load(), sample.timestampMs);
        noteNewest(sample.timestampMs, sample.value, sample.histogram != nullptr);
        ++m_samples;
    }
    settle();
}

} // namespace fleetglass::tsdb
