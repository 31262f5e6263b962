// Classes of characters of PromQL, and Go's ways of showing one in a message. Pure functions;
// thread-safe.
#pragma once

#include <cstdint>
#include <string>

namespace fleetglass::promql {

using Rune = int32_t;
inline constexpr Rune kEnd = -1; // Behind the last character.
inline constexpr Rune kBadRune = 0xFFFD; // Bytes that are not UTF-8.

inline bool isSpace(Rune rune)
{
    return rune == ' ' || rune == '\t' || rune == '\n' || rune == '\r';
}

inline bool isDigit(Rune rune)
{
    return rune >= '0' && rune <= '9';
}

inline bool isAlpha(Rune rune)
{
    return rune == '_' || (rune >= 'a' && rune <= 'z') || (rune >= 'A' && rune <= 'Z');
}

inline bool isAlphaNumeric(Rune rune)
{
    return isAlpha(rune) || isDigit(rune);
}

// Go's %q: 'x', '\n', '☺'.
std::string quoteRune(Rune rune);
// Go's %#U: U+0078 'x'.
std::string describeRune(Rune rune);

} // namespace fleetglass::promql
