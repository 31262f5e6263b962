#include "core/http/url.h"

#include "core/base/number.h"
#include "core/base/secret.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace fleetglass::http {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

bool isUnreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
        || c == '_' || c == '.' || c == '~';
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Text for messages: a URL that does not parse may still hold a secret.
std::string excerpt(std::string_view text)
{
    return maskUrl(text.substr(0, 120), {});
}

bool hasControl(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte == 0x7f;
    });
}

Result<int> parsePort(std::string_view text, std::string_view whole)
{
    const auto port = parseInt(text);
    if (!port || *port < 1 || *port > 65535 || text.front() == '+')
        return failure("bad port \"" + std::string(text.substr(0, 20)) + "\" in \"" + excerpt(whole)
            + "\": a number from 1 to 65535 is needed");
    return static_cast<int>(*port);
}

bool isHostText(std::string_view host)
{
    return std::none_of(host.begin(), host.end(), [](char c) {
        return std::string_view("<>\"\\^`{|}[]#?%").find(c) != std::string_view::npos;
    });
}

Result<std::string_view> takeBracketedHost(std::string_view& rest, std::string_view whole)
{
    const size_t end = rest.find(']');
    if (end == std::string_view::npos)
        return failure("missing ] after the IPv6 address in \"" + excerpt(whole) + "\"");
    const std::string_view host = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    if (!rest.empty() && rest.front() != ':')
        return failure("unexpected text after ] in \"" + excerpt(whole) + "\"");
    return host;
}

Result<std::string_view> takePlainHost(std::string_view& rest, std::string_view whole)
{
    const size_t colon = rest.find(':');
    if (colon != std::string_view::npos && rest.find(':', colon + 1) != std::string_view::npos)
        return failure(
            "an IPv6 address needs brackets, as in [::1]:9100: \"" + excerpt(whole) + "\"");
    const std::string_view host = rest.substr(0, colon);
    rest.remove_prefix(host.size());
    if (!isHostText(host))
        return failure(
            "bad host \"" + std::string(host.substr(0, 80)) + "\" in \"" + excerpt(whole) + "\"");
    return host;
}

Result<void> parseAuthority(std::string_view authority, std::string_view whole, Url& url)
{
    if (authority.find('@') != std::string_view::npos)
        return failure("user name or password in the URL \"" + excerpt(whole)
            + "\": put them into basic_auth");
    std::string_view rest = authority;
    const auto host
        = rest.starts_with('[') ? takeBracketedHost(rest, whole) : takePlainHost(rest, whole);
    if (!host)
        return failure(host.error());
    if (host->empty())
        return failure("no host in the URL \"" + excerpt(whole) + "\"");
    url.host = lowered(*host);
    url.port = url.isSecure() ? 443 : 80;
    if (rest.size() <= 1) // Nothing, or a colon alone.
        return {};
    const auto port = parsePort(rest.substr(1), whole);
    if (!port)
        return failure(port.error());
    url.port = *port;
    url.hasPort = true;
    return {};
}

// "." and ".." of a path, RFC 3986 5.2.4.
std::string withoutDotSegments(std::string_view path)
{
    std::vector<std::string_view> kept;
    bool endsInSlash = false;
    size_t at = 1;
    while (at <= path.size()) {
        const size_t end = std::min(path.find('/', at), path.size());
        const std::string_view segment = path.substr(at, end - at);
        endsInSlash = segment == "." || segment == ".." || segment.empty();
        if (segment == "..") {
            if (!kept.empty())
                kept.pop_back();
        } else if (segment != "." && !(segment.empty() && end == path.size())) {
            kept.push_back(segment);
        }
        at = end + 1;
    }
    std::string result;
    for (const std::string_view segment : kept)
        result.append("/").append(segment);
    if (endsInSlash || result.empty())
        result += '/';
    return result;
}

void splitPathAndQuery(std::string_view text, Url& url)
{
    text = text.substr(0, text.find('#'));
    const size_t question = text.find('?');
    url.path = std::string(text.substr(0, question));
    url.query = question == std::string_view::npos ? "" : std::string(text.substr(question + 1));
    if (url.path.empty())
        url.path = "/";
}

bool hasScheme(std::string_view text)
{
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0
        || !std::isalpha(static_cast<unsigned char>(text[0])))
        return false;
    const std::string_view scheme = text.substr(0, colon);
    return std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '-' || c == '.';
    });
}

std::string maskedPair(std::string_view pair, std::span<const std::string> maskedParams)
{
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals + 1 == pair.size())
        return std::string(pair);
    const std::string key = decodeQuery(pair.substr(0, equals));
    const bool listed
        = std::find(maskedParams.begin(), maskedParams.end(), key) != maskedParams.end();
    if (!listed && !soundsSecret(key))
        return std::string(pair);
    return std::string(pair.substr(0, equals + 1)) + Secret::kMask;
}

