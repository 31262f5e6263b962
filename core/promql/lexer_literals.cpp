// The scanner's strings, numbers and durations.
#include "core/labels/labels.h"
#include "core/promql/lexer.h"
#include "core/promql/lexer_runes.h"

namespace fleetglass::promql {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

// 16 where the character is no digit.
uint32_t digitValue(Rune rune)
{
    if (rune >= '0' && rune <= '9')
        return static_cast<uint32_t>(rune - '0');
    if (rune >= 'a' && rune <= 'f')
        return static_cast<uint32_t>(rune - 'a' + 10);
    if (rune >= 'A' && rune <= 'F')
        return static_cast<uint32_t>(rune - 'A' + 10);
    return 16;
}

} // namespace

Lexer::Mode Lexer::scanQuotedString()
{
    while (true) {
        const Rune rune = read();
        if (rune == '\\')
            return scanEscape();
        if (rune == kBadRune) {
            fail("invalid UTF-8 rune");
            return Mode::QuotedString;
        }
        if (rune == kEnd || rune == '\n') {
            fail("unterminated quoted string");
            return Mode::Done;
        }
        if (rune == static_cast<Rune>(m_state.quote))
            break;
    }
    emit(TokenType::String);
    return Mode::Statements;
}

// A bad escape gives an Error token, and the string goes on.
Lexer::Mode Lexer::scanEscape()
{
    const Rune rune = read();
    if (rune == static_cast<Rune>(m_state.quote))
        return Mode::QuotedString;
    switch (rune) {
    case 'a':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
    case 'v':
    case '\\':
        return Mode::QuotedString;
    case 'x':
        return scanEscapeDigits(read(), 2, 16, 255);
    case 'u':
        return scanEscapeDigits(read(), 4, 16, 0x10FFFF);
    case 'U':
        return scanEscapeDigits(read(), 8, 16, 0x10FFFF);
    case kEnd:
        fail("escape sequence not terminated");
        return Mode::QuotedString;
    default:
        break;
    }
    if (rune >= '0' && rune <= '7')
        return scanEscapeDigits(rune, 3, 8, 255);
    fail("unknown escape sequence " + describeRune(rune));
    return Mode::QuotedString;
}

Lexer::Mode Lexer::scanEscapeDigits(Rune first, int count, uint32_t base, uint32_t valueMax)
{
    uint64_t value = 0;
    Rune rune = first;
    for (int left = count; left > 0; --left) {
        const uint32_t digit = digitValue(rune);
        if (digit >= base) {
            fail(rune == kEnd ? "escape sequence not terminated"
                              : "illegal character " + describeRune(rune) + " in escape sequence");
            return Mode::QuotedString;
        }
        value = value * base + digit;
        if (left > 1)
            rune = read();
    }
    if (value > valueMax || (value >= 0xD800 && value < 0xE000))
        fail("escape sequence is an invalid Unicode code point");
    return Mode::QuotedString;
}

Lexer::Mode Lexer::scanRawString()
{
    while (true) {
        const Rune rune = read();
        if (rune == kBadRune) {
            fail("invalid UTF-8 rune");
            return Mode::RawString;
        }
        if (rune == kEnd) {
            fail("unterminated raw string");
            return Mode::Done;
        }
        if (rune == static_cast<Rune>(m_state.quote))
            break;
    }
    emit(TokenType::String);
    return Mode::Statements;
}

Lexer::Mode Lexer::scanNumber()
{
    if (!takeNumber()) {
        fail("bad number syntax: " + labels::quote(pending()));
        return Mode::Done;
    }
    emit(TokenType::Number);
    return Mode::Statements;
}

Lexer::Mode Lexer::scanNumberOrDuration()
{
    if (takeNumber()) {
        emit(TokenType::Number);
        return Mode::Statements;
    }
    if (takeDurationRest()) {
        emit(TokenType::Duration);
        return Mode::Statements;
    }
    fail("bad number or duration syntax: " + labels::quote(pending()));
    return Mode::Done;
}

// Takes what looks like a number; whether it is one is for the parser to say. Underscores, points
// and exponents may not stand next to each other. On failure the offending character is taken as
// well.
bool Lexer::takeNumber()
{
    const uint32_t initial = m_state.offset;
    bool hex = false;
    // In series descriptions 0x is "0, times".
    if (!isSeries() && accept("0") && accept("xX")) {
        accept("_");
        hex = true;
    }
    const std::string_view digits = hex ? kHexDigits : kDigits;
    accept(".");
    accept(digits);
    bool gotPoint = false;
    bool gotExponent = false;
    while (sees(digits) || sees("._eE")) {
        if (sees(".")) {
            accept(".");
            if (std::exchange(gotPoint, true) || accept("_.") || hex)
                return false;
        } else if (sees("eE")) {
            // In hexadecimal this is a digit as well, yet may come only once, as upstream has it.
            accept("eE");
            if (std::exchange(gotExponent, true) || !takeExponent())
                return false;
        } else if (accept("_")) {
            if (accept("._eE") || m_state.offset >= m_text.size())
                return false;
        } else {
            acceptRun(digits);
        }
    }
    if (m_state.offset == initial)
        return false;
    const Rune next = peek();
    return (isSeries() && next == 'x') || !isAlphaNumeric(next);
}

bool Lexer::takeExponent()
{
    accept("+-");
    return !accept("._eE") && m_state.offset < m_text.size();
}

bool Lexer::takeDurationRest()
{
    if (!accept("smhdwy"))
        return false;
    accept("s"); // For ms; hs and its like are caught when the duration is read.
    while (accept(kDigits)) {
        acceptRun(kDigits);
        if (!accept("smhdw"))
            return false;
        accept("s");
    }
    if (isAlphaNumeric(read()))
        return false;
    unread();
    return true;
}

// step, range, min_of and max_of.
bool Lexer::takeDurationKeyword()
{
    while (isAlpha(read())) { }
    unread();
    const auto keyword = keywordFor(pending());
    if (!keyword || *keyword < TokenType::Step || *keyword > TokenType::MinOf)
        return false;
    emit(*keyword);
    return true;
}

} // namespace fleetglass::promql
