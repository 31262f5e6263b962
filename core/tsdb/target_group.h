// TargetGroup: the series that arrive together, usually one target's: the rows of its head, the
// packed rows before them, and what its series hold besides. Each series has one home. Thread-safe:
// one mutex a group, held for one append or one capture.
#pragma once

#include "core/tsdb/eviction_queue.h"
#include "core/tsdb/journal_entry.h"
#include "core/tsdb/ledger.h"
#include "core/tsdb/row_block.h"
#include "core/tsdb/series.h"

namespace fleetglass::tsdb {

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
    JournalEntry* journal = nullptr; // Takes down what is done; null: nothing is written.
    uint32_t journalFile = 0; // It will stand in this one or a later one.
};

struct Outcome
{
    storage::AppendCounts counts;
    size_t held = 0; // Appended and not a repetition.
    std::vector<LooseEntry> strays; // At home elsewhere.
    std::vector<Series*> dropped; // Dead now; the index forgets them.
    size_t evicted = 0; // Samples.
    std::vector<uint32_t> released; // Files of blocks, each for one block that went.
};

// A packed block, and where on the disk its rows stand.
struct HeldRows
{
    std::shared_ptr<const RowBlock> block;
    uint64_t order = 0; // In the eviction queue.
    uint32_t journal = 0; // The journal of its first row; 0: none.
    uint32_t file = 0; // The file of blocks that has it; 0: none yet.
    bool isFinal = false; // Not merged any more.
};

// What of a group is packed and not in a file of blocks yet.
struct Unwritten
{
    struct Rows
    {
        std::shared_ptr<const RowBlock> block;
        std::vector<Match> series; // In the order of its slots.
    };
    struct Loose
    {
        std::shared_ptr<const LooseBlock> block;
        Match series;
    };
    std::vector<Rows> rows;
    std::vector<Loose> loose;
    std::vector<ExemplarEntry> exemplars;

    bool empty() const { return rows.empty() && loose.empty() && exemplars.empty(); }
};

// A column of rows from the disk, and what its series must know of it.
struct RestoredColumn
{
    Series* series = nullptr;
    ByteView bytes;
    int64_t firstMs = 0;
    int64_t lastMs = 0;
    double lastValue = 0;
};

struct RestoredHead
{
    struct Column
    {
        Series* series = nullptr; // Null: lost, or at home elsewhere.
        uint64_t marks = 0;
        std::vector<double> values;
    };
    uint64_t chain = 0;
    uint32_t journal = 0;
    std::vector<int64_t> timesMs;
    std::vector<Column> columns;
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
    size_t blockBytes = 0;
    size_t blockSamples = 0;
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
        size_t exemplarsMax, JournalEntry* journal = nullptr);
    // Takes in and drops a series that never had a sample; false where it has a home.
    bool dropHomeless(const Match& match);

    // Whether all it holds is as old as that.
    bool isIdleSince(int64_t timeMs) const;
    // Packs heads whose newest sample is not after `untilMs`.
    void pack(int64_t untilMs, Outcome& outcome);
    void evict(const EvictionQueue::Entry& entry, Outcome& outcome);

    // Held by who appends until it is written down, and by who merges and writes blocks: rows stand
    // in the journal in the order in which they stand here. Taken before the mutex.
    std::mutex& writing() { return m_writing; }

    // The packed heads that wait to become one block: enough of them, or all there are.
    std::vector<std::shared_ptr<const RowBlock>> unmerged(bool all) const;
    // Puts the block in their place; false where some of them are gone already.
    bool replace(std::span<const std::shared_ptr<const RowBlock>> heads,
        std::shared_ptr<const RowBlock> merged);
    Unwritten unwritten() const; // Of what is packed and final.
    // Whether something was packed since this was asked last.
    bool takePacked() { return m_hasPacked.exchange(false); }
    // False where the block was evicted meanwhile.
    bool noteWritten(const RowBlock& block, uint32_t file);
    bool noteWritten(const Match& match, const LooseBlock& block, uint32_t file);
    void noteWritten(std::span<const ExemplarEntry> exemplars);
    // What was in these files is not sure to be there: it is unwritten again.
    void forgetFiles(std::span<const uint32_t> files);
    // The oldest journal that has what no file of blocks has; UINT32_MAX where there is none.
    uint32_t oldestJournal() const;

    // The number that the disk knows the group by; 0 before it is taken.
    void takeNumber(uint64_t number);
    uint64_t number() const { return m_number.load(); }
    // From the disk, oldest first; `era` is of the journal that goes on.
    void adopt(Series& series); // It is at home here.
    void restoreRows(RowBlock block, std::span<const RestoredColumn> columns, uint32_t file);
    void restoreHead(RestoredHead head, uint64_t era, Outcome& outcome);
    void restoreLoose(Series& series, std::vector<HeldLoose> blocks,
        std::span<const std::pair<storage::LooseSample, uint32_t>> samples);
    void continueAfter(uint64_t chain, Outcome& outcome); // Packs the head: the next chain begins.

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
        uint32_t place = UINT32_MAX; // In the journal's chain.
        uint8_t exponent = 0; // The change codec's hint.

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
    void openRow(const Incoming& incoming, Outcome& outcome);
    void setInRow(Series& series, double value, JournalEntry* journal);
    void setValue(HeadColumn& column, double value, JournalEntry* journal);
    void writeDown(HeadColumn& column, double value, RowChanges& changes);
    void closeRow(size_t touched, JournalEntry* journal);
    void addLoose(Series& series, const storage::LooseSample& sample, const Incoming& incoming);
    void ensureLoose(Series& series);
    static size_t countRows(HeadColumn& column, size_t rows);
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
    std::mutex m_writing;
    std::atomic<uint64_t> m_number { 0 };
    std::atomic<bool> m_hasPacked { false };
    mutable std::mutex m_mutex;
    std::vector<int64_t> m_rowTimes; // The head's.
    std::vector<uint64_t> m_rowCommits;
    std::vector<HeadColumn> m_columns;
    size_t m_present = 0; // Columns whose newest row has a sample.
    int64_t m_lastRowMs = INT64_MIN;
    std::deque<HeldRows> m_blocks;
    std::vector<Series*> m_looseSeries;
    // The head as the journal knows it.
    uint64_t m_chain = 1;
    uint64_t m_era = 0; // Of its rows.
    uint32_t m_headJournal = 0;
    uint32_t m_chainColumns = 0;
    int64_t m_nextPlace = 0;
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
