// The parser's selectors: names and matchers, ranges, subqueries, offset and @.
#include "core/labels/labels.h"
#include "core/promql/parser_impl.h"

#include <charconv>
#include <cmath>

namespace fleetglass::promql {

namespace {

using enum TokenType;

std::optional<labels::MatchType> matchTypeFor(TokenType type)
{
    switch (type) {
    case Eql:
        return labels::MatchType::Equal;
    case Neq:
        return labels::MatchType::NotEqual;
    case EqlRegex:
        return labels::MatchType::Regex;
    case NeqRegex:
        return labels::MatchType::NotRegex;
    default:
        return std::nullopt;
    }
}

// Go's %f.
std::string formatFixed(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "+Inf" : "-Inf";
    char buffer[330];
    const auto end
        = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, 6);
    return { buffer, end.ptr };
}

std::chrono::nanoseconds toNanoseconds(double seconds)
{
    constexpr double kMax = 9223372036854775807.0;
    const double nanoseconds = std::round(seconds * 1e9);
    if (nanoseconds >= kMax)
        return std::chrono::nanoseconds::max();
    if (!(nanoseconds > -kMax)) // NaN as well.
        return std::chrono::nanoseconds::min();
    return std::chrono::nanoseconds(static_cast<int64_t>(nanoseconds));
}

// A literal gives the plain duration, anything else the expression.
void assignDuration(
    ExprPtr from, std::chrono::nanoseconds& plain, std::unique_ptr<DurationExpr>& expr)
{
    if (const auto* literal = as<NumberLiteral>(from.get()))
        plain = toNanoseconds(literal->value);
    else
        expr.reset(static_cast<DurationExpr*>(from.release()));
}

VectorSelector* selectorOf(Expr& expr)
{
    if (auto* matrix = as<MatrixSelector>(&expr))
        return as<VectorSelector>(matrix->selector.get());
    return as<VectorSelector>(&expr);
}

TimeModifier* timeOf(Expr& expr)
{
    if (auto* subquery = as<Subquery>(&expr))
        return &subquery->time;
    auto* selector = selectorOf(expr);
    return selector ? &selector->time : nullptr;
}

} // namespace

ExprPtr Parser::parseMetricSelector(const Token* name)
{
    auto selector = make<VectorSelector>(name ? name->range() : peek().range());
    if (!selector)
        return nullptr;
    if (at(LeftBrace)) {
        if (!parseMatchers(selector->matchers))
            return nullptr;
        selector->range.end = m_lastEnd;
    }
    if (name) {
        selector->name = name->text;
        selector->matchers.push_back(
            labels::Matcher::equal(std::string(labels::kMetricName), selector->name));
    }
    return selector;
}

bool Parser::parseMatchers(std::vector<labels::Matcher>& matchers)
{
    shift(); // {
    if (at(RightBrace)) {
        shift();
        return true;
    }
    if (!parseMatcher(matchers))
        return false;
    while (!at(RightBrace)) {
        if (at(Comma)) {
            shift();
            if (!at(RightBrace) && !parseMatcher(matchers))
                return false;
            continue;
        }
        if (retry())
            continue;
        if (!catchError())
            return false;
        unexpected("label matching", "\",\" or \"}\"");
    }
    shift();
    return true;
}

bool Parser::parseMatcher(std::vector<labels::Matcher>& matchers)
{
    if (!at(Identifier) && !at(String)) {
        if (retry() || !catchError())
            return false;
        unexpected("label matching", "identifier or \"}\"");
        return true;
    }
    const Token name = shift();
    const bool quoted = name.type == String;
    std::string text = quoted ? unquoteToken(name) : std::string(name.text);
    const bool hasOperator = !atEnd() && matchTypeFor(peek().type);
    if (!hasOperator && quoted) {
        // {"my.metric"}: a string alone is the metric's name.
        matchers.push_back(
            labels::Matcher::equal(std::string(labels::kMetricName), std::move(text)));
        return true;
    }
    if (!hasOperator) {
        if (retry() || !catchError())
            return false;
        unexpected("label matching", "label matching operator");
        return true;
    }
    const Token op = shift();
    if (!at(String)) {
        if (retry() || !catchError())
            return false;
        unexpected("label matching", "string");
        return true;
    }
    addMatcher(matchers, name, text, op, shift());
    return true;
}

void Parser::addMatcher(std::vector<labels::Matcher>& matchers, const Token& name,
    const std::string& unquotedName, const Token& op, const Token& value)
{
    auto matcher
        = labels::Matcher::create(*matchTypeFor(op.type), unquotedName, unquoteToken(value));
    if (matcher)
        matchers.push_back(std::move(*matcher));
    else
        addError({ name.offset, value.range().end }, matcher.error());
}

