// The observations of a histogram on one side of a value, as </ and >/ keep them. A bucket that the
// value cuts is interpolated; the sum is estimated anew from the middle of what is left of each
// bucket (Prometheus FloatHistogram.TrimBuckets). Pure function; thread-safe.
#pragma once

#include "core/histogram/histogram.h"

namespace fleetglass::histogram {

enum class Keep
{
    Below,
    Above
};

Histogram trimmed(const Histogram& histogram, double at, Keep keep);

} // namespace fleetglass::histogram
