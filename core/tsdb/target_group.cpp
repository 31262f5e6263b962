#include "core/tsdb/target_group.h"

#include "core/base/ensure.h"
#include "core/tsdb/change_codec.h"

#include <algorithm>

namespace fleetglass::tsdb {

using storage::LooseSample;

size_t bytesOf(const labels::Labels& labels)
{
    size_t bytes = 96; // The shared block: counts, two headers, hash.
    for (const labels::Label& label : labels)
        bytes += sizeof(labels::Label) + label.name.size() + label.value.size();
    return bytes;
}

TargetGroup::TargetGroup(Shared shared)
    : m_shared(shared)
{
    settle();
}

void TargetGroup::append(const Incoming& incoming, Outcome& outcome)
{
    const std::lock_guard lock(m_mutex);
    appendRow(incoming, outcome);
    for (const LooseEntry& entry : incoming.loose)
        appendLoose(entry, incoming, outcome);
    settle();
}

// The first sample settles where a series lives.
TargetGroup::Home TargetGroup::homeOf(const Match& match)
{
    Series& series = *match.series;
    if (!series.isAlive(match.generation))
        return Home::None;
    TargetGroup* home = nullptr;
    if (!series.home.compare_exchange_strong(home, this))
        return home == this ? Home::Here : Home::Elsewhere;
    // It may have died elsewhere between the two looks: then this is an empty slot, or a newborn
    // that nobody else can have settled while the mutex is ours.
    if (!series.isAlive(match.generation)) {
        series.home.store(nullptr);
        return Home::None;
    }
    ++m_homed;
    return Home::Here;
}

TargetGroup::Verdict TargetGroup::judge(
    const Series& series, int64_t timeMs, double value, const histogram::HistogramPtr& histogram)
{
    const int64_t lastMs = series.lastMs.load(std::memory_order_relaxed);
    if (timeMs > lastMs)
        return Verdict::Accept;
    if (timeMs < lastMs)
        return Verdict::OutOfOrder;
    if (series.lastIsHistogram != (histogram != nullptr))
        return Verdict::Duplicate;
    const bool same = histogram ? series.loose && isSame(*series.loose->lastHistogram(), *histogram)
                                : bitsOf(series.lastValue) == bitsOf(value);
    return same ? Verdict::Repeated : Verdict::Duplicate;
}

bool TargetGroup::admit(Verdict verdict, Outcome& outcome) const
{
    switch (verdict) {
    case Verdict::Accept:
        ++outcome.counts.appended;
        ++outcome.held;
        return true;
    case Verdict::Repeated:
        ++outcome.counts.appended;
        return false;
    case Verdict::OutOfOrder:
        ++outcome.counts.outOfOrder;
        return false;
    case Verdict::Duplicate:
        ++outcome.counts.duplicate;
        return false;
    }
    return false;
}

bool TargetGroup::isHere(const LooseEntry& entry, Outcome& outcome)
{
    const Home home = homeOf(entry.match);
    if (home == Home::None)
        ++outcome.counts.unknownSeries;
    else if (home == Home::Elsewhere)
        outcome.strays.push_back(entry);
    return home == Home::Here;
}

void TargetGroup::appendRow(const Incoming& incoming, Outcome& outcome)
{
    const int64_t timeMs = incoming.timestampMs;
    if (!incoming.values.empty() && timeMs <= incoming.cutoffMs) {
        outcome.counts.tooOld += incoming.values.size();
        return;
    }
    // A second row of the same time, or an older one, has its samples beside the rows.
    const bool isNewRow = timeMs > m_lastRowMs;
    bool isOpen = false;
    size_t touched = 0;
    for (const FloatEntry& entry : incoming.values) {
        Series& series = *entry.match.series;
        const double value = isAbsent(entry.value)
            ? std::bit_cast<double>(storage::kCanonicalNanBits)
            : entry.value;
        const LooseSample sample { 0, timeMs, value, nullptr, 0 };
        if (!isHere({ entry.match, sample }, outcome))
            continue;
        if (!admit(judge(series, timeMs, value, nullptr), outcome))
            continue;
        if (!isNewRow) {
            addLoose(series, sample, incoming);
            continue;
        }
        if (!std::exchange(isOpen, true))
            openRow(incoming, outcome);
        setInRow(series, value, incoming.journal);
        note(series, timeMs, value, false);
        ++touched;
    }
    if (isOpen)
        closeRow(touched, incoming.journal);
}

void TargetGroup::appendLoose(const LooseEntry& entry, const Incoming& incoming, Outcome& outcome)
{
    LooseSample sample = entry.sample;
    Series& series = *entry.match.series;
    if (sample.timestampMs <= incoming.cutoffMs) {
        ++outcome.counts.tooOld;
        return;
    }
    if (!isHere(entry, outcome))
        return;
    if (isAbsent(sample.value))
        sample.value = std::bit_cast<double>(storage::kCanonicalNanBits);
    if (admit(judge(series, sample.timestampMs, sample.value, sample.histogram), outcome))
        addLoose(series, sample, incoming);
}

void TargetGroup::openRow(const Incoming& incoming, Outcome& outcome)
{
    JournalEntry* const journal = incoming.journal;
    // A chain that the journal does not know from its beginning cannot go on there.
    const bool isStranger = journal != nullptr && journal->era != m_era;
    if (m_rowTimes.size() == kRowsPerHead || (isStranger && !m_rowTimes.empty()))
        packRows(outcome);
    if (journal != nullptr)
        m_era = journal->era;
    if (m_rowTimes.empty())
        m_headJournal = journal != nullptr ? incoming.journalFile : 0;
    m_rowTimes.push_back(incoming.timestampMs);
    m_rowCommits.push_back(incoming.commit);
    m_lastRowMs = incoming.timestampMs;
    if (journal == nullptr)
        return;
    journal->row.emplace();
    journal->row->group = number();
    journal->row->chain = m_chain;
    journal->row->row = static_cast<uint32_t>(m_rowTimes.size() - 1);
    journal->row->timeMs = incoming.timestampMs;
    m_nextPlace = 0;
}

void TargetGroup::setInRow(Series& series, double value, JournalEntry* journal)
{
    if (series.column == Series::kNoColumn) {
        series.column = static_cast<uint32_t>(m_columns.size());
        m_columns.emplace_back().series = &series;
    }
    HeadColumn& column = m_columns[series.column];
    if (!column.isPresent())
        ++m_present;
    if (column.values.empty() || bitsOf(column.values.back()) != bitsOf(value))
        setValue(column, value, journal);
    column.lastRow = static_cast<uint32_t>(m_rowTimes.size() - 1);
    ++column.samples;
}

void TargetGroup::setValue(HeadColumn& column, double value, JournalEntry* journal)
{
    if (journal != nullptr)
        writeDown(column, value, *journal->row);
    const size_t before = column.values.capacity();
    column.values.push_back(value);
    column.marks |= uint64_t { 1 } << (m_rowTimes.size() - 1);
    m_valueBytes += (column.values.capacity() - before) * sizeof(double);
}

void TargetGroup::writeDown(HeadColumn& column, double value, RowChanges& changes)
{
    if (column.place == UINT32_MAX) {
        column.place = m_chainColumns++;
        changes.newColumns.push_back({ column.series, column.series->generation.load() });
    }
    const double before = column.values.empty() ? kAbsent : column.values.back();
    appendChange(
        changes.changes, int64_t { column.place } - m_nextPlace, before, value, column.exponent);
    m_nextPlace = int64_t { column.place } + 1;
    ++changes.count;
    const size_t cut = changes.cuts.empty() ? 0 : changes.cuts.back().bytes;
    if (changes.changes.size() - cut >= kRecordPayloadMax / 2)
        changes.cuts.push_back({ changes.changes.size(), changes.count });
}

// Series of the row before that are not in this one are absent from here on.
void TargetGroup::closeRow(size_t touched, JournalEntry* journal)
{
    if (touched == m_present)
        return;
    const size_t row = m_rowTimes.size() - 1;
    for (HeadColumn& column : m_columns) {
        if (column.lastRow == row || !column.isPresent())
            continue;
        setValue(column, kAbsent, journal);
        --m_present;
    }
}

void TargetGroup::ensureLoose(Series& series)
{
    if (series.loose)
        return;
    series.loose = std::make_unique<LooseColumn>();
    series.loosePlace = static_cast<uint32_t>(m_looseSeries.size());
    m_looseSeries.push_back(&series);
    m_looseBytes += series.loose->headBytes();
}

void TargetGroup::addLoose(
    Series& series, const storage::LooseSample& sample, const Incoming& incoming)
{
    ensureLoose(series);
    if (series.loose->isHeadFull())
        packLoose(series);
    const bool isWritten = incoming.journal != nullptr;
    const size_t before = series.loose->headBytes();
    series.loose->add(
        sample, sample.timestampMs, incoming.commit, isWritten ? incoming.journalFile : 0);
    m_looseBytes += series.loose->headBytes() - before;
    note(series, sample.timestampMs, sample.value, sample.histogram != nullptr);
    if (isWritten)
        incoming.journal->loose.push_back(
            { number(), { &series, series.generation.load() }, sample });
}

void TargetGroup::note(Series& series, int64_t timeMs, double value, bool isHistogram)
{
    if (series.firstMs.load(std::memory_order_relaxed) == INT64_MAX)
        series.firstMs.store(timeMs, std::memory_order_relaxed);
    series.lastMs.store(timeMs, std::memory_order_relaxed);
    series.lastValue = value;
    series.lastIsHistogram = isHistogram;
    ++m_samples;
}

void TargetGroup::addExemplar(const Match& match, const storage::Exemplar& exemplar,
    uint64_t commit, size_t exemplarsMax, JournalEntry* journal)
{
    const std::lock_guard lock(m_mutex);
    Series& series = *match.series;
    if (exemplarsMax == 0 || !series.isAlive(match.generation) || series.home.load() != this)
        return;
    if (!series.exemplars)
        series.exemplars = std::make_unique<std::vector<StampedExemplar>>();
    auto& ring = *series.exemplars;
    if (!ring.empty() && ring.back().exemplar.timestampMs >= exemplar.timestampMs)
        return;
    if (ring.size() >= exemplarsMax) {
        m_exemplarBytes -= sizeof(StampedExemplar) + bytesOf(ring.front().exemplar.labels);
        ring.erase(ring.begin());
    }
    ring.push_back({ exemplar, commit });
    m_exemplarBytes += sizeof(StampedExemplar) + bytesOf(exemplar.labels);
    if (journal != nullptr)
        journal->exemplars.push_back({ number(), match, exemplar });
    settle();
}

bool TargetGroup::dropHomeless(const Match& match)
{
    const std::lock_guard lock(m_mutex);
    if (match.series->home.load() != nullptr || homeOf(match) != Home::Here)
        return false;
    --m_homed;
    ++match.series->generation;
    return true;
}

std::vector<storage::Exemplar> TargetGroup::exemplarsOf(
    const Match& match, const Commits::Snapshot& snapshot, storage::TimeRange range) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<storage::Exemplar> found;
    if (!match.series->isAlive(match.generation) || !match.series->exemplars)
        return found;
    for (const StampedExemplar& stamped : *match.series->exemplars) {
        const int64_t time = stamped.exemplar.timestampMs;
        if (time >= range.startMs && time <= range.endMs && snapshot.sees(stamped.commit))
            found.push_back(stamped.exemplar);
    }
    return found;
}

