#include "ui/widgets/query_limit.h"

#include "core/promql/parser.h"
#include "core/promql/printer.h"

namespace fleetglass::widgets {

namespace {

bool isConstant(const promql::Expr& expression)
{
    const promql::Expr& inner = promql::withoutParens(expression);
    if (const auto* unary = promql::as<promql::UnaryExpr>(&inner))
        return promql::as<promql::NumberLiteral>(&promql::withoutParens(*unary->expr)) != nullptr;
    return promql::as<promql::NumberLiteral>(&inner) != nullptr;
}

} // namespace

QString withoutLimit(const QString& query)
{
    const auto parsed = promql::parseExpr(query.toStdString(), promql::ParseOptions::everything());
    if (!parsed.ok())
        return query;
    const auto* binary = promql::as<promql::BinaryExpr>(&promql::withoutParens(*parsed.value));
    if (binary == nullptr || !promql::isComparison(binary->op))
        return query;
    const promql::Expr* measured = isConstant(*binary->rhs) ? binary->lhs.get()
        : isConstant(*binary->lhs)                          ? binary->rhs.get()
                                                            : nullptr;
    return measured == nullptr
        ? query
        : QString::fromStdString(promql::print(promql::withoutParens(*measured)));
}

} // namespace fleetglass::widgets
