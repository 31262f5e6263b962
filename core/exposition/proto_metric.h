// The messages of io.prometheus.client (client_model/metrics.proto) as values, read from their
// bytes. Views live as long as the bytes. Used from one thread at a time.
#pragma once

#include "core/base/result.h"
#include "core/exposition/parser.h"
#include "core/histogram/histogram.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace fleetglass::exposition {

enum class ProtoType
{
    Counter = 0,
    Gauge = 1,
    Summary = 2,
    Untyped = 3,
    Histogram = 4,
    GaugeHistogram = 5,
};

struct ProtoLabel
{
    std::string_view name;
    std::string_view value;
};

struct ProtoExemplar
{
    std::vector<ProtoLabel> labels;
    double value = 0;
    std::optional<int64_t> timestampMs;
};

struct ProtoBucket
{
    double bound = 0;
    double cumulativeCount = 0;
    std::optional<ProtoExemplar> exemplar;
};

struct ProtoHistogram
{
    uint64_t count = 0;
    double countFloat = 0;
    double sum = 0;
    std::vector<ProtoBucket> buckets;
    int32_t schema = 0;
    double zeroThreshold = 0;
    uint64_t zeroCount = 0;
    double zeroCountFloat = 0;
    std::vector<histogram::Span> negativeSpans;
    std::vector<int64_t> negativeDeltas;
    std::vector<double> negativeCounts;
    std::vector<histogram::Span> positiveSpans;
    std::vector<int64_t> positiveDeltas;
    std::vector<double> positiveCounts;
    std::vector<ProtoExemplar> exemplars;

    double anyCount() const { return countFloat != 0 ? countFloat : static_cast<double>(count); }
    // Spans, a zero bucket: what only a native histogram has.
    bool isNative() const;
    bool isFloat() const { return countFloat > 0 || zeroCountFloat > 0; }
};

struct ProtoQuantile
{
    double quantile = 0;
    double value = 0;
};

struct ProtoSummary
{
    uint64_t count = 0;
    double sum = 0;
    std::vector<ProtoQuantile> quantiles;
};

struct ProtoMetric
{
    std::vector<ProtoLabel> labels;
    double value = 0; // Of a counter, gauge or untyped.
    std::optional<ProtoExemplar> exemplar; // Of a counter.
    ProtoSummary summary;
    ProtoHistogram histogram;
    std::optional<int64_t> timestampMs;
    int64_t startTimestampMs = 0;
    bool hasValue = false; // The message of its type is there.
};

struct ProtoFamily
{
    std::string_view name;
    std::string_view help;
    std::string_view unit;
    uint64_t type = 0;
    std::vector<std::string_view> metrics; // Each the bytes of one.
};

Result<ProtoFamily> readProtoFamily(std::string_view bytes);
Result<ProtoMetric> readProtoMetric(
    std::string_view bytes, ProtoType type, const ParseLimits& limits);

// The native histogram, compacted. Fails where spans and buckets do not fit.
Result<histogram::HistogramPtr> nativeHistogram(
    const ProtoHistogram& from, ProtoType type, const ParseLimits& limits);

} // namespace fleetglass::exposition
