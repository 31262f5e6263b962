// The *_over_time family (Prometheus promql/functions.go).
#include "core/promql/functions.h"

#include "core/histogram/accumulator.h"
#include "core/histogram/arithmetic.h"
#include "core/histogram/kahan.h"
#include "core/promql/sliding.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetglass::promql {

namespace {

using histogram::Accumulator;
using histogram::Histogram;
using histogram::KahanSum;
using histogram::ResetHint;

void noteIgnoredHistograms(const Window& window, RangeCall& call)
{
    if (!window.histograms.empty())
        call.annotations.histogramIgnoredInMixedRange(call.metric, call.place);
}

// Collects what the addition of a window's histograms has to tell; it is told once, at the end.
struct Doubts
{
    bool reset = false;
    bool notReset = false;
    bool boundsReconciled = false;

    void see(const Histogram& h)
    {
        reset = reset || h.resetHint == ResetHint::Reset;
        notReset = notReset || h.resetHint == ResetHint::NotReset;
    }
    void tell(RangeCall& call) const
    {
        if (reset && notReset)
            call.annotations.resetCollision(HistogramOperation::Aggregation, call.place);
        if (boundsReconciled)
            call.annotations.mismatchedCustomBuckets(HistogramOperation::Aggregation, call.place);
    }
};

void sumHistograms(const Window& window, RangeCall& call, Column& out)
{
    Doubts doubts;
    Accumulator sum(*window.histograms.front().histogram);
    doubts.see(*window.histograms.front().histogram);
    for (const auto& sample : window.histograms.subspan(1)) {
        doubts.see(*sample.histogram);
        const auto outcome = sum.add(*sample.histogram);
        if (outcome.incompatible) {
            call.annotations.mixedExponentialCustom(call.metric, call.place);
            return;
        }
        doubts.boundsReconciled = doubts.boundsReconciled || outcome.boundsReconciled;
    }
    doubts.tell(call);
    out.setHistogram(window.step, std::make_shared<Histogram>(sum.total()));
}

// A plain mean as long as the sum stays finite, an incremental one from there on.
void averageHistograms(const Window& window, RangeCall& call, Column& out)
{
    Doubts doubts;
    Accumulator sum(*window.histograms.front().histogram);
    doubts.see(*window.histograms.front().histogram);
    bool incremental = false;
    double count = 1;
    for (const auto& sample : window.histograms.subspan(1)) {
        doubts.see(*sample.histogram);
        count += 1;
        Accumulator next = sum;
        Histogram term = *sample.histogram;
        const auto asMean = [&] {
            next.multiply((count - 1) / count);
            return next.add(histogram::divided(term, count));
        };
        auto outcome = incremental ? asMean() : next.add(term);
        if (!outcome.incompatible && !incremental && next.hasOverflow()) {
            incremental = true;
            next = sum;
            next.divide(count - 1);
            outcome = asMean();
        }
        if (outcome.incompatible) {
            call.annotations.mixedExponentialCustom(call.metric, call.place);
            return;
        }
        doubts.boundsReconciled = doubts.boundsReconciled || outcome.boundsReconciled;
        sum = std::move(next);
    }
    if (!incremental)
        sum.divide(count);
    doubts.tell(call);
    out.setHistogram(window.step, std::make_shared<Histogram>(sum.total()));
}

bool refusedAsMixed(const Window& window, RangeCall& call)
{
    if (window.mixed())
        call.annotations.mixedFloatsHistograms(call.metric, call.place);
    return window.mixed();
}

double plainSum(std::span<const double> values)
{
    KahanSum sum;
    for (const double value : values)
        sum.add(value);
    return sum.value();
}

void sumOf(const Window& window, RangeCall& call, Column& out)
{
    if (refusedAsMixed(window, call))
        return;
    if (window.values.empty())
        return sumHistograms(window, call, out);
    out.values[window.step] = plainSum(window.values);
}

double meanOf(std::span<const double> values)
{
    KahanSum sum { values.front(), 0 };
    double count = 1;
    bool incremental = false;
    for (const double value : values.subspan(1)) {
        count += 1;
        if (!incremental) {
            KahanSum next = sum;
            next.add(value);
            if (!std::isinf(next.sum)) {
                sum = next;
                continue;
            }
            incremental = true;
            sum = { sum.sum / (count - 1), sum.lost / (count - 1) };
        }
        const double kept = (count - 1) / count;
        sum = { kept * sum.sum, kept * sum.lost };
        sum.add(value / count);
    }
    return incremental ? sum.sum + sum.lost : sum.sum / count + sum.lost / count;
}

void averageOf(const Window& window, RangeCall& call, Column& out)
{
    if (refusedAsMixed(window, call))
        return;
    if (window.values.empty())
        return averageHistograms(window, call, out);
    out.values[window.step] = meanOf(window.values);
}

void countOf(const Window& window, RangeCall&, Column& out)
{
    out.values[window.step] = static_cast<double>(window.size());
}

void presentOf(const Window& window, RangeCall&, Column& out)
{
    out.values[window.step] = 1;
}

template<bool Last>
bool picksFloat(const Window& window)
{
    if (window.histograms.empty() || window.values.empty())
        return window.histograms.empty();
    return Last ? window.timestampsMs.back() > window.histograms.back().timestampMs
                : window.timestampsMs.front() < window.histograms.front().timestampMs;
}

template<bool Last>
void endOf(const Window& window, RangeCall&, Column& out)
{
    if (picksFloat<Last>(window))
        out.values[window.step] = Last ? window.values.back() : window.values.front();
    else
        out.setHistogram(window.step,
            Last ? window.histograms.back().histogram : window.histograms.front().histogram);
}

template<bool Last>
void timeOfEnd(const Window& window, RangeCall&, Column& out)
{
    int64_t at = 0;
    if (picksFloat<Last>(window))
        at = Last ? window.timestampsMs.back() : window.timestampsMs.front();
    else
        at = Last ? window.histograms.back().timestampMs : window.histograms.front().timestampMs;
    out.values[window.step] = static_cast<double>(at) / 1000;
}

// Index of the extreme value; NaN gives way to any number. Ties: the last one where Latest is set.
template<bool Max, bool Latest>
size_t extremeOf(std::span<const double> values)
{
    size_t best = 0;
    for (size_t i = 0; i < values.size(); ++i) {
        const bool beats = Max
            ? (values[i] > values[best] || (Latest && values[i] == values[best]))
            : (values[i] < values[best] || (Latest && values[i] == values[best]));
        if (beats || std::isnan(values[best]))
            best = i;
    }
    return best;
}

template<bool Max>
void extreme(const Window& window, RangeCall& call, Column& out)
{
    if (window.values.empty())
        return;
    noteIgnoredHistograms(window, call);
    out.values[window.step] = window.values[extremeOf<Max, false>(window.values)];
}

template<bool Max>
void timeOfExtreme(const Window& window, RangeCall& call, Column& out)
{
    if (window.values.empty())
        return;
    noteIgnoredHistograms(window, call);
    const int64_t at = window.timestampsMs[extremeOf<Max, true>(window.values)];
    out.values[window.step] = static_cast<double>(at) / 1000;
}

double plainVariance(std::span<const double> values)
{
    double count = 0;
    KahanSum mean;
    KahanSum squares;
    for (const double value : values) {
        count += 1;
        const double delta = value - (mean.sum + mean.lost);
        mean.add(delta / count);
        squares.add(delta * (value - (mean.sum + mean.lost)));
    }
    return (squares.sum + squares.lost) / count;
}

template<bool Root>
void varianceOf(const Window& window, RangeCall& call, Column& out)
{
    if (window.values.empty())
        return;
    noteIgnoredHistograms(window, call);
    const double variance = plainVariance(window.values);
    out.values[window.step] = Root ? std::sqrt(variance) : variance;
}

void quantileOverTime(const Window& window, RangeCall& call, Column& out)
{
    if (window.values.empty())
        return;
    const double quantile = call.scalars[0][window.step];
    if (std::isnan(quantile) || quantile < 0 || quantile > 1)
        call.annotations.invalidQuantile(quantile, call.place);
    noteIgnoredHistograms(window, call);
    std::vector<double> values(window.values.begin(), window.values.end());
    out.values[window.step] = quantileOf(quantile, values);
}

// Median of the distances from the median.
void madOf(const Window& window, RangeCall& call, Column& out)
{
    if (window.values.empty())
        return;
    noteIgnoredHistograms(window, call);
    std::vector<double> values(window.values.begin(), window.values.end());
    if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); })) {
        out.values[window.step] = std::numeric_limits<double>::quiet_NaN();
        return;
    }
    const double median = quantileOf(0.5, values);
    for (double& value : values)
        value = std::fabs(value - median);
    out.values[window.step] = quantileOf(0.5, values);
}

