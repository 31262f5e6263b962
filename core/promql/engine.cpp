#include "core/promql/engine.h"

#include "core/promql/evaluator.h"
#include "core/promql/functions.h"
#include "core/promql/prepare.h"

#include <algorithm>
#include <unordered_set>

namespace fleetglass::promql {

namespace {

EngineOptions withOverrides(EngineOptions options, const QueryOptions& query)
{
    if (query.lookback && query.lookback->count() > 0)
        options.lookback = *query.lookback;
    if (query.timeout)
        options.timeout = std::min(*query.timeout, options.timeout);
    if (query.samplesMax)
        options.samplesMax = std::min(*query.samplesMax, options.samplesMax);
    if (query.resultSeriesMax)
        options.resultSeriesMax = std::min(*query.resultSeriesMax, options.resultSeriesMax);
    if (query.parallel != nullptr)
        options.parallel = query.parallel;
    return options;
}

MatrixSeries seriesOf(Column column, const Grid& grid)
{
    MatrixSeries series;
    series.labels = std::move(column.labels);
    const bool isWhole = column.histograms.empty()
        && std::none_of(column.values.begin(), column.values.end(), isAbsent);
    if (isWhole) {
        series.timestampsMs.resize(grid.steps);
        for (size_t step = 0; step < grid.steps; ++step)
            series.timestampsMs[step] = grid.at(step);
        series.values = std::move(column.values);
        return series;
    }
    for (size_t step = 0; step < grid.steps; ++step) {
        if (column.hasHistogram(step)) {
            series.histograms.push_back({ grid.at(step), std::move(column.histograms[step]) });
        } else if (!isAbsent(column.values[step])) {
            series.timestampsMs.push_back(grid.at(step));
            series.values.push_back(column.values[step]);
        }
    }
    return series;
}

void sortByLabels(std::vector<MatrixSeries>& matrix)
{
    std::stable_sort(matrix.begin(), matrix.end(),
        [](const auto& a, const auto& b) { return a.labels < b.labels; });
}

// One query from a prepared expression to its result. Used from one thread at a time.
class Query
{
public:
    Query(const storage::Querier& querier, const EngineOptions& options, std::stop_token stop)
        : m_options(options)
        , m_guard(m_options, std::move(stop))
        , m_evaluator(querier, m_options, m_guard)
    {
    }

    Result<void> runInstant(const Expr& expr, int64_t timeMs)
    {
        m_result.type = typeOf(expr);
        m_result.timestampMs = timeMs;
        const Grid grid { timeMs, 1, 1 };
        if (m_result.type == ValueType::String) {
            m_result.text = static_cast<const StringLiteral&>(unwrapped(expr)).value;
            return {};
        }
        if (m_result.type == ValueType::Matrix)
            return readMatrix(unwrapped(expr), grid);
        auto columns = evaluate(expr, grid);
        if (!columns)
            return failure(columns.error());
        if (m_result.type == ValueType::Scalar) {
            m_result.scalar = columns->empty() ? 0 : columns->front().values.front();
            return {};
        }
        for (Column& column : *columns) {
            if (column.hasHistogram(0))
                m_result.vector.push_back(
                    { std::move(column.labels), timeMs, 0, std::move(column.histograms[0]) });
            else if (column.has(0))
                m_result.vector.push_back(
                    { std::move(column.labels), timeMs, column.values[0], nullptr });
        }
        return {};
    }

    Result<void> runRange(const Expr& expr, const Grid& grid)
    {
        m_result.type = ValueType::Matrix;
        auto columns = evaluate(expr, grid);
        if (!columns)
            return failure(columns.error());
        for (Column& column : *columns) {
            MatrixSeries series = seriesOf(std::move(column), grid);
            column = Column();
            if (!series.empty())
                m_result.matrix.push_back(std::move(series));
        }
        sortByLabels(m_result.matrix);
        return {};
    }

    QueryResult finish(std::string_view query)
    {
        m_result.warnings = m_evaluator.annotations().warnings(query);
        m_result.infos = m_evaluator.annotations().infos(query);
        m_result.stats = m_evaluator.stats();
        m_result.stats.samplesPeak = m_guard.samplesPeak();
        m_result.stats.elapsed = m_guard.elapsed();
        return std::move(m_result);
    }

private:
    Result<Columns> evaluate(const Expr& expr, const Grid& grid)
    {
        auto result = m_evaluator.evaluate(expr, grid);
        if (!result)
            return failure(result.error());
        Columns& columns = result->columns;
        dropNames(columns);
        if (typeOf(expr) != ValueType::Scalar) {
            if (auto merged = mergeSameLabels(columns); !merged)
                return failure(merged.error());
        }
        if (auto fits = checkSeries(columns.size()); !fits)
            return failure(fits.error());
        return std::move(columns);
    }

