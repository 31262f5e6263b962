#include "core/tsdb/histogram_codec.h"

namespace fleetglass::tsdb {

using histogram::Histogram;
using histogram::Span;

namespace {

uint64_t folded(int64_t value)
{
    return (static_cast<uint64_t>(value) << 1U) ^ static_cast<uint64_t>(value >> 63);
}

int64_t unfolded(uint64_t value)
{
    return static_cast<int64_t>(value >> 1U) ^ -static_cast<int64_t>(value & 1U);
}

void putSpans(Bytes& out, const std::vector<Span>& spans)
{
    appendVarint(out, spans.size());
    for (const Span& span : spans) {
        appendVarint(out, folded(span.offset));
        appendVarint(out, span.length);
    }
}

void putDoubles(Bytes& out, const std::vector<double>& values)
{
    appendVarint(out, values.size());
    encodeValues(out, values);
}

bool takeSpans(ByteView& in, std::vector<Span>& spans)
{
    uint64_t count = 0;
    // A span takes two bytes at least, so the count cannot ask for more than there is.
    if (!takeVarint(in, count) || count > kBucketsMax || count > in.size() / 2)
        return false;
    spans.resize(count);
    for (Span& span : spans) {
        uint64_t offset = 0;
        uint64_t length = 0;
        if (!takeVarint(in, offset) || !takeVarint(in, length) || length > kBucketsMax
            || offset > UINT32_MAX)
            return false;
        span = { static_cast<int32_t>(unfolded(offset)), static_cast<uint32_t>(length) };
    }
    return true;
}

bool takeDoubles(ByteView& in, std::vector<double>& values)
{
    uint64_t count = 0;
    if (!takeVarint(in, count) || count > kBucketsMax)
        return false;
    values.resize(count);
    return decodeValues(in, values);
}

// As many buckets as the spans say.
bool fits(const std::vector<Span>& spans, const std::vector<double>& buckets)
{
    uint64_t length = 0;
    for (const Span& span : spans)
        length += span.length;
    return length == buckets.size();
}

bool hasKnownSchema(const Histogram& histogram)
{
    return histogram.usesCustomBuckets() || (histogram.schema >= -4 && histogram.schema <= 8);
}

} // namespace

void encodeHistogram(Bytes& out, const Histogram& histogram)
{
    appendVarint(out, static_cast<uint64_t>(histogram.resetHint));
    appendVarint(out, folded(histogram.schema));
    putDoubles(
        out, { histogram.zeroThreshold, histogram.zeroCount, histogram.count, histogram.sum });
    putSpans(out, histogram.positiveSpans);
    putSpans(out, histogram.negativeSpans);
    putDoubles(out, histogram.positiveBuckets);
    putDoubles(out, histogram.negativeBuckets);
    putDoubles(out, histogram.customValues);
}

histogram::HistogramPtr decodeHistogram(ByteView& in)
{
    auto histogram = std::make_shared<Histogram>();
    uint64_t hint = 0;
    uint64_t schema = 0;
    std::vector<double> head;
    if (!takeVarint(in, hint) || hint > static_cast<uint64_t>(histogram::ResetHint::Gauge)
        || !takeVarint(in, schema) || schema > UINT32_MAX || !takeDoubles(in, head)
        || head.size() != 4)
        return nullptr;
    histogram->resetHint = static_cast<histogram::ResetHint>(hint);
    histogram->schema = static_cast<int32_t>(unfolded(schema));
    histogram->zeroThreshold = head[0];
    histogram->zeroCount = head[1];
    histogram->count = head[2];
    histogram->sum = head[3];
    const bool isComplete = takeSpans(in, histogram->positiveSpans)
        && takeSpans(in, histogram->negativeSpans) && takeDoubles(in, histogram->positiveBuckets)
        && takeDoubles(in, histogram->negativeBuckets) && takeDoubles(in, histogram->customValues);
    if (!isComplete || !hasKnownSchema(*histogram)
        || !fits(histogram->positiveSpans, histogram->positiveBuckets)
        || !fits(histogram->negativeSpans, histogram->negativeBuckets))
        return nullptr;
    return histogram;
}

} // namespace fleetglass::tsdb
