#include "core/exposition/openmetrics_sample.h"

#include "core/exposition/text_number.h"

#include "core/base/utf8.h"

namespace fleetglass::exposition {

namespace {

tl::unexpected<Error> missingEof()
{
    return failure("data does not end with # EOF");
}

} // namespace

tl::unexpected<Error> OpenMetricsSampleReader::unexpected(std::string_view wanted, Token got) const
{
    return failure(std::string(wanted) + ", got " + m_lexer.tokenExcerpt() + " (\""
        + std::string(nameOf(got)) + "\") while parsing: " + m_lexer.excerpt(m_entryStart));
}

tl::unexpected<Error> OpenMetricsSampleReader::whileParsing(std::string message) const
{
    return failure(std::move(message)
        + " while parsing: " + quoteExcerpt(m_lexer.slice(m_entryStart, m_lexer.pos())));
}

Result<void> OpenMetricsSampleReader::read(Token first, size_t entryStart)
{
    m_entryStart = entryStart;
    m_series.clear();
    m_timestampMs.reset();
    m_timestampText = m_exemplarTimestampText = {};
    m_exemplars.clear();
    Token token = first;
    size_t end = m_lexer.pos();
    if (first == Token::MetricName) {
        m_series.setName(m_lexer.token());
        token = m_lexer.next();
    }
    if (token == Token::BraceOpen) {
        if (auto labels = readLabels(m_series, false); !labels)
            return labels;
        end = m_lexer.pos();
        token = m_lexer.next();
    }
    if (!m_series.hasName())
        return whileParsing("metric name not set");
    if (auto good = m_series.checkName(); !good)
        return good;
    m_seriesText = m_lexer.slice(entryStart, end);
    return readValue(token);
}

Result<void> OpenMetricsSampleReader::readLabels(TextSeries& into, bool exemplar)
{
    Token token = m_lexer.next();
    while (token != Token::BraceClose) {
        if (auto label = readOneLabel(into, exemplar, token, token); !label)
            return label;
    }
    return {};
}

Result<void> OpenMetricsSampleReader::readOneLabel(
    TextSeries& into, bool exemplar, Token first, Token& next)
{
    if (first != Token::LabelName && first != Token::QuotedString)
        return unexpected("expected label name", first);
    auto name = m_lexer.token();
    if (first == Token::QuotedString)
        name = name.substr(1, name.size() - 2);
    Token token = m_lexer.next();
    if (first == Token::QuotedString && (token == Token::Comma || token == Token::BraceClose)) {
        if (exemplar)
            return unexpected("expected label name", token);
        if (into.hasName())
            return whileParsing("metric name already set");
        into.setName(name);
        next = token == Token::BraceClose ? token : m_lexer.next();
        return {};
    }
    if (token != Token::Equal)
        return unexpected("expected equal", token);
    if (token = m_lexer.next(); token != Token::LabelValue)
        return unexpected("expected label value", token);
    const auto quoted = m_lexer.token();
    if (!isValidUtf8(quoted))
        return failure("invalid UTF-8 label value: " + quoteExcerpt(quoted));
    if (auto added = into.add({ name, quoted.substr(1, quoted.size() - 2) }); !added)
        return added;
    next = m_lexer.next();
    if (next == Token::Comma)
        next = m_lexer.next(); // One comma may trail.
    else if (next != Token::BraceClose)
        return unexpected("expected comma or brace close", next);
    return {};
}

Result<double> OpenMetricsSampleReader::takeFloat(
    Token token, std::string_view after, std::string_view& text)
{
    if (token != Token::Value)
        return unexpected("expected value after " + std::string(after), token);
    text = m_lexer.token().substr(1);
    auto value = parseSampleValue(text);
    if (!value)
        return whileParsing(value.error().message);
    return value;
}

Result<void> OpenMetricsSampleReader::readValue(Token first)
{
    const auto value = takeFloat(first, "metric", m_valueText);
    if (!value)
        return failure(value.error());
    m_value = *value;
    const Token token = m_lexer.next();
    switch (token) {
    case Token::Eof:
        return missingEof();
    case Token::Linebreak:
        return {};
    case Token::Comment:
        return readExemplar();
    case Token::Timestamp:
        return readAfterTimestamp();
    default:
        return unexpected("expected timestamp or # symbol", token);
    }
}

Result<void> OpenMetricsSampleReader::readAfterTimestamp()
{
    m_timestampText = m_lexer.token().substr(1);
    const auto number = parseSampleValue(m_timestampText);
    if (!number)
        return whileParsing(number.error().message);
    const auto ms = parseTimestampSeconds(m_timestampText, "timestamp");
    if (!ms)
        return failure(ms.error());
    m_timestampMs = *ms;
    const Token token = m_lexer.next();
    switch (token) {
    case Token::Eof:
        return missingEof();
    case Token::Linebreak:
        return {};
    case Token::Comment:
        return readExemplar();
    default:
        return unexpected("expected next entry after timestamp", token);
    }
}

Result<void> OpenMetricsSampleReader::readExemplar()
{
    m_exemplarLabels.clear();
    if (auto labels = readLabels(m_exemplarLabels, true); !labels)
        return labels;
    const auto value = takeFloat(m_lexer.next(), "exemplar labels", m_exemplarValueText);
    if (!value)
        return failure(value.error());
    m_exemplars.push_back({ m_exemplarLabels.plainLabels(), *value, std::nullopt });
    Token token = m_lexer.next();
    if (token == Token::Timestamp) {
        m_exemplarTimestampText = m_lexer.token().substr(1);
        const auto number = parseSampleValue(m_exemplarTimestampText);
        if (!number)
            return whileParsing(number.error().message);
        const auto ms = parseTimestampSeconds(m_exemplarTimestampText, "exemplar timestamp");
        if (!ms)
            return failure(ms.error());
        m_exemplars.back().timestampMs = *ms;
        if (token = m_lexer.next(); token != Token::Linebreak)
            return unexpected("expected next entry after exemplar timestamp", token);
        return {};
    }
    if (token == Token::Eof)
        return missingEof();
    if (token != Token::Linebreak)
        return unexpected("expected timestamp or comment", token);
    return {};
}

} // namespace fleetglass::exposition
