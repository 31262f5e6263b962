#include "core/histogram/arithmetic.h"

#include "core/histogram/accumulator.h"
#include "core/histogram/buckets.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <map>

namespace fleetglass::histogram {

namespace {

template<class F>
void forEachNumber(Histogram& h, F f)
{
    f(h.zeroCount);
    f(h.count);
    f(h.sum);
    std::for_each(h.positiveBuckets.begin(), h.positiveBuckets.end(), f);
    std::for_each(h.negativeBuckets.begin(), h.negativeBuckets.end(), f);
}

void compactSide(std::vector<Span>& spans, std::vector<double>& counts)
{
    std::vector<Span> newSpans;
    std::vector<double> newCounts;
    int32_t index = 0;
    int32_t next = 0;
    size_t bucket = 0;
    for (const Span& span : spans) {
        index += span.offset;
        for (uint32_t i = 0; i < span.length && bucket < counts.size(); ++i, ++index, ++bucket) {
            if (counts[bucket] == 0)
                continue;
            if (newSpans.empty() || index != next)
                newSpans.push_back({ index - next, 0 });
            ++newSpans.back().length;
            newCounts.push_back(counts[bucket]);
            next = index + 1;
        }
    }
    spans = std::move(newSpans);
    counts = std::move(newCounts);
}

bool sameNumber(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

bool sameNumbers(const std::vector<double>& a, const std::vector<double>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), sameNumber);
}

// Spans without the empty ones, whose offset counts for the next.
std::vector<Span> normalized(const std::vector<Span>& spans)
{
    std::vector<Span> result;
    int32_t carried = 0;
    for (const Span& span : spans) {
        if (span.length == 0) {
            carried += span.offset;
        } else if (!result.empty() && span.offset + carried == 0) {
            result.back().length += span.length;
        } else {
            result.push_back({ span.offset + carried, span.length });
            carried = 0;
        }
    }
    return result;
}

// The counts of `h` by index at a coarser schema, without what lies in the wider zero bucket.
std::map<int32_t, double> countsAt(
    const std::vector<Bucket>& buckets, const Histogram& h, int32_t schema, double zeroThreshold)
{
    std::map<int32_t, double> counts;
    for (const Bucket& bucket : buckets) {
        if (h.usesCustomBuckets()) {
            counts[bucket.index] += bucket.count;
            continue;
        }
        if (std::max(std::fabs(bucket.lower), std::fabs(bucket.upper)) <= zeroThreshold)
            continue;
        counts[coarserIndex(bucket.index, h.schema, schema)] += bucket.count;
    }
    return counts;
}

// The bounds that two histograms with custom buckets share.
std::vector<double> commonBounds(const Histogram& a, const Histogram& b)
{
    std::vector<double> bounds;
    std::set_intersection(a.customValues.begin(), a.customValues.end(), b.customValues.begin(),
        b.customValues.end(), std::back_inserter(bounds));
    return bounds;
}

// The counts of a histogram with custom buckets, by the bound of `bounds` that they lie below.
std::map<int32_t, double> countsBetween(const Histogram& h, const std::vector<double>& bounds)
{
    std::map<int32_t, double> counts;
    for (const Bucket& bucket : positiveBuckets(h)) {
        const auto bound = std::lower_bound(bounds.begin(), bounds.end(), bucket.upper);
        counts[static_cast<int32_t>(bound - bounds.begin())] += bucket.count;
    }
    return counts;
}

bool lostCounts(const std::map<int32_t, double>& current, const std::map<int32_t, double>& previous)
{
    return std::any_of(previous.begin(), previous.end(), [&](const auto& entry) {
        const auto found = current.find(entry.first);
        return found == current.end() ? entry.second != 0 : found->second < entry.second;
    });
}

// What of `h` lies inside a zero bucket of this width; nothing where the width cuts a bucket.
bool zeroCountWithin(const Histogram& h, double threshold, double& count)
{
    count = h.zeroCount;
    if (threshold == h.zeroThreshold)
        return true;
    for (const auto& side : { positiveBuckets(h), negativeBuckets(h) }) {
        for (const Bucket& bucket : side) {
            const double near = std::min(std::fabs(bucket.lower), std::fabs(bucket.upper));
            const double far = std::max(std::fabs(bucket.lower), std::fabs(bucket.upper));
            if (near >= threshold)
                break;
            if (far > threshold && bucket.count != 0)
                return false;
            count += bucket.count;
        }
    }
    return true;
}

} // namespace

