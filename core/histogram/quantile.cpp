#include "core/histogram/quantile.h"

#include "core/histogram/buckets.h"
#include "core/histogram/kahan.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetglass::histogram {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The zero bucket of a histogram with buckets on one side only ends at zero.
Bucket cutAtZero(Bucket bucket, const Histogram& h)
{
    if (h.negativeBuckets.empty() && !h.positiveBuckets.empty())
        bucket.lower = 0;
    else if (h.positiveBuckets.empty() && !h.negativeBuckets.empty())
        bucket.upper = 0;
    return bucket;
}

double logOf(double bound)
{
    return std::log2(std::fabs(bound));
}

// The value at a share of the way through a bucket.
double valueWithin(const Bucket& bucket, double share, bool custom)
{
    if (custom || (bucket.lower <= 0 && bucket.upper >= 0))
        return bucket.lower + (bucket.upper - bucket.lower) * share;
    const double lower = logOf(bucket.lower);
    const double upper = logOf(bucket.upper);
    if (bucket.lower > 0)
        return std::exp2(lower + (upper - lower) * share);
    return -std::exp2(upper + (lower - upper) * (1 - share));
}

// The share of a bucket below a value, the reverse of it.
double shareBelow(const Bucket& bucket, double value)
{
    const double lower = logOf(bucket.lower);
    const double upper = logOf(bucket.upper);
    const double at = logOf(value);
    return value > 0 ? (at - lower) / (upper - lower) : 1 - ((at - upper) / (lower - upper));
}

double countOf(const std::vector<Bucket>& buckets)
{
    double count = 0;
    for (const Bucket& bucket : buckets)
        count += bucket.count;
    return count;
}

// Walks to the bucket that holds a rank, from below or from above.
struct Walk
{
    Bucket bucket;
    double count = 0;
};

Walk walkTo(double rank, const std::vector<Bucket>& buckets)
{
    Walk walk;
    for (const Bucket& bucket : buckets) {
        walk.bucket = bucket;
        if (bucket.count == 0)
            continue;
        walk.count += bucket.count;
        if (walk.count >= rank)
            break;
    }
    return walk;
}

} // namespace

Estimate quantile(const Histogram& h, double q)
{
    if (q < 0)
        return { -kInfinity, false, false };
    if (q > 1)
        return { kInfinity, false, false };
    if (h.count == 0 || std::isnan(q))
        return { kNan, false, false };
    std::vector<Bucket> buckets = allBuckets(h);
    // NaN observations count but lie in no bucket, so their histogram is walked from below.
    const bool mayHoldNan = std::isnan(h.sum);
    const bool forward = mayHoldNan || q < 0.5;
    if (!forward)
        std::reverse(buckets.begin(), buckets.end());
    double rank = (forward ? q : 1 - q) * h.count;
    Walk walk = walkTo(rank, buckets);
    Bucket& bucket = walk.bucket;
    if (!h.usesCustomBuckets()) {
        if (bucket.lower < 0 && bucket.upper > 0)
            bucket = cutAtZero(bucket, h);
    } else if (bucket.lower == -kInfinity) {
        if (bucket.upper <= 0)
            return { bucket.upper, false, false };
        bucket.lower = 0;
    } else if (bucket.upper == kInfinity) {
        return { bucket.lower, false, false };
    }
    walk.count = std::min(walk.count, h.count);
    if (walk.count < rank) {
        if (mayHoldNan)
            return { kNan, true, false };
        return { bucket.upper, false, false };
    }
    rank = forward ? rank - (walk.count - bucket.count) : walk.count - rank;
    const bool skewed = mayHoldNan && countOf(buckets) < h.count;
    return { valueWithin(bucket, rank / bucket.count, h.usesCustomBuckets()), false, skewed };
}

namespace {

// How many observations lie below a value, while the buckets are walked upwards.
class RankOf
{
public:
    explicit RankOf(double value)
        : m_value(value)
    {
    }

    bool known() const { return m_known; }
    void reach(const Bucket& bucket, double below)
    {
        if (!m_known && bucket.lower >= m_value)
            settle(below);
    }
    void pass(const Bucket& bucket, double below, bool linear)
    {
        if (m_known || bucket.lower >= m_value || bucket.upper <= m_value)
            return;
        if (!linear)
            settle(below + bucket.count * shareBelow(bucket, m_value));
        else if (bucket.lower == -kInfinity)
            settle(bucket.count);
        else
            settle(below + bucket.count * (m_value - bucket.lower) / (bucket.upper - bucket.lower));
    }
    double within(double count) const { return !m_known || m_rank > count ? count : m_rank; }

private:
    void settle(double rank)
    {
        m_rank = rank;
        m_known = true;
    }

    double m_value = 0;
    double m_rank = 0;
    bool m_known = false;
};

} // namespace

Estimate fraction(const Histogram& h, double lower, double upper)
{
    if (h.count == 0 || std::isnan(lower) || std::isnan(upper))
        return { kNan, false, false };
    if (lower >= upper)
        return { 0, false, false };
    const std::vector<Bucket> buckets = allBuckets(h);
    RankOf low(lower);
    RankOf high(upper);
    double below = 0;
    for (Bucket bucket : buckets) {
        const bool holdsZero = bucket.lower <= 0 && bucket.upper >= 0;
        if (holdsZero)
            bucket = cutAtZero(bucket, h);
        low.reach(bucket, below);
        high.reach(bucket, below);
        low.pass(bucket, below, h.usesCustomBuckets() || holdsZero);
        high.pass(bucket, below, h.usesCustomBuckets() || holdsZero);
        if (low.known() && high.known())
            break;
        below += bucket.count;
    }
    const double count = std::isnan(h.sum) ? countOf(buckets) : h.count;
    return { (high.within(count) - low.within(count)) / h.count, false, count < h.count };
}

double variance(const Histogram& h)
{
    const double mean = h.sum / h.count;
    KahanSum sum;
    for (const Bucket& bucket : allBuckets(h)) {
        if (bucket.count == 0)
            continue;
        double value = 0;
        if (h.usesCustomBuckets())
            value = (bucket.upper + bucket.lower) / 2;
        else if (bucket.lower > 0 || bucket.upper < 0)
            value = std::copysign(std::sqrt(bucket.upper * bucket.lower), bucket.upper);
        const double delta = value - mean;
        sum.add(bucket.count * delta * delta);
    }
    return (sum.sum + sum.lost) / h.count;
}

} // namespace fleetglass::histogram
