// rate, increase, delta, irate, idelta: Prometheus promql/functions.go extrapolatedRate and
// instantValue.
#include "core/promql/extended_rate.h"
#include "core/promql/functions.h"
#include "core/promql/histogram_rate.h"

#include "core/histogram/arithmetic.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fleetglass::promql {

namespace {

using histogram::Histogram;

bool startsOverlap(StartedSample previous, StartedSample current)
{
    return current.startMs != 0 && current.startMs < previous.timestampMs
        && current.startMs != previous.startMs;
}

StartedSample startedAt(const Window& window, size_t i)
{
    return { window.timestampsMs[i],
        window.startTimestampsMs.empty() ? 0 : window.startTimestampsMs[i] };
}

// How much a counter grew, each reset counted in.
double counterIncrease(const Window& window, RangeCall& call)
{
    double result = window.values.back() - window.values.front();
    const bool hasStarts = !window.startTimestampsMs.empty();
    bool overlaps = false;
    for (size_t i = 1; i < window.values.size(); ++i) {
        bool reset = window.values[i] < window.values[i - 1];
        if (hasStarts) {
            const StartedSample previous = startedAt(window, i - 1);
            const StartedSample current = startedAt(window, i);
            overlaps = overlaps || startsOverlap(previous, current);
            reset = reset || isStartReset(previous, current);
        }
        if (reset)
            result += window.values[i - 1];
    }
    if (overlaps)
        call.annotations.startTimeOverlap(call.metric, call.place);
    return result;
}

// What extrapolation needs to know of a window, whatever its samples are.
struct Extrapolation
{
    int64_t firstMs = 0;
    int64_t lastMs = 0;
    size_t intervals = 0; // Between the samples.
    int64_t startMs = 0; // Of the first sample's counter; 0 unknown.
    double firstValue = 0; // The first sample's value or count,
    double increase = 0; // and how much the window has of it.
};

struct Scale
{
    bool valid = false; // Otherwise there is no result.
    bool addFirst = false; // The counter began inside the window, at zero.
    double factor = 1;
};

// Seconds between a window's ends and its samples, as far as extrapolation covers them.
struct Ends
{
    double toStart = 0;
    double toEnd = 0;
    double sampled = 0; // Between the samples.
};

// The window's ends are met where samples are close to them; else half an interval is assumed.
Ends endsOf(const Window& window, int64_t firstMs, int64_t lastMs, size_t intervals)
{
    constexpr double kThreshold = 1.1;
    Ends ends { static_cast<double>(firstMs - window.rangeStartMs) / 1000,
        static_cast<double>(window.rangeEndMs - lastMs) / 1000,
        static_cast<double>(lastMs - firstMs) / 1000 };
    const double average = intervals > 0 ? ends.sampled / static_cast<double>(intervals) : 0;
    if (ends.toStart >= average * kThreshold)
        ends.toStart = average / 2;
    if (ends.toEnd >= average * kThreshold)
        ends.toEnd = average / 2;
    return ends;
}

// A counter is not taken below zero, and not before its start where that is known.
Scale extrapolate(const Window& window, const Extrapolation& of, bool isCounter)
{
    Ends ends = endsOf(window, of.firstMs, of.lastMs, of.intervals);
    Scale scale { true, false, 1 };
    if (isCounter && of.startMs != 0 && of.startMs > window.rangeStartMs
        && of.startMs < of.firstMs) {
        ends.toStart = 0;
        ends.sampled = static_cast<double>(of.lastMs - of.startMs) / 1000;
        scale.addFirst = true;
    } else if (of.intervals == 0) {
        return {};
    } else if (isCounter && of.increase > 0 && of.firstValue >= 0) {
        ends.toStart = std::min(ends.toStart, ends.sampled * (of.firstValue / of.increase));
    }
    if (ends.sampled != 0)
        scale.factor = (ends.sampled + ends.toStart + ends.toEnd) / ends.sampled;
    return scale;
}

template<bool IsCounter, bool IsRate>
void floatRate(const Window& window, RangeCall& call, Column& out)
{
    double result
        = IsCounter ? counterIncrease(window, call) : window.values.back() - window.values.front();
    const Scale scale = extrapolate(window,
        { window.timestampsMs.front(), window.timestampsMs.back(), window.values.size() - 1,
            startedAt(window, 0).startMs, window.values.front(), result },
        IsCounter);
    if (!scale.valid)
        return;
    if (scale.addFirst)
        result += window.values.front();
    out.values[window.step]
        = result * (IsRate ? scale.factor / call.windows.seconds() : scale.factor);
}

template<bool IsCounter, bool IsRate>
void nativeRate(const Window& window, RangeCall& call, Column& out)
{
    const auto& samples = window.histograms;
    std::optional<Histogram> result;
    if (samples.size() > 1) {
        result = histogramIncrease(window, IsCounter, call);
        if (!result)
            return;
    }
    const Scale scale = extrapolate(window,
        { samples.front().timestampMs, samples.back().timestampMs, samples.size() - 1,
            window.histogramStart(0), samples.front().histogram->count,
            result ? result->count : 0 },
        IsCounter);
    if (!scale.valid)
        return;
    if (scale.addFirst && !result)
        result = *samples.front().histogram;
    else if (scale.addFirst && !addHistogram(*result, *samples.front().histogram, call))
        return;
    const double factor = IsRate ? scale.factor / call.windows.seconds() : scale.factor;
    out.setHistogram(
        window.step, std::make_shared<Histogram>(histogram::multiplied(*result, factor)));
}

template<bool IsCounter, bool IsRate>
void rateOf(const Window& window, RangeCall& call, Column& out)
{
    if (window.mixed()) {
        call.annotations.mixedFloatsHistograms(call.metric, call.place);
        return;
    }
    if (call.windows.extended())
        return extendedRate(window, { IsCounter, IsRate }, call, out);
    if (window.values.empty())
        return nativeRate<IsCounter, IsRate>(window, call, out);
    floatRate<IsCounter, IsRate>(window, call, out);
}

// Where a counter fell from one sample to the next.
std::vector<size_t> resetsOf(std::span<const double> values)
{
    std::vector<size_t> resets;
    size_t falls = 0; // Counted first: most have none, and this loop has no branch.
    for (size_t i = 1; i < values.size(); ++i)
        falls += values[i] < values[i - 1] ? 1 : 0;
    if (falls == 0)
        return resets;
    for (size_t i = 1; i < values.size(); ++i) {
        if (values[i] < values[i - 1])
            resets.push_back(i);
    }
    return resets;
}

// Plain floats, by far the most of all: resets are found once for the series, and what depends on
// the times alone is shared between series.
template<bool IsCounter, bool IsRate>
void plainRate(const SampleRun& run, RangeCall& call, Column& out)
{
    const std::vector<size_t> resets = IsCounter ? resetsOf(run.values) : std::vector<size_t>();
    size_t next = 0; // The first reset behind the window's first sample.
    const double seconds = call.windows.seconds();
    const auto entries = call.rateWindows->over(run, call.windows);
    for (size_t step = 0; step < entries.size(); ++step) {
        const RateWindows::Entry& window = entries[step];
        if (!window.valid)
            continue;
        const double first = run.values[window.first];
        double result = run.values[window.last] - first;
        while (next < resets.size() && resets[next] <= window.first)
            ++next;
        for (size_t i = next; i < resets.size() && resets[i] <= window.last; ++i)
            result += run.values[resets[i] - 1];
        double factor = window.factor;
        // A counter is not taken below zero; where it cannot come near, the division is spared.
        constexpr double kMargin = 1 + 1e-9;
        if (IsCounter && result > 0 && first >= 0
            && !(window.sampled * first > window.toStart * result * kMargin)) {
            const double toStart = std::min(window.toStart, window.sampled * (first / result));
            if (window.sampled != 0)
                factor = (window.sampled + toStart + window.toEnd) / window.sampled;
        }
        out.values[step] = result * (IsRate ? factor / seconds : factor);
    }
}

template<bool IsCounter, bool IsRate>
void rateOfRun(const SampleRun& run, RangeCall& call, Column& out)
{
    // A single window has nothing to share.
    const bool plain = run.histograms.empty() && run.startTimestampsMs.empty()
        && !call.windows.extended() && call.windows.grid.steps > 1;
    if (plain)
        plainRate<IsCounter, IsRate>(run, call, out);
    else
        overWindows<rateOf<IsCounter, IsRate>>(run, call, out);
}

// The last two samples of a window, whichever kind they are.
struct LastSample
{
    StartedSample at;
    double value = 0;
    const Histogram* histogram = nullptr;
};

// Of a window with two samples at least.
std::array<LastSample, 2> lastTwo(const Window& window)
{
    size_t floats = window.values.size();
    size_t histograms = window.histograms.size();
    const auto takeLast = [&]() -> LastSample {
        const bool isFloat = histograms == 0
            || (floats > 0
                && window.timestampsMs[floats - 1] > window.histograms[histograms - 1].timestampMs);
        if (isFloat) {
            --floats;
            return { startedAt(window, floats), window.values[floats], nullptr };
        }
        const auto& sample = window.histograms[--histograms];
        return { { sample.timestampMs, window.histogramStart(histograms) }, 0,
            sample.histogram.get() };
    };
    const LastSample last = takeLast();
    return { takeLast(), last };
}

template<bool IsRate>
void instantHistogram(const LastSample& before, const LastSample& now, RangeCall& call,
    const Window& window, Column& out)
{
    using histogram::ResetHint;
    const bool gauges = before.histogram->resetHint == ResetHint::Gauge
        && now.histogram->resetHint == ResetHint::Gauge;
    const bool anyGauge = before.histogram->resetHint == ResetHint::Gauge
        || now.histogram->resetHint == ResetHint::Gauge;
    if (IsRate && anyGauge)
        call.annotations.nativeNotCounter(call.metric, call.place);
    if (!IsRate && !gauges)
        call.annotations.nativeNotGauge(call.metric, call.place);
    Histogram result = *now.histogram;
    const bool reset = IsRate
        && (isStartReset(before.at, now.at)
            || histogram::isReset(*now.histogram, *before.histogram));
    if (!reset && !subtractHistogram(result, *before.histogram, call))
        return;
    result = histogram::compacted(result);
    result.resetHint = ResetHint::Gauge;
    if (IsRate)
        result = histogram::divided(
            result, static_cast<double>(now.at.timestampMs - before.at.timestampMs) / 1000);
    out.setHistogram(window.step, std::make_shared<Histogram>(std::move(result)));
}

template<bool IsRate>
void instantRateOf(const Window& window, RangeCall& call, Column& out)
{
    if (window.size() < 2)
        return;
    const auto [before, now] = lastTwo(window);
    if (before.at.timestampMs == now.at.timestampMs)
        return;
    if ((before.histogram == nullptr) != (now.histogram == nullptr)) {
        call.annotations.mixedFloatsHistograms(call.metric, call.place);
        return;
    }
    if (now.histogram)
        return instantHistogram<IsRate>(before, now, call, window, out);
    const bool reset = IsRate && (now.value < before.value || isStartReset(before.at, now.at));
    double result = reset ? now.value : now.value - before.value;
    if (IsRate)
        result /= static_cast<double>(now.at.timestampMs - before.at.timestampMs) / 1000;
    out.values[window.step] = result;
}

constexpr RangeFunctionEntry kRateFunctions[] {
    { "rate", rateOfRun<true, true> },
    { "increase", rateOfRun<true, false> },
    { "delta", rateOfRun<false, false> },
    { "irate", overWindows<instantRateOf<true>> },
    { "idelta", overWindows<instantRateOf<false>> },
};

} // namespace

