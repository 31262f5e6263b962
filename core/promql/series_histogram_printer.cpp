// The {{...}} notation of a histogram, as Prometheus' FloatHistogram.TestExpression writes it.
#include "core/base/number.h"
#include "core/histogram/arithmetic.h"
#include "core/promql/series_description.h"

namespace fleetglass::promql {

namespace {

using histogram::Histogram;

void appendNumbers(std::string& out, std::string_view key, const std::vector<double>& numbers)
{
    out.append(" ").append(key).append(":[");
    for (size_t i = 0; i < numbers.size(); ++i) {
        if (i > 0)
            out += ' ';
        out += formatFloatShort(numbers[i]);
    }
    out += ']';
}

void appendNumber(std::string& out, std::string_view key, double number)
{
    if (number != 0)
        out.append(" ").append(key).append(":").append(formatFloatShort(number));
}

// The notation knows one span a side; gaps are filled with empty buckets.
void appendSide(std::string& out, std::string_view prefix,
    const std::vector<histogram::Span>& spans, const std::vector<double>& buckets)
{
    constexpr int64_t kGapMax = 10'000;
    std::vector<double> dense;
    size_t next = 0;
    for (size_t i = 0; i < spans.size(); ++i) {
        const int64_t gap = i == 0 ? 0 : spans[i].offset;
        if (gap < 0 || gap > kGapMax)
            break;
        dense.insert(dense.end(), static_cast<size_t>(gap), 0);
        for (uint32_t k = 0; k < spans[i].length && next < buckets.size(); ++k)
            dense.push_back(buckets[next++]);
    }
    if (dense.empty())
        return;
    if (spans[0].offset != 0)
        out.append(" ").append(prefix).append("offset:").append(std::to_string(spans[0].offset));
    appendNumbers(out, std::string(prefix) + "buckets", dense);
}

} // namespace

std::string printHistogram(const histogram::Histogram& histogram)
{
    const Histogram compact = histogram::compacted(histogram);
    std::string out;
    if (compact.schema != 0)
        out += " schema:" + std::to_string(compact.schema);
    appendNumber(out, "count", compact.count);
    appendNumber(out, "sum", compact.sum);
    appendNumber(out, "z_bucket", compact.zeroCount);
    appendNumber(out, "z_bucket_w", compact.zeroThreshold);
    if (compact.usesCustomBuckets())
        appendNumbers(out, "custom_values", compact.customValues);
    switch (compact.resetHint) {
    case histogram::ResetHint::Unknown:
        break;
    case histogram::ResetHint::Reset:
        out += " counter_reset_hint:reset";
        break;
    case histogram::ResetHint::NotReset:
        out += " counter_reset_hint:not_reset";
        break;
    case histogram::ResetHint::Gauge:
        out += " counter_reset_hint:gauge";
        break;
    }
    appendSide(out, "", compact.positiveSpans, compact.positiveBuckets);
    appendSide(out, "n_", compact.negativeSpans, compact.negativeBuckets);
    return "{{" + (out.empty() ? out : out.substr(1)) + "}}";
}

} // namespace fleetglass::promql
