#include "core/rules/template_text.h"

#include "core/base/utf8.h"
#include "core/rules/template_printf.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <optional>

namespace fleetglass::rules::tmpl {

namespace {

// Letters with a partner 32 or 1 away: Latin-1, Latin Extended-A, Greek, Cyrillic. Others stay.
uint32_t toUpper(uint32_t rune)
{
    if (rune >= 'a' && rune <= 'z')
        return rune - 32;
    if ((rune >= 0xE0 && rune <= 0xFE && rune != 0xF7)
        || (rune >= 0x3B1 && rune <= 0x3C9 && rune != 0x3C2) || (rune >= 0x430 && rune <= 0x44F))
        return rune - 32;
    if (rune == 0xFF)
        return 0x178;
    if (rune == 0x3C2)
        return 0x3A3;
    if (rune >= 0x450 && rune <= 0x45F)
        return rune - 80;
    const bool oddPairs = (rune >= 0x139 && rune <= 0x148) || (rune >= 0x179 && rune <= 0x17E);
    const bool evenPairs = (rune >= 0x100 && rune <= 0x137 && rune != 0x130 && rune != 0x131)
        || (rune >= 0x14A && rune <= 0x177) || (rune >= 0x460 && rune <= 0x481);
    if (oddPairs && rune % 2 == 0)
        return rune - 1;
    if (evenPairs && rune % 2 == 1)
        return rune - 1;
    return rune;
}

uint32_t toLower(uint32_t rune)
{
    if (rune >= 'A' && rune <= 'Z')
        return rune + 32;
    if ((rune >= 0xC0 && rune <= 0xDE && rune != 0xD7)
        || (rune >= 0x391 && rune <= 0x3A9 && rune != 0x3A2) || (rune >= 0x410 && rune <= 0x42F))
        return rune + 32;
    if (rune == 0x178)
        return 0xFF;
    if (rune >= 0x400 && rune <= 0x40F)
        return rune + 80;
    const uint32_t next = rune + 1;
    return toUpper(next) == rune && next != rune && rune >= 0x100 ? next : rune;
}

bool isWordRune(uint32_t rune)
{
    return rune == '_' || (rune >= '0' && rune <= '9') || (rune >= 'a' && rune <= 'z')
        || (rune >= 'A' && rune <= 'Z') || (rune >= 0xC0 && rune != 0xD7 && rune != 0xF7);
}

// Go's separators for Title: ASCII that is no letter, digit or underscore; else only blanks.
bool separates(uint32_t rune)
{
    if (rune < 0x80)
        return !isWordRune(rune);
    return rune == 0x85 || rune == 0xA0 || (rune >= 0x2000 && rune <= 0x200A) || rune == 0x3000;
}

template<class Change>
std::string mapped(std::string_view text, Change change)
{
    std::string out;
    while (!text.empty()) {
        if (const auto rune = takeCodePoint(text)) {
            appendUtf8(out, change(*rune));
            continue;
        }
        change(0xFFFD);
        appendUtf8(out, 0xFFFD);
        text.remove_prefix(1);
    }
    return out;
}

struct HostPort
{
    std::string_view host;
    std::string_view port;
};

// net.SplitHostPort
std::optional<HostPort> split(std::string_view text)
{
    const size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (text[0] == '[') {
        const size_t close = text.find(']');
        if (close == std::string_view::npos || close + 1 != colon)
            return std::nullopt;
        host = text.substr(1, close - 1);
        if (host.find('[') != std::string_view::npos)
            return std::nullopt;
    } else if (host.find_first_of(":[]") != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view port = text.substr(colon + 1);
    if (port.find_first_of("[]") != std::string_view::npos)
        return std::nullopt;
    return HostPort { host, port };
}

bool isAddress(std::string_view host)
{
    std::array<unsigned char, 16> buffer {};
    const std::string text(host);
    return inet_pton(AF_INET, text.c_str(), buffer.data()) == 1
        || inet_pton(AF_INET6, text.c_str(), buffer.data()) == 1;
}

std::string link(std::string_view expression, char tab)
{
    return "/graph?g0.expr=" + escapedForQuery(expression) + "&g0.tab=" + tab;
}

} // namespace

std::string upperCase(std::string_view text)
{
    return mapped(text, toUpper);
}

std::string lowerCase(std::string_view text)
{
    return mapped(text, toLower);
}

std::string titleCase(std::string_view text)
{
    uint32_t before = ' ';
    return mapped(text, [&](uint32_t rune) {
        const bool starts = separates(before);
        before = rune;
        return starts ? toUpper(rune) : rune;
    });
}

std::string withoutPort(std::string_view hostPort)
{
    const auto parts = split(hostPort);
    return std::string(parts ? parts->host : hostPort);
}

std::string withoutDomain(std::string_view hostPort)
{
    const auto parts = split(hostPort);
    const std::string_view host = parts ? parts->host : hostPort;
    if (isAddress(host))
        return std::string(hostPort);
    const std::string name(host.substr(0, host.find('.')));
    if (!parts || parts->port.empty())
        return name;
    const bool needsBrackets = name.find(':') != std::string::npos;
    return (needsBrackets ? '[' + name + ']' : name) + ':' + std::string(parts->port);
}

std::string graphLink(std::string_view expression)
{
    return link(expression, '0');
}

std::string tableLink(std::string_view expression)
{
    return link(expression, '1');
}

std::string pathOf(const std::string& url)
{
    const size_t scheme = url.find("://");
    const size_t start = scheme == std::string::npos ? 0 : url.find('/', scheme + 3);
    if (start == std::string::npos)
        return {};
    return url.substr(start, url.find_first_of("?#", start) - start);
}

} // namespace fleetglass::rules::tmpl
