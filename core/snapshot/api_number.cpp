#include "core/snapshot/api_number.h"

#include "core/base/number.h"
#include "core/histogram/buckets.h"

#include <array>
#include <charconv>
#include <cmath>

namespace fleetglass::snapshot {

namespace {

// Which ends a bucket includes, in the API's numbers.
enum Bounds
{
    kLeftOpen = 0,
    kRightOpen = 1,
    kOpen = 2,
    kClosed = 3
};

Bounds boundsOf(const histogram::Histogram& histogram, const histogram::Bucket& bucket)
{
    const bool isZeroBucket = !histogram.usesCustomBuckets() && bucket.lower == -bucket.upper;
    if (isZeroBucket)
        return kClosed;
    const bool lower = histogram.usesCustomBuckets() ? bucket.index == 0 : bucket.lower < 0;
    const bool upper = histogram.usesCustomBuckets() || bucket.upper > 0;
    if (lower)
        return upper ? kClosed : kRightOpen;
    return upper ? kLeftOpen : kOpen;
}

} // namespace

std::string apiTime(int64_t timestampMs)
{
    // Unsigned, so that the least number has an opposite.
    const uint64_t magnitude = timestampMs < 0 ? 0 - static_cast<uint64_t>(timestampMs)
                                               : static_cast<uint64_t>(timestampMs);
    std::string text = timestampMs < 0 ? "-" : "";
    text += std::to_string(magnitude / 1000);
    if (magnitude % 1000 != 0) {
        const std::string fraction = std::to_string(magnitude % 1000);
        text += '.' + std::string(3 - fraction.size(), '0') + fraction;
    }
    return text;
}

std::string apiFloat(double value)
{
    const double magnitude = std::abs(value);
    if (!std::isfinite(value) || value == 0 || (magnitude >= 1e-6 && magnitude < 1e21))
        return formatFloat(value);
    std::array<char, 40> buffer {};
    const auto end = std::to_chars(
        buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
    return { buffer.data(), end.ptr };
}

std::string apiHistogram(const histogram::Histogram& histogram)
{
    std::string out = "{\"count\":\"" + apiFloat(histogram.count) + "\",\"sum\":\""
        + apiFloat(histogram.sum) + '"';
    bool isFirst = true;
    for (const histogram::Bucket& bucket : histogram::allBuckets(histogram)) {
        if (bucket.count == 0)
            continue; // Empty ones are not shown.
        out += isFirst ? ",\"buckets\":[[" : ",[";
        isFirst = false;
        out += std::to_string(boundsOf(histogram, bucket)) + ",\"" + apiFloat(bucket.lower)
            + "\",\"" + apiFloat(bucket.upper) + "\",\"" + apiFloat(bucket.count) + "\"]";
    }
    return out += isFirst ? "}" : "]}";
}

} // namespace fleetglass::snapshot
