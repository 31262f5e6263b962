// Arithmetic on native histograms as values: scale, compact, compare, and whether a counter was
// reset between two of them. Rules as in Prometheus' model/histogram. Pure functions; thread-safe.
#pragma once

#include "core/histogram/histogram.h"

namespace fleetglass::histogram {

// Every count and the sum; a negative factor makes a gauge of it.
Histogram multiplied(const Histogram& histogram, double factor);
Histogram divided(const Histogram& histogram, double divisor);

// Without empty buckets, neighbouring spans joined.
Histogram compacted(const Histogram& histogram);

// The same layout and the same numbers; NaN equals NaN, the reset hint does not count.
bool equal(const Histogram& a, const Histogram& b);

// At a lower resolution; `schema` is not above the histogram's own.
Histogram withSchema(const Histogram& histogram, int32_t schema);

// Whether a counter was reset between `previous` and `current`: the hint decides, or else a count
// that went down, a bucket that vanished, or a layout that only a restart can bring.
bool isReset(const Histogram& current, const Histogram& previous);

// The hint with which Prometheus' store gives a sample back: a counter that goes on in the same
// chunk is "not reset"; whatever begins a chunk (a reset, a new layout) is unknown.
ResetHint storedHint(const Histogram& current, const Histogram& previous);

} // namespace fleetglass::histogram