GroupStats TargetGroup::stats() const
{
    const std::lock_guard lock(m_mutex);
    GroupStats stats { bytes(), m_samples, m_blocks.size() + m_looseBlocks, m_blockBytes };
    for (const HeldRows& held : m_blocks)
        stats.blockSamples += held.block->samples;
    for (const Series* series : m_looseSeries) {
        for (const HeldLoose& held : series->loose->blocks())
            stats.blockSamples += held.block->samples();
    }
    if (!m_blocks.empty())
        stats.minMs = m_blocks.front().block->minMs;
    else if (!m_rowTimes.empty())
        stats.minMs = m_rowTimes.front();
    if (!m_rowTimes.empty())
        stats.maxMs = m_rowTimes.back();
    else if (!m_blocks.empty())
        stats.maxMs = m_blocks.back().block->maxMs;
    for (const Series* series : m_looseSeries) {
        stats.minMs = std::min(stats.minMs, series->loose->minMs());
        stats.maxMs = std::max(stats.maxMs, series->lastMs.load(std::memory_order_relaxed));
    }
    return stats;
}

int64_t TargetGroup::oldestHeadMs() const
{
    const std::lock_guard lock(m_mutex);
    int64_t oldest = m_rowTimes.empty() ? INT64_MAX : m_rowTimes.front();
    for (const Series* series : m_looseSeries) {
        if (!series->loose->isHeadEmpty())
            oldest = std::min(oldest, series->loose->headMinMs());
    }
    return oldest;
}