ExprPtr Parser::parsePostfix(ExprPtr expr)
{
    while (expr && !atEnd()) {
        switch (peek().type) {
        case LeftBracket:
            expr = parseRange(std::move(expr));
            break;
        case Offset:
            expr = parseOffset(std::move(expr));
            break;
        case At:
            expr = parseAt(std::move(expr));
            break;
        case Anchored:
        case Smoothed:
            applyExtendedRange(*expr, shift());
            break;
        default:
            return expr;
        }
    }
    return expr;
}

ExprPtr Parser::parseRange(ExprPtr expr)
{
    const Token open = shift();
    ExprPtr span = parseDuration(1);
    if (span)
        span = positiveDuration(std::move(span));
    if (!span) {
        if (!catchError())
            return nullptr;
        unexpected("subquery or range selector", "number, duration, step(), or range()");
        return expr;
    }
    if (at(RightBracket))
        return makeMatrix(std::move(expr), std::move(span), { open.offset, shift().range().end });
    if (at(Colon))
        return parseSubqueryRest(std::move(expr), std::move(span));
    if (retry() || !catchError())
        return nullptr;
    unexpected("subquery or range", "\":\" or \"]\"");
    return expr;
}

ExprPtr Parser::parseSubqueryRest(ExprPtr expr, ExprPtr span)
{
    shift(); // :
    if (at(RightBracket))
        return makeSubquery(std::move(expr), std::move(span), nullptr, shift().range().end);
    ExprPtr step = parseDuration(1);
    if (step)
        step = positiveDuration(std::move(step));
    if (!step) {
        if (!catchError())
            return nullptr;
        unexpected("subquery selector", "number, duration, step(), range(), or \"]\"");
        return expr;
    }
    if (at(RightBracket))
        return makeSubquery(std::move(expr), std::move(span), std::move(step), shift().range().end);
    if (retry() || !catchError())
        return nullptr;
    unexpected("subquery selector", "\"]\"");
    return expr;
}

ExprPtr Parser::makeMatrix(ExprPtr expr, ExprPtr span, PosRange brackets)
{
    const auto* selector = as<VectorSelector>(expr.get());
    if (!selector)
        addError(brackets, "ranges only allowed for vector selectors");
    else if (selector->time.originalOffset.count() != 0 || selector->time.offsetExpr)
        addError(brackets, "no offset modifiers allowed before range");
    else if (selector->time.timestampMs)
        addError(brackets, "no @ modifiers allowed before range");
    auto matrix
        = make<MatrixSelector>({ expr->range.start, brackets.end }, { expr.get(), span.get() });
    if (!matrix)
        return nullptr;
    matrix->selector = std::move(expr);
    assignDuration(std::move(span), matrix->span, matrix->spanExpr);
    return matrix;
}

ExprPtr Parser::makeSubquery(ExprPtr expr, ExprPtr span, ExprPtr step, uint32_t end)
{
    auto subquery
        = make<Subquery>({ expr->range.start, end }, { expr.get(), span.get(), step.get() });
    if (!subquery)
        return nullptr;
    subquery->expr = std::move(expr);
    assignDuration(std::move(span), subquery->span, subquery->spanExpr);
    if (step)
        assignDuration(std::move(step), subquery->step, subquery->stepExpr);
    return subquery;
}

ExprPtr Parser::parseOffset(ExprPtr expr)
{
    shift();
    ExprPtr offset = parseOffsetDuration();
    if (offset) {
        if (!adoptDepth(*expr, offset.get()))
            return nullptr;
        applyOffset(*expr, std::move(offset));
        return expr;
    }
    if (!catchError())
        return nullptr;
    unexpected("offset", "number, duration, step(), or range()");
    return expr;
}

void Parser::applyOffset(Expr& expr, ExprPtr offset)
{
    TimeModifier* time = timeOf(expr);
    if (!time) {
        addError(expr.range,
            expr.kind == ExprKind::MatrixSelector
                ? "ranges only allowed for vector selectors"
                : "offset modifier must be preceded by an instant vector selector or range vector "
                  "selector or a subquery");
        return;
    }
    if (time->originalOffset.count() != 0 || time->offsetExpr)
        addError(expr.range, "offset may not be set multiple times");
    else
        assignDuration(std::move(offset), time->originalOffset, time->offsetExpr);
    expr.range.end = m_lastEnd;
}

