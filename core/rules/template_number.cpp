#include "core/rules/template_number.h"

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/labels/labels.h"
#include "core/promql/literals.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace fleetglass::rules::tmpl {

namespace {

// Underscores stand between digits, or between a base prefix and a digit.
bool underscoresAreFine(std::string_view text, bool hasPrefix)
{
    char before = hasPrefix ? '0' : '^';
    for (const char c : text) {
        const bool digit = c != '_';
        if (!digit && before != '0')
            return false;
        before = digit ? '0' : '_';
    }
    return before != '_';
}

struct Digits
{
    std::string text;
    int base = 10;
};

std::optional<Digits> digitsOf(std::string_view text)
{
    Digits digits;
    bool hasPrefix = false;
    if (text.size() > 1 && text[0] == '0') {
        const char mark = static_cast<char>(text[1] | 0x20);
        digits.base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
        hasPrefix = true;
        text.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
    }
    if (text.empty() || !underscoresAreFine(text, hasPrefix))
        return std::nullopt;
    for (const char c : text) {
        if (c != '_')
            digits.text += c;
    }
    return digits;
}

// strconv.ParseUint(text, 0, 64)
std::optional<uint64_t> parseUnsigned(std::string_view text)
{
    const auto digits = digitsOf(text);
    if (!digits || digits->text.empty())
        return std::nullopt;
    uint64_t value = 0;
    const char* end = digits->text.data() + digits->text.size();
    const auto read = std::from_chars(digits->text.data(), end, value, digits->base);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return value;
}

// strconv.ParseInt(text, 0, 64)
std::optional<int64_t> parseSigned(std::string_view text)
{
    const bool negative = !text.empty() && text[0] == '-';
    if (!text.empty() && (text[0] == '-' || text[0] == '+'))
        text.remove_prefix(1);
    const auto magnitude = parseUnsigned(text);
    constexpr auto kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    if (!magnitude || *magnitude > kMax + (negative ? 1 : 0))
        return std::nullopt;
    return static_cast<int64_t>(negative ? 0 - *magnitude : *magnitude);
}

// 0x1.8p3: digits, a point, and an exponent, which Go asks for.
std::optional<double> parseHexFloat(const std::string& text)
{
    const size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    const bool isHex
        = text.size() > sign + 2 && text[sign] == '0' && (text[sign + 1] | 0x20) == 'x';
    if (!isHex || text.find_first_of("pP") == std::string::npos)
        return std::nullopt;
    const char* start = text.data() + sign + 2;
    const char* end = text.data() + text.size();
    double value = 0;
    const auto read = std::from_chars(start, end, value, std::chars_format::hex);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return sign == 1 && text[0] == '-' ? -value : value;
}

std::string withoutUnderscores(const std::string& text)
{
    std::string plain;
    for (const char c : text) {
        if (c != '_')
            plain += c;
    }
    return plain;
}

bool fitsExactly(double value, double low, double high)
{
    return value >= low && value < high && std::trunc(value) == value;
}

} // namespace

Result<Number> parseNumber(const std::string& text)
{
    Number number;
    number.uinteger = parseUnsigned(text);
    number.integer = parseSigned(text);
    if (number.integer) {
        if (*number.integer == 0)
            number.uinteger = 0;
        number.real = static_cast<double>(*number.integer);
        return number;
    }
    if (number.uinteger) {
        number.real = static_cast<double>(*number.uinteger);
        return number;
    }
    auto real = parseHexFloat(text);
    if (!real)
        real = parseFloat(withoutUnderscores(text));
    if (!real || std::isinf(*real))
        return failure("illegal number syntax: " + labels::quote(text));
    if (text.find_first_of(".eEpP") == std::string::npos)
        return failure("integer overflow: " + labels::quote(text));
    number.real = *real;
    number.isFloat = true;
    if (fitsExactly(*real, -0x1p63, 0x1p63))
        number.integer = static_cast<int64_t>(*real);
    if (fitsExactly(*real, 0, 0x1p64))
        number.uinteger = static_cast<uint64_t>(*real);
    return number;
}

Result<Number> parseCharacter(const std::string& text)
{
    const auto unquoted = promql::unquote(text);
    std::string_view rest = unquoted ? std::string_view(*unquoted) : std::string_view();
    const auto rune = takeCodePoint(rest);
    if (!rune || !rest.empty())
        return failure("malformed character constant: " + text);
    Number number;
    number.integer = *rune;
    number.uinteger = *rune;
    number.real = *rune;
    return number;
}

Result<double> parseGoFloat(const std::string& text)
{
    const std::string call = "strconv.ParseFloat: parsing " + labels::quote(text) + ": ";
    auto value = parseHexFloat(text);
    if (!value)
        value = parseFloat(text);
    if (!value)
        return failure(call + "invalid syntax");
    const bool saysInfinity = text.find_first_of("nN") != std::string::npos;
    if (std::isinf(*value) && !saysInfinity)
        return failure(call + "value out of range");
    return *value;
}

} // namespace fleetglass::rules::tmpl