bool TargetGroup::isIdleSince(int64_t timeMs) const
{
    const std::lock_guard lock(m_mutex);
    return m_lastRowMs <= timeMs
        && std::all_of(m_looseSeries.begin(), m_looseSeries.end(),
            [&](const Series* series) { return series->lastMs <= timeMs; });
}

bool TargetGroup::isDeserted() const
{
    const std::lock_guard lock(m_mutex);
    return m_homed == 0;
}

void TargetGroup::settle()
{
    m_shared.ledger.replace(m_charged, bytes());
    m_charged = bytes();
}

size_t TargetGroup::bytes() const
{
    return sizeof(TargetGroup) + (m_rowTimes.capacity() + m_rowCommits.capacity()) * 8
        + m_columns.capacity() * sizeof(HeadColumn) + m_looseSeries.capacity() * sizeof(Series*)
        + m_blocks.size() * sizeof(HeldRows) + m_valueBytes + m_blockBytes + m_looseBytes
        + m_exemplarBytes;
}

size_t TargetGroup::recountBytes() const
{
    const std::lock_guard lock(m_mutex);
    size_t sum = sizeof(TargetGroup) + (m_rowTimes.capacity() + m_rowCommits.capacity()) * 8
        + m_columns.capacity() * sizeof(HeadColumn) + m_looseSeries.capacity() * sizeof(Series*)
        + m_blocks.size() * sizeof(HeldRows) + m_exemplarBytes;
    for (const HeadColumn& column : m_columns)
        sum += column.values.capacity() * sizeof(double);
    for (const HeldRows& held : m_blocks)
        sum += held.block->bytes();
    for (const Series* series : m_looseSeries) {
        sum += series->loose->headBytes();
        for (const HeldLoose& held : series->loose->blocks())
            sum += held.block->bytes();
    }
    return sum;
}

} // namespace fleetglass::tsdb
