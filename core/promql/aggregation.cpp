// sum, avg, count, min, max, group, stddev, stdvar, quantile: one result column for each group.
// Series come one by one and go into their group's columns, in the order of the input, as
// Prometheus adds.
#include "core/promql/aggregation.h"

#include "core/histogram/accumulator.h"
#include "core/histogram/arithmetic.h"
#include "core/promql/functions.h"

#include <cmath>
#include <limits>
#include <map>
#include <memory>

namespace fleetglass::promql {

namespace {

using histogram::Accumulator;
using histogram::Histogram;
using histogram::KahanSum;
using histogram::ResetHint;

// Histograms of one group at one step.
struct HistogramState
{
    std::optional<Accumulator> sum;
    double count = 0;
    bool incremental = false;
    bool incompatible = false;
    bool reset = false;
    bool notReset = false;
};

// The running state of one group, a value for each step.
struct Group
{
    labels::Labels labels;
    bool dropName = false;
    std::vector<uint32_t> counts; // Samples taken in; of floats only where histograms do not count.
    std::vector<double> values; // Sum, extreme, or sum of squares.
    std::vector<double> lost; // What rounding lost of the sum; the mean of a variance.
    std::vector<uint8_t> incremental; // avg: the sum overflowed, values hold the mean.
    std::map<size_t, HistogramState> histograms; // By step; histograms are rare.
    std::vector<std::vector<double>> columns; // quantile: all of them.
};

class Aggregation
{
public:
    Aggregation(Evaluator& evaluator, const AggregateExpr& expr, size_t steps)
        : m_annotations(evaluator.annotations())
        , m_expr(expr)
        , m_grouping(expr)
        , m_steps(steps)
    {
    }

    void add(const Column& column)
    {
        const size_t number = m_grouping.groupOf(column.labels);
        if (number == m_groups.size())
            m_groups.push_back(newGroup(column));
        Group& group = m_groups[number];
        group.dropName = group.dropName || column.dropName;
        addFloats(column, group);
        for (size_t step = 0; !column.histograms.empty() && step < m_steps; ++step) {
            if (column.histograms[step])
                addHistogram(column, step, group);
        }
    }

    Result<void> finish(const std::vector<double>& parameter, const ColumnSink& sink)
    {
        for (Group& group : m_groups) {
            Column column(m_steps);
            column.labels = group.labels;
            column.dropName = group.dropName;
            for (size_t step = 0; step < m_steps; ++step) {
                const auto native = group.histograms.find(step);
                if (native != group.histograms.end())
                    finishHistogram(group, native->second, step, column);
                else if (group.counts[step] > 0)
                    column.values[step] = finished(group, step, parameter);
            }
            group = {};
            if (column.empty())
                continue;
            if (auto pushed = sink(std::move(column)); !pushed)
                return pushed;
        }
        return {};
    }

private:
    Group newGroup(const Column& column) const
    {
        Group group;
        group.labels = m_grouping.labelsOf(column.labels);
        group.counts.assign(m_steps, 0);
        if (m_expr.op != AggregateOp::Count && m_expr.op != AggregateOp::Group
            && m_expr.op != AggregateOp::Quantile) {
            group.values.assign(m_steps, 0);
            group.lost.assign(m_steps, 0);
        }
        if (m_expr.op == AggregateOp::Avg)
            group.incremental.assign(m_steps, 0);
        return group;
    }

    template<class F>
    void forEachFloat(const Column& column, Group& group, F f) const
    {
        for (size_t step = 0; step < m_steps; ++step) {
            const double value = column.values[step];
            if (isAbsent(value))
                continue;
            f(step, value);
            ++group.counts[step];
        }
    }

