// Follows Prometheus' promql/parser/printer.go, whose output other tools compare with.
#include "core/promql/printer.h"

#include "core/base/duration.h"
#include "core/base/number.h"
#include "core/labels/labels.h"
#include "core/promql/function_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace fleetglass::promql {

namespace {

void append(std::string& out, const Expr& expr);

// A duration of whole milliseconds as one, anything finer as a number of seconds.
std::string printSpan(std::chrono::nanoseconds span)
{
    constexpr int64_t kNanosPerMilli = 1'000'000;
    if (span.count() % kNanosPerMilli != 0)
        return formatFloat(static_cast<double>(span.count()) / 1e9);
    return formatDuration(std::chrono::duration_cast<Millis>(span));
}

void appendLabels(std::string& out, const std::vector<std::string>& names)
{
    out += '(';
    for (size_t i = 0; i < names.size(); ++i) {
        if (i > 0)
            out += ", ";
        out += labels::isLegacyLabelName(names[i]) ? names[i] : labels::quote(names[i]);
    }
    out += ')';
}

void appendAt(std::string& out, const TimeModifier& time)
{
    if (time.timestampMs) {
        char buffer[40];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer,
            static_cast<double>(*time.timestampMs) / 1000.0, std::chars_format::fixed, 3);
        out.append(" @ ").append(buffer, end.ptr);
    } else if (time.atAnchor == AtAnchor::Start) {
        out += " @ start()";
    } else if (time.atAnchor == AtAnchor::End) {
        out += " @ end()";
    }
}

void appendOffset(std::string& out, const TimeModifier& time)
{
    if (time.offsetExpr) {
        out += " offset ";
        append(out, *time.offsetExpr);
    } else if (time.originalOffset.count() > 0) {
        out += " offset " + printSpan(time.originalOffset);
    } else if (time.originalOffset.count() < 0) {
        // Negating the least value would overflow.
        const auto offset = std::max(time.originalOffset, -std::chrono::nanoseconds::max());
        out += " offset -" + printSpan(-offset);
    }
}

void appendSpan(
    std::string& out, std::chrono::nanoseconds span, const std::unique_ptr<DurationExpr>& expr)
{
    if (expr)
        append(out, *expr);
    else
        out += printSpan(span);
}

void appendExtended(std::string& out, const VectorSelector& selector)
{
    if (selector.anchored)
        out += " anchored";
    else if (selector.smoothed)
        out += " smoothed";
}

void appendNameAndMatchers(std::string& out, const VectorSelector& selector)
{
    std::vector<std::string> matchers;
    for (const labels::Matcher& matcher : selector.matchers) {
        const bool isOwnName = matcher.name() == labels::kMetricName
            && matcher.type() == labels::MatchType::Equal && matcher.value() == selector.name
            && !matcher.value().empty();
        if (!isOwnName)
            matchers.push_back(matcher.toString());
    }
    out += selector.name;
    if (matchers.empty()) {
        if (selector.name.empty())
            out += "{}";
        return;
    }
    std::sort(matchers.begin(), matchers.end());
    char separator = '{';
    for (const std::string& matcher : matchers) {
        out += std::exchange(separator, ',');
        out += matcher;
    }
    out += '}';
}

void appendNumber(std::string& out, const NumberLiteral& number)
{
    if (!number.isDuration) {
        out += formatFloat(number.value);
        return;
    }
    if (number.value < 0)
        out += '-';
    out += formatDuration(Millis(static_cast<int64_t>(std::abs(number.value) * 1000 + 0.5)));
}

std::string_view durationWord(DurationOp op)
{
    switch (op) {
    case DurationOp::Add:
        return " + ";
    case DurationOp::Sub:
        return " - ";
    case DurationOp::Mul:
        return " * ";
    case DurationOp::Div:
        return " / ";
    case DurationOp::Mod:
        return " % ";
    case DurationOp::Pow:
        return " ^ ";
    case DurationOp::Plus:
        return "";
    case DurationOp::Minus:
        return "-";
    case DurationOp::Step:
        return "step()";
    case DurationOp::Range:
        return "range()";
    case DurationOp::MinOf:
        return "min_of(";
    case DurationOp::MaxOf:
        return "max_of(";
    }
    return "";
}

void appendDuration(std::string& out, const DurationExpr& expr)
{
    if (expr.wrapped)
        out += '(';
    const bool isCall = expr.op == DurationOp::MinOf || expr.op == DurationOp::MaxOf;
    if (isCall)
        out += durationWord(expr.op);
    if (expr.lhs)
        append(out, *expr.lhs);
    out += isCall ? ", " : durationWord(expr.op);
    if (expr.rhs)
        append(out, *expr.rhs);
    if (isCall)
        out += ')';
    if (expr.wrapped)
        out += ')';
}

void appendMatrix(std::string& out, const MatrixSelector& matrix)
{
    const VectorSelector& selector = matrix.vector();
    appendNameAndMatchers(out, selector);
    out += '[';
    appendSpan(out, matrix.span, matrix.spanExpr);
    out += ']';
    appendExtended(out, selector);
    appendAt(out, selector.time);
    appendOffset(out, selector.time);
}

void appendAggregate(std::string& out, const AggregateExpr& aggregate)
{
    out += printAggregateHead(aggregate);
    out += '(';
    if (aggregate.parameter) {
        append(out, *aggregate.parameter);
        out += ", ";
    }
    append(out, *aggregate.expr);
    out += ')';
}