Histogram multiplied(const Histogram& histogram, double factor)
{
    Histogram h = histogram;
    forEachNumber(h, [factor](double& number) { number *= factor; });
    if (factor < 0)
        h.resetHint = ResetHint::Gauge;
    return h;
}

Histogram divided(const Histogram& histogram, double divisor)
{
    Histogram h = histogram;
    if (divisor == 0) {
        h.positiveSpans.clear();
        h.negativeSpans.clear();
        h.positiveBuckets.clear();
        h.negativeBuckets.clear();
    }
    forEachNumber(h, [divisor](double& number) { number /= divisor; });
    if (divisor < 0)
        h.resetHint = ResetHint::Gauge;
    return h;
}

Histogram compacted(const Histogram& histogram)
{
    Histogram h = histogram;
    compactSide(h.positiveSpans, h.positiveBuckets);
    compactSide(h.negativeSpans, h.negativeBuckets);
    return h;
}

bool equal(const Histogram& a, const Histogram& b)
{
    return a.schema == b.schema && sameNumber(a.count, b.count) && sameNumber(a.sum, b.sum)
        && a.zeroThreshold == b.zeroThreshold && sameNumber(a.zeroCount, b.zeroCount)
        && a.customValues == b.customValues
        && normalized(a.positiveSpans) == normalized(b.positiveSpans)
        && normalized(a.negativeSpans) == normalized(b.negativeSpans)
        && sameNumbers(a.positiveBuckets, b.positiveBuckets)
        && sameNumbers(a.negativeBuckets, b.negativeBuckets);
}

Histogram withSchema(const Histogram& histogram, int32_t schema)
{
    if (schema >= histogram.schema || histogram.usesCustomBuckets())
        return histogram;
    Histogram coarse;
    coarse.schema = schema;
    coarse.zeroThreshold = histogram.zeroThreshold;
    Accumulator sum(coarse);
    sum.add(histogram);
    Histogram result = sum.total();
    result.resetHint = histogram.resetHint;
    return result;
}

bool isReset(const Histogram& current, const Histogram& previous)
{
    if (current.resetHint == ResetHint::Reset)
        return true;
    if (current.resetHint == ResetHint::NotReset)
        return false;
    if (current.count < previous.count)
        return true;
    if (current.usesCustomBuckets() != previous.usesCustomBuckets())
        return true;
    if (current.usesCustomBuckets() && current.customValues != previous.customValues) {
        const std::vector<double> bounds = commonBounds(current, previous);
        return lostCounts(countsBetween(current, bounds), countsBetween(previous, bounds));
    }
    if (current.schema > previous.schema || current.zeroThreshold < previous.zeroThreshold)
        return true;
    double previousZero = 0;
    if (!zeroCountWithin(previous, current.zeroThreshold, previousZero)
        || current.zeroCount < previousZero)
        return true;
    const auto at = [&](const std::vector<Bucket>& buckets, const Histogram& h) {
        return countsAt(buckets, h, current.schema, current.zeroThreshold);
    };
    return lostCounts(
               at(positiveBuckets(current), current), at(positiveBuckets(previous), previous))
        || lostCounts(
            at(negativeBuckets(current), current), at(negativeBuckets(previous), previous));
}

ResetHint storedHint(const Histogram& current, const Histogram& previous)
{
    if (current.resetHint == ResetHint::Gauge)
        return ResetHint::Gauge;
    const bool sameLayout = current.schema == previous.schema
        && current.zeroThreshold == previous.zeroThreshold
        && current.customValues == previous.customValues;
    if (!sameLayout || current.resetHint == ResetHint::Reset
        || previous.resetHint == ResetHint::Gauge)
        return ResetHint::Unknown;
    Histogram bare = current;
    bare.resetHint = ResetHint::Unknown;
    return isReset(bare, previous) ? ResetHint::Unknown : ResetHint::NotReset;
}

} // namespace fleetglass::histogram
