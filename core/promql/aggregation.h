// Aggregations. Inner header of this folder. Used from one thread at a time.
#pragma once

#include "core/promql/evaluator.h"

#include <unordered_map>

namespace fleetglass::promql {

Result<void> evaluateAggregate(
    Evaluator& evaluator, const AggregateExpr& expr, const Grid& grid, const ColumnSink& sink);

// topk, bottomk, limitk, limit_ratio: some series of each group, as they are.
Result<void> selectSeries(
    Evaluator& evaluator, const AggregateExpr& expr, const Grid& grid, const ColumnSink& sink);
Result<void> countValues(
    Evaluator& evaluator, const AggregateExpr& expr, const Grid& grid, const ColumnSink& sink);

// Assigns series to groups by their labels, once for a whole query.
class Grouping
{
public:
    Grouping(const AggregateExpr& expr)
        : m_expr(expr)
        , m_dropped(expr.grouping)
    {
        m_dropped.emplace_back(labels::kMetricName);
    }

    labels::Labels labelsOf(const labels::Labels& labels) const
    {
        if (m_expr.without)
            return labels.without(m_dropped);
        return m_expr.grouping.empty() ? labels::Labels() : labels.only(m_expr.grouping);
    }
    // The group's number; numbers count up from zero as groups come up.
    size_t groupOf(const labels::Labels& labels)
    {
        return m_groups.try_emplace(labelsOf(labels), m_groups.size()).first->second;
    }
    size_t size() const { return m_groups.size(); }

private:
    const AggregateExpr& m_expr;
    std::vector<std::string> m_dropped;
    std::unordered_map<labels::Labels, size_t> m_groups;
};

// Where among [0, 1] a series stands for limit_ratio: Prometheus' hash of its labels.
double ratioOffset(const labels::Labels& labels);

} // namespace fleetglass::promql
