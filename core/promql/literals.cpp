#include "core/promql/literals.h"

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/labels/labels.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace fleetglass::promql {

namespace {

// Takes `count` digits of `base` from the front.
std::optional<uint32_t> takeDigits(std::string_view& text, size_t count, int base)
{
    uint32_t value = 0;
    if (text.size() < count)
        return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + count, value, base);
    if (error != std::errc() || end != text.data() + count)
        return std::nullopt;
    text.remove_prefix(count);
    return value;
}

char simpleEscape(char letter)
{
    switch (letter) {
    case 'a':
        return '\a';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'v':
        return '\v';
    case '\\':
        return '\\';
    default:
        return '\0';
    }
}

bool takeCodePointEscape(std::string_view& text, size_t digits, std::string& out)
{
    const auto value = takeDigits(text, digits, 16);
    if (!value || *value > 0x10FFFF)
        return false;
    const bool surrogate = *value >= 0xD800 && *value < 0xE000;
    appendUtf8(out, surrogate ? 0xFFFD : *value);
    return true;
}

// Behind the backslash.
bool takeEscape(std::string_view& text, char quote, std::string& out)
{
    if (text.empty())
        return false;
    const char letter = text[0];
    if (letter >= '0' && letter <= '7') {
        const auto value = takeDigits(text, 3, 8);
        if (!value || *value > 255)
            return false;
        out += static_cast<char>(*value);
        return true;
    }
    text.remove_prefix(1);
    if (const char plain = simpleEscape(letter)) {
        out += plain;
        return true;
    }
    if (letter == 'u')
        return takeCodePointEscape(text, 4, out);
    if (letter == 'U')
        return takeCodePointEscape(text, 8, out);
    if (letter == 'x') {
        const auto value = takeDigits(text, 2, 16);
        if (value)
            out += static_cast<char>(*value);
        return value.has_value();
    }
    if (letter != quote)
        return false;
    out += letter;
    return true;
}

bool isDigitOf(char c, int base)
{
    if (base == 16)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    return c >= '0' && c < '0' + base;
}

// Go's rule: an underscore stands between digits, or between the base's prefix and a digit.
bool underscoresAreFine(std::string_view text)
{
    if (text.find('_') == std::string_view::npos)
        return true;
    char before = '^'; // '0' a digit, '_' an underscore, '!' something else, '^' the start.
    size_t i = 0;
    bool hex = false;
    if (text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        hex = true;
        before = '0';
        i = 2;
    }
    for (; i < text.size(); ++i) {
        if (isDigitOf(text[i], hex ? 16 : 10)) {
            before = '0';
        } else if (text[i] == '_') {
            if (before != '0')
                return false;
            before = '_';
        } else {
            if (before == '_')
                return false;
            before = '!';
        }
    }
    return before != '_';
}

std::string withoutUnderscores(std::string_view text)
{
    std::string plain;
    plain.reserve(text.size());
    for (const char c : text) {
        if (c != '_')
            plain += c;
    }
    return plain;
}

// strconv.ParseInt with base 0; nothing where it is no whole number of 64 bits.
std::optional<int64_t> parseWhole(std::string_view digits)
{
    int base = 10;
    if (digits.size() > 1 && digits[0] == '0') {
        const bool hex = digits[1] == 'x' || digits[1] == 'X';
        base = hex ? 16 : 8;
        digits.remove_prefix(hex ? 2 : 1);
    }
    int64_t value = 0;
    const char* last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, value, base);
    if (digits.empty() || error != std::errc() || end != last)
        return std::nullopt;
    return value;
}

tl::unexpected<Error> numberError(
    std::string_view function, std::string_view text, const char* what)
{
    return failure(
        "strconv." + std::string(function) + ": parsing " + labels::quote(text) + ": " + what);
}

} // namespace

std::optional<std::string> unquote(std::string_view text)
{
    if (text.size() < 2 || text.front() != text.back())
        return std::nullopt;
    const char quote = text.front();
    text = text.substr(1, text.size() - 2);
    if (quote == '`')
        return text.find('`') == std::string_view::npos ? std::optional<std::string>(text)
                                                        : std::nullopt;
    if ((quote != '"' && quote != '\'') || text.find('\n') != std::string_view::npos)
        return std::nullopt;
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const char c = text[0];
        if (c == quote)
            return std::nullopt;
        if (c == '\\') {
            text.remove_prefix(1);
            if (!takeEscape(text, quote, out))
                return std::nullopt;
        } else if (static_cast<unsigned char>(c) < 0x80) {
            out += c;
            text.remove_prefix(1);
        } else if (const auto codePoint = takeCodePoint(text)) {
            appendUtf8(out, *codePoint);
        } else {
            appendUtf8(out, 0xFFFD);
            text.remove_prefix(1);
        }
    }
    return out;
}

Result<double> parseNumber(std::string_view text)
{
    if (!underscoresAreFine(text))
        return numberError("ParseFloat", text, "invalid syntax");
    const std::string plain = withoutUnderscores(text);
    if (const auto whole = parseWhole(plain))
        return static_cast<double>(*whole);
    const auto value = parseFloat(plain);
    if (!value)
        return numberError("ParseFloat", text, "invalid syntax");
    const bool isWord = plain[0] == 'i' || plain[0] == 'I';
    if (std::isinf(*value) && !isWord)
        return numberError("ParseFloat", text, "value out of range");
    return *value;
}

Result<uint64_t> parseUnsigned(std::string_view text)
{
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range)
        return numberError("ParseUint", text, "value out of range");
    if (error != std::errc() || end != text.data() + text.size())
        return numberError("ParseUint", text, "invalid syntax");
    return value;
}

} // namespace fleetglass::promql
