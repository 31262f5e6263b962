#include "core/tsdb/ring_store.h"

#include "core/tsdb/ring_state.h"

#include <algorithm>

namespace fleetglass::tsdb {

using storage::AppendCounts;
using storage::Row;
using storage::SeriesRef;

RingStore::RingStore(RingStoreOptions options, const Clock& clock)
    : m_state(std::make_unique<State>(options, clock))
{
}

RingStore::~RingStore()
{
    m_state->close();
}

Result<SeriesRef> RingStore::seriesFor(const labels::Labels& labels)
{
    return m_state->index.seriesFor(labels, m_state->bootMs());
}

bool RingStore::isAlive(SeriesRef series) const
{
    return m_state->matchOf(series).series != nullptr;
}

void RingStore::State::appendTo(
    TargetGroup& group, const Row& row, Incoming& incoming, Outcome& outcome)
{
    const std::lock_guard writing(group.writing());
    commit(&group, row, incoming, outcome);
    if (group.takePacked())
        pack(group, false, outcome);
}

// From the stamp to the end of the commit: readers see the samples when they are written.
void RingStore::State::commit(
    TargetGroup* group, const Row& row, Incoming& incoming, Outcome& outcome)
{
    const Commits::Append append(commits);
    incoming.commit = append.number();
    JournalEntry entry;
    entry.era = disk ? disk->era() : 0;
    if (entry.era != 0) {
        incoming.journal = &entry;
        incoming.journalFile = disk->journalFile();
    }
    if (group != nullptr) {
        group->append(incoming, outcome);
        addStrays(incoming, outcome);
    }
    addExemplars(row, incoming);
    // In memory it stands, whether the disk takes it or not: the keeper remembers the gap.
    if (disk && !(entry.era != 0 && entry.empty()))
        static_cast<void>(disk->write(entry));
}

Result<AppendCounts> RingStore::append(const Row& row)
{
    State& state = *m_state;
    Outcome outcome;
    Incoming incoming;
    incoming.timestampMs = row.timestampMs;
    incoming.cutoffMs = state.retention.cutoffMs();
    incoming.values.reserve(row.values.size());
    for (const storage::RowValue& value : row.values) {
        const Match match = state.matchOf(value.series);
        match.series ? incoming.values.push_back({ match, value.value })
                     : void(++outcome.counts.unknownSeries);
    }
    for (const storage::LooseSample& sample : row.loose) {
        const Match match = state.matchOf(sample.series);
        match.series ? incoming.loose.push_back({ match, sample })
                     : void(++outcome.counts.unknownSeries);
    }
    if (!incoming.values.empty() || !incoming.loose.empty())
        state.appendTo(state.groupFor(row), row, incoming, outcome);
    else if (!row.exemplars.empty())
        state.commit(nullptr, row, incoming, outcome);
    state.settle(outcome);
    state.keepBudget();
    if (outcome.counts.unknownSeries > 0
        && outcome.counts.unknownSeries == row.values.size() + row.loose.size())
        return failure("unknown series: every series of the row was dropped; ask for them again",
            ErrorCode::NotFound);
    return outcome.counts;
}

std::map<std::string, size_t> RingStore::metricCounts() const
{
    return m_state->index.counts(labels::kMetricName);
}

StoreStats RingStore::stats() const
{
    const State& state = *m_state;
    StoreStats stats;
    stats.series = state.index.size();
    stats.seriesMax = state.options.seriesMax;
    stats.bytes = state.ledger.bytes();
    stats.bytesMax = state.options.bytesMax;
    stats.appendedTotal = state.appended;
    stats.outOfOrderTotal = state.outOfOrder;
    stats.duplicateTotal = state.duplicate;
    stats.tooOldTotal = state.tooOld;
    stats.evictedSamplesTotal = state.evicted;
    stats.appendedPerSecond = state.rate.perSecond(state.clock.bootTime());
    int64_t minMs = INT64_MAX;
    int64_t maxMs = INT64_MIN;
    for (const TargetGroup* group : state.allGroups()) {
        const GroupStats part = group->stats();
        stats.samples += part.samples;
        stats.blocks += part.blocks;
        stats.blockBytes += part.blockBytes;
        stats.blockSamples += part.blockSamples;
        minMs = std::min(minMs, part.minMs);
        maxMs = std::max(maxMs, part.maxMs);
    }
    if (minMs <= maxMs) {
        stats.minTimeMs = minMs;
        stats.maxTimeMs = maxMs;
    }
    return stats;
}

void RingStore::maintain()
{
    State& state = *m_state;
    const std::lock_guard lock(state.maintenanceMutex);
    // A head that gets nothing any more is packed, so that it can grow old with the rest.
    const int64_t idleSinceMs = state.clock.wallMs() - state.options.idleAfter.count();
    for (TargetGroup* group : state.allGroups()) {
        if (group->isIdleSince(idleSinceMs)) {
            state.packAll(*group);
            continue;
        }
        Outcome outcome;
        group->pack(idleSinceMs, outcome);
        state.settle(outcome);
    }
    if (const int64_t cutoffMs = state.retention.cutoffMs(); cutoffMs != INT64_MIN)
        state.evictBefore(cutoffMs);
    state.dropHomeless(state.bootMs() - state.options.idleAfter.count());
    state.index.dropLabelCacheAbove(state.options.bytesMax / 8);
    state.keepBudget();
}

size_t RingStore::recountBytes() const
{
    size_t bytes = m_state->index.recountBytes() + m_state->limbo.recountBytes();
    for (const TargetGroup* group : m_state->allGroups())
        bytes += group->recountBytes();
    return bytes;
}

} // namespace fleetglass::tsdb
