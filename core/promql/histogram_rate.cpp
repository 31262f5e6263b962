#include "core/promql/histogram_rate.h"

#include "core/histogram/accumulator.h"
#include "core/histogram/arithmetic.h"

#include <algorithm>

namespace fleetglass::promql {

namespace {

using histogram::Accumulator;
using histogram::AddOutcome;
using histogram::Histogram;
using histogram::ResetHint;

bool noteOutcome(const AddOutcome& outcome, HistogramOperation operation, RangeCall& call)
{
    if (outcome.incompatible) {
        call.annotations.mixedExponentialCustom(call.metric, call.place);
        return false;
    }
    if (outcome.boundsReconciled)
        call.annotations.mismatchedCustomBuckets(operation, call.place);
    return true;
}

StartedSample startedAt(const Window& window, size_t i)
{
    return { window.histograms[i].timestampMs, window.histogramStart(i) };
}

bool isResetAt(const Window& window, size_t i, const Histogram& previous)
{
    return isStartReset(startedAt(window, i - 1), startedAt(window, i))
        || histogram::isReset(*window.histograms[i].histogram, previous);
}

// An empty histogram of the same layout.
Histogram nothingLike(const Histogram& layout)
{
    Histogram nothing;
    nothing.schema = layout.schema;
    nothing.customValues = layout.customValues;
    return nothing;
}

// The hints and bucket kinds of the samples between the ends; false where they do not mix.
bool checkInner(const Window& window, bool custom, RangeCall& call)
{
    for (size_t i = 1; i + 1 < window.histograms.size(); ++i) {
        const Histogram& current = *window.histograms[i].histogram;
        if (current.resetHint == ResetHint::Gauge)
            call.annotations.nativeNotCounter(call.metric, call.place);
        if (current.usesCustomBuckets() != custom) {
            call.annotations.mixedExponentialCustom(call.metric, call.place);
            return false;
        }
    }
    return true;
}

void checkOverlaps(const Window& window, RangeCall& call)
{
    for (size_t i = 1; i < window.histograms.size(); ++i) {
        const StartedSample previous = startedAt(window, i - 1);
        const int64_t start = window.histogramStart(i);
        if (start != 0 && start < previous.timestampMs && start != previous.startMs) {
            call.annotations.startTimeOverlap(call.metric, call.place);
            return;
        }
    }
}

bool addResets(Accumulator& sum, const Window& window, const Histogram& first, RangeCall& call)
{
    const Histogram* previous = &first;
    for (size_t i = 1; i < window.histograms.size(); ++i) {
        if (isResetAt(window, i, *previous)
            && !noteOutcome(sum.add(*previous), HistogramOperation::Addition, call))
            return false;
        previous = window.histograms[i].histogram.get();
    }
    return true;
}

void noteEnds(const Histogram& first, const Histogram& last, bool isCounter, RangeCall& call)
{
    const bool gauges = first.resetHint == ResetHint::Gauge && last.resetHint == ResetHint::Gauge;
    const bool any = first.resetHint == ResetHint::Gauge || last.resetHint == ResetHint::Gauge;
    if (isCounter && any)
        call.annotations.nativeNotCounter(call.metric, call.place);
    if (!isCounter && !gauges)
        call.annotations.nativeNotGauge(call.metric, call.place);
}

} // namespace

bool addHistogram(Histogram& target, const Histogram& other, RangeCall& call)
{
    Accumulator sum(target);
    if (!noteOutcome(sum.add(other), HistogramOperation::Addition, call))
        return false;
    target = sum.total();
    return true;
}

bool subtractHistogram(Histogram& target, const Histogram& other, RangeCall& call)
{
    Accumulator sum(target);
    if (!noteOutcome(sum.subtract(other), HistogramOperation::Subtraction, call))
        return false;
    target = sum.total();
    return true;
}

std::optional<Histogram> histogramIncrease(const Window& window, bool isCounter, RangeCall& call)
{
    const Histogram& last = *window.histograms.back().histogram;
    const Histogram& first = *window.histograms.front().histogram;
    // A first sample from before a reset is not looked at, whatever its layout.
    const bool resetAfterFirst = isCounter && isResetAt(window, 1, first);
    const Histogram base = resetAfterFirst ? nothingLike(*window.histograms[1].histogram) : first;
    if (isCounter)
        noteEnds(first, last, true, call);
    if (last.usesCustomBuckets() != base.usesCustomBuckets()) {
        call.annotations.mixedExponentialCustom(call.metric, call.place);
        return std::nullopt;
    }
    if (isCounter && !checkInner(window, base.usesCustomBuckets(), call))
        return std::nullopt;
    Accumulator sum(last);
    if (!noteOutcome(sum.subtract(base), HistogramOperation::Subtraction, call))
        return std::nullopt;
    if (isCounter) {
        checkOverlaps(window, call);
        if (!addResets(sum, window, base, call))
            return std::nullopt;
    } else {
        noteEnds(first, last, false, call);
    }
    int32_t schema = std::min(last.schema, base.schema);
    if (isCounter) {
        for (size_t i = 1; i + 1 < window.histograms.size(); ++i)
            schema = std::min(schema, window.histograms[i].histogram->schema);
    }
    Histogram result = histogram::withSchema(sum.total(), schema);
    result.resetHint = ResetHint::Gauge;
    return result;
}

} // namespace fleetglass::promql
