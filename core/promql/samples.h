// SampleRun: the raw samples of one series that a selector or a subquery yields, as columns sorted
// by time; and the windows that range functions slide over them. The spans live as long as `owner`.
// Used from one thread at a time.
#pragma once

#include "core/promql/column.h"
#include "core/promql/grid.h"
#include "core/storage/querier.h"

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace fleetglass::promql {

struct SampleRun
{
    labels::Labels labels;
    bool dropName = false;
    std::span<const int64_t> timestampsMs;
    std::span<const double> values; // No stale markers.
    std::span<const int64_t> startTimestampsMs; // Empty: unknown.
    std::span<const storage::HistogramSample> histograms;
    bool histogramStarts = false; // Whether the histograms' start timestamps count.
    std::shared_ptr<const void> owner;

    size_t size() const { return timestampsMs.size() + histograms.size(); }
};

// Without stale markers; start timestamps only where they are wanted.
SampleRun runOf(storage::SeriesSlice slice, bool startTimestamps);
// A subquery's result as samples: the reset hints are gone, as steps may miss or repeat samples.
SampleRun runOf(Column column, const Grid& grid);

// Histograms with their count and sum alone; the reset hints say what the buckets would have told.
void keepCountsOnly(storage::SeriesSlice& slice);

// The windows of a range selector: one for each step, (end - length, end], end being the step's
// time less the offset, or a fixed point in time.
struct WindowGrid
{
    Grid grid;
    int64_t offsetMs = 0;
    int64_t lengthMs = 0;
    std::optional<int64_t> fixedMs; // @: the end of every window, offset taken off.
    int64_t extraBeforeMs = 0; // anchored and smoothed look further,
    int64_t extraAfterMs = 0; // smoothed also ahead.
    bool anchored = false;
    bool smoothed = false;

    int64_t end(size_t step) const { return fixedMs ? *fixedMs : grid.at(step) - offsetMs; }
    int64_t start(size_t step) const { return end(step) - lengthMs; }
    bool extended() const { return anchored || smoothed; }
    double seconds() const { return static_cast<double>(lengthMs) / 1000; }
    // What has to be read, both ends inclusive.
    storage::TimeRange span() const;
};

// What a range function sees at one step.
struct Window
{
    std::span<const int64_t> timestampsMs;
    std::span<const double> values;
    std::span<const int64_t> startTimestampsMs; // Empty, or one for each value.
    std::span<const storage::HistogramSample> histograms;
    bool histogramStarts = false;
    int64_t rangeStartMs
        = 0; // Exclusive, as it was written: without anchored's and smoothed's extra.
    int64_t rangeEndMs = 0;
    int64_t timeMs = 0; // The step's own time.
    size_t step = 0;

    size_t size() const { return values.size() + histograms.size(); }
    bool mixed() const { return !values.empty() && !histograms.empty(); }
    int64_t histogramStart(size_t i) const
    {
        return histogramStarts ? histograms[i].startTimestampMs : 0;
    }
};

// Walks a run once and calls f(window) for each step whose window holds a sample.
template<class F>
void slide(const SampleRun& run, const WindowGrid& windows, F&& f)
{
    size_t low = 0;
    size_t high = 0;
    size_t lowHistogram = 0;
    size_t highHistogram = 0;
    const size_t floats = run.timestampsMs.size();
    const size_t histograms = run.histograms.size();
    for (size_t step = 0; step < windows.grid.steps; ++step) {
        Window window;
        window.rangeEndMs = windows.end(step);
        window.rangeStartMs = window.rangeEndMs - windows.lengthMs;
        const int64_t from = window.rangeStartMs - windows.extraBeforeMs;
        const int64_t to = window.rangeEndMs + windows.extraAfterMs;
        while (high < floats && run.timestampsMs[high] <= to)
            ++high;
        while (low < high && run.timestampsMs[low] <= from)
            ++low;
        while (highHistogram < histograms && run.histograms[highHistogram].timestampMs <= to)
            ++highHistogram;
        while (lowHistogram < highHistogram && run.histograms[lowHistogram].timestampMs <= from)
            ++lowHistogram;
        if (low == high && lowHistogram == highHistogram)
            continue;
        window.timestampsMs = run.timestampsMs.subspan(low, high - low);
        window.values = run.values.subspan(low, high - low);
        if (!run.startTimestampsMs.empty())
            window.startTimestampsMs = run.startTimestampsMs.subspan(low, high - low);
        window.histograms = run.histograms.subspan(lowHistogram, highHistogram - lowHistogram);
        window.histogramStarts = run.histogramStarts;
        window.timeMs = windows.grid.at(step);
        window.step = step;
        f(window);
    }
}

// For an instant selector: the newest sample at or before each reference time and not as old as the
// lookback; a stale marker ends a series.
enum class LatestOf
{
    Value,
    Timestamp,
    StartTimestamp
};
Column latestOf(const storage::SeriesSlice& slice, const WindowGrid& reference, int64_t lookbackMs,
    LatestOf what);

} // namespace fleetglass::promql
