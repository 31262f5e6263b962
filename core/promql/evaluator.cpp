#include "core/promql/evaluator.h"

#include "core/histogram/arithmetic.h"
#include "core/promql/aggregation.h"
#include "core/promql/binary.h"
#include "core/promql/function_table.h"
#include "core/promql/functions.h"

#include <algorithm>
#include <memory>

namespace fleetglass::promql {

int64_t toMs(std::chrono::nanoseconds duration)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

Result<void> pushAll(Columns columns, const ColumnSink& sink)
{
    for (Column& column : columns) {
        if (auto pushed = sink(std::move(column)); !pushed)
            return pushed;
    }
    return {};
}

Evaluator::Evaluator(
    const storage::Querier& querier, const EngineOptions& options, QueryGuard& guard)
    : m_querier(querier)
    , m_options(options)
    , m_guard(guard)
{
}

Result<Evaluated> Evaluator::evaluate(const Expr& expr, const Grid& grid)
{
    Evaluated result { {}, std::make_unique<Charge>(m_guard) };
    auto done = stream(expr, grid, [&](Column column) -> Result<void> {
        const size_t bytes
            = sizeof(Column) + 8 * column.values.size() + 16 * column.histograms.size();
        if (auto taken = result.charge->take(samplesIn(column), bytes); !taken)
            return taken;
        result.columns.push_back(std::move(column));
        return {};
    });
    if (!done)
        return failure(done.error());
    return result;
}

Result<std::vector<double>> Evaluator::scalar(const Expr& expr, const Grid& grid)
{
    auto result = evaluate(expr, grid);
    if (!result)
        return failure(result.error());
    Columns& columns = result->columns;
    return columns.empty() ? std::vector<double>(grid.steps) : std::move(columns.front().values);
}

namespace {

// Whether series may become the same when their names go: where names are not pinned, or mixed by
// "or", or written by label functions.
bool mayCollide(const Expr& expr)
{
    if (const auto* selector = as<VectorSelector>(&expr)) {
        return std::none_of(
            selector->matchers.begin(), selector->matchers.end(), [](const auto& matcher) {
                return matcher.name() == labels::kMetricName
                    && matcher.type() == labels::MatchType::Equal;
            });
    }
    if (const auto* binary = as<BinaryExpr>(&expr); binary && binary->op == BinaryOp::Or)
        return true;
    if (const auto* call = as<Call>(&expr); call && call->function->name.starts_with("label_"))
        return true;
    const auto children = childrenOf(expr);
    return std::any_of(
        children.begin(), children.end(), [](const Expr* child) { return mayCollide(*child); });
}

} // namespace

// With immediate name removal a name goes as soon as an operator drops it, and two series that
// become the same are an error there and then, unless they take turns.
Result<void> Evaluator::stream(const Expr& expr, const Grid& grid, const ColumnSink& sink)
{
    if (auto alive = m_guard.check(); !alive)
        return alive;
    if (m_options.delayedNameRemoval || typeOf(expr) == ValueType::Scalar)
        return streamNode(expr, grid, sink);
    const auto withoutName = [](Column& column) {
        if (column.dropName)
            column.labels = withoutMetadata(column.labels);
        column.dropName = false;
    };
    if (!mayCollide(expr) || expr.kind == ExprKind::VectorSelector) {
        return streamNode(expr, grid, [&](Column column) -> Result<void> {
            withoutName(column);
            return sink(std::move(column));
        });
    }
    Columns columns;
    auto done = streamNode(expr, grid, [&](Column column) {
        withoutName(column);
        columns.push_back(std::move(column));
        return Result<void>();
    });
    if (!done)
        return done;
    if (auto merged = mergeSameLabels(columns); !merged)
        return merged;
    return pushAll(std::move(columns), sink);
}

Result<void> Evaluator::streamNode(const Expr& expr, const Grid& grid, const ColumnSink& sink)
{
    switch (expr.kind) {
    case ExprKind::NumberLiteral: {
        Column column(grid.steps);
        column.values.assign(grid.steps, static_cast<const NumberLiteral&>(expr).value);
        return sink(std::move(column));
    }
    case ExprKind::VectorSelector:
        return select(static_cast<const VectorSelector&>(expr), grid, LatestOf::Value, sink);
    case ExprKind::Paren:
        return stream(*static_cast<const ParenExpr&>(expr).expr, grid, sink);
    case ExprKind::Unary: {
        const auto& unary = static_cast<const UnaryExpr&>(expr);
        return unary.op == UnaryOp::Minus ? streamNegated(*unary.expr, grid, sink)
                                          : stream(*unary.expr, grid, sink);
    }
    case ExprKind::StepInvariant:
        return streamInvariant(static_cast<const StepInvariantExpr&>(expr), grid, sink);
    case ExprKind::Binary:
        return evaluateBinary(*this, static_cast<const BinaryExpr&>(expr), grid, sink);
    case ExprKind::Aggregate:
        return evaluateAggregate(*this, static_cast<const AggregateExpr&>(expr), grid, sink);
    case ExprKind::Call:
        return evaluateCall(*this, static_cast<const Call&>(expr), grid, sink);
    case ExprKind::StringLiteral:
    case ExprKind::MatrixSelector:
    case ExprKind::Subquery:
    case ExprKind::Duration:
        break;
    }
    return failure("expression is neither a scalar nor an instant vector", ErrorCode::Internal);
}

Result<void> Evaluator::streamInvariant(
    const StepInvariantExpr& expr, const Grid& grid, const ColumnSink& sink)
{
    return stream(*expr.expr, grid.once(), [&](Column column) -> Result<void> {
        broadcast(column, grid.steps);
        return sink(std::move(column));
    });
}

Result<void> Evaluator::streamNegated(const Expr& expr, const Grid& grid, const ColumnSink& sink)
{
    const auto negate = [](Column& column) {
        for (double& value : column.values) {
            if (!isAbsent(value))
                value = -value;
        }
        for (auto& histogram : column.histograms) {
            if (histogram)
                histogram
                    = std::make_shared<histogram::Histogram>(histogram::multiplied(*histogram, -1));
        }
        column.dropName = true;
    };
    return stream(expr, grid, [&](Column column) -> Result<void> {
        negate(column);
        return sink(std::move(column));
    });
}

Result<std::vector<storage::SeriesSlice>> Evaluator::load(
    std::span<const labels::Matcher> matchers, storage::TimeRange range)
{
    storage::SelectLimits limits;
    limits.seriesMax = m_options.resultSeriesMax;
    limits.samplesMax = m_options.samplesMax;
    limits.stop = m_guard.stop();
    auto slices = m_querier.select(matchers, range, limits);
    if (!slices)
        return slices;
    m_stats.seriesSelected += slices->size();
    if (m_detail == Detail::CountsOnly) {
        for (storage::SeriesSlice& slice : *slices)
            keepCountsOnly(slice);
    }
    return slices;
}

Result<void> Evaluator::select(
    const VectorSelector& selector, const Grid& grid, LatestOf what, const ColumnSink& sink)
{
    WindowGrid reference;
    reference.grid = grid;
    reference.offsetMs = toMs(selector.time.originalOffset);
    if (selector.time.timestampMs)
        reference.fixedMs = *selector.time.timestampMs - reference.offsetMs;
    reference.extraBeforeMs = lookbackMs();
    reference.extraAfterMs = selector.smoothed ? lookbackMs() : 0;
    auto slices = load(selector.matchers, reference.span());
    if (!slices)
        return failure(slices.error());
    if (selector.smoothed && what == LatestOf::Value)
        return smoothSelector(selector, reference, std::move(*slices), sink);
    for (storage::SeriesSlice& slice : *slices) {
        if (auto alive = m_guard.check(); !alive)
            return alive;
        Column column = latestOf(slice, reference, lookbackMs(), what);
        slice = {};
        if (column.empty())
            continue;
        m_stats.samplesRead += samplesIn(column);
        if (auto pushed = sink(std::move(column)); !pushed)
            return pushed;
    }
    return {};
}

Result<void> Evaluator::smoothSelector(const VectorSelector& selector, const WindowGrid& reference,
    std::vector<storage::SeriesSlice> slices, const ColumnSink& sink)
{
    for (storage::SeriesSlice& slice : slices) {
        if (auto alive = m_guard.check(); !alive)
            return alive;
        const SampleRun run = runOf(std::move(slice), false);
        Column column = smoothedColumn(run, reference, selector.range, m_annotations);
        if (column.empty())
            continue;
        if (auto pushed = sink(std::move(column)); !pushed)
            return pushed;
    }
    return {};
}

Result<WindowGrid> Evaluator::windowsOf(const Expr& expr, const Grid& grid) const
{
    WindowGrid windows;
    windows.grid = grid;
    const TimeModifier* time = nullptr;
    if (const auto* matrix = as<MatrixSelector>(&expr)) {
        time = &matrix->vector().time;
        windows.lengthMs = toMs(matrix->span);
        windows.anchored = matrix->vector().anchored;
        windows.smoothed = matrix->vector().smoothed;
        windows.extraBeforeMs = windows.extended() ? lookbackMs() : 0;
        windows.extraAfterMs = windows.smoothed ? lookbackMs() : 0;
    } else if (const auto* subquery = as<Subquery>(&expr)) {
        time = &subquery->time;
        windows.lengthMs = toMs(subquery->span);
    } else {
        return failure("expression is not a range vector", ErrorCode::Internal);
    }
    windows.offsetMs = toMs(time->originalOffset);
    if (time->timestampMs)
        windows.fixedMs = *time->timestampMs - windows.offsetMs;
    return windows;
}

// Steps of a subquery stand at multiples of its step, whatever the query's own grid.
Grid Evaluator::subqueryGrid(const Subquery& subquery, const WindowGrid& windows) const
{
    int64_t step = toMs(subquery.step);
    if (step <= 0)
        step = m_options.subqueryStepDefault.count();
    const int64_t begin = windows.start(0);
    int64_t start = step * (begin / step);
    if (start <= begin)
        start += step;
    return Grid::between(start, windows.span().endMs, step);
}

Result<void> Evaluator::runs(const Expr& expr, const WindowGrid& windows, const RunSink& sink)
{
    if (windows.grid.steps == 0)
        return {};
    if (const auto* matrix = as<MatrixSelector>(&expr)) {
        auto slices = load(matrix->vector().matchers, windows.span());
        if (!slices)
            return failure(slices.error());
        for (storage::SeriesSlice& slice : *slices) {
            if (auto alive = m_guard.check(); !alive)
                return alive;
            SampleRun run = runOf(std::move(slice), m_options.startTimestamps);
            m_stats.samplesRead += run.size();
            if (auto pushed = sink(std::move(run)); !pushed)
                return pushed;
        }
        return {};
    }
    const auto& subquery = static_cast<const Subquery&>(expr);
    const DetailScope whole(*this, Detail::WholeBelow);
    const Grid grid = subqueryGrid(subquery, windows);
    if (grid.steps == 0)
        return {};
    // Steps are cheap to write and dear to hold: one column and its samples must fit beforehand.
    Charge room(m_guard);
    const size_t samples = grid.steps > m_options.samplesMax ? grid.steps : 0;
    if (auto fits = room.take(samples, 3 * sizeof(double) * grid.steps); !fits)
        return fits;
    return stream(*subquery.expr, grid, [&](Column column) -> Result<void> {
        Charge charge(m_guard);
        if (auto taken = charge.take(samplesIn(column), 16 * grid.steps); !taken)
            return taken;
        return sink(runOf(std::move(column), grid));
    });
}

} // namespace fleetglass::promql
