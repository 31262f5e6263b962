// The parts of a RingStore and how they come together. Thread-safe.
#pragma once

#include "core/tsdb/disk_keeper.h"
#include "core/tsdb/rate_meter.h"
#include "core/tsdb/retention_clock.h"
#include "core/tsdb/ring_store.h"
#include "core/tsdb/series_index.h"

#include <deque>

namespace fleetglass::tsdb {

struct RingStore::State
{
    State(RingStoreOptions given, const Clock& time);

    // An append, from refs to places.
    TargetGroup& groupFor(const storage::Row& row);
    void appendTo(
        TargetGroup& group, const storage::Row& row, Incoming& incoming, Outcome& outcome);
    void commit(TargetGroup* group, const storage::Row& row, Incoming& incoming, Outcome& outcome);
    void addStrays(Incoming& incoming, Outcome& outcome);
    void addExemplars(const storage::Row& row, const Incoming& incoming);
    Match matchOf(storage::SeriesRef ref) const;

    // Merges packed heads and writes what is packed; `all`: the heads as well. With the group's
    // writing mutex held.
    void pack(TargetGroup& group, bool all, Outcome& outcome);
    void packPacked(TargetGroup& group);
    void packAll(TargetGroup& group);

    // Disk.
    void restore(Recovered& recovered, std::vector<std::string>& notes);
    void flush();
    void close();
    bool recoverDisk(); // Whether the disk takes what it is given.
    void keepDiskBudget();
    void evictFile(uint32_t file);
    uint32_t oldestJournalNeeded() const;

    // Eviction.
    void settle(Outcome& outcome); // Forgets what died, counts what went.
    void keepBudget();
    void evictBefore(int64_t beforeMs);
    bool packOldestHead();
    void dropHomeless(int64_t beforeBootMs);
    TargetGroup& takeGroup();
    std::vector<TargetGroup*> allGroups() const;

    // Matches that are at home somewhere, those of one home next to each other.
    std::vector<Match> resolveByHome(
        std::span<const labels::Matcher> matchers, const std::stop_token& stop) const;
    int64_t bootMs() const;

    const RingStoreOptions options;
    const Clock& clock;
    RetentionClock retention;
    Ledger ledger;
    Commits commits;
    EvictionQueue queue;
    SeriesTable table;
    SeriesIndex index;
    TargetGroup limbo; // Where series without a sample die.
    RateMeter rate;

    mutable std::mutex groupsMutex;
    std::deque<TargetGroup> groups; // Never freed: a stale pointer finds a mutex and nobody home.
    std::vector<TargetGroup*> spareGroups;
    uint64_t lastGroup = 0; // The highest number of a group.

    DirectoryOptions directoryOptions;
    std::string directory;
    std::mutex flushMutex;
    std::unique_ptr<DiskKeeper> disk; // Set once, before the first append.

    std::mutex evictionMutex; // One evicts at a time.
    std::mutex maintenanceMutex;
    std::atomic<uint64_t> appended { 0 };
    std::atomic<uint64_t> outOfOrder { 0 };
    std::atomic<uint64_t> duplicate { 0 };
    std::atomic<uint64_t> tooOld { 0 };
    std::atomic<uint64_t> evicted { 0 };
};

} // namespace fleetglass::tsdb