void appendCall(std::string& out, const Call& call)
{
    out += call.function->name;
    out += '(';
    for (size_t i = 0; i < call.arguments.size(); ++i) {
        if (i > 0)
            out += ", ";
        append(out, *call.arguments[i]);
    }
    out += ')';
}

void append(std::string& out, const Expr& expr)
{
    switch (expr.kind) {
    case ExprKind::NumberLiteral:
        return appendNumber(out, static_cast<const NumberLiteral&>(expr));
    case ExprKind::StringLiteral:
        out += labels::quote(static_cast<const StringLiteral&>(expr).value);
        return;
    case ExprKind::VectorSelector: {
        const auto& selector = static_cast<const VectorSelector&>(expr);
        appendNameAndMatchers(out, selector);
        appendAt(out, selector.time);
        appendExtended(out, selector);
        return appendOffset(out, selector.time);
    }
    case ExprKind::MatrixSelector:
        return appendMatrix(out, static_cast<const MatrixSelector&>(expr));
    case ExprKind::Subquery: {
        const auto& subquery = static_cast<const Subquery&>(expr);
        append(out, *subquery.expr);
        out += printSubquerySuffix(subquery);
        return;
    }
    case ExprKind::Unary: {
        const auto& unary = static_cast<const UnaryExpr&>(expr);
        out += unary.op == UnaryOp::Minus ? '-' : '+';
        return append(out, *unary.expr);
    }
    case ExprKind::Binary: {
        const auto& binary = static_cast<const BinaryExpr&>(expr);
        const bool inParens = offsetWouldTakeOperator(binary);
        out += inParens ? "(" : "";
        append(out, *binary.lhs);
        out += inParens ? ") " : " ";
        out += printOperator(binary) + ' ';
        return append(out, *binary.rhs);
    }
    case ExprKind::Aggregate:
        return appendAggregate(out, static_cast<const AggregateExpr&>(expr));
    case ExprKind::Call:
        return appendCall(out, static_cast<const Call&>(expr));
    case ExprKind::Paren:
        out += '(';
        append(out, *static_cast<const ParenExpr&>(expr).expr);
        out += ')';
        return;
    case ExprKind::StepInvariant:
        return append(out, *static_cast<const StepInvariantExpr&>(expr).expr);
    case ExprKind::Duration:
        return appendDuration(out, static_cast<const DurationExpr&>(expr));
    }
}

const TimeModifier* timeAtEndOf(const Expr& expr)
{
    switch (expr.kind) {
    case ExprKind::VectorSelector:
        return &static_cast<const VectorSelector&>(expr).time;
    case ExprKind::MatrixSelector:
        return &static_cast<const MatrixSelector&>(expr).vector().time;
    case ExprKind::Subquery:
        return &static_cast<const Subquery&>(expr).time;
    case ExprKind::Unary:
        return timeAtEndOf(*static_cast<const UnaryExpr&>(expr).expr);
    case ExprKind::Binary:
        return timeAtEndOf(*static_cast<const BinaryExpr&>(expr).rhs);
    case ExprKind::StepInvariant:
        return timeAtEndOf(*static_cast<const StepInvariantExpr&>(expr).expr);
    default:
        return nullptr;
    }
}

} // namespace

bool offsetWouldTakeOperator(const BinaryExpr& binary)
{
    if (binary.op > BinaryOp::Pow)
        return false;
    const TimeModifier* time = timeAtEndOf(*binary.lhs);
    const DurationExpr* offset = time ? time->offsetExpr.get() : nullptr;
    return offset && (offset->wrapped || offset->op <= DurationOp::Pow);
}

std::string print(const Expr& expr)
{
    std::string out;
    append(out, expr);
    return out;
}

std::string printAggregateHead(const AggregateExpr& aggregate)
{
    std::string out(toWord(aggregate.op));
    if (!aggregate.without && aggregate.grouping.empty())
        return out;
    out += aggregate.without ? " without " : " by ";
    appendLabels(out, aggregate.grouping);
    return out += ' ';
}

std::string printOperator(const BinaryExpr& binary)
{
    std::string out(toWord(binary.op));
    if (binary.returnBool)
        out += " bool";
    if (!binary.matching)
        return out;
    const VectorMatching& matching = *binary.matching;
    const bool groups = matching.cardinality == Cardinality::ManyToOne
        || matching.cardinality == Cardinality::OneToMany;
    if (!matching.matchingLabels.empty() || matching.on || groups) {
        out += matching.on ? " on " : " ignoring ";
        appendLabels(out, matching.matchingLabels);
    }
    if (groups) {
        out += matching.cardinality == Cardinality::ManyToOne ? " group_left " : " group_right ";
        appendLabels(out, matching.include);
    }
    const auto fill = [&](const char* word, double value) {
        out.append(word).append(" (").append(formatFloatShort(value)).append(")");
    };
    if (matching.fillLeft && matching.fillRight && *matching.fillLeft == *matching.fillRight) {
        fill(" fill", *matching.fillLeft);
        return out;
    }
    if (matching.fillLeft)
        fill(" fill_left", *matching.fillLeft);
    if (matching.fillRight)
        fill(" fill_right", *matching.fillRight);
    return out;
}

std::string printSubquerySuffix(const Subquery& subquery)
{
    std::string out = "[";
    appendSpan(out, subquery.span, subquery.spanExpr);
    out += ':';
    if (subquery.step.count() != 0 || subquery.stepExpr)
        appendSpan(out, subquery.step, subquery.stepExpr);
    out += ']';
    appendAt(out, subquery.time);
    appendOffset(out, subquery.time);
    return out;
}

} // namespace fleetglass::promql
