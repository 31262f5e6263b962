#include "core/promql/lexer_runes.h"

#include "core/base/utf8.h"
#include "core/labels/labels.h"

#include <cstdio>

namespace fleetglass::promql {

namespace {

std::string encode(Rune rune)
{
    std::string text;
    appendUtf8(text, rune < 0 ? static_cast<uint32_t>(kBadRune) : static_cast<uint32_t>(rune));
    return text;
}

} // namespace

std::string quoteRune(Rune rune)
{
    if (rune == '\'')
        return R"('\'')";
    if (rune == '"')
        return R"('"')";
    std::string quoted = labels::quote(encode(rune));
    quoted.front() = quoted.back() = '\'';
    return quoted;
}

std::string describeRune(Rune rune)
{
    char number[16];
    std::snprintf(number, sizeof number, "U+%04X", static_cast<unsigned>(rune));
    const std::string text = encode(rune);
    const bool printable = rune == '"' || rune == '\\' || labels::quote(text) == '"' + text + '"';
    return printable ? std::string(number) + " '" + text + "'" : std::string(number);
}

} // namespace fleetglass::promql