// "user:password@host" -> "******@host"
std::string maskedAuthority(std::string_view text)
{
    const size_t start = text.find("://");
    if (start == std::string_view::npos)
        return std::string(text);
    const size_t end = std::min(text.find_first_of("/?#", start + 3), text.size());
    const size_t at = text.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < start + 3)
        return std::string(text);
    return std::string(text.substr(0, start + 3)) + Secret::kMask + std::string(text.substr(at));
}

} // namespace

std::string Url::hostInBrackets() const
{
    return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

std::string Url::authority() const
{
    return hasPort ? hostInBrackets() + ':' + std::to_string(port) : hostInBrackets();
}

std::string Url::toString() const
{
    return scheme + "://" + authority() + path + (query.empty() ? "" : '?' + query);
}

bool Url::sameOrigin(const Url& other) const
{
    return scheme == other.scheme && host == other.host && port == other.port;
}

Result<Url> parseUrl(std::string_view text)
{
    if (text.size() > 64 * 1024)
        return failure("URL of more than 64 KiB", ErrorCode::Limit);
    if (hasControl(text))
        return failure("white space or a control character in the URL \"" + excerpt(text) + "\"");
    const size_t separator = text.find("://");
    if (separator == std::string_view::npos)
        return failure("URL without http:// or https://: \"" + excerpt(text) + "\"");
    Url url;
    url.scheme = lowered(text.substr(0, separator));
    if (url.scheme != "http" && url.scheme != "https")
        return failure("scheme \"" + url.scheme.substr(0, 20) + "\" is not http or https");
    const std::string_view rest = text.substr(separator + 3);
    const size_t authorityEnd = std::min(rest.find_first_of("/?#"), rest.size());
    if (auto ok = parseAuthority(rest.substr(0, authorityEnd), text, url); !ok)
        return failure(ok.error());
    splitPathAndQuery(rest.substr(authorityEnd), url);
    return url;
}

Result<Url> resolveReference(const Url& base, std::string_view reference)
{
    if (reference.starts_with("//"))
        return parseUrl(base.scheme + ':' + std::string(reference));
    if (hasScheme(reference)) {
        if (reference.find("://") != std::string_view::npos)
            return parseUrl(reference);
        return failure("scheme \""
            + std::string(reference.substr(0, std::min<size_t>(reference.find(':'), 20)))
            + "\" is not http or https");
    }
    if (hasControl(reference))
        return failure("white space or a control character in the address of the redirect");
    Url url = base;
    url.query.clear();
    if (reference.starts_with('/')) {
        splitPathAndQuery(reference, url);
    } else if (reference.starts_with('?')) {
        url.query = std::string(reference.substr(1, reference.find('#') - 1));
        return url;
    } else {
        const std::string folder = base.path.substr(0, base.path.rfind('/') + 1);
        splitPathAndQuery(folder + std::string(reference), url);
    }
    url.path = withoutDotSegments(url.path);
    return url;
}

std::string encodeQuery(std::string_view text)
{
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        if (isUnreserved(c)) {
            result += c;
        } else if (c == ' ') {
            result += '+';
        } else {
            const auto byte = static_cast<unsigned char>(c);
            result += '%';
            result += kHex[byte >> 4];
            result += kHex[byte & 15];
        }
    }
    return result;
}

std::string decodeQuery(std::string_view text)
{
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        const int high = i + 2 < text.size() && text[i] == '%' ? hexDigit(text[i + 1]) : -1;
        const int low = high >= 0 ? hexDigit(text[i + 2]) : -1;
        if (low >= 0) {
            result += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            result += text[i] == '+' ? ' ' : text[i];
        }
    }
    return result;
}

std::string makeQuery(std::span<const std::pair<std::string, std::string>> pairs)
{
    std::string result;
    for (const auto& [name, value] : pairs) {
        if (!result.empty())
            result += '&';
        result += encodeQuery(name) + '=' + encodeQuery(value);
    }
    return result;
}

bool soundsSecret(std::string_view key)
{
    static constexpr std::array<std::string_view, 6> kWords { "key", "token", "secret", "pass",
        "auth", "sig" };
    const std::string name = lowered(key);
    return std::any_of(kWords.begin(), kWords.end(),
        [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

std::string maskUrl(std::string_view url, std::span<const std::string> maskedParams)
{
    const size_t question = url.find('?');
    std::string result = maskedAuthority(url.substr(0, question));
    if (question == std::string_view::npos)
        return result;
    char separator = '?';
    std::string_view query = url.substr(question + 1);
    for (bool more = true; more; separator = '&') {
        const size_t ampersand = query.find('&');
        more = ampersand != std::string_view::npos;
        result += separator + maskedPair(query.substr(0, ampersand), maskedParams);
        query.remove_prefix(more ? ampersand + 1 : query.size());
    }
    return result;
}

} // namespace fleetglass::http
