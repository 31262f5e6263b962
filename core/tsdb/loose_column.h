// LooseColumn: the samples of one series that do not come as a row: with a time of their own, a
// start timestamp, or a histogram. A head of plain columns and packed blocks before it. Used from
// one thread at a time (its target's mutex); the blocks are immutable.
#pragma once

#include "core/storage/querier.h"
#include "core/tsdb/column_codec.h"
#include "core/tsdb/commits.h"

#include <deque>
#include <memory>

namespace fleetglass::tsdb {

inline constexpr size_t kLooseSamplesPerBlock = 128;

// Columns sorted by time; a time stands in the floats or in the histograms.
struct LooseSamples
{
    std::vector<int64_t> timesMs;
    std::vector<double> values;
    std::vector<int64_t> startsMs; // Empty: all unknown.
    std::vector<storage::HistogramSample> histograms;

    size_t size() const { return timesMs.size() + histograms.size(); }
};

struct LooseBlock
{
    int64_t minMs = 0;
    int64_t maxMs = 0;
    uint32_t floats = 0;
    bool hasStarts = false;
    Bytes packed; // Times, values and, where there are any, starts.
    std::vector<storage::HistogramSample> histograms;
    std::vector<uint64_t> commits; // Floats, then histograms; empty once every reader sees all.

    size_t samples() const { return floats + histograms.size(); }
    size_t bytes() const;
    LooseSamples decode() const;
    bool isSound() const; // Whether what came from outside can be decoded.
};

// A block that is held, and where on the disk its samples stand.
struct HeldLoose
{
    std::shared_ptr<const LooseBlock> block;
    uint32_t journal = 0; // The journal of its first sample; 0: none.
    uint32_t file = 0; // The file of blocks that has it; 0: none yet.
};

class LooseColumn
{
public:
    // `time` is newer than all before.
    void add(
        const storage::LooseSample& sample, int64_t timeMs, uint64_t commit, uint32_t journal = 0);
    bool isHeadFull() const { return m_head.size() >= kLooseSamplesPerBlock; }
    bool isHeadEmpty() const { return m_head.size() == 0; }
    bool empty() const { return isHeadEmpty() && m_blocks.empty(); }

    // Turns the head into a block; stamps below the horizon are dropped.
    std::shared_ptr<const LooseBlock> pack(uint64_t horizon);
    void dropFront() { m_blocks.pop_front(); }
    // A block from the disk; newer than all before, and the head is empty.
    void restore(HeldLoose held);

    const std::deque<HeldLoose>& blocks() const { return m_blocks; }
    std::deque<HeldLoose>& blocks() { return m_blocks; }
    uint32_t headJournal() const { return m_headJournal; } // Of its first sample; 0: none.
    int64_t minMs() const; // Not for an empty column.
    int64_t headMinMs() const; // Not for an empty head.
    int64_t headMaxMs() const;
    size_t headSamples() const { return m_head.size(); }
    size_t headBytes() const;
    const histogram::HistogramPtr& lastHistogram() const { return m_lastHistogram; }

    // The head's samples that the snapshot sees, inside the range.
    LooseSamples headCopy(const Commits::Snapshot& snapshot, storage::TimeRange range) const;

private:
    LooseSamples m_head;
    std::vector<uint64_t> m_floatCommits;
    std::vector<uint64_t> m_histogramCommits;
    histogram::HistogramPtr m_lastHistogram;
    uint32_t m_headJournal = 0;
    std::deque<HeldLoose> m_blocks;
};

size_t bytesOf(const histogram::Histogram& histogram);
bool isSame(const histogram::Histogram& a, const histogram::Histogram& b);

// The part of `samples` inside the range that the stamps let a snapshot see (no stamps: all).
LooseSamples visiblePart(const LooseSamples& samples, std::span<const uint64_t> commits,
    const Commits::Snapshot& snapshot, storage::TimeRange range);
// Both sorted by time, `later` after `into`.
void appendSamples(LooseSamples& into, const LooseSamples& later);

} // namespace fleetglass::tsdb
