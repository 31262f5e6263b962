#include "core/tsdb/ring_state.h"

#include <algorithm>

namespace fleetglass::tsdb {

namespace {

RingStoreOptions sane(RingStoreOptions options)
{
    if (options.seriesMax == 0 || options.seriesMax > kSeriesMaxCeiling)
        options.seriesMax = kSeriesMaxCeiling; // 0 asks for our ceiling, never for no limit.
    return options;
}

} // namespace

RingStore::State::State(RingStoreOptions given, const Clock& time)
    : options(sane(given))
    , clock(time)
    , retention(time, given.retention)
    , index(table, ledger, options.seriesMax)
    , limbo({ table, ledger, commits, queue })
{
}

int64_t RingStore::State::bootMs() const
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock.bootTime()).count();
}

Match RingStore::State::matchOf(storage::SeriesRef ref) const
{
    Series* const series = table.find(ref);
    const uint32_t generation = generationOf(ref);
    return series != nullptr && series->isAlive(generation) ? Match { series, generation }
                                                            : Match {};
}

// Where the row's series live; a new home where none has one yet.
TargetGroup& RingStore::State::groupFor(const storage::Row& row)
{
    const auto homeOf = [&](storage::SeriesRef ref) -> TargetGroup* {
        const Match match = matchOf(ref);
        return match.series ? match.series->home.load() : nullptr;
    };
    for (const storage::RowValue& value : row.values) {
        if (TargetGroup* const home = homeOf(value.series))
            return *home;
    }
    for (const storage::LooseSample& sample : row.loose) {
        if (TargetGroup* const home = homeOf(sample.series))
            return *home;
    }
    return takeGroup();
}

TargetGroup& RingStore::State::takeGroup()
{
    const std::lock_guard lock(groupsMutex);
    if (!spareGroups.empty()) {
        TargetGroup* const group = spareGroups.back();
        spareGroups.pop_back();
        group->takeNumber(++lastGroup);
        return *group;
    }
    TargetGroup& group = groups.emplace_back(TargetGroup::Shared { table, ledger, commits, queue });
    group.takeNumber(++lastGroup);
    return group;
}

std::vector<TargetGroup*> RingStore::State::allGroups() const
{
    const std::lock_guard lock(groupsMutex);
    std::vector<TargetGroup*> all;
    all.reserve(groups.size());
    for (const TargetGroup& group : groups)
        all.push_back(const_cast<TargetGroup*>(&group));
    return all;
}

// Samples of series that live elsewhere go there; one that moves again has died meanwhile.
void RingStore::State::addStrays(Incoming& incoming, Outcome& outcome)
{
    std::vector<LooseEntry> strays = std::exchange(outcome.strays, {});
    incoming.values.clear();
    while (!strays.empty()) {
        const auto homeOf = [](const LooseEntry& entry) { return entry.match.series->home.load(); };
        TargetGroup* const home = homeOf(strays.front());
        const auto rest = std::stable_partition(strays.begin(), strays.end(),
            [&](const LooseEntry& entry) { return homeOf(entry) == home; });
        incoming.loose.assign(
            std::make_move_iterator(strays.begin()), std::make_move_iterator(rest));
        strays.erase(strays.begin(), rest);
        if (home == nullptr) {
            outcome.counts.unknownSeries += incoming.loose.size();
            continue;
        }
        home->append(incoming, outcome);
        outcome.counts.unknownSeries += std::exchange(outcome.strays, {}).size();
    }
}

void RingStore::State::addExemplars(const storage::Row& row, const Incoming& incoming)
{
    for (const storage::LooseExemplar& loose : row.exemplars) {
        const Match match = matchOf(loose.series);
        TargetGroup* const home = match.series ? match.series->home.load() : nullptr;
        if (home != nullptr)
            home->addExemplar(match, loose.exemplar, incoming.commit, options.exemplarsPerSeriesMax,
                incoming.journal);
    }
}

void RingStore::State::settle(Outcome& outcome)
{
    appended += outcome.held;
    outOfOrder += outcome.counts.outOfOrder;
    duplicate += outcome.counts.duplicate;
    tooOld += outcome.counts.tooOld;
    evicted += outcome.evicted;
    if (outcome.held > 0)
        rate.add(outcome.held, clock.bootTime());
    index.forget(outcome.dropped);
    outcome.dropped.clear();
    if (disk && !outcome.released.empty())
        disk->released(outcome.released);
    outcome.released.clear();
}

void RingStore::State::evictBefore(int64_t beforeMs)
{
    const std::lock_guard lock(evictionMutex);
    Outcome outcome;
    while (const auto entry = queue.takeBefore(beforeMs)) {
        entry->group->evict(*entry, outcome);
        settle(outcome);
        outcome = {};
    }
}

void RingStore::State::keepBudget()
{
    if (ledger.bytes() <= options.bytesMax)
        return;
    const std::unique_lock lock(evictionMutex, std::try_to_lock);
    if (!lock.owns_lock())
        return; // Somebody is at it.
    while (ledger.bytes() > options.bytesMax) {
        const auto entry = queue.takeBefore(INT64_MAX);
        if (!entry) {
            if (!packOldestHead())
                return; // What is left is series and their labels: the series limit bounds them.
            continue;
        }
        Outcome outcome;
        entry->group->evict(*entry, outcome);
        settle(outcome);
    }
}

// All that is held is in heads: the oldest of them becomes a block, which may then go.
bool RingStore::State::packOldestHead()
{
    TargetGroup* oldest = nullptr;
    int64_t oldestMs = INT64_MAX;
    for (TargetGroup* group : allGroups()) {
        const int64_t headMs = group->oldestHeadMs();
        if (headMs < oldestMs) {
            oldest = group;
            oldestMs = headMs;
        }
    }
    if (oldest == nullptr)
        return false;
    Outcome outcome;
    oldest->pack(INT64_MAX, outcome);
    settle(outcome);
    return true;
}

void RingStore::State::dropHomeless(int64_t beforeBootMs)
{
    std::vector<Series*> dead;
    for (const Match& match : index.homelessBefore(beforeBootMs)) {
        if (limbo.dropHomeless(match))
            dead.push_back(match.series);
    }
    index.forget(dead);
    const std::lock_guard lock(groupsMutex);
    spareGroups.clear();
    for (TargetGroup& group : groups) {
        if (group.isDeserted())
            spareGroups.push_back(&group);
    }
}

std::vector<Match> RingStore::State::resolveByHome(
    std::span<const labels::Matcher> matchers, const std::stop_token& stop) const
{
    auto matches = index.resolve(matchers, [&] { return stop.stop_requested(); });
    std::vector<std::pair<TargetGroup*, Match>> homed;
    homed.reserve(matches.size());
    for (const Match& match : matches) {
        if (TargetGroup* const home = match.series->home.load())
            homed.emplace_back(home, match);
    }
    std::stable_sort(homed.begin(), homed.end(),
        [](const auto& a, const auto& b) { return std::less<>()(a.first, b.first); });
    matches.clear();
    for (const auto& [home, match] : homed)
        matches.push_back(match);
    return matches;
}

} // namespace fleetglass::tsdb
