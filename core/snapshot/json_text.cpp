#include "core/snapshot/json_text.h"

#include "core/base/utf8.h"

namespace fleetglass::snapshot {

namespace {

void putAscii(std::string& out, char c)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    switch (c) {
    case '"':
        out += "\\\"";
        return;
    case '\\':
        out += "\\\\";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        break;
    }
    if (static_cast<unsigned char>(c) >= 0x20) {
        out += c;
        return;
    }
    out += "\\u00";
    out += kDigits[static_cast<unsigned char>(c) >> 4U];
    out += kDigits[static_cast<unsigned char>(c) & 0xFU];
}

} // namespace

void putJsonText(std::string& out, std::string_view text)
{
    out += '"';
    while (!text.empty()) {
        if (static_cast<unsigned char>(text.front()) < 0x80) {
            putAscii(out, text.front());
            text.remove_prefix(1);
            continue;
        }
        const auto codePoint = takeCodePoint(text);
        appendUtf8(out, codePoint.value_or(0xFFFD));
        if (!codePoint)
            text.remove_prefix(1);
    }
    out += '"';
}

} // namespace fleetglass::snapshot
