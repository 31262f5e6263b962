#include "core/promql/ast.h"

#include "core/promql/function_table.h"

#include <algorithm>
#include <array>

namespace fleetglass::promql {

namespace {

constexpr std::array<std::string_view, 18> kBinaryWords = { "+", "-", "*", "/", "%", "^", "atan2",
    "==", "!=", "<", "<=", ">", ">=", "</", ">/", "and", "or", "unless" };
constexpr std::array<std::string_view, 14> kAggregateWords
    = { "sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk",
          "count_values", "quantile", "limitk", "limit_ratio" };

std::unique_ptr<DurationExpr> cloneDuration(const std::unique_ptr<DurationExpr>& expr)
{
    if (!expr)
        return nullptr;
    return std::unique_ptr<DurationExpr>(static_cast<DurationExpr*>(clone(*expr).release()));
}

ExprPtr cloneOrNull(const ExprPtr& expr)
{
    return expr ? clone(*expr) : nullptr;
}

TimeModifier cloneTime(const TimeModifier& time)
{
    TimeModifier copy;
    copy.originalOffset = time.originalOffset;
    copy.offsetExpr = cloneDuration(time.offsetExpr);
    copy.timestampMs = time.timestampMs;
    copy.atAnchor = time.atAnchor;
    return copy;
}

template<class T>
std::unique_ptr<T> likeness(const T& original)
{
    auto copy = std::make_unique<T>();
    copy->depth = original.depth;
    copy->range = original.range;
    return copy;
}

ExprPtr cloneNode(const NumberLiteral& node)
{
    auto copy = likeness(node);
    copy->value = node.value;
    copy->isDuration = node.isDuration;
    return copy;
}

ExprPtr cloneNode(const StringLiteral& node)
{
    auto copy = likeness(node);
    copy->value = node.value;
    return copy;
}

ExprPtr cloneNode(const DurationExpr& node)
{
    auto copy = likeness(node);
    copy->op = node.op;
    copy->lhs = cloneOrNull(node.lhs);
    copy->rhs = cloneOrNull(node.rhs);
    copy->wrapped = node.wrapped;
    return copy;
}

ExprPtr cloneNode(const VectorSelector& node)
{
    auto copy = likeness(node);
    copy->name = node.name;
    copy->matchers = node.matchers;
    copy->time = cloneTime(node.time);
    copy->anchored = node.anchored;
    copy->smoothed = node.smoothed;
    copy->mayMatchEmpty = node.mayMatchEmpty;
    return copy;
}

ExprPtr cloneNode(const MatrixSelector& node)
{
    auto copy = likeness(node);
    copy->selector = cloneOrNull(node.selector);
    copy->span = node.span;
    copy->spanExpr = cloneDuration(node.spanExpr);
    return copy;
}

ExprPtr cloneNode(const Subquery& node)
{
    auto copy = likeness(node);
    copy->expr = cloneOrNull(node.expr);
    copy->span = node.span;
    copy->spanExpr = cloneDuration(node.spanExpr);
    copy->step = node.step;
    copy->stepExpr = cloneDuration(node.stepExpr);
    copy->time = cloneTime(node.time);
    return copy;
}

ExprPtr cloneNode(const UnaryExpr& node)
{
    auto copy = likeness(node);
    copy->op = node.op;
    copy->expr = cloneOrNull(node.expr);
    return copy;
}

ExprPtr cloneNode(const BinaryExpr& node)
{
    auto copy = likeness(node);
    copy->op = node.op;
    copy->lhs = cloneOrNull(node.lhs);
    copy->rhs = cloneOrNull(node.rhs);
    copy->matching = node.matching;
    copy->returnBool = node.returnBool;
    return copy;
}

ExprPtr cloneNode(const AggregateExpr& node)
{
    auto copy = likeness(node);
    copy->op = node.op;
    copy->expr = cloneOrNull(node.expr);
    copy->parameter = cloneOrNull(node.parameter);
    copy->grouping = node.grouping;
    copy->without = node.without;
    return copy;
}

ExprPtr cloneNode(const Call& node)
{
    auto copy = likeness(node);
    copy->function = node.function;
    copy->arguments.reserve(node.arguments.size());
    for (const ExprPtr& argument : node.arguments)
        copy->arguments.push_back(cloneOrNull(argument));
    return copy;
}

ExprPtr cloneNode(const ParenExpr& node)
{
    auto copy = likeness(node);
    copy->expr = cloneOrNull(node.expr);
    return copy;
}

ExprPtr cloneNode(const StepInvariantExpr& node)
{
    auto copy = likeness(node);
    copy->expr = cloneOrNull(node.expr);
    return copy;
}

// Calls f with the node as what it is.
template<class F>
auto visit(const Expr& expr, F&& f)
{
    switch (expr.kind) {
    case ExprKind::NumberLiteral:
        return f(static_cast<const NumberLiteral&>(expr));
    case ExprKind::StringLiteral:
        return f(static_cast<const StringLiteral&>(expr));
    case ExprKind::VectorSelector:
        return f(static_cast<const VectorSelector&>(expr));
    case ExprKind::MatrixSelector:
        return f(static_cast<const MatrixSelector&>(expr));
    case ExprKind::Subquery:
        return f(static_cast<const Subquery&>(expr));
    case ExprKind::Unary:
        return f(static_cast<const UnaryExpr&>(expr));
    case ExprKind::Binary:
        return f(static_cast<const BinaryExpr&>(expr));
    case ExprKind::Aggregate:
        return f(static_cast<const AggregateExpr&>(expr));
    case ExprKind::Call:
        return f(static_cast<const Call&>(expr));
    case ExprKind::Paren:
        return f(static_cast<const ParenExpr&>(expr));
    case ExprKind::StepInvariant:
        return f(static_cast<const StepInvariantExpr&>(expr));
    case ExprKind::Duration:
        break;
    }
    return f(static_cast<const DurationExpr&>(expr));
}

using Children = std::vector<const Expr*>;

void add(Children& children, const ExprPtr& child)
{
    if (child)
        children.push_back(child.get());
}

} // namespace

std::string_view documentedType(ValueType type)
{
    switch (type) {
    case ValueType::Vector:
        return "instant vector";
    case ValueType::Matrix:
        return "range vector";
    default:
        return toWord(type);
    }
}

std::string_view toWord(ValueType type)
{
    switch (type) {
    case ValueType::None:
        return "none";
    case ValueType::Scalar:
        return "scalar";
    case ValueType::Vector:
        return "vector";
    case ValueType::Matrix:
        return "matrix";
    case ValueType::String:
        return "string";
    }
    return "none";
}

std::string_view toWord(BinaryOp op)
{
    return kBinaryWords[static_cast<size_t>(op)];
}

bool isComparison(BinaryOp op)
{
    return op >= BinaryOp::Equal && op <= BinaryOp::GreaterOrEqual;
}

bool isSetOperator(BinaryOp op)
{
    return op >= BinaryOp::And;
}

std::string_view toWord(AggregateOp op)
{
    return kAggregateWords[static_cast<size_t>(op)];
}

bool takesParameter(AggregateOp op)
{
    return op >= AggregateOp::Topk;
}

bool isExperimental(AggregateOp op)
{
    return op >= AggregateOp::Limitk;
}

std::string_view toWord(Cardinality cardinality)
{
    switch (cardinality) {
    case Cardinality::OneToOne:
        return "one-to-one";
    case Cardinality::ManyToOne:
        return "many-to-one";
    case Cardinality::OneToMany:
        return "one-to-many";
    case Cardinality::ManyToMany:
        return "many-to-many";
    }
    return "one-to-one";
}

ValueType typeOf(const Expr& expr)
{
    switch (expr.kind) {
    case ExprKind::NumberLiteral:
    case ExprKind::Duration:
        return ValueType::Scalar;
    case ExprKind::StringLiteral:
        return ValueType::String;
    case ExprKind::VectorSelector:
    case ExprKind::Aggregate:
        return ValueType::Vector;
    case ExprKind::MatrixSelector:
    case ExprKind::Subquery:
        return ValueType::Matrix;
    case ExprKind::Unary:
        return typeOf(*static_cast<const UnaryExpr&>(expr).expr);
    case ExprKind::Paren:
        return typeOf(*static_cast<const ParenExpr&>(expr).expr);
    case ExprKind::StepInvariant:
        return typeOf(*static_cast<const StepInvariantExpr&>(expr).expr);
    case ExprKind::Call:
        return static_cast<const Call&>(expr).function->returns;
    case ExprKind::Binary:
        break;
    }
    const auto& binary = static_cast<const BinaryExpr&>(expr);
    const bool scalars
        = typeOf(*binary.lhs) == ValueType::Scalar && typeOf(*binary.rhs) == ValueType::Scalar;
    return scalars ? ValueType::Scalar : ValueType::Vector;
}

const Expr& withoutParens(const Expr& expr)
{
    const Expr* inner = &expr;
    while (const auto* paren = as<ParenExpr>(inner))
        inner = paren->expr.get();
    return *inner;
}

ExprPtr clone(const Expr& expr)
{
    return visit(expr, [](const auto& node) { return cloneNode(node); });
}

std::vector<const Expr*> childrenOf(const Expr& expr)
{
    Children children;
    if (const auto* binary = as<BinaryExpr>(&expr)) {
        add(children, binary->lhs);
        add(children, binary->rhs);
    } else if (const auto* aggregate = as<AggregateExpr>(&expr)) {
        add(children, aggregate->expr);
        add(children, aggregate->parameter);
    } else if (const auto* call = as<Call>(&expr)) {
        for (const ExprPtr& argument : call->arguments)
            add(children, argument);
    } else if (const auto* matrix = as<MatrixSelector>(&expr)) {
        add(children, matrix->selector);
    } else if (const auto* subquery = as<Subquery>(&expr)) {
        add(children, subquery->expr);
    } else if (const auto* unary = as<UnaryExpr>(&expr)) {
        add(children, unary->expr);
    } else if (const auto* paren = as<ParenExpr>(&expr)) {
        add(children, paren->expr);
    } else if (const auto* invariant = as<StepInvariantExpr>(&expr)) {
        add(children, invariant->expr);
    }
    return children;
}

std::vector<Expr*> childrenOf(Expr& expr)
{
    const Children children = childrenOf(std::as_const(expr));
    std::vector<Expr*> result;
    result.reserve(children.size());
    // The nodes are reached through a tree that may be changed.
    for (const Expr* child : children)
        result.push_back(const_cast<Expr*>(child));
    return result;
}

std::vector<const std::vector<labels::Matcher>*> selectorsOf(const Expr& expr)
{
    if (const auto* selector = as<VectorSelector>(&expr))
        return { &selector->matchers };
    std::vector<const std::vector<labels::Matcher>*> result;
    for (const Expr* child : childrenOf(expr)) {
        const auto below = selectorsOf(*child);
        result.insert(result.end(), below.begin(), below.end());
    }
    return result;
}

} // namespace fleetglass::promql
