#include "core/promql/classic_histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetglass::promql {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Relative differences below it are noise of floating point.
constexpr double kSmallDelta = 1e-12;

void sortAndJoin(std::vector<ClassicBucket>& buckets)
{
    const auto isBelow = [](const auto& a, const auto& b) { return a.upperBound < b.upperBound; };
    if (!std::is_sorted(buckets.begin(), buckets.end(), isBelow))
        std::stable_sort(buckets.begin(), buckets.end(), isBelow);
    size_t kept = 0;
    for (const ClassicBucket& bucket : buckets) {
        if (kept > 0 && buckets[kept - 1].upperBound == bucket.upperBound)
            buckets[kept - 1].count += bucket.count;
        else
            buckets[kept++] = bucket;
    }
    buckets.resize(kept);
}

// Prometheus util/almost.Equal.
bool almostEqual(double a, double b)
{
    constexpr double kSmallestNormal = std::numeric_limits<double>::min();
    if (a == b || (std::isnan(a) && std::isnan(b)))
        return true;
    const double sum = std::fabs(a) + std::fabs(b);
    const double difference = std::fabs(a - b);
    if (a == 0 || b == 0 || sum < kSmallestNormal)
        return difference < kSmallDelta * kSmallestNormal;
    return difference / std::min(sum, std::numeric_limits<double>::max()) < kSmallDelta;
}

MonotonicityFix makeMonotonic(std::vector<ClassicBucket>& buckets)
{
    MonotonicityFix fix { false, kInfinity, -kInfinity, 0 };
    double previous = buckets.front().count;
    for (size_t i = 1; i < buckets.size(); ++i) {
        ClassicBucket& bucket = buckets[i];
        if (bucket.count == previous)
            continue;
        if (almostEqual(previous, bucket.count)) {
            bucket.count = previous;
        } else if (bucket.count < previous) {
            fix.forced = true;
            fix.bucketMin = std::min(fix.bucketMin, bucket.upperBound);
            fix.bucketMax = std::max(fix.bucketMax, bucket.upperBound);
            fix.differenceMax = std::max(fix.differenceMax, previous - bucket.count);
            bucket.count = previous;
        } else {
            previous = bucket.count;
        }
    }
    return fix;
}

bool reachesInfinity(const std::vector<ClassicBucket>& buckets)
{
    return !buckets.empty() && buckets.back().upperBound == kInfinity;
}

} // namespace

double classicQuantile(double quantile, std::vector<ClassicBucket>& buckets, MonotonicityFix& fix)
{
    if (std::isnan(quantile))
        return kNan;
    if (quantile < 0)
        return -kInfinity;
    if (quantile > 1)
        return kInfinity;
    sortAndJoin(buckets);
    if (!reachesInfinity(buckets))
        return kNan;
    fix = makeMonotonic(buckets);
    const double observations = buckets.back().count;
    if (buckets.size() < 2 || observations == 0)
        return kNan;
    double rank = quantile * observations;
    const auto found = std::find_if(buckets.begin(), buckets.end() - 1,
        [&](const auto& bucket) { return bucket.count >= rank; });
    if (found == buckets.end() - 1)
        return buckets[buckets.size() - 2].upperBound;
    if (found == buckets.begin() && found->upperBound <= 0)
        return found->upperBound;
    double start = 0;
    double count = found->count;
    if (found != buckets.begin()) {
        start = (found - 1)->upperBound;
        count -= (found - 1)->count;
        rank -= (found - 1)->count;
    }
    return start + (found->upperBound - start) * (rank / count);
}

double classicFraction(double lower, double upper, std::vector<ClassicBucket>& buckets)
{
    sortAndJoin(buckets);
    if (!reachesInfinity(buckets))
        return kNan;
    const double count = buckets.back().count;
    if (count == 0 || std::isnan(lower) || std::isnan(upper))
        return kNan;
    if (lower >= upper)
        return 0;
    // The count below a value; linear inside a bucket, and the first one begins at zero if it can.
    const auto countBelow = [&](double value) {
        double below = 0;
        double start = buckets.front().upperBound > 0 ? 0 : -kInfinity;
        for (const ClassicBucket& bucket : buckets) {
            if (start >= value)
                return std::min(below, count);
            if (bucket.upperBound > value) {
                const double within = start == -kInfinity ? bucket.count
                                                          : below
                        + (bucket.count - below) * (value - start) / (bucket.upperBound - start);
                return std::min(within, count);
            }
            below = bucket.count;
            start = bucket.upperBound;
        }
        return count;
    };
    return (countBelow(upper) - countBelow(lower)) / count;
}

} // namespace fleetglass::promql
