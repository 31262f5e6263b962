// Rates over anchored and smoothed ranges (Prometheus extendedRate, extendedHistogramRate). Inner
// header. Used from one thread at a time.
#pragma once

#include "core/promql/functions.h"

namespace fleetglass::promql {

struct RateKind
{
    bool isCounter = false;
    bool isRate = false;
};

void extendedRate(const Window& window, RateKind kind, RangeCall& call, Column& out);

// The value at `at` on the line between two samples; a counter that was reset starts from zero.
double interpolate(
    int64_t beforeMs, double before, int64_t afterMs, double after, int64_t at, bool isCounter);

} // namespace fleetglass::promql
