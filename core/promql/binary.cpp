#include "core/promql/binary.h"

#include "core/histogram/accumulator.h"
#include "core/histogram/arithmetic.h"
#include "core/histogram/trim.h"

#include <cmath>
#include <memory>
#include <optional>

namespace fleetglass::promql {

using histogram::Histogram;
using histogram::HistogramPtr;

double applyToFloats(BinaryOp op, double left, double right)
{
    switch (op) {
    case BinaryOp::Add:
        return left + right;
    case BinaryOp::Sub:
        return left - right;
    case BinaryOp::Mul:
        return left * right;
    case BinaryOp::Div:
        return left / right;
    case BinaryOp::Mod:
        return std::fmod(left, right);
    case BinaryOp::Pow:
        return std::pow(left, right);
    case BinaryOp::Atan2:
        return std::atan2(left, right);
    default:
        return compareFloats(op, left, right) ? 1 : 0;
    }
}

bool compareFloats(BinaryOp op, double left, double right)
{
    switch (op) {
    case BinaryOp::Equal:
        return left == right;
    case BinaryOp::NotEqual:
        return left != right;
    case BinaryOp::Less:
        return left < right;
    case BinaryOp::LessOrEqual:
        return left <= right;
    case BinaryOp::Greater:
        return left > right;
    case BinaryOp::GreaterOrEqual:
        return left >= right;
    default:
        return false;
    }
}

bool changesMetric(BinaryOp op)
{
    switch (op) {
    case BinaryOp::Add:
    case BinaryOp::Sub:
    case BinaryOp::Mul:
    case BinaryOp::Div:
    case BinaryOp::Mod:
    case BinaryOp::Pow:
    case BinaryOp::Atan2:
        return true;
    default:
        return false;
    }
}

namespace {

ElementResult histogramResult(Histogram histogram)
{
    return { true, true, 0, std::make_shared<Histogram>(histogram::compacted(histogram)) };
}

ElementResult addHistograms(BinaryOp op, const Histogram& left, const Histogram& right,
    PosRange place, Annotations& annotations)
{
    const bool adds = op == BinaryOp::Add;
    const auto operation = adds ? HistogramOperation::Addition : HistogramOperation::Subtraction;
    histogram::Accumulator sum(left);
    const auto outcome = adds ? sum.add(right) : sum.subtract(right);
    if (outcome.incompatible) {
        annotations.incompatibleBuckets(toWord(op), place);
        return {};
    }
    if (outcome.resetCollision)
        annotations.resetCollision(operation, place);
    if (outcome.boundsReconciled)
        annotations.mismatchedCustomBuckets(operation, place);
    Histogram total = sum.total();
    if (!adds)
        total.resetHint = histogram::ResetHint::Gauge;
    return histogramResult(std::move(total));
}

ElementResult scaleHistogram(BinaryOp op, const Histogram& left, double right)
{
    switch (op) {
    case BinaryOp::Mul:
        return histogramResult(histogram::multiplied(left, right));
    case BinaryOp::Div:
        return histogramResult(histogram::divided(left, right));
    case BinaryOp::TrimUpper:
        return histogramResult(histogram::trimmed(left, right, histogram::Keep::Below));
    case BinaryOp::TrimLower:
        return histogramResult(histogram::trimmed(left, right, histogram::Keep::Above));
    default:
        return {};
    }
}

ElementResult applyToHistograms(BinaryOp op, const Operand& left, const Operand& right,
    PosRange place, Annotations& annotations)
{
    const bool both = left.isHistogram() && right.isHistogram();
    if (both && (op == BinaryOp::Add || op == BinaryOp::Sub))
        return addHistograms(op, **left.histogram, **right.histogram, place, annotations);
    if (both && (op == BinaryOp::Equal || op == BinaryOp::NotEqual)) {
        const bool same = histogram::equal(**left.histogram, **right.histogram);
        return { true, same == (op == BinaryOp::Equal), 0, *left.histogram };
    }
    ElementResult result;
    if (left.isHistogram() && !right.isHistogram())
        result = scaleHistogram(op, **left.histogram, right.value);
    else if (!left.isHistogram() && op == BinaryOp::Mul)
        result = scaleHistogram(op, **right.histogram, left.value);
    if (!result.valid) {
        const auto word
            = [](const Operand& operand) { return operand.isHistogram() ? "histogram" : "float"; };
        annotations.incompatibleTypes(word(left), toWord(op), word(right), place);
    }
    return result;
}

} // namespace

ElementResult applyToElements(BinaryOp op, const Operand& left, const Operand& right,
    PosRange place, Annotations& annotations)
{
    const bool trims = op == BinaryOp::TrimUpper || op == BinaryOp::TrimLower;
    if (left.isHistogram() || right.isHistogram() || trims)
        return applyToHistograms(op, left, right, place, annotations);
    if (isComparison(op))
        return { true, compareFloats(op, left.value, right.value), left.value, nullptr };
    return { true, true, applyToFloats(op, left.value, right.value), nullptr };
}

namespace {

Result<void> betweenScalars(
    Evaluator& evaluator, const BinaryExpr& expr, const Grid& grid, const ColumnSink& sink)
{
    const auto left = evaluator.scalar(*expr.lhs, grid);
    if (!left)
        return failure(left.error());
    const auto right = evaluator.scalar(*expr.rhs, grid);
    if (!right)
        return failure(right.error());
    Column column(grid.steps);
    for (size_t step = 0; step < grid.steps; ++step)
        column.values[step] = applyToFloats(expr.op, (*left)[step], (*right)[step]);
    return sink(std::move(column));
}

// A vector against a scalar; the vector may be written on either side.
class WithScalar
{
public:
    WithScalar(
        Evaluator& evaluator, const BinaryExpr& expr, std::vector<double> scalar, bool swapped)
        : m_evaluator(evaluator)
        , m_expr(expr)
        , m_scalar(std::move(scalar))
        , m_swapped(swapped)
        , m_comparison(isComparison(expr.op))
        , m_plain(expr.op != BinaryOp::TrimUpper && expr.op != BinaryOp::TrimLower)
    {
    }

