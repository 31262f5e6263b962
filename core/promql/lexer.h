// Lexer: PromQL text to tokens, one at a time, with the messages of Prometheus 3.14. The parser
// stops at the first Error token; an editor calls skipError() and goes on colouring. Used from one
// thread at a time. Tokens are views into the text given, which must outlive them.
#pragma once

#include "core/promql/lexer_runes.h"
#include "core/promql/token.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::promql {

class Lexer
{
public:
    enum class Language
    {
        Expression,
        SeriesDescription, // metric{a="b"} 1 2+3x4 {{schema:0 ...}}
    };

    // Where the scan stands between two tokens. A copy, put back with restore(), scans on from
    // there: an editor keeps one per line and rescans only what follows a change.
    struct State
    {
        enum class Mode : uint8_t
        {
            Statements,
            Braces,
            DurationExpression,
            ValueSequence,
            Histogram,
            Buckets,
            Number,
            QuotedString,
            RawString,
            Done,
        };
        enum class HistogramPart : uint8_t
        {
            None,
            Inside,
            Times,
            Plus,
            Minus
        };

        uint32_t offset = 0; // Next byte to read.
        uint32_t start = 0; // First byte of the token being read.
        int32_t parenDepth = 0;
        char32_t quote = 0; // What closes the string being read.
        Mode mode = Mode::Statements;
        HistogramPart histogram = HistogramPart::None;
        bool braceOpen = false;
        bool bracketOpen = false;
        bool gotColon = false;
        bool gotDuration = false;
        friend bool operator==(const State&, const State&) = default;
    };

    explicit Lexer(std::string_view text, Language language = Language::Expression);

    // Comments are tokens too. After the end: Eof, again and again.
    Token next();

    // After an Error token: reads on behind the offending character, outside of all brackets.
    void skipError();

    const State& state() const { return m_state; }
    void restore(const State& state) { m_state = state; }
    // Where the token being read began; after an Error token: the place the message speaks of.
    uint32_t start() const { return m_state.start; }

private:
    using Mode = State::Mode;

    Rune read();
    Rune peek();
    void unread() { m_state.offset -= m_width; }
    bool accept(std::string_view set);
    bool sees(std::string_view set);
    void acceptRun(std::string_view set);
    void emit(TokenType type);
    void fail(std::string message);
    void ignore() { m_state.start = m_state.offset; }
    std::string_view pending() const;

    Mode scan();
    Mode scanStatements();
    Mode scanSign(Rune first);
    Mode scanComparison(Rune first);
    Mode scanWordInBracket(Rune first);
    Mode scanBracket(Rune first);
    Mode scanBraces();
    Mode scanNegationInBraces();
    Mode scanDurationExpression();
    Mode scanDurationSign(Rune first);
    Mode scanComment();
    Mode scanSpace();
    Mode scanQuotedString();
    Mode scanEscape();
    Mode scanEscapeDigits(Rune first, int count, uint32_t base, uint32_t valueMax);
    Mode scanRawString();
    Mode scanNumber();
    Mode scanNumberOrDuration();
    Mode scanWord();
    Mode scanValueSequence();
    Mode scanHistogram();
    Mode scanHistogramEnd();
    Mode scanHistogramWord();
    Mode scanBuckets();
    bool takeNumber();
    bool takeExponent();
    bool takeDurationRest();
    bool takeDurationKeyword();
    bool parenFollows() const;
    bool isSeries() const { return m_language == Language::SeriesDescription; }

    std::string_view m_text;
    Language m_language;
    State m_state;
    uint32_t m_width = 0; // Of the rune read last.
    bool m_hasToken = false;
    Token m_token;
    std::string m_message; // Text of the newest Error token.
};

// A whole text for an editor: errors are among the tokens and do not end the list.
std::vector<Token> tokenize(std::string_view text);

} // namespace fleetglass::promql
