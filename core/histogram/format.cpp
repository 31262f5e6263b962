#include "core/histogram/format.h"

#include "core/base/number.h"
#include "core/histogram/buckets.h"

#include <limits>

namespace fleetglass::histogram {

namespace {

struct Brackets
{
    char open = '(';
    char close = ']';
};

void appendBucket(std::string& text, const Bucket& bucket, Brackets brackets)
{
    text += ", ";
    text += brackets.open + formatFloatShort(bucket.lower) + ',' + formatFloatShort(bucket.upper);
    text += brackets.close;
    text += ':' + formatFloatShort(bucket.count);
}

} // namespace

std::string toText(const Histogram& histogram)
{
    std::string text = "{count:" + formatFloatShort(histogram.count)
        + ", sum:" + formatFloatShort(histogram.sum);
    const std::vector<Bucket> negative = negativeBuckets(histogram);
    for (auto bucket = negative.rbegin(); bucket != negative.rend(); ++bucket) {
        if (bucket->count != 0)
            appendBucket(text, *bucket, { '[', ')' });
    }
    if (histogram.zeroCount != 0) {
        const double width = histogram.zeroThreshold;
        appendBucket(text, { -width, width, histogram.zeroCount, 0 }, { '[', ']' });
    }
    for (const Bucket& bucket : positiveBuckets(histogram)) {
        const bool openBelow = bucket.lower == -std::numeric_limits<double>::infinity();
        if (bucket.count != 0)
            appendBucket(text, bucket, { openBelow ? '[' : '(', ']' });
    }
    return text + '}';
}

} // namespace fleetglass::histogram