    void addFloats(const Column& column, Group& group) const
    {
        switch (m_expr.op) {
        case AggregateOp::Sum:
            return forEachFloat(
                column, group, [&](size_t step, double value) { addTo(group, step, value); });
        case AggregateOp::Avg:
            return forEachFloat(
                column, group, [&](size_t step, double value) { averageIn(group, step, value); });
        case AggregateOp::Min:
            return forEachFloat(column, group, [&](size_t step, double value) {
                double& best = group.values[step];
                if (group.counts[step] == 0 || best > value || std::isnan(best))
                    best = value;
            });
        case AggregateOp::Max:
            return forEachFloat(column, group, [&](size_t step, double value) {
                double& best = group.values[step];
                if (group.counts[step] == 0 || best < value || std::isnan(best))
                    best = value;
            });
        case AggregateOp::Stddev:
        case AggregateOp::Stdvar:
            return forEachFloat(
                column, group, [&](size_t step, double value) { spreadIn(group, step, value); });
        case AggregateOp::Quantile:
            group.columns.push_back(column.values);
            return forEachFloat(column, group, [](size_t, double) {});
        default:
            return forEachFloat(column, group, [](size_t, double) {});
        }
    }

    static void addTo(Group& group, size_t step, double value)
    {
        if (group.counts[step] == 0) {
            group.values[step] = value;
            return;
        }
        KahanSum sum { group.values[step], group.lost[step] };
        sum.add(value);
        group.values[step] = sum.sum;
        group.lost[step] = sum.lost;
    }

    // A plain sum while it is finite, an incremental mean from there on.
    static void averageIn(Group& group, size_t step, double value)
    {
        if (group.counts[step] == 0) {
            group.values[step] = value;
            return;
        }
        KahanSum sum { group.values[step], group.lost[step] };
        const double count = group.counts[step] + 1.0;
        if (group.incremental[step] == 0) {
            KahanSum next = sum;
            next.add(value);
            if (std::isinf(next.sum)) {
                group.incremental[step] = 1;
                sum = { sum.sum / (count - 1), sum.lost / (count - 1) };
            } else {
                sum = next;
            }
        }
        if (group.incremental[step] != 0) {
            const double kept = (count - 1) / count;
            sum = { kept * sum.sum, kept * sum.lost };
            sum.add(value / count);
        }
        group.values[step] = sum.sum;
        group.lost[step] = sum.lost;
    }

    // Welford's method; an infinite first value has no spread.
    static void spreadIn(Group& group, size_t step, double value)
    {
        double& mean = group.lost[step];
        if (group.counts[step] == 0) {
            mean = value;
            group.values[step]
                = std::isfinite(value) ? 0 : std::numeric_limits<double>::quiet_NaN();
            return;
        }
        const double count = group.counts[step] + 1.0;
        const double delta = value - mean;
        mean += delta / count;
        group.values[step] += delta * (value - mean);
    }

    // Valid until the next call.
    std::vector<double>& samplesAt(const Group& group, size_t step)
    {
        m_scratch.clear();
        for (const std::vector<double>& column : group.columns) {
            if (!isAbsent(column[step]))
                m_scratch.push_back(column[step]);
        }
        return m_scratch;
    }

    double finished(const Group& group, size_t step, const std::vector<double>& parameter)
    {
        const double count = group.counts[step];
        switch (m_expr.op) {
        case AggregateOp::Sum:
            return group.values[step] + group.lost[step];
        case AggregateOp::Avg:
            if (group.incremental[step] != 0)
                return group.values[step] + group.lost[step];
            return group.values[step] / count + group.lost[step] / count;
        case AggregateOp::Count:
            return count;
        case AggregateOp::Group:
            return 1;
        case AggregateOp::Stdvar:
            return group.values[step] / count;
        case AggregateOp::Stddev:
            return std::sqrt(group.values[step] / count);
        case AggregateOp::Quantile:
            return quantileOf(parameter[step], samplesAt(group, step));
        default:
            return group.values[step];
        }
    }

    void addHistogram(const Column& column, size_t step, Group& group)
    {
        switch (m_expr.op) {
        case AggregateOp::Count:
        case AggregateOp::Group:
            ++group.counts[step];
            return;
        case AggregateOp::Sum:
        case AggregateOp::Avg:
            return addToState(column, *column.histograms[step], group.histograms[step]);
        default:
            m_annotations.histogramIgnoredInAggregation(toWord(m_expr.op), m_expr.expr->range);
        }
    }

