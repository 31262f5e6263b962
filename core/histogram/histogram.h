// Histogram: a native histogram as the store and the engine hold it: absolute float counts in
// exponential (schema -4..8) or custom (schema -53) buckets. Fields as in Prometheus'
// model/histogram FloatHistogram. Values; a published one is immutable, share freely.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace fleetglass::histogram {

// Schema of histograms with custom bucket bounds (NHCB).
inline constexpr int32_t kCustomBucketsSchema = -53;

// `length` neighbouring buckets, after a gap of `offset` (the first span: its first index).
struct Span
{
    int32_t offset = 0;
    uint32_t length = 0;
    friend bool operator==(const Span&, const Span&) = default;
};

enum class ResetHint
{
    Unknown,
    Reset, // The counter was reset before this sample.
    NotReset,
    Gauge, // Not a counter at all.
};

struct Histogram
{
    ResetHint resetHint = ResetHint::Unknown;
    int32_t schema = 0;
    double zeroThreshold = 0;
    double zeroCount = 0;
    double count = 0;
    double sum = 0;
    std::vector<Span> positiveSpans;
    std::vector<Span> negativeSpans;
    std::vector<double> positiveBuckets; // One absolute count per bucket of the spans.
    std::vector<double> negativeBuckets;
    std::vector<double> customValues; // Upper bounds, schema -53 only; +Inf is implied.

    bool usesCustomBuckets() const { return schema == kCustomBucketsSchema; }
};

using HistogramPtr = std::shared_ptr<const Histogram>;

} // namespace fleetglass::histogram
