// What a native histogram says of its observations: quantiles, fractions, spread. Interpolation is
// exponential inside exponential buckets and linear inside custom ones and the zero bucket
// (Prometheus promql/quantile.go). Pure functions; thread-safe.
#pragma once

#include "core/histogram/histogram.h"

namespace fleetglass::histogram {

// A number, and what NaN observations (which no bucket holds) did to it.
struct Estimate
{
    double value = 0;
    bool nanResult = false; // The quantile lies among them.
    bool nanSkew = false; // They were counted as lying above all others.
};

Estimate quantile(const Histogram& histogram, double quantile);
// The share of observations between lower and upper; nanSkew: NaN observations are in none.
Estimate fraction(const Histogram& histogram, double lower, double upper);
double variance(const Histogram& histogram);

} // namespace fleetglass::histogram
