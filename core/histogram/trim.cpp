#include "core/histogram/trim.h"

#include "core/histogram/arithmetic.h"
#include "core/histogram/buckets.h"

#include <cmath>
#include <limits>

namespace fleetglass::histogram {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What is left of a bucket: how many observations, and the value they stand for.
struct Rest
{
    double count = 0;
    double middle = 0;
};

struct Cut
{
    double at = 0;
    Keep keep = Keep::Below;
    bool custom = false;
    bool positive = true;
};

double zeroIfInfinite(double value)
{
    return std::isinf(value) ? 0 : value;
}

double middleOf(double lower, double upper, const Cut& cut)
{
    if (std::isinf(lower)) {
        if (std::isinf(upper))
            return 0;
        return upper > 0 ? upper / 2 : upper;
    }
    if (std::isinf(upper))
        return lower;
    if (cut.custom)
        return (lower + upper) / 2;
    const double geometric = std::sqrt(std::fabs(lower * upper));
    return cut.positive ? geometric : -geometric;
}

// Nobody knows how observations lie in a bucket without end, so it goes whole; save that one which
// reaches above zero is taken to begin there.
Rest cutOpenBelow(const Bucket& bucket, const Cut& cut)
{
    const bool finiteAbove = bucket.upper != kInfinity;
    if (cut.keep == Keep::Below) {
        if (cut.at >= bucket.upper)
            return { bucket.count, 0 };
        if (cut.at > 0 && bucket.upper > 0 && finiteAbove)
            return { bucket.count * cut.at / bucket.upper, cut.at / 2 };
        if (bucket.upper <= 0)
            return { bucket.count, cut.at };
        return { 0, zeroIfInfinite(bucket.upper) };
    }
    if (cut.at <= bucket.lower)
        return { bucket.count, 0 };
    if (cut.at >= 0 && bucket.upper > cut.at && finiteAbove)
        return { bucket.count * (1 - cut.at / bucket.upper), (cut.at + bucket.upper) / 2 };
    return { 0, zeroIfInfinite(bucket.upper) };
}

Rest cutOpenAbove(const Bucket& bucket, const Cut& cut)
{
    if (cut.keep == Keep::Above && cut.at >= bucket.lower)
        return { bucket.count, cut.at };
    return { 0, zeroIfInfinite(bucket.lower) };
}

double countBelow(const Bucket& bucket, const Cut& cut)
{
    if (cut.custom)
        return bucket.count * (cut.at - bucket.lower) / (bucket.upper - bucket.lower);
    const double lower = std::log2(std::fabs(bucket.lower));
    const double upper = std::log2(std::fabs(bucket.upper));
    const double at = std::log2(std::fabs(cut.at));
    const double share
        = cut.positive ? (at - lower) / (upper - lower) : 1 - ((at - upper) / (lower - upper));
    return bucket.count * share;
}

Rest restOf(const Bucket& bucket, const Cut& cut)
{
    const bool below = cut.keep == Keep::Below;
    if (below ? bucket.upper <= cut.at : bucket.lower >= cut.at)
        return { bucket.count, middleOf(bucket.lower, bucket.upper, cut) };
    if (below ? bucket.lower >= cut.at : bucket.upper <= cut.at)
        return {};
    if (bucket.lower == -kInfinity)
        return cutOpenBelow(bucket, cut);
    if (bucket.upper == kInfinity)
        return cutOpenAbove(bucket, cut);
    const double under = countBelow(bucket, cut);
    if (below)
        return { under, middleOf(bucket.lower, cut.at, cut) };
    return { bucket.count - under, middleOf(cut.at, bucket.upper, cut) };
}

Rest restOfZero(const Histogram& h, const Cut& cut, bool hasNegative, bool hasPositive)
{
    const double lower = hasPositive && !hasNegative ? 0 : -h.zeroThreshold;
    const double upper = hasNegative && !hasPositive ? 0 : h.zeroThreshold;
    const bool below = cut.keep == Keep::Below;
    if (below ? cut.at <= lower : cut.at >= upper)
        return {};
    if (below ? cut.at >= upper : cut.at <= lower)
        return { h.zeroCount, (lower + upper) / 2 };
    const double share = (below ? cut.at - lower : upper - cut.at) / (upper - lower);
    return { h.zeroCount * share, ((below ? lower : upper) + cut.at) / 2 };
}

// Counts and sum of what stays, and whether anything went.
struct Total
{
    double count = 0;
    double sum = 0;
    bool changed = false;

    void keep(const Rest& rest, double& bucket)
    {
        changed = changed || bucket != rest.count;
        bucket = rest.count;
        count += rest.count;
        sum += rest.middle * rest.count;
    }
};

bool trimSide(
    const std::vector<Bucket>& buckets, std::vector<double>& counts, const Cut& cut, Total& total)
{
    bool populated = false;
    for (size_t i = 0; i < buckets.size(); ++i) {
        if (buckets[i].count == 0)
            continue;
        populated = true;
        total.keep(restOf(buckets[i], cut), counts[i]);
    }
    return populated;
}

} // namespace

Histogram trimmed(const Histogram& histogram, double at, Keep keep)
{
    Histogram h = histogram;
    Total total;
    Cut cut { at, keep, h.usesCustomBuckets(), true };
    const bool hasPositive = trimSide(positiveBuckets(histogram), h.positiveBuckets, cut, total);
    cut.positive = false;
    const bool hasNegative = trimSide(negativeBuckets(histogram), h.negativeBuckets, cut, total);
    if (h.zeroCount > 0)
        total.keep(restOfZero(h, cut, hasNegative, hasPositive), h.zeroCount);
    if (!total.changed)
        return h;
    h.count = total.count;
    h.sum = total.sum;
    return compacted(h);
}

} // namespace fleetglass::histogram
