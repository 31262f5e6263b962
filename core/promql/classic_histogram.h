// Quantiles and fractions of classic histograms: cumulative buckets by upper bound (Prometheus
// promql/quantile.go). Pure functions; thread-safe.
#pragma once

#include "core/promql/annotations.h"

#include <vector>

namespace fleetglass::promql {

struct ClassicBucket
{
    double upperBound = 0;
    double count = 0; // Of all observations up to the bound.
};

// Both sort the buckets, join those of one bound, and the first makes the counts grow.
double classicQuantile(double quantile, std::vector<ClassicBucket>& buckets, MonotonicityFix& fix);
double classicFraction(double lower, double upper, std::vector<ClassicBucket>& buckets);

} // namespace fleetglass::promql
