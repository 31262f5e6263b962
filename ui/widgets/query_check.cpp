#include "ui/widgets/query_check.h"

#include "core/promql/function_table.h"
#include "core/promql/parser.h"
#include "core/promql/prettifier.h"

// Qt's keyword would tear a function of the lexer apart.
#undef emit
#include "core/promql/lexer.h"

#include <algorithm>

namespace fleetglass::widgets {

namespace {

using namespace promql;

// PromQL counts bytes, the editor UTF-16.
qsizetype utf16Offset(const std::string& utf8, size_t bytes)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(std::min(bytes, utf8.size())))
        .size();
}

bool isUnfinished(const ParseError& error, const std::string& text)
{
    const std::string_view message = error.message;
    for (const std::string_view part :
        { "unexpected end of input", "unclosed", "unterminated", "missing unit" }) {
        if (message.find(part) != std::string_view::npos)
            return true;
    }
    return error.range.start >= text.size() && !text.empty();
}

theme::Ink inkOf(const Token& token, const Token* next, bool inBraces)
{
    switch (token.type) {
    case TokenType::Number:
    case TokenType::Duration:
        return theme::Ink::Warning;
    case TokenType::String:
        return theme::Ink::Ok;
    case TokenType::Comment:
        return theme::Ink::Faint;
    case TokenType::Error:
        return theme::Ink::Critical;
    default:
        break;
    }
    if (isAggregator(token.type) || isKeyword(token.type))
        return theme::Ink::Shell;
    if (token.type == TokenType::Identifier && next != nullptr && next->type == TokenType::LeftParen
        && findFunction(token.text) != nullptr)
        return theme::Ink::Accent;
    if (token.type == TokenType::Identifier && inBraces)
        return theme::Ink::Pending;
    const bool operatorWord = token.type == TokenType::Land || token.type == TokenType::Lor
        || token.type == TokenType::Lunless;
    if (operatorWord)
        return theme::Ink::Shell;
    const bool word
        = token.type == TokenType::Identifier || token.type == TokenType::MetricIdentifier;
    return word ? theme::Ink::Text : theme::Ink::Muted;
}

theme::Unit unitOfName(std::string_view name, const view::MetricCatalog& catalog)
{
    const QString text = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    const view::MetricView* metric = metricOfSeries(catalog, text);
    theme::UnitHints hints;
    hints.name = text;
    if (metric != nullptr && !name.ends_with("_count") && !name.ends_with("_bucket")) {
        hints.declared = QString::fromStdString(metric->unit);
        hints.help = QString::fromStdString(metric->help);
    }
    // The buckets of a histogram count; what they observed has the unit.
    if (metric != nullptr && name.ends_with("_bucket"))
        return {};
    return theme::inferUnit(hints);
}

// The first selector below a node: what histogram_quantile observes.
const VectorSelector* selectorBelow(const Expr& expr)
{
    if (const auto* selector = as<VectorSelector>(&expr))
        return selector;
    for (const Expr* child : childrenOf(expr)) {
        if (const VectorSelector* found = selectorBelow(*child))
            return found;
    }
    return nullptr;
}

theme::Unit unitObserved(const Expr& expr, const view::MetricCatalog& catalog)
{
    const VectorSelector* selector = selectorBelow(expr);
    if (selector == nullptr)
        return {};
    std::string name = selector->name;
    if (name.ends_with("_bucket"))
        name.resize(name.size() - 7);
    return unitOfName(name, catalog);
}

theme::Unit unitOf(const Expr& expr, const view::MetricCatalog& catalog);

theme::Unit unitOfCall(const Call& call, const view::MetricCatalog& catalog)
{
    const std::string_view name = call.function->name;
    if (call.arguments.empty())
        return {};
    if (name == "histogram_quantile" || name == "histogram_avg" || name == "histogram_stddev")
        return unitObserved(*call.arguments.back(), catalog);
    if (name == "rate" || name == "irate" || name == "deriv")
        return theme::rateOf(unitOf(*call.arguments.front(), catalog));
    if (name == "time" || name == "timestamp")
        return theme::unitFromWord(QStringLiteral("timestamp"));
    static constexpr std::string_view kCounting[] = { "count_over_time", "changes", "resets",
        "absent", "absent_over_time", "present_over_time", "sgn", "histogram_count",
        "histogram_fraction", "hour", "minute", "month", "year", "day_of_week", "day_of_month",
        "days_in_month", "ln", "log2", "log10", "exp", "scalar" };
    if (std::find(std::begin(kCounting), std::end(kCounting), name) != std::end(kCounting))
        return {};
    const bool first = name == "quantile_over_time" && call.arguments.size() > 1;
    return unitOf(*call.arguments[first ? 1 : 0], catalog);
}

