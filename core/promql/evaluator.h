// Evaluator: turns a prepared expression into columns over a grid. One query, one evaluator. Used
// from one thread at a time.
#pragma once

#include "core/promql/annotations.h"
#include "core/promql/ast.h"
#include "core/promql/column.h"
#include "core/promql/engine.h"
#include "core/promql/grid.h"
#include "core/promql/query_guard.h"
#include "core/promql/samples.h"
#include "core/storage/querier.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fleetglass::promql {

using RunSink = std::function<Result<void>(SampleRun)>;

// Columns, and their share of the query's budget for as long as they are held.
struct Evaluated
{
    Columns columns;
    std::unique_ptr<Charge> charge;
};

class Evaluator
{
public:
    Evaluator(const storage::Querier& querier, const EngineOptions& options, QueryGuard& guard);

    // The series of an instant vector, or the one nameless column of a scalar.
    Result<Evaluated> evaluate(const Expr& expr, const Grid& grid);
    // The same, one column after the other where the expression allows.
    Result<void> stream(const Expr& expr, const Grid& grid, const ColumnSink& sink);
    // A scalar's value at each step.
    Result<std::vector<double>> scalar(const Expr& expr, const Grid& grid);

    // The raw samples of a range selector or subquery (wrapped or not), and the windows over them.
    Result<WindowGrid> windowsOf(const Expr& expr, const Grid& grid) const;
    Result<void> runs(const Expr& expr, const WindowGrid& windows, const RunSink& sink);

    // An instant selector, with its samples' values, timestamps or start timestamps.
    Result<void> select(
        const VectorSelector& selector, const Grid& grid, LatestOf what, const ColumnSink& sink);
    Result<std::vector<storage::SeriesSlice>> load(
        std::span<const labels::Matcher> matchers, storage::TimeRange range);

    // Below histogram_count and its like only counts and sums of native histograms are looked at.
    // Prometheus then tells resets by whole histograms while it reads, which shows in the hints.
    enum class Detail
    {
        Whole,
        CountsOnly,
        WholeBelow
    };
    class DetailScope
    {
    public:
        // WholeBelow holds for everything below, whatever is asked for there.
        DetailScope(Evaluator& evaluator, Detail detail)
            : m_detail(evaluator.m_detail)
            , m_before(m_detail)
        {
            if (m_detail != Detail::WholeBelow)
                m_detail = detail;
        }
        DetailScope(const DetailScope&) = delete;
        DetailScope& operator=(const DetailScope&) = delete;
        ~DetailScope() { m_detail = m_before; }

    private:
        Detail& m_detail;
        Detail m_before;
    };

    Annotations& annotations() { return m_annotations; }
    QueryGuard& guard() { return m_guard; }
    QueryStats& stats() { return m_stats; }
    const EngineOptions& options() const { return m_options; }
    int64_t lookbackMs() const { return m_options.lookback.count(); }

private:
    Result<void> streamNode(const Expr& expr, const Grid& grid, const ColumnSink& sink);
    Result<void> streamInvariant(
        const StepInvariantExpr& expr, const Grid& grid, const ColumnSink& sink);
    Result<void> streamNegated(const Expr& expr, const Grid& grid, const ColumnSink& sink);
    Result<void> smoothSelector(const VectorSelector& selector, const WindowGrid& reference,
        std::vector<storage::SeriesSlice> slices, const ColumnSink& sink);
    Grid subqueryGrid(const Subquery& subquery, const WindowGrid& windows) const;

    const storage::Querier& m_querier;
    const EngineOptions& m_options;
    QueryGuard& m_guard;
    Annotations m_annotations;
    QueryStats m_stats;
    Detail m_detail = Detail::Whole;
};

// A stream's columns one after the other into a sink.
Result<void> pushAll(Columns columns, const ColumnSink& sink);

int64_t toMs(std::chrono::nanoseconds duration);

} // namespace fleetglass::promql
