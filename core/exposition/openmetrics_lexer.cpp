#include "core/exposition/openmetrics_lexer.h"

#include <algorithm>

namespace fleetglass::exposition {

Token OpenMetricsLexer::takeByte(Token token, State state)
{
    ++m_pos;
    m_state = state;
    return token;
}

Token OpenMetricsLexer::takeWord(Token token, State state)
{
    ++m_pos;
    const size_t first = m_pos;
    while (m_pos < m_body.size() && m_body[m_pos] != ' ' && m_body[m_pos] != '\n'
        && m_body[m_pos] != '\0')
        ++m_pos;
    if (m_pos == first)
        return Token::Invalid;
    m_state = state;
    return token;
}

Token OpenMetricsLexer::next()
{
    if (m_pos >= m_body.size())
        return Token::Eof; // Messages about a missing token show the one before it.
    m_start = m_pos;
    const char c = m_body[m_pos];
    switch (m_state) {
    case State::Init:
        return nextInit();
    case State::MetadataName:
        return nextMetadataName();
    case State::MetadataText:
        return nextMetadataText();
    case State::Labels:
        return nextLabel();
    case State::LabelValue:
        m_state = State::Labels;
        return takeQuoted({ .nulBytes = true }) ? Token::LabelValue : Token::Invalid;
    case State::Value:
        if (c == '{')
            return takeByte(Token::BraceOpen, State::Labels);
        return c == ' ' ? takeWord(Token::Value, State::Timestamp) : Token::Invalid;
    case State::Timestamp:
        return nextTimestamp();
    case State::Exemplar:
        return nextExemplar();
    case State::ExemplarValue:
        if (c == '"') {
            m_state = State::Exemplar;
            return takeQuoted({}) ? Token::LabelValue : Token::Invalid;
        }
        return c == ' ' ? takeWord(Token::Value, State::ExemplarTimestamp) : Token::Invalid;
    case State::ExemplarTimestamp:
        if (c == '\n')
            return takeByte(Token::Linebreak, State::Init);
        return c == ' ' ? takeWord(Token::Timestamp, State::ExemplarTimestamp) : Token::Invalid;
    }
    return Token::Invalid;
}

Token OpenMetricsLexer::nextInit()
{
    const char c = m_body[m_pos];
    if (isOf(c, kNameStart | kColon)) {
        skipWhile(kNameStart | kColon | kDigit);
        m_state = State::Value;
        return Token::MetricName;
    }
    if (c == '#')
        return nextMetadata();
    if (c == '{')
        return takeByte(Token::BraceOpen, State::Labels);
    return Token::Invalid;
}

// Consumes the keyword, or as much of it as is there.
bool OpenMetricsLexer::takeKeyword(std::string_view keyword)
{
    for (const char c : keyword) {
        if (!startsWith(c))
            return false;
        ++m_pos;
    }
    return true;
}

Token OpenMetricsLexer::nextMetadata()
{
    ++m_pos;
    if (!takeKeyword(" ") || m_pos >= m_body.size())
        return Token::Invalid;
    if (m_body[m_pos] == 'E') {
        if (!takeKeyword("EOF"))
            return Token::Invalid;
        takeKeyword("\n");
        return Token::EofWord;
    }
    m_state = State::MetadataName;
    switch (m_body[m_pos]) {
    case 'H':
        return takeKeyword("HELP ") ? Token::Help : Token::Invalid;
    case 'T':
        return takeKeyword("TYPE ") ? Token::Type : Token::Invalid;
    case 'U':
        return takeKeyword("UNIT ") ? Token::Unit : Token::Invalid;
    default:
        return Token::Invalid;
    }
}

Token OpenMetricsLexer::nextMetadataName()
{
    m_state = State::MetadataText;
    if (startsWith('"'))
        return takeQuoted({ .newlines = true }) ? Token::MetricName : Token::Invalid;
    if (!isOf(m_body[m_pos], kNameStart | kColon))
        return Token::Invalid;
    skipWhile(kNameStart | kColon | kDigit);
    return Token::MetricName;
}

// The space before the text and the line break after it belong to the token.
Token OpenMetricsLexer::nextMetadataText()
{
    if (!startsWith(' '))
        return Token::Invalid;
    const size_t end = m_body.find('\n', m_pos);
    if (end == std::string_view::npos) {
        m_pos = m_body.size();
        return Token::Invalid;
    }
    m_pos = end + 1;
    m_state = State::Init;
    return Token::Text;
}

Token OpenMetricsLexer::nextLabel()
{
    const char c = m_body[m_pos];
    if (isOf(c, kNameStart)) {
        skipWhile(kNameStart | kDigit);
        return Token::LabelName;
    }
    switch (c) {
    case '=':
        return takeByte(Token::Equal, State::LabelValue);
    case ',':
        return takeByte(Token::Comma, State::Labels);
    case '}':
        return takeByte(Token::BraceClose, State::Value);
    case '"':
        return takeQuoted({ .newlines = true }) ? Token::QuotedString : Token::Invalid;
    default:
        return Token::Invalid;
    }
}

Token OpenMetricsLexer::nextExemplar()
{
    const char c = m_body[m_pos];
    if (isOf(c, kNameStart)) {
        skipWhile(kNameStart | kDigit);
        return Token::LabelName;
    }
    switch (c) {
    case '=':
        return takeByte(Token::Equal, State::ExemplarValue);
    case ',':
        return takeByte(Token::Comma, State::Exemplar);
    case '}':
        return takeByte(Token::BraceClose, State::ExemplarValue);
    case '"':
        return takeQuoted({}) ? Token::QuotedString : Token::Invalid;
    default:
        return Token::Invalid;
    }
}

Token OpenMetricsLexer::nextTimestamp()
{
    if (startsWith('\n'))
        return takeByte(Token::Linebreak, State::Init);
    if (!startsWith(' '))
        return Token::Invalid;
    if (slice(m_pos, std::min(m_pos + 3, m_body.size())) != " # ")
        return takeWord(Token::Timestamp, State::Timestamp);
    m_pos += 3;
    return startsWith('{') ? takeByte(Token::Comment, State::Exemplar) : Token::Invalid;
}

std::string OpenMetricsLexer::excerpt(size_t from) const
{
    return quoteExcerpt(slice(from, std::min(m_pos + 1, m_body.size())));
}

} // namespace fleetglass::exposition
