#include "core/http/header_text.h"

#include "core/base/number.h"

#include <algorithm>
#include <cctype>
#include <curl/curl.h>

namespace fleetglass::http {

namespace {

struct Phrase
{
    int status;
    std::string_view text;
};

constexpr Phrase kPhrases[] = { { 100, "Continue" }, { 101, "Switching Protocols" }, { 200, "OK" },
    { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" }, { 206, "Partial Content" },
    { 300, "Multiple Choices" }, { 301, "Moved Permanently" }, { 302, "Found" },
    { 303, "See Other" }, { 304, "Not Modified" }, { 307, "Temporary Redirect" },
    { 308, "Permanent Redirect" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
    { 402, "Payment Required" }, { 403, "Forbidden" }, { 404, "Not Found" },
    { 405, "Method Not Allowed" }, { 406, "Not Acceptable" },
    { 407, "Proxy Authentication Required" }, { 408, "Request Timeout" }, { 409, "Conflict" },
    { 410, "Gone" }, { 413, "Content Too Large" }, { 415, "Unsupported Media Type" },
    { 421, "Misdirected Request" }, { 429, "Too Many Requests" },
    { 431, "Request Header Fields Too Large" }, { 500, "Internal Server Error" },
    { 501, "Not Implemented" }, { 502, "Bad Gateway" }, { 503, "Service Unavailable" },
    { 504, "Gateway Timeout" }, { 505, "HTTP Version Not Supported" } };

bool isTokenChar(char c)
{
    return std::isalnum(static_cast<unsigned char>(c))
        || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

size_t endOfQuoted(std::string_view text, size_t at)
{
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\')
            ++at;
    }
    return at;
}

} // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x))
            == std::tolower(static_cast<unsigned char>(y));
    });
}

std::string_view trimmed(std::string_view text)
{
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string_view standardPhrase(int status)
{
    for (const Phrase& phrase : kPhrases) {
        if (phrase.status == status)
            return phrase.text;
    }
    return {};
}

std::vector<std::string> authSchemesOf(std::string_view header)
{
    // A scheme is a word at the start or after a comma that no '=' follows.
    std::vector<std::string> schemes;
    bool atStart = true;
    for (size_t at = 0; at < header.size();) {
        if (header[at] == '"') {
            at = endOfQuoted(header, at) + 1;
            continue;
        }
        if (header[at] == ',' || !isTokenChar(header[at])) {
            atStart = atStart || header[at] == ',';
            ++at;
            continue;
        }
        size_t end = at;
        while (end < header.size() && isTokenChar(header[end]))
            ++end;
        const size_t next = header.find_first_not_of(" \t", end);
        const bool isParameter = next != std::string_view::npos && header[next] == '=';
        if (atStart && !isParameter && end - at <= 32)
            schemes.emplace_back(header.substr(at, end - at));
        atStart = false;
        at = end;
    }
    return schemes;
}

std::optional<std::chrono::seconds> parseRetryAfter(std::string_view header, int64_t wallMs)
{
    const std::string text(trimmed(header));
    if (text.empty() || text.size() > 64)
        return std::nullopt;
    if (const auto seconds = parseInt(text))
        return std::chrono::seconds(std::clamp<int64_t>(*seconds, 0, int64_t { 1 } << 31));
    const time_t date = curl_getdate(text.c_str(), nullptr);
    if (date == -1)
        return std::nullopt;
    return std::chrono::seconds(std::max<int64_t>(static_cast<int64_t>(date) - wallMs / 1000, 0));
}

bool isSafeHeaderValue(std::string_view value)
{
    return std::none_of(
        value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool isHeaderName(std::string_view name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), isTokenChar);
}

} // namespace fleetglass::http
