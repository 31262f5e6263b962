#include "core/exposition/names.h"

#include "core/base/utf8.h"
#include "core/labels/labels.h"

#include <optional>

namespace fleetglass::exposition {

namespace {

bool isLetter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Whether a metric name of old may hold the character there.
bool isLegacyAt(uint32_t c, bool first)
{
    return isLetter(c) || c == '_' || c == ':' || (!first && c >= '0' && c <= '9');
}

// Calls f(code point, whether it is the first); a byte that is no UTF-8 counts as U+FFFD.
template<class F>
void eachCodePoint(std::string_view text, F f)
{
    for (bool first = true; !text.empty(); first = false) {
        if (const auto codePoint = takeCodePoint(text)) {
            f(*codePoint, first);
        } else {
            f(uint32_t { 0xFFFD }, first);
            text.remove_prefix(1);
        }
    }
}

std::string hex(uint32_t value)
{
    std::string digits;
    for (; value > 0; value >>= 4U)
        digits.insert(digits.begin(), "0123456789abcdef"[value & 0xFU]);
    return digits.empty() ? "0" : digits;
}

std::string escapeDots(std::string_view name)
{
    std::string escaped;
    eachCodePoint(name, [&](uint32_t c, bool first) {
        if (c == '.')
            escaped += "_dot_";
        else if (c == '_' || !isLegacyAt(c, first))
            escaped += "__";
        else
            escaped += static_cast<char>(c);
    });
    return escaped;
}

std::string escapeUnderscores(std::string_view name)
{
    std::string escaped;
    eachCodePoint(name, [&](uint32_t c, bool first) {
        escaped += isLegacyAt(c, first) ? static_cast<char>(c) : '_';
    });
    return escaped;
}

std::string escapeValues(std::string_view name)
{
    std::string escaped = "U__";
    eachCodePoint(name, [&](uint32_t c, bool first) {
        if (c == '_')
            escaped += "__";
        else if (isLegacyAt(c, first))
            escaped += static_cast<char>(c);
        else
            escaped += '_' + hex(c) + '_';
    });
    return escaped;
}

std::string replacedAll(std::string text, std::string_view from, std::string_view to)
{
    for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

std::optional<uint32_t> hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<uint32_t>(c - '0');
    const char lower = static_cast<char>(c | 0x20);
    if (lower >= 'a' && lower <= 'f')
        return static_cast<uint32_t>(lower - 'a' + 10);
    return std::nullopt;
}

// "2e_" at the front of `rest`; nothing where it is no code point.
std::optional<uint32_t> takeCode(std::string_view& rest)
{
    uint32_t value = 0;
    for (size_t i = 0; i < rest.size() && i < 7; ++i) {
        if (rest[i] == '_') {
            rest.remove_prefix(i + 1);
            const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
            return value > 0x10FFFF || surrogate ? std::nullopt : std::optional(value);
        }
        const auto digit = hexDigit(rest[i]);
        if (!digit || i == 6)
            return std::nullopt;
        value = value * 16 + *digit;
    }
    return std::nullopt;
}

std::string unescapeValues(std::string_view name)
{
    std::string plain;
    auto rest = name.substr(3);
    while (!rest.empty()) {
        const char c = rest[0];
        rest.remove_prefix(1);
        if (c != '_') {
            plain += c;
        } else if (rest.starts_with('_')) {
            plain += '_';
            rest.remove_prefix(1);
        } else if (const auto code = takeCode(rest)) {
            appendUtf8(plain, *code);
        } else {
            return std::string(name);
        }
    }
    return plain;
}

} // namespace

bool isValidUtf8Name(std::string_view name)
{
    return !name.empty() && isValidUtf8(name);
}

std::string escapeName(std::string_view name, Escaping escaping)
{
    if (name.empty() || escaping == Escaping::AllowUtf8)
        return std::string(name);
    if (escaping == Escaping::Dots)
        return escapeDots(name); // Legacy names too: their underscores are doubled.
    if (labels::isLegacyMetricName(name))
        return std::string(name);
    return escaping == Escaping::Underscores ? escapeUnderscores(name) : escapeValues(name);
}

std::string unescapeName(std::string_view name, Escaping escaping)
{
    if (escaping == Escaping::Dots)
        return replacedAll(replacedAll(std::string(name), "_dot_", "."), "__", "_");
    if (escaping == Escaping::Values && name.starts_with("U__"))
        return unescapeValues(name);
    return std::string(name);
}

std::string sanitizeLabelName(std::string_view name)
{
    std::string clean;
    eachCodePoint(name, [&](uint32_t c, bool) {
        clean += c != ':' && isLegacyAt(c, false) ? static_cast<char>(c) : '_';
    });
    return clean;
}

std::string sanitizeFullLabelName(std::string_view name)
{
    if (name.empty())
        return "_";
    std::string clean;
    eachCodePoint(name, [&](uint32_t c, bool first) {
        clean += c != ':' && isLegacyAt(c, first) ? static_cast<char>(c) : '_';
    });
    return clean;
}

} // namespace fleetglass::exposition
