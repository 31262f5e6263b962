// The growth of native histograms over a window, and arithmetic that tells its doubts. Inner
// header. Pure but for the annotations; used from one thread at a time.
#pragma once

#include "core/promql/functions.h"

#include <optional>

namespace fleetglass::promql {

// target += or -= other; false (with the annotation) where the two do not mix.
bool addHistogram(histogram::Histogram& target, const histogram::Histogram& other, RangeCall& call);
bool subtractHistogram(
    histogram::Histogram& target, const histogram::Histogram& other, RangeCall& call);

// Last less first, each counter reset counted in; nothing where the histograms do not mix. The
// result is a gauge. The window holds at least two histograms (Prometheus histogramRate).
std::optional<histogram::Histogram> histogramIncrease(
    const Window& window, bool isCounter, RangeCall& call);

} // namespace fleetglass::promql
