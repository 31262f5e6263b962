#include "core/promql/annotations.h"

#include "core/base/number.h"
#include "core/labels/labels.h"
#include "core/promql/parser.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace fleetglass::promql {

namespace {

using labels::quote;

// Go's %g of a float.
std::string number(double value)
{
    return formatFloatShort(value);
}

std::string forMetric(std::string message, std::string_view metric)
{
    return metric.empty() ? message : message + " for metric name " + quote(metric);
}

std::string_view toWord(HistogramOperation operation)
{
    switch (operation) {
    case HistogramOperation::Addition:
        return "addition";
    case HistogramOperation::Subtraction:
        return "subtraction";
    case HistogramOperation::Aggregation:
        return "aggregation";
    }
    return {};
}

std::string rfc3339(int64_t timestampMs)
{
    const std::time_t seconds = timestampMs / 1000;
    std::tm utc {};
    gmtime_r(&seconds, &utc);
    char text[40];
    const size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return std::string(text, length);
}

std::string twoDigits(double value)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.2g", value);
    return text;
}

} // namespace

Annotations::Entry& Annotations::findOrAdd(std::vector<Entry>& entries, Entry entry)
{
    for (Entry& known : entries) {
        if (known.message == entry.message)
            return known;
    }
    return entries.emplace_back(std::move(entry));
}

void Annotations::warn(std::string message, PosRange at)
{
    findOrAdd(m_warnings, { message.insert(0, "PromQL warning: "), at, {} });
}

Annotations::Entry& Annotations::info(std::string message, PosRange at)
{
    return findOrAdd(m_infos, { message.insert(0, "PromQL info: "), at, {} });
}

void Annotations::invalidQuantile(double quantile, PosRange at)
{
    warn("quantile value should be between 0 and 1, got " + number(quantile), at);
}

void Annotations::invalidRatio(double ratio, double cappedTo, PosRange at)
{
    warn("ratio value should be between -1 and 1, got " + number(ratio) + ", capping to "
            + number(cappedTo),
        at);
}

void Annotations::badBucketLabel(std::string_view metric, std::string_view value, PosRange at)
{
    warn(forMetric(
             "bucket label \"le\" is missing or has a malformed value of " + quote(value), metric),
        at);
}

void Annotations::mixedFloatsHistograms(std::string_view metric, PosRange at)
{
    warn("encountered a mix of histograms and floats for metric name " + quote(metric), at);
}

void Annotations::mixedFloatsHistogramsInAggregation(PosRange at)
{
    warn("encountered a mix of histograms and floats for aggregation", at);
}

void Annotations::mixedClassicNative(std::string_view metric, PosRange at)
{
    warn(forMetric("vector contains a mix of classic and native histograms", metric), at);
}

void Annotations::nativeNotCounter(std::string_view metric, PosRange at)
{
    warn("this native histogram metric is not a counter: " + quote(metric), at);
}

void Annotations::nativeNotGauge(std::string_view metric, PosRange at)
{
    warn("this native histogram metric is not a gauge: " + quote(metric), at);
}

void Annotations::mixedExponentialCustom(std::string_view metric, PosRange at)
{
    warn("vector contains a mix of histograms with exponential and custom buckets schemas for "
         "metric "
         "name "
            + quote(metric),
        at);
}

void Annotations::incompatibleBuckets(std::string_view op, PosRange at)
{
    warn("incompatible bucket layout encountered for binary operator " + std::string(op), at);
}

void Annotations::sortInRangeQuery(PosRange at)
{
    warn("sort is ineffective for range queries since results are always ordered by labels", at);
}

void Annotations::resetCollision(HistogramOperation operation, PosRange at)
{
    warn("conflicting counter resets during histogram " + std::string(toWord(operation)), at);
}

void Annotations::startTimeOverlap(std::string_view metric, PosRange at)
{
    warn("sample has start time that overlaps with previous sample timestamp for metric "
            + quote(metric),
        at);
}

void Annotations::possibleNonCounter(std::string_view metric, PosRange at)
{
    info("metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "
            + quote(metric),
        at);
}

