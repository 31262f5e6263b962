#include "core/rules/threshold.h"

#include "core/promql/printer.h"

namespace fleetglass::rules {

namespace {

// A number, with a sign and in parentheses at most.
std::optional<double> constantOf(const promql::Expr& expression)
{
    const promql::Expr& inner = promql::withoutParens(expression);
    if (const auto* number = promql::as<promql::NumberLiteral>(&inner))
        return number->value;
    if (const auto* unary = promql::as<promql::UnaryExpr>(&inner)) {
        const auto value = constantOf(*unary->expr);
        if (value)
            return unary->op == promql::UnaryOp::Minus ? -*value : *value;
    }
    return std::nullopt;
}

promql::BinaryOp mirrored(promql::BinaryOp op)
{
    switch (op) {
    case promql::BinaryOp::Less:
        return promql::BinaryOp::Greater;
    case promql::BinaryOp::LessOrEqual:
        return promql::BinaryOp::GreaterOrEqual;
    case promql::BinaryOp::Greater:
        return promql::BinaryOp::Less;
    case promql::BinaryOp::GreaterOrEqual:
        return promql::BinaryOp::LessOrEqual;
    default:
        return op;
    }
}

} // namespace

std::optional<Threshold> thresholdOf(const promql::Expr& expression)
{
    const auto* binary = promql::as<promql::BinaryExpr>(&promql::withoutParens(expression));
    if (!binary || !promql::isComparison(binary->op))
        return std::nullopt;
    if (const auto right = constantOf(*binary->rhs))
        return Threshold { *right, std::string(promql::toWord(binary->op)),
            promql::print(*binary->lhs) };
    if (const auto left = constantOf(*binary->lhs))
        return Threshold { *left, std::string(promql::toWord(mirrored(binary->op))),
            promql::print(*binary->rhs) };
    return std::nullopt;
}

} // namespace fleetglass::rules
