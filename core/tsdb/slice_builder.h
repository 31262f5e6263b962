// SliceBuilder: captures of groups to the slices a query reads: decodes blocks, shares a target's
// times between its series, merges rows with loose samples. Used from one thread at a time.
#pragma once

#include "core/tsdb/target_group.h"

namespace fleetglass::tsdb {

class SliceBuilder
{
public:
    SliceBuilder(
        Commits::Snapshot snapshot, storage::TimeRange range, storage::SelectLimits limits);

    // `labels` and `matches` belong to all captures; a capture says which of them are its own.
    Result<void> add(const GroupCapture& capture, std::span<const Match> matches,
        std::span<const labels::Labels> labels);
    // Sorted by labels.
    std::vector<storage::SeriesSlice> finish();

private:
    struct Arena
    {
        std::deque<std::vector<int64_t>> times;
        std::deque<std::vector<double>> values;
        std::deque<std::vector<storage::HistogramSample>> histograms;
    };
    // The rows of a block that are visible and inside the range, and their place among all.
    struct BlockRows
    {
        const RowBlock* block = nullptr;
        std::vector<uint32_t> rows;
        size_t begin = 0;
    };
    struct GroupRows
    {
        std::vector<BlockRows> blocks;
        std::span<const int64_t> times;
        size_t headBegin = 0;
    };
    struct Floats
    {
        std::span<const int64_t> times;
        std::span<const double> values;
        std::span<const int64_t> starts;
    };

    GroupRows rowsOf(const GroupCapture& capture);
    Floats rowFloats(const GroupRows& rows, uint32_t slot, std::span<const double> head);
    Floats compact(std::vector<double> column, std::span<const int64_t> times);
    LooseSamples looseOf(const SeriesCapture& series) const;
    Floats merge(const Floats& rows, LooseSamples& loose);
    Floats keep(LooseSamples& loose);
    Result<void> count(const storage::SeriesSlice& slice);

    const Commits::Snapshot m_snapshot;
    const storage::TimeRange m_range;
    const storage::SelectLimits m_limits;
    std::shared_ptr<Arena> m_arena = std::make_shared<Arena>();
    std::vector<storage::SeriesSlice> m_slices;
    size_t m_samples = 0;
};

} // namespace fleetglass::tsdb
