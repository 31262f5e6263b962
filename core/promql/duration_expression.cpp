#include "core/promql/duration_expression.h"

#include <cmath>

namespace fleetglass::promql {

namespace {

// Above it a count of nanoseconds does not fit (2^63 / 1e9).
constexpr double kSecondsMax = 9223372036.854776;

tl::unexpected<Error> failureAt(const Expr& expr, const std::string& what)
{
    return failure(
        std::to_string(expr.range.start) + ':' + std::to_string(expr.range.end) + ": " + what);
}

// The tree's depth is bounded by the parser (kDepthMax).
Result<double> secondsOf(const Expr* expr, const QuerySpan& span);

Result<double> apply(const DurationExpr& expr, double left, double right)
{
    switch (expr.op) {
    case DurationOp::Add:
        return left + right;
    case DurationOp::Sub:
        return left - right;
    case DurationOp::Mul:
        return left * right;
    case DurationOp::Div:
        if (right == 0)
            return failureAt(expr, "division by zero");
        return left / right;
    case DurationOp::Mod:
        if (right == 0)
            return failureAt(expr, "modulo by zero");
        return std::fmod(left, right);
    case DurationOp::Pow:
        return std::pow(left, right);
    case DurationOp::Plus:
        return right;
    case DurationOp::Minus:
        return -right;
    case DurationOp::MinOf:
        return std::fmin(left, right);
    case DurationOp::MaxOf:
        return std::fmax(left, right);
    case DurationOp::Step:
    case DurationOp::Range:
        break;
    }
    return 0.0;
}

Result<double> secondsOf(const Expr* expr, const QuerySpan& span)
{
    if (!expr)
        return 0.0;
    if (const auto* literal = as<NumberLiteral>(expr))
        return literal->value;
    const auto* node = as<DurationExpr>(expr);
    if (!node)
        return failureAt(*expr, "unexpected duration expression");
    if (node->op == DurationOp::Step)
        return static_cast<double>(span.stepMs) / 1000;
    if (node->op == DurationOp::Range)
        return static_cast<double>(span.endMs - span.startMs) / 1000;
    const auto left = secondsOf(node->lhs.get(), span);
    if (!left)
        return left;
    const auto right = secondsOf(node->rhs.get(), span);
    if (!right)
        return right;
    return apply(*node, *left, *right);
}

} // namespace

Result<std::chrono::nanoseconds> evaluateDuration(
    const DurationExpr& expr, const QuerySpan& span, bool mayBeNegative)
{
    const auto seconds = secondsOf(&expr, span);
    if (!seconds)
        return failure(seconds.error());
    if (!std::isfinite(*seconds))
        return failureAt(expr, "duration is NaN or infinite");
    if (*seconds <= 0 && !mayBeNegative)
        return failureAt(expr, "duration must be greater than 0");
    if (std::fabs(*seconds) > kSecondsMax)
        return failureAt(expr, "duration is out of range");
    return std::chrono::milliseconds(static_cast<int64_t>(*seconds * 1000));
}

} // namespace fleetglass::promql
