// Annotations: the doubts about a result that succeeded, in Prometheus' words (util/annotations).
// The same message is kept once, with the place where it first arose. Used from one thread at a
// time.
#pragma once

#include "core/promql/ast.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::promql {

enum class HistogramOperation
{
    Addition,
    Subtraction,
    Aggregation
};

// How much the buckets of a classic histogram had to be bent to grow with their bounds.
struct MonotonicityFix
{
    bool forced = false;
    double bucketMin = 0;
    double bucketMax = 0;
    double differenceMax = 0;
};

class Annotations
{
public:
    void invalidQuantile(double quantile, PosRange at);
    void invalidRatio(double ratio, double cappedTo, PosRange at);
    void badBucketLabel(std::string_view metric, std::string_view value, PosRange at);
    void mixedFloatsHistograms(std::string_view metric, PosRange at);
    void mixedFloatsHistogramsInAggregation(PosRange at);
    void mixedClassicNative(std::string_view metric, PosRange at);
    void nativeNotCounter(std::string_view metric, PosRange at);
    void nativeNotGauge(std::string_view metric, PosRange at);
    void mixedExponentialCustom(std::string_view metric, PosRange at);
    void incompatibleBuckets(std::string_view op, PosRange at);
    void sortInRangeQuery(PosRange at);
    void resetCollision(HistogramOperation operation, PosRange at);
    void startTimeOverlap(std::string_view metric, PosRange at);

    void possibleNonCounter(std::string_view metric, PosRange at);
    void possibleNonCounterType(std::string_view metric, std::string_view type, PosRange at);
    void forcedMonotonicity(
        std::string_view metric, const MonotonicityFix& fix, int64_t timestampMs, PosRange at);
    void incompatibleTypes(
        std::string_view left, std::string_view op, std::string_view right, PosRange at);
    void histogramIgnoredInAggregation(std::string_view aggregation, PosRange at);
    void histogramIgnoredInMixedRange(std::string_view metric, PosRange at);
    void quantileNanResult(std::string_view metric, PosRange at);
    void quantileNanSkew(std::string_view metric, PosRange at);
    void fractionNans(std::string_view metric, PosRange at);
    void mismatchedCustomBuckets(HistogramOperation operation, PosRange at);

    // What arose elsewhere, as if it had arisen here, in the same order.
    void add(const Annotations& other);

    // As Prometheus prints them: with " (line:column)" in the query behind each.
    std::vector<std::string> warnings(std::string_view query) const;
    std::vector<std::string> infos(std::string_view query) const;

private:
    // What happened over several samples: only forced monotonicity counts them.
    struct Extent
    {
        int64_t firstMs = 0;
        int64_t lastMs = 0;
        MonotonicityFix fix;
        size_t samples = 0;
    };
    struct Entry
    {
        std::string message;
        PosRange at;
        Extent extent;
    };

    void warn(std::string message, PosRange at);
    Entry& info(std::string message, PosRange at);
    static Entry& findOrAdd(std::vector<Entry>& entries, Entry entry);
    static void join(Extent& extent, const Extent& other);
    static std::string render(const Entry& entry, std::string_view query);

    std::vector<Entry> m_warnings; // In the order in which they arose.
    std::vector<Entry> m_infos;
};

} // namespace fleetglass::promql
