#include "core/exposition/prometheus_lexer.h"

#include <algorithm>

namespace fleetglass::exposition {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

} // namespace

void PrometheusLexer::skipBlanks()
{
    while (m_pos < m_body.size() && isBlank(m_body[m_pos]))
        ++m_pos;
}

Token PrometheusLexer::takeByte(Token token, State state)
{
    ++m_pos;
    m_state = state;
    return token;
}

Token PrometheusLexer::lineBreak()
{
    return takeByte(Token::Linebreak, State::Init);
}

Token PrometheusLexer::next()
{
    if (m_state != State::MetadataText)
        skipBlanks();
    m_start = m_pos;
    if (m_pos > m_body.size())
        return Token::Eof;
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
        return takeQuoted({ .newlines = true, .nulBytes = true }) ? Token::LabelValue
                                                                  : Token::Invalid;
    case State::Value:
        return nextValue();
    case State::Timestamp:
        return nextTimestamp();
    }
    return Token::Invalid;
}

Token PrometheusLexer::nextInit()
{
    if (isLineEnd())
        return lineBreak();
    const char c = m_body[m_pos];
    if (isOf(c, kNameStart | kColon)) {
        skipWhile(kNameStart | kColon | kDigit);
        m_state = State::Value;
        return Token::MetricName;
    }
    if (c == '#')
        return nextComment();
    if (c == '{')
        return takeByte(Token::BraceOpen, State::Labels);
    return Token::Invalid;
}

// After the '#': HELP and TYPE want a blank on either side, all else is a comment.
Token PrometheusLexer::nextComment()
{
    ++m_pos;
    const size_t hash = m_pos;
    skipBlanks();
    if (m_pos == hash)
        return restOfComment();
    const auto word = m_body.substr(m_pos, 4);
    const bool blankAfter = m_pos + 4 < m_body.size() && isBlank(m_body[m_pos + 4]);
    if (!blankAfter || (word != "HELP" && word != "TYPE"))
        return restOfComment();
    m_pos += 4;
    skipBlanks();
    m_state = State::MetadataName;
    return word == "HELP" ? Token::Help : Token::Type;
}

Token PrometheusLexer::restOfComment()
{
    m_pos = std::min(m_body.find('\n', m_pos), m_body.size());
    m_state = State::Init;
    return Token::Comment;
}

Token PrometheusLexer::nextMetadataName()
{
    m_state = State::MetadataText;
    if (startsWith('"'))
        return takeQuoted({ .newlines = true }) ? Token::MetricName : Token::Invalid;
    if (isLineEnd() || !isOf(m_body[m_pos], kNameStart | kColon))
        return Token::Invalid;
    skipWhile(kNameStart | kColon | kDigit);
    return Token::MetricName;
}

Token PrometheusLexer::nextMetadataText()
{
    const size_t end = std::min(m_body.find('\n', m_pos), m_body.size());
    const auto rest = slice(m_pos, end);
    // A text of blanks alone is no text; of any other the first blank only separates.
    if (std::all_of(rest.begin(), rest.end(), isBlank))
        m_start = end;
    m_pos = end;
    m_state = State::Init;
    return Token::Text;
}

Token PrometheusLexer::nextLabel()
{
    if (m_pos >= m_body.size())
        return Token::Invalid;
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

Token PrometheusLexer::nextValue()
{
    if (startsWith('{'))
        return takeByte(Token::BraceOpen, State::Labels);
    while (!isLineEnd() && !isBlank(m_body[m_pos]) && m_body[m_pos] != '{' && m_body[m_pos] != '\0')
        ++m_pos;
    if (m_pos == m_start)
        return Token::Invalid;
    m_state = State::Timestamp;
    return Token::Value;
}

Token PrometheusLexer::nextTimestamp()
{
    if (isLineEnd())
        return lineBreak();
    // Prometheus takes no '-' here; the format's own page does, and the store drops what is too
    // old.
    if (m_body[m_pos] == '-')
        ++m_pos;
    const size_t digits = m_pos;
    skipWhile(kDigit);
    if (m_pos > digits)
        return Token::Timestamp;
    m_pos = m_start;
    return Token::Invalid;
}

std::string PrometheusLexer::excerpt(size_t from) const
{
    const size_t end = m_pos + 1;
    std::string text(slice(std::min(from, m_body.size()), std::min(end, m_body.size())));
    if (end > m_body.size())
        text += '\n';
    return quoteExcerpt(text);
}

} // namespace fleetglass::exposition
