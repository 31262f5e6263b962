#include "core/http/proxy.h"

#include "core/base/number.h"
#include "core/http/header_text.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <optional>

namespace fleetglass::http {

namespace {

struct Address
{
    std::array<unsigned char, 16> bytes {};
    int bits = 0; // 32 or 128.
};

std::optional<Address> addressOf(const std::string& text)
{
    Address result;
    if (inet_pton(AF_INET, text.c_str(), result.bytes.data()) == 1)
        result.bits = 32;
    else if (inet_pton(AF_INET6, text.c_str(), result.bytes.data()) == 1)
        result.bits = 128;
    else
        return std::nullopt;
    return result;
}

bool sameBits(const Address& a, const Address& b, int count)
{
    for (int i = 0; i < count; ++i) {
        const auto at = static_cast<size_t>(i / 8);
        const int mask = 0x80 >> (i % 8);
        if ((a.bytes[at] & mask) != (b.bytes[at] & mask))
            return false;
    }
    return true;
}

bool inRange(std::string_view range, const Address& address)
{
    const size_t slash = range.find('/');
    const auto network = addressOf(std::string(range.substr(0, slash)));
    const auto bits = parseInt(range.substr(slash + 1));
    return network && bits && network->bits == address.bits && *bits >= 0 && *bits <= address.bits
        && sameBits(*network, address, static_cast<int>(*bits));
}

bool matchesEntry(std::string_view entry, const Url& target)
{
    if (entry == "*")
        return true;
    const auto address = addressOf(target.host);
    if (entry.find('/') != std::string_view::npos)
        return address && inRange(entry, *address);
    const size_t colon = entry.rfind(':');
    if (colon != std::string_view::npos && entry.find(':') == colon) {
        if (entry.substr(colon + 1) != std::to_string(target.port))
            return false;
        entry = entry.substr(0, colon);
    }
    if (address || entry.empty())
        return entry == target.host;
    if (entry.starts_with("*."))
        entry.remove_prefix(1);
    if (!entry.starts_with('.') && equalsIgnoringCase(entry, target.host))
        return true;
    const std::string suffix = (entry.starts_with('.') ? "" : ".") + std::string(entry);
    return target.host.size() > suffix.size()
        && equalsIgnoringCase(
            std::string_view(target.host).substr(target.host.size() - suffix.size()), suffix);
}

Result<ProxyChoice> parseProxy(const Secret& text)
{
    const std::string_view url = text.reveal();
    const size_t separator = url.find("://");
    const std::string scheme
        = separator == std::string_view::npos ? "http" : std::string(url.substr(0, separator));
    const bool socks = scheme == "socks5" || scheme == "socks5h";
    if (!socks && scheme != "http" && scheme != "https")
        return failure("proxy_url with scheme \"" + scheme.substr(0, 20)
            + "\": http, https, socks5 or socks5h is needed");
    std::string_view rest = url.substr(separator == std::string_view::npos ? 0 : separator + 3);
    rest = rest.substr(0, rest.find('/'));
    if (const size_t at = rest.rfind('@'); at != std::string_view::npos)
        rest.remove_prefix(at + 1);
    const auto parsed = parseUrl("http://" + std::string(rest));
    if (!parsed)
        return failure("proxy_url: " + parsed.error().message);
    ProxyChoice choice;
    choice.url = text;
    choice.host = parsed->host;
    choice.port = parsed->hasPort ? parsed->port : (socks ? 1080 : scheme == "https" ? 443 : 80);
    choice.shown = scheme + "://" + parsed->hostInBrackets() + ':' + std::to_string(choice.port);
    choice.resolvesNames = scheme != "socks5";
    // libcurl takes 1080 where no port is written; Go takes that of the scheme.
    if (!parsed->hasPort)
        choice.url = Secret(std::string(url.substr(0, url.find('/', separator + 3))) + ':'
            + std::to_string(choice.port));
    return choice;
}

bool isLoopback(const Url& target)
{
    return target.host == "localhost" || target.host == "::1" || target.host.starts_with("127.");
}

} // namespace

bool bypassesProxy(std::string_view noProxy, const Url& target)
{
    while (!noProxy.empty()) {
        const size_t comma = noProxy.find(',');
        const std::string_view entry = trimmed(noProxy.substr(0, comma));
        if (!entry.empty() && matchesEntry(entry, target))
            return true;
        noProxy.remove_prefix(comma == std::string_view::npos ? noProxy.size() : comma + 1);
    }
    return false;
}

Result<ProxyChoice> chooseProxy(
    const ProxyOptions& options, const ProxyEnvironment& environment, const Url& target)
{
    if (!options.url.empty()) {
        if (bypassesProxy(options.noProxy, target))
            return ProxyChoice {};
        return parseProxy(options.url);
    }
    if (!options.fromEnvironment)
        return ProxyChoice {};
    const std::string& url = target.isSecure() ? environment.httpsProxy : environment.httpProxy;
    if (url.empty() || isLoopback(target) || bypassesProxy(environment.noProxy, target))
        return ProxyChoice {};
    return parseProxy(Secret(url));
}

} // namespace fleetglass::http
