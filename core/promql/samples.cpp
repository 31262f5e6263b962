#include "core/promql/samples.h"

#include "core/histogram/arithmetic.h"

#include <algorithm>
#include <cmath>

namespace fleetglass::promql {

namespace {

struct OwnedSamples
{
    std::vector<int64_t> timestampsMs;
    std::vector<double> values;
    std::vector<int64_t> startTimestampsMs;
    std::vector<storage::HistogramSample> histograms;
};

void pointAt(SampleRun& run, std::shared_ptr<const OwnedSamples> owned)
{
    run.timestampsMs = owned->timestampsMs;
    run.values = owned->values;
    run.startTimestampsMs = owned->startTimestampsMs;
    run.owner = std::move(owned);
}

histogram::HistogramPtr withoutResetHint(const histogram::HistogramPtr& histogram)
{
    using histogram::ResetHint;
    if (histogram->resetHint != ResetHint::Reset && histogram->resetHint != ResetHint::NotReset)
        return histogram;
    auto copy = std::make_shared<histogram::Histogram>(*histogram);
    copy->resetHint = ResetHint::Unknown;
    return copy;
}

} // namespace

SampleRun runOf(storage::SeriesSlice slice, bool startTimestamps)
{
    SampleRun run;
    run.labels = std::move(slice.labels);
    run.histograms = slice.histograms;
    run.histogramStarts = startTimestamps;
    if (!startTimestamps)
        slice.startTimestampsMs = {};
    // Most have no NaN at all, and a count to the end has no branch.
    size_t nans = 0;
    for (const double value : slice.values)
        nans += std::isnan(value) ? 1 : 0;
    if (nans == 0
        || std::none_of(slice.values.begin(), slice.values.end(), storage::isStaleMarker)) {
        run.timestampsMs = slice.timestampsMs;
        run.values = slice.values;
        run.startTimestampsMs = slice.startTimestampsMs;
        run.owner = std::move(slice.owner);
        return run;
    }
    auto owned = std::make_shared<OwnedSamples>();
    for (size_t i = 0; i < slice.values.size(); ++i) {
        if (storage::isStaleMarker(slice.values[i]))
            continue;
        owned->timestampsMs.push_back(slice.timestampsMs[i]);
        owned->values.push_back(slice.values[i]);
        if (!slice.startTimestampsMs.empty())
            owned->startTimestampsMs.push_back(slice.startTimestampsMs[i]);
    }
    owned->histograms.assign(slice.histograms.begin(), slice.histograms.end());
    pointAt(run, owned);
    run.histograms = owned->histograms;
    return run;
}

SampleRun runOf(Column column, const Grid& grid)
{
    SampleRun run;
    run.labels = std::move(column.labels);
    run.dropName = column.dropName;
    auto owned = std::make_shared<OwnedSamples>();
    for (size_t step = 0; step < grid.steps; ++step) {
        if (column.hasHistogram(step)) {
            owned->histograms.push_back(
                { grid.at(step), withoutResetHint(column.histograms[step]), 0 });
        } else if (!isAbsent(column.values[step])) {
            owned->timestampsMs.push_back(grid.at(step));
            owned->values.push_back(column.values[step]);
        }
    }
    pointAt(run, owned);
    run.histograms = owned->histograms;
    return run;
}

void keepCountsOnly(storage::SeriesSlice& slice)
{
    using histogram::ResetHint;
    struct Kept
    {
        std::vector<storage::HistogramSample> histograms;
        std::shared_ptr<const void> owner;
    };
    if (slice.histograms.empty())
        return;
    auto kept = std::make_shared<Kept>();
    const histogram::Histogram* previous = nullptr;
    for (const storage::HistogramSample& sample : slice.histograms) {
        const histogram::Histogram& whole = *sample.histogram;
        auto counts = std::make_shared<histogram::Histogram>();
        counts->schema = whole.schema;
        counts->count = whole.count;
        counts->sum = whole.sum;
        counts->resetHint = whole.resetHint;
        if (previous && whole.resetHint == ResetHint::Unknown)
            counts->resetHint
                = histogram::isReset(whole, *previous) ? ResetHint::Reset : ResetHint::NotReset;
        kept->histograms.push_back(
            { sample.timestampMs, std::move(counts), sample.startTimestampMs });
        previous = &whole;
    }
    kept->owner = std::move(slice.owner);
    slice.histograms = kept->histograms;
    slice.owner = std::move(kept);
}

storage::TimeRange WindowGrid::span() const
{
    const size_t last = grid.steps == 0 ? 0 : grid.steps - 1;
    return { start(0) - extraBeforeMs + 1, end(last) + extraAfterMs };
}

Column latestOf(const storage::SeriesSlice& slice, const WindowGrid& reference, int64_t lookbackMs,
    LatestOf what)
{
    Column column(reference.grid.steps);
    column.labels = slice.labels;
    size_t next = 0; // The first float after the reference time.
    size_t nextHistogram = 0;
    constexpr int64_t kNever = std::numeric_limits<int64_t>::min();
    for (size_t step = 0; step < reference.grid.steps; ++step) {
        const int64_t at = reference.end(step);
        while (next < slice.timestampsMs.size() && slice.timestampsMs[next] <= at)
            ++next;
        while (nextHistogram < slice.histograms.size()
            && slice.histograms[nextHistogram].timestampMs <= at)
            ++nextHistogram;
        const int64_t floatAt = next > 0 ? slice.timestampsMs[next - 1] : kNever;
        const int64_t histogramAt
            = nextHistogram > 0 ? slice.histograms[nextHistogram - 1].timestampMs : kNever;
        const int64_t newest = std::max(floatAt, histogramAt);
        if (newest == kNever || newest <= at - lookbackMs)
            continue;
        const bool isFloat = floatAt >= histogramAt;
        if (isFloat && storage::isStaleMarker(slice.values[next - 1]))
            continue;
        if (what == LatestOf::Timestamp) {
            column.values[step] = static_cast<double>(newest) / 1000;
        } else if (what == LatestOf::StartTimestamp) {
            int64_t start = isFloat ? 0 : slice.histograms[nextHistogram - 1].startTimestampMs;
            if (isFloat && !slice.startTimestampsMs.empty())
                start = slice.startTimestampsMs[next - 1];
            column.values[step] = static_cast<double>(start) / 1000;
        } else if (isFloat) {
            column.values[step] = slice.values[next - 1];
        } else {
            column.setHistogram(step, slice.histograms[nextHistogram - 1].histogram);
        }
    }
    return column;
}

} // namespace fleetglass::promql
