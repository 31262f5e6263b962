// Engine: answers PromQL over any storage::Querier, with the semantics of Prometheus 3.14.
// Thread-safe: it holds only its options, each query works on its own state. Results are values.
#pragma once

#include "core/base/duration.h"
#include "core/base/result.h"
#include "core/histogram/histogram.h"
#include "core/labels/labels.h"
#include "core/promql/ast.h"
#include "core/promql/parallel.h"
#include "core/promql/parser.h"
#include "core/storage/querier.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::promql {

struct EngineOptions
{
    Millis lookback { std::chrono::minutes(5) };
    Millis subqueryStepDefault { std::chrono::minutes(1) }; // foo[1h:]
    size_t samplesMax = 50'000'000; // In memory at once.
    size_t pointsPerSeriesMax = 11'000;
    size_t resultSeriesMax = 50'000;
    size_t memoryBytesMax = size_t { 1 } << 30U;
    Millis timeout { std::chrono::seconds(30) };
    // Evaluates series at the same time; the result is the same to the bit. Must outlive the
    // engine.
    Parallel* parallel = nullptr;

    ParseOptions parse;
    bool delayedNameRemoval = false; // promql-delayed-name-removal
    bool startTimestamps = false; // use-start-timestamps
    bool typeAndUnitLabels = false; // type-and-unit-labels
};

// What a single query may set.
struct QueryOptions
{
    std::stop_token stop;
    std::optional<Millis> lookback;
    std::optional<Millis> timeout;
    std::optional<size_t> samplesMax;
    std::optional<size_t> resultSeriesMax;
    Parallel* parallel = nullptr; // Instead of the engine's.
};

struct VectorSample
{
    labels::Labels labels;
    int64_t timestampMs = 0;
    double value = 0; // Not read where there is a histogram.
    histogram::HistogramPtr histogram;
};

struct HistogramPoint
{
    int64_t timestampMs = 0;
    histogram::HistogramPtr histogram;
};

// A series as columns; a timestamp stands in the float columns or in `histograms`.
struct MatrixSeries
{
    labels::Labels labels;
    std::vector<int64_t> timestampsMs;
    std::vector<double> values;
    std::vector<HistogramPoint> histograms;

    bool empty() const { return timestampsMs.empty() && histograms.empty(); }
};

struct QueryStats
{
    size_t seriesSelected = 0;
    size_t samplesRead = 0;
    size_t samplesPeak = 0; // The most that was in memory at once.
    std::chrono::nanoseconds elapsed { 0 };
};

struct QueryResult
{
    ValueType type = ValueType::Vector;
    int64_t timestampMs = 0; // Of a scalar or a string.
    double scalar = 0;
    std::string text;
    std::vector<VectorSample> vector; // In the order the expression gives (sort, topk).
    std::vector<MatrixSeries> matrix; // Sorted by labels.
    std::vector<std::string> warnings;
    std::vector<std::string> infos;
    QueryStats stats;
};

class Engine
{
public:
    explicit Engine(EngineOptions options = {});

    const EngineOptions& options() const { return m_options; }

    Result<QueryResult> instant(const storage::Querier& querier, std::string_view query,
        int64_t timeMs, const QueryOptions& options = {}) const;
    // Fails where the expression is neither a scalar nor an instant vector.
    Result<QueryResult> range(const storage::Querier& querier, std::string_view query,
        int64_t startMs, int64_t endMs, int64_t stepMs, const QueryOptions& options = {}) const;

    // An expression that was parsed before; `query` is its text, for the places in annotations.
    Result<QueryResult> instant(const storage::Querier& querier, const Expr& expr,
        std::string_view query, int64_t timeMs, const QueryOptions& options = {}) const;
    Result<QueryResult> range(const storage::Querier& querier, const Expr& expr,
        std::string_view query, int64_t startMs, int64_t endMs, int64_t stepMs,
        const QueryOptions& options = {}) const;

private:
    EngineOptions m_options;
};

} // namespace fleetglass::promql