std::span<const RangeFunctionEntry> rateFunctions()
{
    return kRateFunctions;
}

std::span<const RateWindows::Entry> RateWindows::over(
    const SampleRun& run, const WindowGrid& windows)
{
    const auto times = run.timestampsMs;
    if (!m_entries.empty() && times.data() == m_times.data() && times.size() == m_times.size())
        return m_entries;
    m_times = times;
    m_entries.assign(windows.grid.steps, {});
    slide(run, windows, [&](const Window& window) {
        if (window.values.size() < 2)
            return;
        const auto first = static_cast<size_t>(window.timestampsMs.data() - times.data());
        const size_t intervals = window.values.size() - 1;
        const Ends ends
            = endsOf(window, window.timestampsMs.front(), window.timestampsMs.back(), intervals);
        Entry& entry = m_entries[window.step];
        entry = { static_cast<uint32_t>(first), static_cast<uint32_t>(first + intervals), true,
            ends.toStart, ends.toEnd, ends.sampled, 1 };
        if (ends.sampled != 0)
            entry.factor = (ends.sampled + ends.toStart + ends.toEnd) / ends.sampled;
    });
    return m_entries;
}

bool isStartReset(StartedSample previous, StartedSample current)
{
    // Unknown, impossible, or OpenTelemetry's "unknown start" (start == time).
    if (current.startMs == 0 || current.startMs >= current.timestampMs)
        return false;
    if (current.startMs != previous.timestampMs)
        return current.startMs > previous.timestampMs;
    // It points at the previous sample: a delta, unless that one's own start is unknown.
    if (previous.startMs > previous.timestampMs)
        return false;
    return previous.startMs != 0 && previous.startMs != previous.timestampMs;
}

} // namespace fleetglass::promql