ExprPtr Parser::parseAt(ExprPtr expr)
{
    shift();
    if (parseAtValue(*expr))
        return expr;
    if (!catchError())
        return nullptr;
    unexpected("@", "timestamp");
    return expr;
}

bool Parser::parseAtValue(Expr& expr)
{
    if (at(Start) || at(End)) {
        const Token anchor = shift();
        for (const TokenType wanted : { LeftParen, RightParen }) {
            if (!at(wanted))
                return retry();
            shift();
        }
        if (TimeModifier* time = atTargetOf(expr)) {
            time->atAnchor = anchor.type == Start ? AtAnchor::Start : AtAnchor::End;
            expr.range.end = m_lastEnd;
        }
        return true;
    }
    const bool isSigned = at(Add) || at(Sub);
    const double sign = isSigned && shift().type == Sub ? -1 : 1;
    if (!at(Number) && !at(Duration))
        return retry();
    applyTimestamp(expr, sign * numberOf(shift()));
    return true;
}

void Parser::applyTimestamp(Expr& expr, double seconds)
{
    constexpr double kLimit = 9223372036854775808.0;
    const bool inBounds = seconds > -kLimit && seconds < kLimit;
    if (!inBounds)
        addError(expr.range, "timestamp out of bounds for @ modifier: " + formatFixed(seconds));
    TimeModifier* time = atTargetOf(expr);
    if (!time)
        return;
    const double timestampMs = std::round(seconds * 1000);
    time->timestampMs
        = std::fabs(timestampMs) < kLimit ? static_cast<int64_t>(timestampMs) : INT64_MIN;
    expr.range.end = m_lastEnd;
}

// Where @ goes; null with an error where it can't.
TimeModifier* Parser::atTargetOf(Expr& expr)
{
    TimeModifier* time = timeOf(expr);
    if (!time) {
        addError(expr.range,
            expr.kind == ExprKind::MatrixSelector
                ? "ranges only allowed for vector selectors"
                : "@ modifier must be preceded by an instant vector selector or range vector "
                  "selector or a subquery");
        return nullptr;
    }
    if (time->timestampMs || time->atAnchor != AtAnchor::None) {
        addError(expr.range, "@ <timestamp> may not be set multiple times");
        return nullptr;
    }
    return time;
}

void Parser::applyExtendedRange(Expr& expr, const Token& modifier)
{
    const bool anchors = modifier.type == Anchored;
    const std::string word = anchors ? "anchored" : "smoothed";
    if (!m_options.extendedRangeSelectors) {
        addError(expr.range, word + " modifier is experimental and not enabled");
        return;
    }
    if (expr.kind == ExprKind::Subquery) {
        addError(expr.range, word + " modifier is not supported for subqueries");
        return;
    }
    VectorSelector* selector = selectorOf(expr);
    if (!selector) {
        if (expr.kind != ExprKind::MatrixSelector)
            addError(expr.range, word + " modifier not implemented");
        return;
    }
    (anchors ? selector->anchored : selector->smoothed) = true;
    if (selector->anchored && selector->smoothed)
        addError(expr.range, "anchored and smoothed modifiers cannot be used together");
}

bool Parser::parseMetric(labels::Labels& result)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    std::string name;
    if (!atEnd() && isMetricName(peek().type))
        name = shift().text;
    if (at(LeftBrace)) {
        shift();
        while (!at(RightBrace)) {
            if (!parseLabelSetItem(pairs))
                return false;
            while (!at(Comma) && !at(RightBrace)) {
                if (retry())
                    continue;
                if (!catchError())
                    return false;
                unexpected("label set", "\",\" or \"}\"");
            }
            if (at(RightBrace))
                break;
            shift();
        }
        shift();
    }
    if (!name.empty())
        pairs.emplace_back(labels::kMetricName, name);
    result = labels::Labels::fromPairs(pairs);
    return true;
}

bool Parser::parseLabelSetItem(std::vector<std::pair<std::string, std::string>>& pairs)
{
    const auto complain = [&](std::string_view expected) {
        if (retry() || !catchError())
            return false;
        unexpected("label set", expected);
        return true;
    };
    if (!at(Identifier) && !at(String))
        return complain("identifier or \"}\"");
    const Token name = shift();
    const bool quoted = name.type == String;
    std::string text = quoted ? unquoteToken(name) : std::string(name.text);
    if (!at(Eql)) {
        if (!quoted)
            return complain("\"=\"");
        pairs.emplace_back(labels::kMetricName, std::move(text));
        return true;
    }
    shift();
    if (!at(String))
        return complain("string");
    pairs.emplace_back(std::move(text), unquoteToken(shift()));
    return true;
}

} // namespace fleetglass::promql