theme::Unit unitOfBinary(const BinaryExpr& binary, const view::MetricCatalog& catalog)
{
    const theme::Unit left = unitOf(*binary.lhs, catalog);
    const theme::Unit right = unitOf(*binary.rhs, catalog);
    const bool scalarLeft = typeOf(*binary.lhs) == ValueType::Scalar;
    const bool scalarRight = typeOf(*binary.rhs) == ValueType::Scalar;
    switch (binary.op) {
    case BinaryOp::Div:
        if (!scalarLeft && !scalarRight && left == right)
            return theme::unitFromWord(QStringLiteral("ratio"));
        return scalarRight ? left : theme::Unit {};
    case BinaryOp::Mul:
        // 100 * ratio is written by people who want percent.
        if (scalarLeft || scalarRight) {
            const theme::Unit unit = scalarLeft ? right : left;
            const auto* number
                = as<NumberLiteral>(&withoutParens(scalarLeft ? *binary.lhs : *binary.rhs));
            const bool percent = unit.quantity == theme::Quantity::Ratio && number != nullptr
                && number->value == 100;
            return percent ? theme::unitFromWord(QStringLiteral("%")) : unit;
        }
        return {};
    case BinaryOp::Sub:
        // time() - some_timestamp is a length of time.
        if (left.quantity == theme::Quantity::Timestamp
            && right.quantity == theme::Quantity::Timestamp)
            return theme::unitFromWord(QStringLiteral("s"));
        return scalarLeft && left.quantity == theme::Quantity::None ? right : left;
    default:
        if (isComparison(binary.op) && binary.returnBool)
            return {};
        return scalarLeft ? right : left;
    }
}

theme::Unit unitOf(const Expr& expr, const view::MetricCatalog& catalog)
{
    if (const auto* selector = as<VectorSelector>(&expr))
        return unitOfName(selector->name, catalog);
    if (const auto* matrix = as<MatrixSelector>(&expr))
        return unitOf(*matrix->selector, catalog);
    if (const auto* subquery = as<Subquery>(&expr))
        return unitOf(*subquery->expr, catalog);
    if (const auto* paren = as<ParenExpr>(&expr))
        return unitOf(*paren->expr, catalog);
    if (const auto* unary = as<UnaryExpr>(&expr))
        return unitOf(*unary->expr, catalog);
    if (const auto* binary = as<BinaryExpr>(&expr))
        return unitOfBinary(*binary, catalog);
    if (const auto* call = as<Call>(&expr))
        return unitOfCall(*call, catalog);
    if (const auto* aggregate = as<AggregateExpr>(&expr)) {
        const bool counts = aggregate->op == AggregateOp::Count
            || aggregate->op == AggregateOp::CountValues || aggregate->op == AggregateOp::Group;
        return counts ? theme::Unit {} : unitOf(*aggregate->expr, catalog);
    }
    return {};
}

// "p95", "per second", "sum by instance": outermost first.
void collectPhrases(const Expr& expr, QStringList& phrases)
{
    const Expr& node = withoutParens(expr);
    if (const auto* call = as<Call>(&node)) {
        const QString name = QString::fromUtf8(
            call->function->name.data(), static_cast<qsizetype>(call->function->name.size()));
        const auto* quantile
            = call->arguments.empty() ? nullptr : as<NumberLiteral>(call->arguments.front().get());
        if (name == QLatin1String("histogram_quantile") && quantile != nullptr) {
            phrases += QLatin1Char('p') + QString::number(quantile->value * 100, 'g', 6);
            return; // The sum and the rate below are how it is done.
        }
        phrases += name == QLatin1String("rate") || name == QLatin1String("irate")
            ? QStringLiteral("rate")
            : name;
    } else if (const auto* aggregate = as<AggregateExpr>(&node)) {
        const std::string_view word = promql::toWord(aggregate->op);
        QString phrase = QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size()));
        QStringList grouping;
        for (const std::string& label : aggregate->grouping)
            grouping += QString::fromStdString(label);
        if (!grouping.isEmpty())
            phrase += QLatin1String(aggregate->without ? " without " : " by ")
                + grouping.join(QStringLiteral(", "));
        phrases += phrase;
    }
    const auto children = childrenOf(node);
    if (!children.empty() && phrases.size() < 8)
        collectPhrases(*children.back(), phrases);
}

void collectMetrics(const Expr& expr, QStringList& names)
{
    if (const auto* selector = as<VectorSelector>(&expr);
        selector != nullptr && !selector->name.empty()) {
        const QString name = QString::fromStdString(selector->name);
        if (!names.contains(name))
            names.append(name);
    }
    for (const Expr* child : childrenOf(expr))
        collectMetrics(*child, names);
}

} // namespace