    void addToState(const Column& column, const Histogram& h, HistogramState& state)
    {
        state.reset = state.reset || h.resetHint == ResetHint::Reset;
        state.notReset = state.notReset || h.resetHint == ResetHint::NotReset;
        state.count += 1;
        if (!state.sum) {
            state.sum.emplace(h);
            return;
        }
        if (state.incompatible)
            return;
        const auto outcome
            = m_expr.op == AggregateOp::Avg ? averageIn(state, h) : state.sum->add(h);
        if (outcome.incompatible) {
            m_annotations.mixedExponentialCustom(column.labels.metricName(), m_expr.expr->range);
            state.incompatible = true;
        }
        if (outcome.boundsReconciled)
            m_annotations.mismatchedCustomBuckets(
                HistogramOperation::Aggregation, m_expr.expr->range);
    }

    static histogram::AddOutcome averageIn(HistogramState& state, const Histogram& h)
    {
        const auto addMean = [&] {
            state.sum->multiply((state.count - 1) / state.count);
            return state.sum->add(histogram::divided(h, state.count));
        };
        if (state.incremental)
            return addMean();
        Accumulator before = *state.sum;
        const auto outcome = state.sum->add(h);
        if (outcome.incompatible || !state.sum->hasOverflow())
            return outcome;
        state.incremental = true;
        state.sum = std::move(before);
        state.sum->divide(state.count - 1);
        return addMean();
    }

    void finishHistogram(const Group& group, HistogramState& state, size_t step, Column& column)
    {
        if (group.counts[step] > 0) {
            m_annotations.mixedFloatsHistogramsInAggregation(m_expr.expr->range);
            return;
        }
        if (state.incompatible)
            return;
        if (state.reset && state.notReset)
            m_annotations.resetCollision(HistogramOperation::Aggregation, m_expr.expr->range);
        if (m_expr.op == AggregateOp::Avg && !state.incremental)
            state.sum->divide(state.count);
        column.setHistogram(step, std::make_shared<Histogram>(state.sum->total()));
    }

    Annotations& m_annotations;
    const AggregateExpr& m_expr;
    Grouping m_grouping;
    size_t m_steps = 0;
    std::vector<Group> m_groups;
    std::vector<double> m_scratch;
};

void checkQuantiles(
    Evaluator& evaluator, const AggregateExpr& expr, const std::vector<double>& values)
{
    double low = 0;
    double high = 1;
    bool anyNan = false;
    for (const double value : values) {
        anyNan = anyNan || std::isnan(value);
        low = std::min(low, value);
        high = std::max(high, value);
    }
    const PosRange place = expr.parameter->range;
    if (anyNan)
        evaluator.annotations().invalidQuantile(std::numeric_limits<double>::quiet_NaN(), place);
    if (high > 1)
        evaluator.annotations().invalidQuantile(high, place);
    if (low < 0)
        evaluator.annotations().invalidQuantile(low, place);
}

} // namespace

Result<void> evaluateAggregate(
    Evaluator& evaluator, const AggregateExpr& expr, const Grid& grid, const ColumnSink& sink)
{
    switch (expr.op) {
    case AggregateOp::Topk:
    case AggregateOp::Bottomk:
    case AggregateOp::Limitk:
    case AggregateOp::LimitRatio:
        return selectSeries(evaluator, expr, grid, sink);
    case AggregateOp::CountValues:
        return countValues(evaluator, expr, grid, sink);
    default:
        break;
    }
    std::vector<double> parameter;
    if (expr.op == AggregateOp::Quantile) {
        auto values = evaluator.scalar(*expr.parameter, grid);
        if (!values)
            return failure(values.error());
        parameter = std::move(*values);
        checkQuantiles(evaluator, expr, parameter);
    }
    Aggregation aggregation(evaluator, expr, grid.steps);
    auto done = evaluator.stream(*expr.expr, grid, [&](const Column& column) {
        aggregation.add(column);
        return Result<void>();
    });
    if (!done)
        return done;
    return aggregation.finish(parameter, sink);
}

} // namespace fleetglass::promql
