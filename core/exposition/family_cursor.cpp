#include "core/exposition/family_cursor.h"

#include "core/exposition/text_lexer.h"

#include <algorithm>

namespace fleetglass::exposition {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

} // namespace

Error unexpectedEnd()
{
    return { ErrorCode::Invalid, "unexpected end of input stream", std::nullopt };
}

void FamilyCursor::skipBlanks()
{
    while (!atEnd() && isBlank(m_body[m_pos]))
        ++m_pos;
}

void FamilyCursor::skipLine()
{
    m_pos = std::min(m_body.find('\n', m_pos), m_body.size());
}

void FamilyCursor::takeUntilBlank()
{
    const size_t start = m_pos;
    while (!atEnd() && !isBlank(m_body[m_pos]) && m_body[m_pos] != '\n')
        ++m_pos;
    m_token = m_body.substr(start, m_pos - start);
}

void FamilyCursor::takeUntilNewline()
{
    const size_t start = m_pos;
    skipLine();
    m_token = m_body.substr(start, m_pos - start);
}

// At the byte after a backslash.
Result<void> FamilyCursor::takeEscape()
{
    const char c = byte();
    if (atEnd())
        return failure(unexpectedEnd());
    if (c != '\\' && c != 'n' && c != '"')
        return failure("invalid escape sequence '\\" + std::string(1, c) + "'");
    m_token += c == 'n' ? '\n' : c;
    ++m_pos;
    return {};
}

Result<void> FamilyCursor::takeHelp()
{
    m_token.clear();
    while (!atEnd() && m_body[m_pos] != '\n') {
        const char c = m_body[m_pos++];
        if (c != '\\')
            m_token += c;
        else if (auto escape = takeEscape(); !escape)
            return escape;
    }
    return {};
}

Result<void> FamilyCursor::takeName(std::string_view what, bool colons)
{
    m_token.clear();
    if (isAt('"'))
        return takeQuotedName(what);
    const auto classes = static_cast<uint8_t>(kNameStart | (colons ? kColon : 0));
    if (atEnd() || !isOf(m_body[m_pos], classes))
        return {};
    const size_t start = m_pos;
    while (!atEnd() && isOf(m_body[m_pos], static_cast<uint8_t>(classes | kDigit)))
        ++m_pos;
    m_token = m_body.substr(start, m_pos - start);
    return {};
}

Result<void> FamilyCursor::takeQuotedName(std::string_view what)
{
    for (++m_pos; !atEnd();) {
        const char c = m_body[m_pos++];
        if (c == '"')
            return {};
        if (c == '\n')
            return failure(std::string(what) + " name " + quoteExcerpt(m_token)
                + " contains unescaped new-line");
        if (c != '\\')
            m_token += c;
        else if (auto escape = takeEscape(); !escape)
            return escape;
    }
    return failure(unexpectedEnd());
}

Result<void> FamilyCursor::takeLabelValue()
{
    m_token.clear();
    while (!atEnd()) {
        const char c = m_body[m_pos++];
        if (c == '"')
            return {};
        if (c == '\n')
            return failure("label value " + quoteExcerpt(m_token) + " contains unescaped new-line");
        if (c != '\\')
            m_token += c;
        else if (auto escape = takeEscape(); !escape)
            return escape;
    }
    return failure(unexpectedEnd());
}

} // namespace fleetglass::exposition