    void apply(Column& column) const
    {
        if (changesMetric(m_expr.op) || m_expr.returnBool)
            column.dropName = true;
        if (applyWhole(column))
            return;
        for (size_t step = 0; step < column.values.size(); ++step) {
            if (column.hasHistogram(step) || (!m_plain && !isAbsent(column.values[step])))
                applySlowly(column, step);
            else if (!isAbsent(column.values[step]))
                column.values[step] = applyToValue(column.values[step], m_scalar[step]);
        }
    }

private:
    // Floats on the left of a scalar, the common case.
    bool applyWhole(Column& column) const
    {
        if (!column.histograms.empty() || m_swapped || m_expr.returnBool)
            return false;
        return withOperator(m_expr.op, [&](auto apply) {
            for (size_t step = 0; step < column.values.size(); ++step) {
                if (!isAbsent(column.values[step]))
                    column.values[step] = apply(column.values[step], m_scalar[step]);
            }
        });
    }

    double applyToValue(double value, double scalar) const
    {
        const double left = m_swapped ? scalar : value;
        const double right = m_swapped ? value : scalar;
        if (!m_comparison)
            return applyToFloats(m_expr.op, left, right);
        const bool holds = compareFloats(m_expr.op, left, right);
        if (m_expr.returnBool)
            return holds ? 1 : 0;
        return holds ? value : kAbsent;
    }

    void applySlowly(Column& column, size_t step) const
    {
        const HistogramPtr histogram
            = column.hasHistogram(step) ? column.histograms[step] : nullptr;
        const Operand vector { column.values[step], histogram ? &histogram : nullptr };
        const Operand scalar { m_scalar[step], nullptr };
        const ElementResult result = applyToElements(m_expr.op, m_swapped ? scalar : vector,
            m_swapped ? vector : scalar, m_expr.range, m_evaluator.annotations());
        column.clear(step);
        if (!result.valid || (!result.keep && !m_expr.returnBool))
            return;
        if (m_expr.returnBool)
            column.values[step] = result.keep ? 1 : 0;
        else if (result.histogram)
            column.setHistogram(step, result.histogram);
        else
            column.values[step] = result.value;
    }

    Evaluator& m_evaluator;
    const BinaryExpr& m_expr;
    std::vector<double> m_scalar;
    bool m_swapped = false;
    bool m_comparison = false;
    bool m_plain = true;
};

Result<void> withScalar(Evaluator& evaluator, const BinaryExpr& expr, const Grid& grid,
    const ColumnSink& sink, bool swapped)
{
    auto scalar = evaluator.scalar(swapped ? *expr.lhs : *expr.rhs, grid);
    if (!scalar)
        return failure(scalar.error());
    const WithScalar operation(evaluator, expr, std::move(*scalar), swapped);
    return evaluator.stream(
        swapped ? *expr.rhs : *expr.lhs, grid, [&](Column column) -> Result<void> {
            operation.apply(column);
            return column.empty() ? Result<void>() : sink(std::move(column));
        });
}

} // namespace

Result<void> evaluateBinary(
    Evaluator& evaluator, const BinaryExpr& expr, const Grid& grid, const ColumnSink& sink)
{
    const bool trims = expr.op == BinaryOp::TrimUpper || expr.op == BinaryOp::TrimLower;
    std::optional<Evaluator::DetailScope> whole;
    if (trims)
        whole.emplace(evaluator, Evaluator::Detail::WholeBelow);
    const bool leftScalar = typeOf(*expr.lhs) == ValueType::Scalar;
    const bool rightScalar = typeOf(*expr.rhs) == ValueType::Scalar;
    if (leftScalar && rightScalar)
        return betweenScalars(evaluator, expr, grid, sink);
    if (leftScalar || rightScalar)
        return withScalar(evaluator, expr, grid, sink, leftScalar);
    if (isSetOperator(expr.op))
        return combineSets(evaluator, expr, grid, sink);
    return matchVectors(evaluator, expr, grid, sink);
}

labels::Labels matchingLabelsOf(const labels::Labels& labels, const VectorMatching& matching)
{
    if (matching.on)
        return labels.only(matching.matchingLabels);
    std::vector<std::string> dropped = matching.matchingLabels;
    dropped.emplace_back(labels::kMetricName);
    return labels.without(dropped);
}

} // namespace fleetglass::promql
