#include "core/base/utf8.h"
#include "core/rules/template_printf.h"

#include <array>
#include <cstdio>

namespace fleetglass::rules::tmpl {

namespace {

std::string htmlText(std::string_view text, bool strict)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "&#34;";
            break;
        case '\'':
            out += "&#39;";
            break;
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '\0':
            out += "\uFFFD";
            break;
        case '+':
            out += strict ? "&#43;" : "+"; // Guards against UTF-7.
            break;
        default:
            out += c;
        }
    }
    return out;
}

} // namespace

std::string escapedAsHtml(std::string_view text)
{
    return htmlText(text, false);
}

std::string escapedForHtml(std::string_view text)
{
    return htmlText(text, true);
}

std::string escapedAsJs(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '\\':
        case '\'':
        case '"':
            out += '\\';
            out += c;
            break;
        case '<':
            out += "\\u003C";
            break;
        case '>':
            out += "\\u003E";
            break;
        case '&':
            out += "\\u0026";
            break;
        case '=':
            out += "\\u003D";
            break;
        default:
            if (static_cast<unsigned char>(c) < ' ') {
                std::array<char, 8> buffer {};
                std::snprintf(
                    buffer.data(), buffer.size(), "\\u%04X", static_cast<unsigned char>(c));
                out += buffer.data();
            } else {
                out += c;
            }
        }
    }
    return out;
}

std::string escapedForQuery(std::string_view text)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
            || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += '%';
            out += kDigits[byte >> 4];
            out += kDigits[byte & 15];
        }
    }
    return out;
}

} // namespace fleetglass::rules::tmpl
