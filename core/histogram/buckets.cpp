#include "core/histogram/buckets.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetglass::histogram {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Bucket positiveBucket(const Histogram& h, int32_t index, double count)
{
    if (!h.usesCustomBuckets())
        return { exponentialBound(index - 1, h.schema), exponentialBound(index, h.schema), count,
            index };
    const auto bound = [&](int32_t i) {
        if (i < 0)
            return -kInfinity;
        return static_cast<size_t>(i) < h.customValues.size()
            ? h.customValues[static_cast<size_t>(i)]
            : kInfinity;
    };
    return { bound(index - 1), bound(index), count, index };
}

Bucket negativeBucket(const Histogram& h, int32_t index, double count)
{
    return { -exponentialBound(index, h.schema), -exponentialBound(index - 1, h.schema), count,
        index };
}

template<class MakeBucket>
std::vector<Bucket> bucketsOf(
    const std::vector<Span>& spans, const std::vector<double>& counts, MakeBucket makeBucket)
{
    std::vector<Bucket> buckets;
    buckets.reserve(counts.size());
    int32_t index = 0;
    size_t next = 0;
    for (const Span& span : spans) {
        index += span.offset;
        for (uint32_t i = 0; i < span.length && next < counts.size(); ++i)
            buckets.push_back(makeBucket(index++, counts[next++]));
    }
    return buckets;
}

} // namespace

double exponentialBound(int32_t index, int32_t schema)
{
    // The bound of the last bucket before +Inf is the largest float, not 2^1024 (Prometheus
    // model/histogram getBoundExponential).
    if (schema < 0) {
        const int64_t exponent = static_cast<int64_t>(index) << static_cast<unsigned>(-schema);
        if (exponent == 1024)
            return std::numeric_limits<double>::max();
        return std::ldexp(1.0, static_cast<int>(std::clamp<int64_t>(exponent, -5000, 5000)));
    }
    const int32_t perPower = 1 << schema;
    const int32_t fraction = index & (perPower - 1);
    const int32_t exponent = index >> schema;
    if (fraction == 0 && exponent == 1024)
        return std::numeric_limits<double>::max();
    return std::ldexp(std::exp2(static_cast<double>(fraction) / perPower), exponent);
}

int32_t coarserIndex(int32_t index, int32_t schema, int32_t coarserSchema)
{
    return ((index - 1) >> (schema - coarserSchema)) + 1;
}

std::vector<Bucket> positiveBuckets(const Histogram& histogram)
{
    return bucketsOf(histogram.positiveSpans, histogram.positiveBuckets,
        [&](int32_t index, double count) { return positiveBucket(histogram, index, count); });
}

std::vector<Bucket> negativeBuckets(const Histogram& histogram)
{
    return bucketsOf(histogram.negativeSpans, histogram.negativeBuckets,
        [&](int32_t index, double count) { return negativeBucket(histogram, index, count); });
}

std::vector<Bucket> allBuckets(const Histogram& histogram)
{
    std::vector<Bucket> buckets = negativeBuckets(histogram);
    std::reverse(buckets.begin(), buckets.end());
    const double threshold = histogram.zeroThreshold;
    for (Bucket& bucket : buckets) {
        if (bucket.lower < -threshold && bucket.upper > -threshold)
            bucket.upper = -threshold;
    }
    if (histogram.zeroCount > 0)
        buckets.push_back({ -threshold, threshold, histogram.zeroCount, 0 });
    for (Bucket bucket : positiveBuckets(histogram)) {
        if (!histogram.usesCustomBuckets() && bucket.lower < threshold && bucket.upper > threshold)
            bucket.lower = threshold;
        buckets.push_back(bucket);
    }
    return buckets;
}

} // namespace fleetglass::histogram
