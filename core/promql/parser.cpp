#include "core/promql/parser.h"

#include "core/base/duration.h"
#include "core/labels/labels.h"
#include "core/promql/literals.h"
#include "core/promql/parser_impl.h"

namespace fleetglass::promql {

namespace {

bool isClosing(TokenType type)
{
    return type == TokenType::RightBrace || type == TokenType::RightParen
        || type == TokenType::RightBracket || type == TokenType::Duration
        || type == TokenType::Number;
}

} // namespace

Parser::Parser(std::string_view text, const ParseOptions& options, Lexer::Language language)
    : m_text(text)
    , m_options(options)
    , m_lexer(text, language)
{
    if (text.size() > kQueryBytesMax)
        addLimit("query of " + std::to_string(text.size()) + " bytes is longer than the limit of "
            + std::to_string(kQueryBytesMax) + " bytes");
}

const Token& Parser::peek()
{
    if (m_hasToken)
        return m_token;
    m_hasToken = true;
    if (m_gotEof) {
        m_atEnd = true;
        return m_token;
    }
    do {
        m_token = m_lexer.next();
    } while (m_token.type == TokenType::Comment);
    if (m_token.type == TokenType::Error) {
        addError(
            { m_lexer.start(), static_cast<uint32_t>(m_text.size()) }, std::string(m_token.text));
        m_atEnd = true;
    } else if (m_token.type == TokenType::Eof) {
        m_gotEof = true;
    } else if (isClosing(m_token.type)) {
        m_lastClosing = m_token.range().end;
    }
    return m_token;
}

Token Parser::shift()
{
    const Token token = peek();
    m_hasToken = false;
    m_lastEnd = token.range().end;
    if (m_recovering > 0)
        --m_recovering;
    return token;
}

void Parser::addError(PosRange range, std::string message)
{
    if (!m_aborted)
        m_errors.push_back({ range, std::move(message), ErrorCode::Invalid });
}

void Parser::addError(PosRange range, const Error& error)
{
    if (!m_aborted)
        m_errors.push_back({ range, error.message, error.code });
}

void Parser::addLimit(std::string message)
{
    if (m_aborted)
        return;
    m_errors.push_back({ {}, std::move(message), ErrorCode::Limit });
    m_aborted = true;
}

void Parser::unexpected(std::string_view context, std::string_view expected)
{
    // What the lexer says about its own errors is enough.
    if (m_token.type == TokenType::Error)
        return;
    std::string message = "unexpected " + describe(m_token);
    if (!context.empty())
        message.append(" in ").append(context);
    if (!expected.empty())
        message.append(", expected ").append(expected);
    addError(m_token.range(), std::move(message));
}

bool Parser::retry()
{
    if (m_aborted)
        return false;
    if (m_recovering < 3) {
        m_recovering = 3;
        return false;
    }
    if (atEnd()) {
        m_aborted = true;
        return false;
    }
    m_hasToken = false;
    return true;
}

bool Parser::catchError()
{
    return !m_aborted;
}

void Parser::finish(bool parsed)
{
    while (!m_aborted) {
        if (!parsed) {
            unexpected("", "");
            parsed = true;
        } else if (atEnd()) {
            return;
        } else if (at(TokenType::Eof)) {
            shift();
        } else if (!retry()) {
            parsed = false;
        }
    }
}

std::string Parser::unquoteToken(const Token& token)
{
    auto text = unquote(token.text);
    if (!text) {
        addError(m_token.range(),
            "error unquoting string " + labels::quote(token.text) + ": invalid syntax");
        return {};
    }
    return std::move(*text);
}

double Parser::numberOf(const Token& token)
{
    if (token.type == TokenType::Duration) {
        const auto duration = fleetglass::parseDuration(token.text);
        if (!duration)
            addError(token.range(), duration.error().message);
        return duration ? std::chrono::duration<double>(*duration).count() : 0;
    }
    const auto number = parseNumber(token.text);
    if (!number)
        addError(token.range(), "error parsing number: " + number.error().message);
    return number.value_or(0);
}

bool Parser::Level::fits()
{
    if (m_parser.m_level > kDepthMax)
        m_parser.addLimit("query is nested deeper than the limit of " + std::to_string(kDepthMax)
            + " levels; split it with recording rules");
    return !m_parser.m_aborted;
}

bool Parser::countNode(const Expr& node)
{
    if (node.depth > kDepthMax)
        addLimit("query is nested deeper than the limit of " + std::to_string(kDepthMax)
            + " levels; split it with recording rules");
    if (++m_nodes > kNodesMax)
        addLimit("query has more parts than the limit of " + std::to_string(kNodesMax)
            + "; split it with recording rules");
    return !m_aborted;
}

bool Parser::adoptDepth(Expr& node, const Expr* child)
{
    if (child)
        node.depth = std::max(node.depth, static_cast<uint16_t>(child->depth + 1));
    if (node.depth > kDepthMax)
        addLimit("query is nested deeper than the limit of " + std::to_string(kDepthMax)
            + " levels; split it with recording rules");
    return !m_aborted;
}

ExprPtr Parser::parseWholeExpr()
{
    if (m_aborted)
        return nullptr;
    if (at(TokenType::Eof)) {
        addError({}, "no expression found in input");
        return nullptr;
    }
    ExprPtr expr = parseExpr(1);
    finish(expr != nullptr);
    if (expr && m_errors.empty())
        checkTypes(*expr);
    return expr;
}

ExprPtr Parser::parseWholeSelector()
{
    if (m_aborted)
        return nullptr;
    ExprPtr selector;
    while (!m_aborted) {
        if (at(TokenType::LeftBrace)) {
            selector = parseMetricSelector(nullptr);
            break;
        }
        if (isMetricName(peek().type) && !atEnd()) {
            const Token name = shift();
            selector = parseMetricSelector(&name);
            break;
        }
        if (!retry())
            break;
    }
    finish(selector != nullptr);
    return selector;
}

labels::Labels Parser::parseWholeMetric()
{
    labels::Labels result;
    if (!m_aborted)
        finish(parseMetric(result));
    return result;
}

Parsed<ExprPtr> parseExpr(std::string_view query, const ParseOptions& options)
{
    Parser parser(query, options);
    Parsed<ExprPtr> parsed;
    parsed.value = parser.parseWholeExpr();
    parsed.errors = parser.takeErrors();
    return parsed;
}

Parsed<labels::Labels> parseMetric(std::string_view text, const ParseOptions& options)
{
    Parser parser(text, options);
    Parsed<labels::Labels> parsed;
    parsed.value = parser.parseWholeMetric();
    parsed.errors = parser.takeErrors();
    return parsed;
}

Parsed<std::vector<labels::Matcher>> parseMetricSelector(
    std::string_view text, const ParseOptions& options)
{
    Parser parser(text, options);
    Parsed<std::vector<labels::Matcher>> parsed;
    ExprPtr selector = parser.parseWholeSelector();
    parsed.errors = parser.takeErrors();
    if (auto* vector = as<VectorSelector>(selector.get()))
        parsed.value = std::move(vector->matchers);
    return parsed;
}

Position positionIn(std::string_view query, uint32_t offset)
{
    Position position { 1, 1 };
    for (const char c : query.substr(0, offset)) {
        ++position.column;
        if (c == '\n') {
            ++position.line;
            position.column = 1;
        }
    }
    return position;
}

std::string describe(const ParseError& error, std::string_view query)
{
    std::string place = "unknown position";
    if (!query.empty()) {
        const Position position = positionIn(query, error.range.start);
        place = std::to_string(position.line) + ":" + std::to_string(position.column);
    }
    return place + ": parse error: " + error.message;
}

Error toError(const std::vector<ParseError>& errors, std::string_view query)
{
    if (errors.empty())
        return Error { ErrorCode::Internal, "parse error without a message", std::nullopt };
    const ParseError& first = errors.front();
    std::optional<Position> position;
    if (!query.empty())
        position = positionIn(query, first.range.start);
    return Error { first.code, describe(first, query), position };
}

Result<ExprPtr> parse(std::string_view query, const ParseOptions& options)
{
    auto parsed = parseExpr(query, options);
    if (!parsed.ok())
        return failure(toError(parsed.errors, query));
    return std::move(parsed.value);
}

} // namespace fleetglass::promql