void Annotations::possibleNonCounterType(
    std::string_view metric, std::string_view type, PosRange at)
{
    info("metric might not be a counter, __type__ label is not set to \"counter\" or "
         "\"histogram\", got "
            + quote(type) + ": " + quote(metric),
        at);
}

void Annotations::forcedMonotonicity(
    std::string_view metric, const MonotonicityFix& fix, int64_t timestampMs, PosRange at)
{
    Entry& entry = info(
        forMetric(
            "input to histogram_quantile needed to be fixed for monotonicity (see "
            "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)",
            metric),
        at);
    join(entry.extent, { timestampMs, timestampMs, fix, 1 });
}

void Annotations::join(Extent& extent, const Extent& other)
{
    if (extent.samples == 0 || other.samples == 0) {
        if (extent.samples == 0)
            extent = other;
        return;
    }
    extent.samples += other.samples;
    extent.firstMs = std::min(extent.firstMs, other.firstMs);
    extent.lastMs = std::max(extent.lastMs, other.lastMs);
    extent.fix.bucketMin = std::min(extent.fix.bucketMin, other.fix.bucketMin);
    extent.fix.bucketMax = std::max(extent.fix.bucketMax, other.fix.bucketMax);
    extent.fix.differenceMax = std::max(extent.fix.differenceMax, other.fix.differenceMax);
}

void Annotations::add(const Annotations& other)
{
    for (const Entry& entry : other.m_warnings)
        findOrAdd(m_warnings, { entry.message, entry.at, {} });
    for (const Entry& entry : other.m_infos)
        join(findOrAdd(m_infos, { entry.message, entry.at, {} }).extent, entry.extent);
}

void Annotations::incompatibleTypes(
    std::string_view left, std::string_view op, std::string_view right, PosRange at)
{
    info("incompatible sample types encountered for binary operator " + quote(op) + ": "
            + std::string(left) + " " + std::string(op) + " " + std::string(right),
        at);
}

void Annotations::histogramIgnoredInAggregation(std::string_view aggregation, PosRange at)
{
    info("ignored histogram in " + std::string(aggregation) + " aggregation", at);
}

void Annotations::histogramIgnoredInMixedRange(std::string_view metric, PosRange at)
{
    info("ignored histograms in a range containing both floats and histograms for metric name "
            + quote(metric),
        at);
}

void Annotations::quantileNanResult(std::string_view metric, PosRange at)
{
    info(forMetric("input to histogram_quantile has NaN observations, result is NaN", metric), at);
}

void Annotations::quantileNanSkew(std::string_view metric, PosRange at)
{
    info(forMetric(
             "input to histogram_quantile has NaN observations, result is skewed higher", metric),
        at);
}

void Annotations::fractionNans(std::string_view metric, PosRange at)
{
    info(forMetric("input to histogram_fraction has NaN observations, which are excluded from all "
                   "fractions",
             metric),
        at);
}

void Annotations::mismatchedCustomBuckets(HistogramOperation operation, PosRange at)
{
    info("mismatched custom buckets were reconciled during " + std::string(toWord(operation)), at);
}

std::string Annotations::render(const Entry& entry, std::string_view query)
{
    std::string text = entry.message;
    if (const Extent& extent = entry.extent; extent.samples > 0) {
        text += ", from buckets " + number(extent.fix.bucketMin) + " to "
            + number(extent.fix.bucketMax) + ", with a max diff of "
            + twoDigits(extent.fix.differenceMax) + ", over " + std::to_string(extent.samples)
            + " samples from " + rfc3339(extent.firstMs) + " to " + rfc3339(extent.lastMs);
    }
    if (query.empty())
        return text;
    const Position position = positionIn(query, entry.at.start);
    return text + " (" + std::to_string(position.line) + ':' + std::to_string(position.column)
        + ')';
}

std::vector<std::string> Annotations::warnings(std::string_view query) const
{
    std::vector<std::string> texts;
    for (const Entry& entry : m_warnings)
        texts.push_back(render(entry, query));
    return texts;
}

std::vector<std::string> Annotations::infos(std::string_view query) const
{
    std::vector<std::string> texts;
    for (const Entry& entry : m_infos)
        texts.push_back(render(entry, query));
    return texts;
}

} // namespace fleetglass::promql
