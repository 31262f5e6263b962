// FamilyCursor: the bytes of a page one by one, and the tokens that expfmt's parser takes from
// them. Used from one thread at a time; the token is valid until the next take.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace fleetglass::exposition {

class FamilyCursor
{
public:
    explicit FamilyCursor(std::string_view body)
        : m_body(body)
    {
    }

    bool atEnd() const { return m_pos >= m_body.size(); }
    char byte() const { return atEnd() ? '\0' : m_body[m_pos]; }
    bool isAt(char c) const { return !atEnd() && m_body[m_pos] == c; }
    void advance() { ++m_pos; }
    void skipBlanks();
    void skipLine();

    const std::string& token() const { return m_token; }
    void takeUntilBlank();
    void takeUntilNewline();
    // HELP: `\\`, `\n` and `\"` undone, anything else after a backslash is an error.
    Result<void> takeHelp();
    // A name or a quoted one; an empty token where there is none. `what` is "metric" or "label".
    Result<void> takeName(std::string_view what, bool colons);
    // After the opening quote.
    Result<void> takeLabelValue();

private:
    Result<void> takeQuotedName(std::string_view what);
    Result<void> takeEscape();

    std::string_view m_body;
    size_t m_pos = 0;
    std::string m_token;
};

Error unexpectedEnd();

} // namespace fleetglass::exposition
