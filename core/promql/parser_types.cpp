// The parser's last step: types, argument counts and vector matching, in the order in which
// Prometheus 3.14's checkAST complains.
#include "core/labels/labels.h"
#include "core/promql/function_table.h"
#include "core/promql/lexer_runes.h"
#include "core/promql/parser_impl.h"

#include <algorithm>

namespace fleetglass::promql {

ValueType Parser::checkTypes(Expr& expr)
{
    switch (expr.kind) {
    case ExprKind::Aggregate:
        checkAggregate(static_cast<AggregateExpr&>(expr));
        break;
    case ExprKind::Binary:
        checkBinary(static_cast<BinaryExpr&>(expr));
        break;
    case ExprKind::Call:
        checkCall(static_cast<Call&>(expr));
        break;
    case ExprKind::Paren:
        checkTypes(*static_cast<ParenExpr&>(expr).expr);
        break;
    case ExprKind::Unary:
        checkUnary(static_cast<UnaryExpr&>(expr));
        break;
    case ExprKind::Subquery: {
        const ValueType type = checkTypes(*static_cast<Subquery&>(expr).expr);
        if (type != ValueType::Vector)
            addError(expr.range,
                "subquery is only allowed on instant vector, got " + std::string(toWord(type))
                    + " instead");
        break;
    }
    case ExprKind::MatrixSelector:
        checkTypes(*static_cast<MatrixSelector&>(expr).selector);
        break;
    case ExprKind::VectorSelector:
        checkSelector(static_cast<VectorSelector&>(expr));
        break;
    default:
        break;
    }
    return typeOf(expr);
}

void Parser::expectType(Expr& expr, ValueType want, const char* context)
{
    const ValueType type = checkTypes(expr);
    if (type != want)
        addError(expr.range,
            "expected type " + std::string(documentedType(want)) + " in " + context + ", got "
                + std::string(documentedType(type)));
}

void Parser::checkAggregate(AggregateExpr& aggregate)
{
    expectType(*aggregate.expr, ValueType::Vector, "aggregation expression");
    if (aggregate.parameter)
        expectType(*aggregate.parameter,
            aggregate.op == AggregateOp::CountValues ? ValueType::String : ValueType::Scalar,
            "aggregation parameter");
}

// The operator between the operands, without the blanks around it.
PosRange Parser::operatorRange(const BinaryExpr& binary) const
{
    PosRange range { binary.lhs->range.end, binary.rhs->range.start - 1 };
    while (isSpace(m_text[range.start]))
        ++range.start;
    while (isSpace(m_text[range.end]))
        --range.end;
    return range;
}

void Parser::checkBinary(BinaryExpr& binary)
{
    const ValueType lhs = checkTypes(*binary.lhs);
    const ValueType rhs = checkTypes(*binary.rhs);
    if (binary.returnBool && !isComparison(binary.op))
        addError(operatorRange(binary), "bool modifier can only be used on comparison operators");
    const bool scalars = lhs == ValueType::Scalar && rhs == ValueType::Scalar;
    if (isComparison(binary.op) && !binary.returnBool && scalars)
        addError(operatorRange(binary), "comparisons between scalars must use BOOL modifier");
    VectorMatching& matching = *binary.matching;
    if (isSetOperator(binary.op) && matching.cardinality == Cardinality::OneToOne)
        matching.cardinality = Cardinality::ManyToMany;
    for (const std::string& label : matching.matchingLabels) {
        const auto& include = matching.include;
        const auto twice = std::count(include.begin(), include.end(), label);
        for (auto i = twice; matching.on && i > 0; --i)
            addError(operatorRange(binary),
                "label " + labels::quote(label) + " must not occur in ON and GROUP clause at once");
    }
    const auto isOperand
        = [](ValueType type) { return type == ValueType::Scalar || type == ValueType::Vector; };
    constexpr const char* kOperands
        = "binary expression must contain only scalar and instant vector types";
    if (!isOperand(lhs))
        addError(binary.lhs->range, kOperands);
    if (!isOperand(rhs))
        addError(binary.rhs->range, kOperands);
    checkMatching(binary, lhs, rhs);
    if ((lhs == ValueType::Scalar || rhs == ValueType::Scalar) && isSetOperator(binary.op))
        addError(binary.range,
            "set operator " + labels::quote(toWord(binary.op))
                + " not allowed in binary scalar expression");
}

void Parser::checkMatching(BinaryExpr& binary, ValueType lhs, ValueType rhs)
{
    const VectorMatching& matching = *binary.matching;
    const bool fills = matching.fillLeft || matching.fillRight;
    if (lhs != ValueType::Vector || rhs != ValueType::Vector) {
        if (!matching.matchingLabels.empty())
            addError(binary.range, "vector matching only allowed between instant vectors");
        if (fills)
            addError(
                binary.range, "filling in missing series only allowed between instant vectors");
        binary.matching.reset();
        return;
    }
    if (!isSetOperator(binary.op))
        return;
    if (matching.cardinality != Cardinality::ManyToMany) {
        addError(binary.range,
            "no grouping allowed for " + labels::quote(toWord(binary.op)) + " operation");
        addError(binary.range, "set operations must always be many-to-many");
    }
    if (fills)
        addError(binary.range, "filling in missing series not allowed for set operators");
}

void Parser::checkArgumentCount(const Call& call)
{
    const Function& function = *call.function;
    const size_t got = call.arguments.size();
    const auto complain = [&](const char* expected, size_t count) {
        addError(call.range,
            expected + std::to_string(count) + " argument(s) in call to "
                + labels::quote(function.name) + ", got " + std::to_string(got));
    };
    const auto most = function.argumentsMax();
    if (function.variadic == 0) {
        if (got != function.listedCount)
            complain("expected ", function.listedCount);
    } else if (got < function.argumentsMin()) {
        complain("expected at least ", function.argumentsMin());
    } else if (most && got > *most) {
        complain("expected at most ", *most);
    }
}

// The second argument of info() only names labels.
void Parser::checkInfo(Call& call)
{
    Expr& selected = *call.arguments[1];
    if (const ValueType type = typeOf(selected); type != ValueType::Vector)
        addError(call.range,
            "expected type instant vector in call to function \"info\", got "
                + std::string(documentedType(type)));
    auto* selector = as<VectorSelector>(&selected);
    if (selector && !selector->name.empty())
        addError(selected.range, "expected label selectors only, got vector selector instead");
    else if (selector)
        selector->mayMatchEmpty = true;
    else
        addError(selected.range, "expected label selectors only");
}

void Parser::checkCall(Call& call)
{
    const Function& function = *call.function;
    checkArgumentCount(call);
    if (function.name == "info" && call.arguments.size() > 1)
        checkInfo(call);
    for (size_t i = 0; i < call.arguments.size(); ++i) {
        if (i >= function.listedCount && function.variadic == 0)
            break;
        Expr& argument = *call.arguments[i];
        const ValueType want = function.argumentType(i);
        const ValueType type = checkTypes(argument);
        if (type != want)
            addError(argument.range,
                "expected type " + std::string(documentedType(want)) + " in call to function "
                    + labels::quote(function.name) + ", got " + std::string(documentedType(type)));
    }
}

void Parser::checkUnary(UnaryExpr& unary)
{
    const ValueType type = checkTypes(*unary.expr);
    if (type != ValueType::Scalar && type != ValueType::Vector)
        addError(unary.range,
            "unary expression only allowed on expressions of type scalar or instant vector, got "
                + labels::quote(documentedType(type)));
}

void Parser::checkSelector(VectorSelector& selector)
{
    if (!selector.name.empty()) {
        // The last matcher is the name's own.
        for (size_t i = 0; i + 1 < selector.matchers.size(); ++i) {
            const labels::Matcher& matcher = selector.matchers[i];
            if (matcher.name() == labels::kMetricName)
                addError(selector.range,
                    "metric name must not be set twice: " + labels::quote(selector.name) + " or "
                        + labels::quote(matcher.value()));
        }
        return;
    }
    const bool selective = std::any_of(selector.matchers.begin(), selector.matchers.end(),
        [](const labels::Matcher& matcher) { return !matcher.matchesEmpty(); });
    if (!selective && !selector.mayMatchEmpty)
        addError(selector.range, "vector selector must contain at least one non-empty matcher");
}

} // namespace fleetglass::promql
