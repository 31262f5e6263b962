#include "core/promql/prepare.h"

#include "core/promql/function_table.h"

#include <algorithm>
#include <array>

namespace fleetglass::promql {

namespace {

// Functions whose value hangs on the evaluation time even when their arguments do not
// (Prometheus AtModifierUnsafeFunctions).
constexpr std::array<std::string_view, 15> kTimeDependent { "days_in_month", "day_of_month",
    "day_of_week", "day_of_year", "end", "hour", "minute", "month", "year", "predict_linear",
    "range", "start", "step", "time", "timestamp" };

bool isTimeDependent(std::string_view name)
{
    return std::find(kTimeDependent.begin(), kTimeDependent.end(), name) != kTimeDependent.end();
}

ExprPtr numberInPlaceOf(const Expr& expr, double value)
{
    auto literal = std::make_unique<NumberLiteral>();
    literal->value = value;
    literal->range = expr.range;
    return literal;
}

// start(), end(), range() and step() are numbers once the query is known. All walks here go as deep
// as the parser lets trees become.
void foldSpanFunctions(ExprPtr& expr, const QuerySpan& span);

void foldChildren(Expr& expr, const QuerySpan& span)
{
    switch (expr.kind) {
    case ExprKind::Binary:
        foldSpanFunctions(static_cast<BinaryExpr&>(expr).lhs, span);
        foldSpanFunctions(static_cast<BinaryExpr&>(expr).rhs, span);
        break;
    case ExprKind::Call:
        for (ExprPtr& argument : static_cast<Call&>(expr).arguments)
            foldSpanFunctions(argument, span);
        break;
    case ExprKind::Aggregate:
        foldSpanFunctions(static_cast<AggregateExpr&>(expr).expr, span);
        foldSpanFunctions(static_cast<AggregateExpr&>(expr).parameter, span);
        break;
    case ExprKind::Unary:
        foldSpanFunctions(static_cast<UnaryExpr&>(expr).expr, span);
        break;
    case ExprKind::Paren:
        foldSpanFunctions(static_cast<ParenExpr&>(expr).expr, span);
        break;
    case ExprKind::Subquery:
        foldSpanFunctions(static_cast<Subquery&>(expr).expr, span);
        break;
    default:
        break;
    }
}

void foldSpanFunctions(ExprPtr& expr, const QuerySpan& span)
{
    if (!expr)
        return;
    if (const auto* call = as<Call>(expr.get())) {
        const std::string_view name = call->function->name;
        const auto seconds = [](int64_t ms) { return static_cast<double>(ms) / 1000; };
        if (name == "start")
            expr = numberInPlaceOf(*expr, seconds(span.startMs));
        else if (name == "end")
            expr = numberInPlaceOf(*expr, seconds(span.endMs));
        else if (name == "range")
            expr = numberInPlaceOf(*expr, seconds(span.endMs - span.startMs));
        else if (name == "step")
            expr = numberInPlaceOf(*expr, span.startMs == span.endMs ? 0 : seconds(span.stepMs));
    }
    foldChildren(*expr, span);
}

Result<void> resolveOffset(TimeModifier& time, const QuerySpan& span)
{
    if (!time.offsetExpr)
        return {};
    const auto offset = evaluateDuration(*time.offsetExpr, span, true);
    if (!offset)
        return failure(offset.error());
    time.originalOffset = *offset;
    return {};
}

Result<void> resolveDuration(const std::unique_ptr<DurationExpr>& expr,
    std::chrono::nanoseconds& duration, const QuerySpan& span)
{
    if (!expr)
        return {};
    const auto value = evaluateDuration(*expr, span, false);
    if (!value)
        return failure(value.error());
    duration = *value;
    return {};
}

Result<void> resolveSubquery(Subquery& subquery, const QuerySpan& span)
{
    if (auto offset = resolveOffset(subquery.time, span); !offset)
        return offset;
    if (auto step = resolveDuration(subquery.stepExpr, subquery.step, span); !step)
        return step;
    return resolveDuration(subquery.spanExpr, subquery.span, span);
}

Result<void> resolveDurations(Expr& expr, const QuerySpan& span)
{
    Result<void> own;
    if (auto* selector = as<VectorSelector>(&expr))
        own = resolveOffset(selector->time, span);
    else if (auto* matrix = as<MatrixSelector>(&expr))
        own = resolveDuration(matrix->spanExpr, matrix->span, span);
    else if (auto* subquery = as<Subquery>(&expr))
        own = resolveSubquery(*subquery, span);
    if (!own)
        return own;
    for (Expr* child : childrenOf(expr)) {
        if (auto resolved = resolveDurations(*child, span); !resolved)
            return resolved;
    }
    return {};
}

void resolveAnchor(TimeModifier& time, const QuerySpan& span)
{
    if (time.atAnchor == AtAnchor::Start)
        time.timestampMs = span.startMs;
    if (time.atAnchor == AtAnchor::End)
        time.timestampMs = span.endMs;
}

// Whether a node has the same value at each step, and whether it pays to mark it.
struct Invariance
{
    bool invariant = false;
    bool wrap = false;
};

Invariance markInvariant(Expr& expr, const QuerySpan& span);

void wrapInvariant(ExprPtr& expr)
{
    auto wrapper = std::make_unique<StepInvariantExpr>();
    wrapper->range = expr->range;
    wrapper->depth = expr->depth;
    wrapper->expr = std::move(expr);
    expr = std::move(wrapper);
}

Invariance markBinary(BinaryExpr& binary, const QuerySpan& span)
{
    const Invariance left = markInvariant(*binary.lhs, span);
    const Invariance right = markInvariant(*binary.rhs, span);
    if (left.invariant && right.invariant)
        return { true, true };
    if (left.wrap)
        wrapInvariant(binary.lhs);
    if (right.wrap)
        wrapInvariant(binary.rhs);
    return {};
}

Invariance markCall(Call& call, const QuerySpan& span)
{
    bool invariant = !isTimeDependent(call.function->name);
    // The time of a pinned selector's sample does not move, that of an expression does.
    bool pinnedTimestamp = call.function->name == "timestamp";
    std::vector<bool> wrap;
    for (ExprPtr& argument : call.arguments) {
        const Invariance mark = markInvariant(*argument, span);
        invariant = invariant && mark.invariant;
        pinnedTimestamp = pinnedTimestamp && mark.invariant
            && withoutParens(*argument).kind == ExprKind::VectorSelector;
        wrap.push_back(mark.wrap);
    }
    if (invariant || pinnedTimestamp)
        return { true, true };
    for (size_t i = 0; i < wrap.size(); ++i) {
        if (wrap[i])
            wrapInvariant(call.arguments[i]);
    }
    return {};
}

Invariance markSubquery(Subquery& subquery, const QuerySpan& span)
{
    if (markInvariant(*subquery.expr, span).invariant)
        wrapInvariant(subquery.expr);
    resolveAnchor(subquery.time, span);
    const bool pinned = subquery.time.timestampMs.has_value();
    return { pinned, pinned };
}

Invariance markInvariant(Expr& expr, const QuerySpan& span)
{
    switch (expr.kind) {
    case ExprKind::VectorSelector: {
        auto& selector = static_cast<VectorSelector&>(expr);
        resolveAnchor(selector.time, span);
        const bool pinned = selector.time.timestampMs.has_value();
        return { pinned, pinned };
    }
    case ExprKind::MatrixSelector:
        return { markInvariant(*static_cast<MatrixSelector&>(expr).selector, span).invariant,
            false };
    case ExprKind::Subquery:
        return markSubquery(static_cast<Subquery&>(expr), span);
    case ExprKind::Aggregate: {
        auto& aggregate = static_cast<AggregateExpr&>(expr);
        Invariance parameter { true, false };
        if (aggregate.parameter)
            parameter = markInvariant(*aggregate.parameter, span);
        const Invariance input = markInvariant(*aggregate.expr, span);
        if (input.invariant && parameter.invariant)
            return { true, true };
        if (input.wrap)
            wrapInvariant(aggregate.expr);
        if (parameter.wrap)
            wrapInvariant(aggregate.parameter);
        return {};
    }
    case ExprKind::Binary:
        return markBinary(static_cast<BinaryExpr&>(expr), span);
    case ExprKind::Call:
        return markCall(static_cast<Call&>(expr), span);
    case ExprKind::Unary:
        return markInvariant(*static_cast<UnaryExpr&>(expr).expr, span);
    case ExprKind::Paren:
        return markInvariant(*static_cast<ParenExpr&>(expr).expr, span);
    case ExprKind::NumberLiteral:
    case ExprKind::StringLiteral:
        return { true, false };
    case ExprKind::StepInvariant:
    case ExprKind::Duration:
        break;
    }
    return {};
}

} // namespace

Result<ExprPtr> prepare(const Expr& expr, const QuerySpan& span)
{
    ExprPtr prepared = clone(expr);
    foldSpanFunctions(prepared, span);
    if (auto resolved = resolveDurations(*prepared, span); !resolved)
        return failure(resolved.error());
    if (markInvariant(*prepared, span).wrap)
        wrapInvariant(prepared);
    return prepared;
}

const Expr& unwrapped(const Expr& expr)
{
    const Expr* node = &expr;
    for (;;) {
        if (const auto* paren = as<ParenExpr>(node))
            node = paren->expr.get();
        else if (const auto* wrapper = as<StepInvariantExpr>(node))
            node = wrapper->expr.get();
        else
            return *node;
    }
}

} // namespace fleetglass::promql