    Result<void> checkSeries(size_t series) const
    {
        if (series <= m_options.resultSeriesMax)
            return {};
        return failure("query gives " + std::to_string(series) + " series (limit "
                + std::to_string(m_options.resultSeriesMax) + ", setting query.result_series_max)",
            ErrorCode::Limit);
    }

    // The raw samples of foo[5m], or the steps of a subquery.
    Result<void> readMatrix(const Expr& expr, const Grid& grid)
    {
        const auto windows = m_evaluator.windowsOf(expr, grid);
        if (!windows)
            return failure(windows.error());
        auto done = m_evaluator.runs(expr, *windows, [&](const SampleRun& run) -> Result<void> {
            if (!windows->extended())
                return keep(run, *windows);
            auto extended = extendedRun(run, *windows);
            return extended ? keep(*extended, std::nullopt) : failure(extended.error());
        });
        if (!done)
            return done;
        sortByLabels(m_result.matrix);
        return checkSeries(m_result.matrix.size());
    }

    Result<void> keep(const SampleRun& run, const std::optional<WindowGrid>& windows)
    {
        MatrixSeries series;
        series.labels = run.dropName ? withoutMetadata(run.labels) : run.labels;
        const auto inside = [&](int64_t at) {
            return !windows || (at > windows->start(0) && at <= windows->end(0));
        };
        for (size_t i = 0; i < run.values.size(); ++i) {
            if (!inside(run.timestampsMs[i]))
                continue;
            series.timestampsMs.push_back(run.timestampsMs[i]);
            series.values.push_back(run.values[i]);
        }
        for (const auto& sample : run.histograms) {
            if (inside(sample.timestampMs))
                series.histograms.push_back({ sample.timestampMs, sample.histogram });
        }
        const size_t points = series.values.size() + series.histograms.size();
        if (points > 0)
            m_result.matrix.push_back(std::move(series));
        return m_guard.take(points, 16 * points);
    }

    EngineOptions m_options;
    QueryGuard m_guard;
    Evaluator m_evaluator;
    QueryResult m_result;
};

Result<void> checkGrid(int64_t startMs, int64_t endMs, int64_t stepMs, const EngineOptions& options)
{
    if (stepMs <= 0)
        return failure(
            "zero or negative query resolution step widths are not accepted. Try a positive "
            "integer");
    if (endMs < startMs)
        return failure("end timestamp must not be before start time");
    if (static_cast<size_t>((endMs - startMs) / stepMs) >= options.pointsPerSeriesMax)
        return failure("exceeded maximum resolution of "
                + std::to_string(options.pointsPerSeriesMax)
                + " points per timeseries. Try decreasing the query resolution (?step=XX), setting "
                  "query.points_per_series_max",
            ErrorCode::Limit);
    return {};
}

} // namespace

Engine::Engine(EngineOptions options)
    : m_options(std::move(options))
{
}

Result<QueryResult> Engine::instant(const storage::Querier& querier, std::string_view query,
    int64_t timeMs, const QueryOptions& options) const
{
    const auto expr = parse(query, m_options.parse);
    if (!expr)
        return failure(expr.error());
    return instant(querier, **expr, query, timeMs, options);
}

Result<QueryResult> Engine::range(const storage::Querier& querier, std::string_view query,
    int64_t startMs, int64_t endMs, int64_t stepMs, const QueryOptions& options) const
{
    const auto expr = parse(query, m_options.parse);
    if (!expr)
        return failure(expr.error());
    return range(querier, **expr, query, startMs, endMs, stepMs, options);
}

Result<QueryResult> Engine::instant(const storage::Querier& querier, const Expr& expr,
    std::string_view query, int64_t timeMs, const QueryOptions& options) const
{
    const auto prepared = prepare(expr, { timeMs, timeMs, 0 });
    if (!prepared)
        return failure(prepared.error());
    Query run(querier, withOverrides(m_options, options), options.stop);
    if (auto done = run.runInstant(**prepared, timeMs); !done)
        return failure(done.error());
    return run.finish(query);
}

Result<QueryResult> Engine::range(const storage::Querier& querier, const Expr& expr,
    std::string_view query, int64_t startMs, int64_t endMs, int64_t stepMs,
    const QueryOptions& options) const
{
    const ValueType type = typeOf(expr);
    if (type != ValueType::Vector && type != ValueType::Scalar)
        return failure("invalid expression type \"" + std::string(documentedType(type))
            + "\" for range query, must be Scalar or instant Vector");
    if (auto valid = checkGrid(startMs, endMs, stepMs, m_options); !valid)
        return failure(valid.error());
    const auto prepared = prepare(expr, { startMs, endMs, stepMs });
    if (!prepared)
        return failure(prepared.error());
    Query run(querier, withOverrides(m_options, options), options.stop);
    if (auto done = run.runRange(**prepared, Grid::between(startMs, endMs, stepMs)); !done)
        return failure(done.error());
    return run.finish(query);
}

} // namespace fleetglass::promql
