// Buckets: where the buckets of a native histogram lie and how many observations each holds.
// Pure functions; thread-safe.
#pragma once

#include "core/histogram/histogram.h"

#include <cstdint>
#include <vector>

namespace fleetglass::histogram {

struct Bucket
{
    double lower = 0;
    double upper = 0;
    double count = 0;
    int32_t index = 0;
};

inline constexpr int32_t kSchemaMin = -4;
inline constexpr int32_t kSchemaMax = 8;

// The upper bound of an exponential bucket: 2^(index * 2^-schema).
double exponentialBound(int32_t index, int32_t schema);

// The bucket of a coarser schema that holds bucket `index` of `schema`.
int32_t coarserIndex(int32_t index, int32_t schema, int32_t coarserSchema);

// The populated and unpopulated buckets of one side, next to zero first, as the spans list them.
// Negative buckets lie mirrored: (-upper, -lower).
std::vector<Bucket> positiveBuckets(const Histogram& histogram);
std::vector<Bucket> negativeBuckets(const Histogram& histogram);

// All buckets from the lowest to the highest, the zero bucket in its place when it is populated.
// A bucket that overlaps the zero bucket is cut at the zero threshold.
std::vector<Bucket> allBuckets(const Histogram& histogram);

} // namespace fleetglass::histogram
