#include "core/exposition/proto_metric.h"

#include "core/exposition/limits.h"
#include "core/exposition/proto_reader.h"
#include "core/exposition/text_number.h"

#include <algorithm>

namespace fleetglass::exposition {

namespace {

// Field numbers of metrics.proto, read with one loop per message. Each function is false where the
// bytes are no message.

bool readLabel(std::string_view bytes, std::vector<ProtoLabel>& labels)
{
    ProtoReader reader(bytes);
    ProtoLabel label;
    while (reader.next()) {
        if (reader.field() == 1)
            label.name = reader.bytes();
        else if (reader.field() == 2)
            label.value = reader.bytes();
    }
    labels.push_back(label);
    return !reader.failed();
}

bool readTimestamp(std::string_view bytes, int64_t& ms)
{
    ProtoReader reader(bytes);
    int64_t seconds = 0;
    int64_t nanos = 0;
    while (reader.next()) {
        if (reader.field() == 1)
            seconds = static_cast<int64_t>(reader.varint());
        else if (reader.field() == 2)
            nanos = static_cast<int64_t>(static_cast<int32_t>(reader.varint()));
    }
    constexpr int64_t kSecondsMax = INT64_MAX / 1000 - 1;
    seconds = seconds > kSecondsMax ? kSecondsMax : seconds < -kSecondsMax ? -kSecondsMax : seconds;
    ms = seconds * 1000 + nanos / 1'000'000;
    return !reader.failed();
}

bool readExemplar(std::string_view bytes, ProtoExemplar& exemplar)
{
    ProtoReader reader(bytes);
    bool good = true;
    while (good && reader.next()) {
        if (reader.field() == 1) {
            good = readLabel(reader.bytes(), exemplar.labels);
        } else if (reader.field() == 2) {
            exemplar.value = canonicalNan(reader.fixedDouble());
        } else if (reader.field() == 3) {
            int64_t ms = 0;
            good = readTimestamp(reader.bytes(), ms);
            exemplar.timestampMs = ms;
        }
    }
    return good && !reader.failed();
}

bool readSimple(std::string_view bytes, ProtoMetric& metric)
{
    ProtoReader reader(bytes);
    bool good = true;
    while (good && reader.next()) {
        if (reader.field() == 1)
            metric.value = canonicalNan(reader.fixedDouble());
        else if (reader.field() == 2)
            good = readExemplar(reader.bytes(), metric.exemplar.emplace());
        else if (reader.field() == 3)
            good = readTimestamp(reader.bytes(), metric.startTimestampMs);
    }
    return good && !reader.failed();
}

bool readQuantile(std::string_view bytes, std::vector<ProtoQuantile>& quantiles)
{
    ProtoReader reader(bytes);
    ProtoQuantile quantile;
    while (reader.next()) {
        if (reader.field() == 1)
            quantile.quantile = canonicalNan(reader.fixedDouble());
        else if (reader.field() == 2)
            quantile.value = canonicalNan(reader.fixedDouble());
    }
    quantiles.push_back(quantile);
    return !reader.failed();
}

bool readSummary(std::string_view bytes, ProtoMetric& metric)
{
    ProtoReader reader(bytes);
    bool good = true;
    while (good && reader.next()) {
        switch (reader.field()) {
        case 1:
            metric.summary.count = reader.varint();
            break;
        case 2:
            metric.summary.sum = canonicalNan(reader.fixedDouble());
            break;
        case 3:
            good = readQuantile(reader.bytes(), metric.summary.quantiles);
            break;
        case 4:
            good = readTimestamp(reader.bytes(), metric.startTimestampMs);
            break;
        default:
            break;
        }
    }
    return good && !reader.failed();
}

bool readBucket(std::string_view bytes, std::vector<ProtoBucket>& buckets)
{
    ProtoReader reader(bytes);
    ProtoBucket bucket;
    double countFloat = 0;
    bool good = true;
    while (good && reader.next()) {
        if (reader.field() == 1)
            bucket.cumulativeCount = static_cast<double>(reader.varint());
        else if (reader.field() == 2)
            bucket.bound = canonicalNan(reader.fixedDouble());
        else if (reader.field() == 3)
            good = readExemplar(reader.bytes(), bucket.exemplar.emplace());
        else if (reader.field() == 4)
            countFloat = canonicalNan(reader.fixedDouble());
    }
    if (countFloat != 0)
        bucket.cumulativeCount = countFloat;
    buckets.push_back(std::move(bucket));
    return good && !reader.failed();
}

bool readSpan(std::string_view bytes, std::vector<histogram::Span>& spans)
{
    ProtoReader reader(bytes);
    histogram::Span span;
    while (reader.next()) {
        if (reader.field() == 1)
            span.offset = static_cast<int32_t>(unzigzag(reader.varint()));
        else if (reader.field() == 2)
            span.length = static_cast<uint32_t>(reader.varint());
    }
    spans.push_back(span);
    return !reader.failed();
}

// The fields that only native histograms have.
bool readNativeField(ProtoReader& reader, ProtoHistogram& to)
{
    switch (reader.field()) {
    case 5:
        to.schema = static_cast<int32_t>(unzigzag(reader.varint()));
        return true;
    case 6:
        to.zeroThreshold = canonicalNan(reader.fixedDouble());
        return true;
    case 7:
        to.zeroCount = reader.varint();
        return true;
    case 8:
        to.zeroCountFloat = canonicalNan(reader.fixedDouble());
        return true;
    case 9:
        return readSpan(reader.bytes(), to.negativeSpans);
    case 10:
        reader.eachVarint([&](uint64_t v) { to.negativeDeltas.push_back(unzigzag(v)); });
        return true;
    case 11:
        reader.eachDouble([&](double v) { to.negativeCounts.push_back(canonicalNan(v)); });
        return true;
    case 12:
        return readSpan(reader.bytes(), to.positiveSpans);
    case 13:
        reader.eachVarint([&](uint64_t v) { to.positiveDeltas.push_back(unzigzag(v)); });
        return true;
    case 14:
        reader.eachDouble([&](double v) { to.positiveCounts.push_back(canonicalNan(v)); });
        return true;
    case 16:
        return readExemplar(reader.bytes(), to.exemplars.emplace_back());
    default:
        return true;
    }
}

bool readHistogram(std::string_view bytes, ProtoMetric& metric)
{
    ProtoHistogram& to = metric.histogram;
    ProtoReader reader(bytes);
    bool good = true;
    while (good && reader.next()) {
        switch (reader.field()) {
        case 1:
            to.count = reader.varint();
            break;
        case 2:
            to.sum = canonicalNan(reader.fixedDouble());
            break;
        case 3:
            good = readBucket(reader.bytes(), to.buckets);
            break;
        case 4:
            to.countFloat = canonicalNan(reader.fixedDouble());
            break;
        case 15:
            good = readTimestamp(reader.bytes(), metric.startTimestampMs);
            break;
        default:
            good = readNativeField(reader, to);
        }
    }
    return good && !reader.failed();
}

uint32_t valueFieldOf(ProtoType type)
{
    switch (type) {
    case ProtoType::Gauge:
        return 2;
    case ProtoType::Counter:
        return 3;
    case ProtoType::Summary:
        return 4;
    case ProtoType::Untyped:
        return 5;
    default:
        return 7;
    }
}

bool readValueMessage(std::string_view bytes, ProtoType type, ProtoMetric& metric)
{
    metric.hasValue = true;
    switch (type) {
    case ProtoType::Summary:
        return readSummary(bytes, metric);
    case ProtoType::Histogram:
    case ProtoType::GaugeHistogram:
        return readHistogram(bytes, metric);
    default:
        return readSimple(bytes, metric);
    }
}

tl::unexpected<Error> notAMessage(std::string_view what)
{
    return failure("protobuf: " + std::string(what) + " is cut short or no message");
}

// Absolute counts of the buckets, dense from the first span's first index.
Result<void> fillSide(const std::vector<histogram::Span>& spans, const std::vector<double>& counts,
    std::vector<histogram::Span>& toSpans, std::vector<double>& toBuckets)
{
    size_t wanted = 0;
    for (const auto& span : spans)
        wanted += span.length;
    if (wanted != counts.size())
        return failure("spans need " + std::to_string(wanted) + " buckets, have "
            + std::to_string(counts.size()) + " buckets");
    // Empty buckets are cut span by span: a gap between spans may be wide.
    size_t at = 0;
    int64_t next = 0; // The index after the last bucket seen.
    int64_t taken = 0; // The index after the last bucket kept.
    for (size_t i = 0; i < spans.size(); ++i) {
        if (i > 0 && spans[i].offset < 0)
            return failure(
                "histogram span with negative offset " + std::to_string(spans[i].offset));
        next += spans[i].offset;
        for (uint32_t k = 0; k < spans[i].length; ++k, ++next) {
            const double count = counts[at++];
            if (count == 0)
                continue;
            if (toSpans.empty() || next != taken) {
                const int64_t offset = toSpans.empty() ? next : next - taken;
                if (offset > INT32_MAX || offset < INT32_MIN)
                    return failure("bucket index out of range");
                toSpans.push_back({ static_cast<int32_t>(offset), 0 });
            }
            ++toSpans.back().length;
            toBuckets.push_back(count);
            taken = next + 1;
        }
    }
    return {};
}

std::vector<double> absoluteCounts(const std::vector<int64_t>& deltas)
{
    std::vector<double> counts;
    counts.reserve(deltas.size());
    uint64_t count = 0; // Wraps instead of overflowing on senseless deltas.
    for (const int64_t delta : deltas) {
        count += static_cast<uint64_t>(delta);
        counts.push_back(static_cast<double>(static_cast<int64_t>(count)));
    }
    return counts;
}

} // namespace

bool ProtoHistogram::isNative() const
{
    return !positiveSpans.empty() || !negativeSpans.empty() || zeroThreshold > 0 || zeroCount > 0
        || zeroCountFloat > 0;
}

Result<ProtoFamily> readProtoFamily(std::string_view bytes)
{
    ProtoFamily family;
    ProtoReader reader(bytes);
    while (reader.next()) {
        switch (reader.field()) {
        case 1:
            family.name = reader.bytes();
            break;
        case 2:
            family.help = reader.bytes();
            break;
        case 3:
            family.type = reader.varint();
            break;
        case 4:
            family.metrics.push_back(reader.bytes());
            break;
        case 5:
            family.unit = reader.bytes();
            break;
        default:
            break;
        }
    }
    if (reader.failed())
        return notAMessage("a metric family");
    return family;
}

Result<ProtoMetric> readProtoMetric(
    std::string_view bytes, ProtoType type, const ParseLimits& limits)
{
    ProtoMetric metric;
    ProtoReader reader(bytes);
    bool good = true;
    while (good && reader.next()) {
        if (reader.field() == 1) {
            good = readLabel(reader.bytes(), metric.labels);
            if (auto few = checkLabelCount(metric.labels.size() + 1, limits); !few)
                return failure(few.error());
        } else if (reader.field() == 6) {
            // Prometheus takes 0 for no timestamp as well.
            const auto ms = static_cast<int64_t>(reader.varint());
            metric.timestampMs = ms == 0 ? std::nullopt : std::optional(ms);
        } else if (reader.field() == valueFieldOf(type)) {
            good = readValueMessage(reader.bytes(), type, metric);
        }
    }
    if (!good || reader.failed())
        return notAMessage("a metric");
    const size_t bucketCount = metric.histogram.buckets.size()
        + std::max(metric.histogram.positiveDeltas.size(), metric.histogram.positiveCounts.size())
        + std::max(metric.histogram.negativeDeltas.size(), metric.histogram.negativeCounts.size());
    if (auto few = checkBucketCount(bucketCount, limits); !few)
        return failure(few.error());
    return metric;
}

Result<histogram::HistogramPtr> nativeHistogram(
    const ProtoHistogram& from, ProtoType type, const ParseLimits& limits)
{
    if (from.schema < -4 || from.schema > 8)
        return failure("histogram schema " + std::to_string(from.schema)
            + " is not supported, it must be -4 to 8");
    const bool isFloat = from.isFloat();
    auto result = std::make_shared<histogram::Histogram>();
    result->resetHint = type == ProtoType::GaugeHistogram ? histogram::ResetHint::Gauge
                                                          : histogram::ResetHint::Unknown;
    result->schema = from.schema;
    result->sum = from.sum;
    result->zeroThreshold = from.zeroThreshold;
    result->count = isFloat ? from.countFloat : static_cast<double>(from.count);
    result->zeroCount = isFloat ? from.zeroCountFloat : static_cast<double>(from.zeroCount);
    const auto fill = [&](const std::string& side, const auto& spans, const auto& deltas,
                          const auto& counts, auto& toSpans, auto& toBuckets) -> Result<void> {
        if (auto few = checkBucketCount(spans.size(), limits); !few)
            return few;
        auto filled
            = fillSide(spans, isFloat ? counts : absoluteCounts(deltas), toSpans, toBuckets);
        if (!filled)
            return failure("histogram, " + side + " side: " + filled.error().message);
        return {};
    };
    auto filled = fill("positive", from.positiveSpans, from.positiveDeltas, from.positiveCounts,
        result->positiveSpans, result->positiveBuckets);
    if (filled)
        filled = fill("negative", from.negativeSpans, from.negativeDeltas, from.negativeCounts,
            result->negativeSpans, result->negativeBuckets);
    if (!filled)
        return failure(filled.error());
    return histogram::HistogramPtr(std::move(result));
}

} // namespace fleetglass::exposition
