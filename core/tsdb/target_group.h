// TargetGroup: the series that arrive together, usually one target's: the rows of its head, the
// packed rows before them, and what its series hold besides. Each series has one home. Thread-safe:
// one mutex a group, held for one append or one capture.
#pragma once

#include "core/tsdb/eviction_queue.h"
#include "core/tsdb/ledger.h"
#include "core/tsdb/row_block.h"
#include "core/tsdb/series.h"

namespace fleetglass::tsdb {

// A series as a caller knew it; dead when the generation moved on.
struct Match
{
    Series* series = nullptr;
    uint32_t generation = 0;
};

struct FloatEntry
{
    Match match;
    double value = 0;
};

struct LooseEntry
{
    Match match;
    storage::LooseSample sample;
};

struct Incoming
{
    int64_t timestampMs = 0;
    std::vector<FloatEntry> values;
    std::vector<LooseEntry> loose;
    uint64_t commit = 0;
    int64_t cutoffMs = INT64_MIN; // What is not newer is too old.
};

struct Outcome
{
    storage::AppendCounts counts;
    size_t held = 0; // Appended and not a repetition.
    std::vector<LooseEntry> strays; // At home elsewhere.
    std::vector<Series*> dropped; // Dead now; the index forgets them.
    size_t evicted = 0; // Samples.
};

// What a reader needs of one series, taken under the mutex, decoded without it.
struct SeriesCapture
{
    size_t match = 0;
    std::vector<std::shared_ptr<const LooseBlock>> looseBlocks;
    LooseSamples looseHead;
};

struct GroupCapture
{
    std::vector<std::shared_ptr<const RowBlock>> blocks; // Those that touch the range.
    std::vector<int64_t> headTimes; // Visible and inside the range.
    std::vector<double> headValues; // headTimes.size() for each series.
    std::vector<SeriesCapture> series;
};

struct GroupStats
{
    size_t bytes = 0;
    size_t samples = 0;
    size_t blocks = 0;
    int64_t minMs = INT64_MAX;
    int64_t maxMs = INT64_MIN;
};

class TargetGroup
{
public:
    struct Shared
    {
        SeriesTable& table;
        Ledger& ledger;
        Commits& commits;
        EvictionQueue& queue;
    };

    explicit TargetGroup(Shared shared);

    void append(const Incoming& incoming, Outcome& outcome);
    // For a series that is at home here; older than the newest and repeated ones are left out.
    void addExemplar(const Match& match, const storage::Exemplar& exemplar, uint64_t commit,
        size_t exemplarsMax);
    // Takes in and drops a series that never had a sample; false where it has a home.
    bool dropHomeless(const Match& match);

    // Packs heads whose newest sample is not after `untilMs`.
    void pack(int64_t untilMs, Outcome& outcome);
    void evict(const EvictionQueue::Entry& entry, Outcome& outcome);

    // `matches` are at home here; `first` is the place of the first in the caller's list.
    GroupCapture capture(std::span<const Match> matches, size_t first,
        const Commits::Snapshot& snapshot, storage::TimeRange range) const;
    std::vector<storage::Exemplar> exemplarsOf(
        const Match& match, const Commits::Snapshot& snapshot, storage::TimeRange range) const;

    GroupStats stats() const;
    int64_t oldestHeadMs() const; // INT64_MAX where all heads are empty.
    bool isDeserted() const; // No series is at home here.
    size_t recountBytes() const;

private:
    // A value stands for all rows until the next mark; rows before the first mark are absent.
    struct HeadColumn
    {
        Series* series = nullptr;
        uint64_t marks = 0;
        std::vector<double> values;
        uint32_t samples = 0;
        uint32_t lastRow = UINT32_MAX;

        bool isPresent() const { return !values.empty() && !isAbsent(values.back()); }
        double at(size_t row) const;
    };

    enum class Home
    {
        Here,
        Elsewhere,
        None
    }; // None: the series is dead.
    enum class Verdict
    {
        Accept,
        Repeated,
        OutOfOrder,
        Duplicate
    };

    // The rest is called under the mutex.
    Home homeOf(const Match& match);
    bool isHere(const LooseEntry& entry, Outcome& outcome);
    static Verdict judge(const Series& series, int64_t timeMs, double value,
        const histogram::HistogramPtr& histogram);
    bool admit(Verdict verdict, Outcome& outcome) const;
    void appendRow(const Incoming& incoming, Outcome& outcome);
    void appendLoose(const LooseEntry& entry, const Incoming& incoming, Outcome& outcome);
    void openRow(int64_t timeMs, uint64_t commit, Outcome& outcome);
    void setInRow(Series& series, double value);
    void closeRow(size_t touched);
    void addLoose(
        Series& series, const storage::LooseSample& sample, int64_t timeMs, uint64_t commit);
    void note(Series& series, int64_t timeMs, double value, bool isHistogram);
    void packRows(Outcome& outcome);
    void packLoose(Series& series);
    void evictRows(int64_t maxMs, Outcome& outcome);
    void evictLoose(Series& series, int64_t maxMs, Outcome& outcome);
    void resetHead(Outcome& outcome);
    void removeColumn(uint32_t place);
    void dropIfEmpty(Series& series, Outcome& outcome);
    std::vector<size_t> visibleHeadRows(
        const Commits::Snapshot& snapshot, storage::TimeRange range) const;
    SeriesCapture captureLoose(
        const Series& series, const Commits::Snapshot& snapshot, storage::TimeRange range) const;
    size_t bytes() const;
    void settle(); // Tells the ledger what changed since the last time.

    Shared m_shared;
    mutable std::mutex m_mutex;
    std::vector<int64_t> m_rowTimes; // The head's.
    std::vector<uint64_t> m_rowCommits;
    std::vector<HeadColumn> m_columns;
    size_t m_present = 0; // Columns whose newest row has a sample.
    int64_t m_lastRowMs = INT64_MIN;
    std::deque<std::shared_ptr<const RowBlock>> m_blocks;
    std::vector<Series*> m_looseSeries;
    size_t m_homed = 0;
    size_t m_samples = 0;
    size_t m_valueBytes = 0; // Of the head's columns.
    size_t m_blockBytes = 0;
    size_t m_looseBytes = 0;
    size_t m_exemplarBytes = 0;
    size_t m_looseBlocks = 0;
    size_t m_charged = 0;
};

// What a label set and an exemplar cost, in round terms that a recount finds again.
size_t bytesOf(const labels::Labels& labels);

} // namespace fleetglass::tsdb