// Runs of floats alone share work between neighbouring windows: f(begin, end, window) gives the
// value.
template<class F>
void slideFloats(const SampleRun& run, RangeCall& call, Column& out, F f)
{
    slide(run, call.windows, [&](const Window& window) {
        const auto begin = static_cast<size_t>(window.values.data() - run.values.data());
        out.values[window.step] = f(begin, begin + window.values.size(), window);
    });
}

void sumOfRun(const SampleRun& run, RangeCall& call, Column& out)
{
    if (!run.histograms.empty())
        return overWindows<sumOf>(run, call, out);
    SlidingSum sums(run.values);
    slideFloats(run, call, out, [&](size_t begin, size_t end, const Window& window) {
        const KahanSum sum = sums.over(begin, end);
        // Halves that overflow apart may make a number together.
        return std::isfinite(sum.sum) ? sum.value() : plainSum(window.values);
    });
}

void averageOfRun(const SampleRun& run, RangeCall& call, Column& out)
{
    if (!run.histograms.empty())
        return overWindows<averageOf>(run, call, out);
    SlidingSum sums(run.values);
    slideFloats(run, call, out, [&](size_t begin, size_t end, const Window& window) {
        const KahanSum sum = sums.over(begin, end);
        if (!std::isfinite(sum.sum))
            return meanOf(window.values); // It overflowed; the mean itself may not.
        const auto count = static_cast<double>(end - begin);
        return sum.sum / count + sum.lost / count;
    });
}

