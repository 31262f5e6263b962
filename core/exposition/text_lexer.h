// TextLexer: what the lexers of the two text formats share: a place in the body, the token at hand,
// and the words of an error. Used from one thread at a time; views live as long as the body.
#pragma once

#include "core/base/result.h"
#include "core/exposition/text_token.h"

#include <string>
#include <string_view>

namespace fleetglass::exposition {

class TextLexer
{
public:
    explicit TextLexer(std::string_view body)
        : m_body(body)
    {
    }

    size_t pos() const { return m_pos; }
    size_t tokenStart() const { return m_start; }
    // Goes behind a line that somebody else has read; only between two lines.
    void skipLine(size_t lineBreak)
    {
        m_start = lineBreak;
        m_pos = lineBreak + 1;
    }
    std::string_view token() const { return slice(m_start, m_pos); }
    std::string_view slice(size_t from, size_t to) const { return m_body.substr(from, to - from); }

protected:
    // Consumes the bytes of these classes.
    void skipWhile(uint8_t classes)
    {
        while (m_pos < m_body.size() && isOf(m_body[m_pos], classes))
            ++m_pos;
    }

    bool startsWith(char c) const { return m_pos < m_body.size() && m_body[m_pos] == c; }

    struct Quoted
    {
        bool newlines = false; // May hold line breaks.
        bool nulBytes = false;
    };

    // Consumes a quoted string with its quotes; false where it is cut short, with the place there.
    bool takeQuoted(Quoted may);

    std::string_view m_body;
    size_t m_pos = 0;
    size_t m_start = 0;
};

// The line and column of a byte.
Position placeIn(std::string_view body, size_t at);

// "\x00a": the quoted form of a piece of the page, clipped where it is long.
std::string quoteExcerpt(std::string_view text);

} // namespace fleetglass::exposition
