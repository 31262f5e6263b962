#include "core/promql/prettifier.h"

#include "core/promql/function_table.h"
#include "core/promql/printer.h"

#include <algorithm>

namespace fleetglass::promql {

namespace {

class Prettifier
{
public:
    explicit Prettifier(size_t columnsMax)
        : m_columnsMax(columnsMax)
    {
    }

    std::string format(const Expr& expr, size_t level) const;

private:
    std::string split(const Expr& expr, size_t level, const std::string& oneLine) const;
    std::string splitAggregate(const AggregateExpr& aggregate, size_t level) const;
    std::string splitCall(const Call& call, size_t level) const;
    static std::string indent(size_t level) { return std::string(2 * level, ' '); }

    size_t m_columnsMax;
};

std::string Prettifier::format(const Expr& expr, size_t level) const
{
    if (const auto* invariant = as<StepInvariantExpr>(&expr))
        return format(*invariant->expr, level);
    if (const auto* unary = as<UnaryExpr>(&expr)) {
        // The sign takes the indent of its operand.
        const std::string operand = format(*unary->expr, level);
        const size_t first = std::min(operand.find_first_not_of(' '), operand.size());
        return indent(level) + (unary->op == UnaryOp::Minus ? '-' : '+') + operand.substr(first);
    }
    const std::string oneLine = print(expr);
    if (oneLine.size() > m_columnsMax)
        return split(expr, level, oneLine);
    // Upstream gives a short subquery no indent.
    return expr.kind == ExprKind::Subquery ? oneLine : indent(level) + oneLine;
}

std::string Prettifier::split(const Expr& expr, size_t level, const std::string& oneLine) const
{
    if (const auto* aggregate = as<AggregateExpr>(&expr))
        return splitAggregate(*aggregate, level);
    if (const auto* call = as<Call>(&expr))
        return splitCall(*call, level);
    if (const auto* binary = as<BinaryExpr>(&expr)) {
        const std::string lhs = offsetWouldTakeOperator(*binary)
            ? indent(level + 1) + '(' + print(*binary->lhs) + ')'
            : format(*binary->lhs, level + 1);
        return lhs + '\n' + indent(level) + printOperator(*binary) + '\n'
            + format(*binary->rhs, level + 1);
    }
    if (const auto* paren = as<ParenExpr>(&expr))
        return indent(level) + "(\n" + format(*paren->expr, level + 1) + '\n' + indent(level) + ')';
    if (const auto* subquery = as<Subquery>(&expr))
        return format(*subquery->expr, level) + printSubquerySuffix(*subquery);
    return indent(level) + oneLine;
}

std::string Prettifier::splitAggregate(const AggregateExpr& aggregate, size_t level) const
{
    std::string out = indent(level) + printAggregateHead(aggregate) + "(\n";
    if (aggregate.parameter)
        out += format(*aggregate.parameter, level + 1) + ",\n";
    return out + format(*aggregate.expr, level + 1) + '\n' + indent(level) + ')';
}

std::string Prettifier::splitCall(const Call& call, size_t level) const
{
    std::string out = indent(level);
    out.append(call.function->name).append("(\n");
    for (size_t i = 0; i < call.arguments.size(); ++i) {
        out += format(*call.arguments[i], level + 1);
        out += i + 1 < call.arguments.size() ? ",\n" : "\n";
    }
    return out + indent(level) + ')';
}

} // namespace

std::string prettify(const Expr& expr, size_t columnsMax)
{
    return Prettifier(columnsMax).format(expr, 0);
}

} // namespace fleetglass::promql
