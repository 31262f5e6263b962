#include "core/promql/extended_rate.h"

#include "core/histogram/arithmetic.h"
#include "core/promql/histogram_rate.h"

#include <algorithm>

namespace fleetglass::promql {

namespace {

using histogram::Histogram;
using histogram::ResetHint;
using storage::HistogramSample;

// The samples of the wider window that matter: from the last one at or before the range's start to
// the last one inside, or with smoothed the first at or behind its end.
struct Ends
{
    size_t first = 0;
    size_t last = 0;
    bool valid = false;
};

template<class TimeOf>
Ends endsOf(size_t size, const Window& window, bool smoothed, TimeOf timeOf)
{
    size_t last = size - 1;
    size_t first = 0;
    while (first < last && timeOf(first) <= window.rangeStartMs)
        ++first;
    first = first > 0 ? first - 1 : 0;
    if (smoothed) {
        size_t i = 0;
        while (i < last && timeOf(i) < window.rangeEndMs)
            ++i;
        last = i;
    }
    const bool before = timeOf(last) <= window.rangeStartMs;
    const bool behind = smoothed && timeOf(first) > window.rangeEndMs;
    return { first, last, !before && !behind };
}

double leftValue(const Window& window, const Ends& ends, bool smoothed, bool isCounter)
{
    const size_t i = ends.first;
    if (!smoothed || window.timestampsMs[i] >= window.rangeStartMs)
        return window.values[i];
    return interpolate(window.timestampsMs[i], window.values[i], window.timestampsMs[i + 1],
        window.values[i + 1], window.rangeStartMs, isCounter);
}

double rightValue(const Window& window, const Ends& ends, bool smoothed, bool isCounter)
{
    const size_t i = ends.last;
    if (!smoothed || i == 0 || window.timestampsMs[i] <= window.rangeEndMs)
        return window.values[i];
    return interpolate(window.timestampsMs[i - 1], window.values[i - 1], window.timestampsMs[i],
        window.values[i], window.rangeEndMs, isCounter);
}

double resetCorrection(const Window& window, Ends ends, double left, double right)
{
    // Resets at the ends are already in the interpolated values.
    size_t begin = ends.first + (window.timestampsMs[ends.first] <= window.rangeStartMs ? 1 : 0);
    const size_t end = ends.last + (window.timestampsMs[ends.last] >= window.rangeEndMs ? 0 : 1);
    double correction = 0;
    double previous = left;
    for (; begin < end; ++begin) {
        if (window.values[begin] < previous)
            correction += previous;
        previous = window.values[begin];
    }
    return right < previous ? correction + previous : correction;
}

void extendedFloatRate(const Window& window, RateKind kind, RangeCall& call, Column& out)
{
    const bool smoothed = call.windows.smoothed;
    const Ends ends = endsOf(
        window.values.size(), window, smoothed, [&](size_t i) { return window.timestampsMs[i]; });
    if (!ends.valid)
        return;
    const double left = leftValue(window, ends, smoothed, kind.isCounter);
    const double right = rightValue(window, ends, smoothed, kind.isCounter);
    double result = right - left;
    if (kind.isCounter)
        result += resetCorrection(window, ends, left, right);
    out.values[window.step] = kind.isRate ? result / call.windows.seconds() : result;
}

// Every sample of one bucket kind, and none a gauge where a counter is asked for.
bool checkKinds(const Window& window, const Ends& ends, bool isCounter, RangeCall& call)
{
    const bool custom = window.histograms[ends.first].histogram->usesCustomBuckets();
    for (size_t i = ends.first; i <= ends.last; ++i) {
        const Histogram& h = *window.histograms[i].histogram;
        if (h.usesCustomBuckets() != custom) {
            call.annotations.mixedExponentialCustom(call.metric, call.place);
            return false;
        }
        if (isCounter && h.resetHint == ResetHint::Gauge)
            call.annotations.nativeNotCounter(call.metric, call.place);
    }
    return true;
}

std::optional<Histogram> between(const HistogramSample& before, const HistogramSample& after,
    int64_t at, bool isCounter, RangeCall& call)
{
    if (at == before.timestampMs)
        return *before.histogram;
    if (at == after.timestampMs)
        return *after.histogram;
    const double fraction = static_cast<double>(at - before.timestampMs)
        / static_cast<double>(after.timestampMs - before.timestampMs);
    if (isCounter && histogram::isReset(*after.histogram, *before.histogram))
        return histogram::multiplied(*after.histogram, fraction);
    Histogram result = *after.histogram;
    if (!subtractHistogram(result, *before.histogram, call))
        return std::nullopt;
    result = histogram::multiplied(result, fraction);
    if (!addHistogram(result, *before.histogram, call))
        return std::nullopt;
    return result;
}

std::optional<Histogram> leftHistogram(
    const Window& window, const Ends& ends, bool isCounter, RangeCall& call)
{
    const HistogramSample& sample = window.histograms[ends.first];
    if (!call.windows.smoothed || sample.timestampMs >= window.rangeStartMs)
        return *sample.histogram;
    return between(sample, window.histograms[ends.first + 1], window.rangeStartMs, isCounter, call);
}

std::optional<Histogram> rightHistogram(
    const Window& window, const Ends& ends, bool isCounter, RangeCall& call)
{
    const HistogramSample& sample = window.histograms[ends.last];
    if (!call.windows.smoothed || ends.last == 0 || sample.timestampMs <= window.rangeEndMs)
        return *sample.histogram;
    return between(window.histograms[ends.last - 1], sample, window.rangeEndMs, isCounter, call);
}

// Adds what resets between the ends took away. The ends themselves are compared as left and right,
// so that a hint on a sample that is an end is not seen twice.
bool correctResets(Histogram& result, const Window& window, const Ends& ends, const Histogram& left,
    const Histogram& right, RangeCall& call)
{
    const auto at = [&](size_t i) -> const Histogram& { return *window.histograms[i].histogram; };
    size_t next = ends.first + 1;
    const Histogram* previous = &left;
    if (call.windows.smoothed && window.histograms[ends.first].timestampMs < window.rangeStartMs
        && histogram::isReset(at(next), at(ends.first))) {
        previous = &at(next);
        ++next;
    }
    if (next > ends.last)
        return true;
    for (; next < ends.last; ++next) {
        if (histogram::isReset(at(next), *previous) && !addHistogram(result, *previous, call))
            return false;
        previous = &at(next);
    }
    return !histogram::isReset(right, *previous) || addHistogram(result, *previous, call);
}

void extendedHistogramRate(const Window& window, RateKind kind, RangeCall& call, Column& out)
{
    const Ends ends = endsOf(window.histograms.size(), window, call.windows.smoothed,
        [&](size_t i) { return window.histograms[i].timestampMs; });
    if (!ends.valid || !checkKinds(window, ends, kind.isCounter, call))
        return;
    const auto left = leftHistogram(window, ends, kind.isCounter, call);
    const auto right = rightHistogram(window, ends, kind.isCounter, call);
    if (!left || !right)
        return;
    if (!kind.isCounter
        && (left->resetHint != ResetHint::Gauge || right->resetHint != ResetHint::Gauge))
        call.annotations.nativeNotGauge(call.metric, call.place);
    Histogram result = *right;
    if (!subtractHistogram(result, *left, call))
        return;
    if (kind.isCounter && !correctResets(result, window, ends, *left, *right, call))
        return;
    if (kind.isRate)
        result = histogram::divided(result, call.windows.seconds());
    result = histogram::compacted(result);
    result.resetHint = ResetHint::Gauge;
    out.setHistogram(window.step, std::make_shared<Histogram>(std::move(result)));
}

} // namespace

double interpolate(
    int64_t beforeMs, double before, int64_t afterMs, double after, int64_t at, bool isCounter)
{
    const double from = isCounter && after < before ? 0 : before;
    return from
        + (after - from) * static_cast<double>(at - beforeMs)
        / static_cast<double>(afterMs - beforeMs);
}

void extendedRate(const Window& window, RateKind kind, RangeCall& call, Column& out)
{
    if (window.values.empty())
        return extendedHistogramRate(window, kind, call, out);
    extendedFloatRate(window, kind, call, out);
}

namespace {

void smoothFloat(const Window& window, int64_t at, Column& out)
{
    const auto next = std::lower_bound(window.timestampsMs.begin(), window.timestampsMs.end(), at);
    const auto i = static_cast<size_t>(next - window.timestampsMs.begin());
    if (next != window.timestampsMs.end() && *next == at)
        out.values[window.step] = window.values[i];
    else if (i > 0 && i < window.values.size())
        out.values[window.step] = interpolate(window.timestampsMs[i - 1], window.values[i - 1],
            window.timestampsMs[i], window.values[i], at, false);
    else if (i > 0)
        out.values[window.step] = window.values[i - 1];
}

void smoothHistogram(const Window& window, int64_t at, RangeCall& call, Column& out)
{
    const auto next = std::lower_bound(window.histograms.begin(), window.histograms.end(), at,
        [](const HistogramSample& sample, int64_t time) { return sample.timestampMs < time; });
    const auto i = static_cast<size_t>(next - window.histograms.begin());
    if (next != window.histograms.end() && next->timestampMs == at) {
        out.setHistogram(window.step, next->histogram);
        return;
    }
    if (i == 0)
        return;
    const Histogram& before = *window.histograms[i - 1].histogram;
    if (i == window.histograms.size()) {
        auto carried = std::make_shared<Histogram>(before);
        carried->resetHint = ResetHint::Unknown; // The hint is about two neighbours, not the value.
        out.setHistogram(window.step, std::move(carried));
        return;
    }
    const Histogram& after = *next->histogram;
    if (before.usesCustomBuckets() != after.usesCustomBuckets()) {
        call.annotations.mixedExponentialCustom(call.metric, call.place);
        return;
    }
    const bool isCounter
        = before.resetHint != ResetHint::Gauge || after.resetHint != ResetHint::Gauge;
    if (auto value = between(window.histograms[i - 1], *next, at, isCounter, call))
        out.setHistogram(window.step, std::make_shared<Histogram>(std::move(*value)));
}

} // namespace

Column smoothedColumn(
    const SampleRun& run, const WindowGrid& reference, PosRange place, Annotations& annotations)
{
    Column column(reference.grid.steps);
    column.labels = run.labels;
    RangeCall call { annotations, reference, {}, place, run.labels.metricName() };
    slide(run, reference, [&](const Window& window) {
        if (window.mixed())
            annotations.mixedFloatsHistograms(call.metric, place);
        else if (window.values.empty())
            smoothHistogram(window, window.rangeEndMs, call, column);
        else
            smoothFloat(window, window.rangeEndMs, column);
    });
    return column;
}

Result<SampleRun> extendedRun(const SampleRun& run, const WindowGrid& windows)
{
    SampleRun result;
    result.labels = run.labels;
    struct Owned
    {
        std::vector<int64_t> timestampsMs;
        std::vector<double> values;
    };
    auto owned = std::make_shared<Owned>();
    bool histograms = false;
    slide(run, windows, [&](const Window& window) {
        histograms = histograms || !window.histograms.empty();
        if (window.values.empty())
            return;
        const Ends ends = endsOf(window.values.size(), window, windows.smoothed,
            [&](size_t i) { return window.timestampsMs[i]; });
        if (window.timestampsMs[ends.last] <= window.rangeStartMs)
            return;
        const auto push = [&](int64_t at, double value) {
            owned->timestampsMs.push_back(at);
            owned->values.push_back(value);
        };
        push(window.rangeStartMs, leftValue(window, ends, windows.smoothed, false));
        for (size_t i = ends.first; i <= ends.last; ++i) {
            if (window.timestampsMs[i] > window.rangeStartMs
                && window.timestampsMs[i] < window.rangeEndMs)
                push(window.timestampsMs[i], window.values[i]);
        }
        push(window.rangeEndMs, rightValue(window, ends, windows.smoothed, false));
    });
    if (histograms)
        return failure((windows.anchored ? std::string("anchored") : std::string("smoothed"))
            + " modifier is not supported with histograms");
    result.timestampsMs = owned->timestampsMs;
    result.values = owned->values;
    result.owner = std::move(owned);
    return result;
}

} // namespace fleetglass::promql