QueryCheck checkQuery(const QString& text)
{
    QueryCheck check;
    if (text.trimmed().isEmpty())
        return check;
    const std::string utf8 = text.toStdString();
    const auto parsed = promql::parseExpr(utf8, ParseOptions::everything());
    if (parsed.ok()) {
        check.state = QueryState::Valid;
        const ValueType type = typeOf(*parsed.value);
        check.isScalarOrString = type == ValueType::Scalar || type == ValueType::String;
        if (type != ValueType::Matrix)
            return check;
        check.state = QueryState::Incomplete;
        check.message = QStringLiteral("a range vector needs a function around it, such as rate()");
        return check;
    }
    const ParseError& error = parsed.errors.front();
    const Position position = promql::positionIn(utf8, error.range.start);
    check.state = isUnfinished(error, utf8) ? QueryState::Incomplete : QueryState::Wrong;
    check.message = QString::fromStdString(error.message);
    check.line = position.line;
    check.offset = utf16Offset(utf8, error.range.start);
    const qsizetype lineBegin
        = check.offset == 0 ? 0 : text.lastIndexOf(QLatin1Char('\n'), check.offset - 1) + 1;
    check.column = static_cast<int>(check.offset - lineBegin) + 1;
    check.length = std::max<qsizetype>(1, utf16Offset(utf8, error.range.end) - check.offset);
    return check;
}

theme::Unit unitOfQuery(const QString& text, const view::MetricCatalog& catalog)
{
    const auto parsed = promql::parseExpr(text.toStdString(), ParseOptions::everything());
    return parsed.ok() ? unitOf(*parsed.value, catalog) : theme::Unit {};
}

QVector<ColoredSpan> colorsOf(const QString& text)
{
    const std::string utf8 = text.toStdString();
    const std::vector<Token> tokens = promql::tokenize(utf8);
    QVector<ColoredSpan> spans;
    const bool ascii = utf8.size() == static_cast<size_t>(text.size());
    const auto offset = [&](size_t bytes) {
        return ascii ? static_cast<qsizetype>(bytes) : utf16Offset(utf8, bytes);
    };
    int braces = 0;
    bool grouping = false;
    for (size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (token.type == TokenType::Eof)
            break;
        const Token* next = i + 1 < tokens.size() ? &tokens[i + 1] : nullptr;
        const Token* previous = i > 0 ? &tokens[i - 1] : nullptr;
        braces += token.type == TokenType::LeftBrace ? 1
            : token.type == TokenType::RightBrace    ? -1
                                                     : 0;
        if (token.type == TokenType::LeftParen && previous != nullptr)
            grouping = previous->type == TokenType::By || previous->type == TokenType::Without
                || previous->type == TokenType::On || previous->type == TokenType::Ignoring
                || previous->type == TokenType::GroupLeft
                || previous->type == TokenType::GroupRight;
        if (token.type == TokenType::RightParen)
            grouping = false;
        const theme::Ink ink = inkOf(token, next, braces > 0 || grouping);
        // An error's text is its message; it colours the rest up to the next token.
        const size_t endByte = token.type == TokenType::Error
            ? (next != nullptr ? next->offset : utf8.size())
            : token.offset + token.text.size();
        const qsizetype begin = offset(token.offset);
        spans.append({ begin, offset(endByte) - begin, ink });
    }
    return spans;
}

QString formatted(const QString& text)
{
    const auto parsed = promql::parseExpr(text.toStdString(), ParseOptions::everything());
    return parsed.ok() ? QString::fromStdString(promql::prettify(*parsed.value)) : text;
}

QStringList metricsOf(const QString& text)
{
    QStringList names;
    const auto parsed = promql::parseExpr(text.toStdString(), ParseOptions::everything());
    if (parsed.ok())
        collectMetrics(*parsed.value, names);
    return names;
}

QString titleOfQuery(const QString& text)
{
    const QString line = text.simplified()
                             .replace(QStringLiteral("( "), QStringLiteral("("))
                             .replace(QStringLiteral(" )"), QStringLiteral(")"));
    const auto parsed = promql::parseExpr(text.toStdString(), ParseOptions::everything());
    if (!parsed.ok())
        return line;
    QStringList metrics;
    collectMetrics(*parsed.value, metrics);
    const ExprKind kind = withoutParens(*parsed.value).kind;
    if (metrics.size() != 1 || kind == ExprKind::Binary || kind == ExprKind::Unary)
        return line;
    QStringList phrases;
    collectPhrases(*parsed.value, phrases);
    QString metric = metrics.first();
    if (metric.endsWith(QLatin1String("_bucket")))
        metric.chop(7);
    return (QStringList { metric } + phrases).join(QStringLiteral(", "));
}

const view::MetricView* metricOfSeries(const view::MetricCatalog& catalog, const QString& name)
{
    const auto find = [&](const std::string& wanted) -> const view::MetricView* {
        const auto at = std::lower_bound(catalog.metrics.begin(), catalog.metrics.end(), wanted,
            [](const view::MetricView& metric, const std::string& text) {
                return metric.name < text;
            });
        return at != catalog.metrics.end() && at->name == wanted ? &*at : nullptr;
    };
    const std::string whole = name.toStdString();
    if (const auto* metric = find(whole))
        return metric;
    for (const std::string_view ending : { "_bucket", "_count", "_sum", "_total" }) {
        if (whole.ends_with(ending)) {
            if (const auto* metric = find(whole.substr(0, whole.size() - ending.size())))
                return metric;
        }
    }
    return nullptr;
}

} // namespace fleetglass::widgets
