#include "core/exposition/text_lexer.h"

#include "core/base/utf8.h"
#include "core/labels/labels.h"

#include <algorithm>

namespace fleetglass::exposition {

namespace {

constexpr size_t kExcerptBytesMax = 256;

} // namespace

bool TextLexer::takeQuoted(Quoted may)
{
    if (!startsWith('"'))
        return false;
    for (++m_pos; m_pos < m_body.size(); ++m_pos) {
        const char c = m_body[m_pos];
        if (c == '"') {
            ++m_pos;
            return true;
        }
        if (c == '\\') {
            ++m_pos; // Whatever follows is taken as it is, but for a line break.
            if (m_pos >= m_body.size() || m_body[m_pos] == '\n')
                return false;
        } else if ((c == '\n' && !may.newlines) || (c == '\0' && !may.nulBytes)) {
            return false;
        }
    }
    return false;
}

Position placeIn(std::string_view body, size_t at)
{
    const auto before = body.substr(0, at);
    const size_t lineStart = before.rfind('\n') + 1; // npos + 1 is 0.
    return { static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
        static_cast<int>(before.size() - lineStart) + 1 };
}

std::string quoteExcerpt(std::string_view text)
{
    return labels::quote(
        text.size() <= kExcerptBytesMax ? std::string(text) : clipUtf8(text, kExcerptBytesMax));
}

} // namespace fleetglass::exposition