template<bool Max>
void extremeOfRun(const SampleRun& run, RangeCall& call, Column& out)
{
    if (!run.histograms.empty())
        return overWindows<extreme<Max>>(run, call, out);
    SlidingExtreme<Max> extremes(run.values);
    slideFloats(run, call, out,
        [&](size_t begin, size_t end, const Window&) { return extremes.over(begin, end); });
}

template<bool Root>
void varianceOfRun(const SampleRun& run, RangeCall& call, Column& out)
{
    if (!run.histograms.empty() || call.windows.grid.steps == 1)
        return overWindows<varianceOf<Root>>(run, call, out);
    SlidingSpread spread(run.values);
    slideFloats(run, call, out, [&](size_t begin, size_t end, const Window& window) {
        double variance = spread.varianceOver(begin, end);
        if (!std::isfinite(variance))
            variance = plainVariance(window.values);
        return Root ? std::sqrt(variance) : variance;
    });
}

void quantileOfRun(const SampleRun& run, RangeCall& call, Column& out)
{
    if (!run.histograms.empty() || call.windows.grid.steps == 1)
        return overWindows<quantileOverTime>(run, call, out);
    SlidingOrder order(run.values);
    slideFloats(run, call, out, [&](size_t begin, size_t end, const Window& window) {
        const double quantile = call.scalars[0][window.step];
        if (std::isnan(quantile) || quantile < 0 || quantile > 1)
            call.annotations.invalidQuantile(quantile, call.place);
        return quantileOfSorted(quantile, order.over(begin, end));
    });
}

constexpr RangeFunctionEntry kOverTimeFunctions[] {
    { "sum_over_time", sumOfRun }, { "avg_over_time", averageOfRun },
    { "count_over_time", overWindows<countOf> }, { "present_over_time", overWindows<presentOf> },
    { "first_over_time", overWindows<endOf<false>> },
    { "last_over_time", overWindows<endOf<true>> },
    { "ts_of_first_over_time", overWindows<timeOfEnd<false>> },
    { "ts_of_last_over_time", overWindows<timeOfEnd<true>> },
    { "max_over_time", extremeOfRun<true> }, { "min_over_time", extremeOfRun<false> },
    { "ts_of_max_over_time", overWindows<timeOfExtreme<true>> },
    { "ts_of_min_over_time", overWindows<timeOfExtreme<false>> },
    { "stddev_over_time", varianceOfRun<true> }, { "stdvar_over_time", varianceOfRun<false> },
    { "quantile_over_time", quantileOfRun }, { "mad_over_time", overWindows<madOf> },
    { "absent_over_time", nullptr }, // Looks at all series; see functions.cpp.
};

} // namespace

std::span<const RangeFunctionEntry> overTimeFunctions()
{
    return kOverTimeFunctions;
}

} // namespace fleetglass::promql
