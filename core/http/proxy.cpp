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
    if (inet_pton(AF_INET, text.c_str(), result.bytes.data()) == 1) {
        result.bits = 32;
        return result;
    }
    if (inet_pton(AF_INET6, text.c_str(), result.bytes.data()) != 1)
        return std::nullopt;
    result.bits = 128;
    // ::ffff:10.0.0.1 is 10.0.0.1 (net.IP.Equal).
    constexpr std::array<unsigned char, 12> kMapped { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    if (std::equal(kMapped.begin(), kMapped.end(), result.bytes.begin())) {
        std::copy(result.bytes.begin() + 12, result.bytes.end(), result.bytes.begin());
        std::fill(result.bytes.begin() + 4, result.bytes.end(), static_cast<unsigned char>(0));
        result.bits = 32;
    }
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

struct HostPort
{
    std::string host;
    std::string port; // Empty: any.
};

// Go's net.SplitHostPort, with the whole text as the host where it does not apply.
HostPort splitEntry(std::string_view entry)
{
    const size_t close = entry.starts_with('[') ? entry.find(']') : std::string_view::npos;
    if (close != std::string_view::npos) {
        const std::string_view rest = entry.substr(close + 1);
        if (rest.starts_with(':'))
            return { std::string(entry.substr(1, close - 1)), std::string(rest.substr(1)) };
        return { std::string(entry), {} };
    }
    const size_t colon = entry.rfind(':');
    if (colon == std::string_view::npos || entry.find(':') != colon)
        return { std::string(entry), {} };
    return { std::string(entry.substr(0, colon)), std::string(entry.substr(colon + 1)) };
}

bool matchesDomain(std::string_view domain, const std::string& host)
{
    if (domain.starts_with("*."))
        domain.remove_prefix(1);
    if (!domain.starts_with('.') && equalsIgnoringCase(domain, host))
        return true;
    const std::string suffix = (domain.starts_with('.') ? "" : ".") + std::string(domain);
    return host.size() >= suffix.size()
        && equalsIgnoringCase(std::string_view(host).substr(host.size() - suffix.size()), suffix);
}

bool matchesEntry(std::string_view entry, const Url& target)
{
    if (entry == "*")
        return true;
    const auto address = addressOf(target.host);
    if (entry.find('/') != std::string_view::npos)
        return address && inRange(entry, *address);
    const HostPort wanted = splitEntry(entry);
    if (wanted.host.empty() || (!wanted.port.empty() && wanted.port != std::to_string(target.port)))
        return false;
    if (const auto one = addressOf(wanted.host))
        return address && one->bits == address->bits && sameBits(*one, *address, one->bits);
    return matchesDomain(wanted.host, target.host);
}

Result<ProxyChoice> parseProxy(const Secret& text)
{
    const std::string_view url = text.reveal();
    const size_t separator = url.find("://");
    const std::string scheme
        = separator == std::string_view::npos ? "http" : std::string(url.substr(0, separator));
    const bool socks
        = scheme == "socks4" || scheme == "socks4a" || scheme == "socks5" || scheme == "socks5h";
    if (!socks && scheme != "http" && scheme != "https")
        return failure("proxy_url with scheme \"" + scheme.substr(0, 20)
            + "\": http, https, socks5, socks5h, socks4 or socks4a is needed");
    std::string_view rest = url.substr(separator == std::string_view::npos ? 0 : separator + 3);
    rest = rest.substr(0, rest.find('/'));
    if (const size_t at = rest.rfind('@'); at != std::string_view::npos)
        rest.remove_prefix(at + 1);
    const auto parsed = parseUrl("http://" + std::string(rest));
    if (!parsed)
        return failure("proxy_url: " + parsed.error().message);
    ProxyChoice choice;
    choice.host = parsed->host;
    choice.port = parsed->hasPort ? parsed->port : (socks ? 1080 : scheme == "https" ? 443 : 80);
    choice.shown = scheme + "://" + parsed->hostInBrackets() + ':' + std::to_string(choice.port);
    choice.isSecure = scheme == "https";
    choice.needsAddress = scheme == "socks4";
    // What libcurl is told: the port is always there (it takes 1080 for all), and socks5 sends
    // names, as Go does.
    const size_t start = separator == std::string_view::npos ? 0 : separator + 3;
    std::string authority(url.substr(start, url.find('/', start) - start));
    if (!parsed->hasPort)
        authority += ':' + std::to_string(choice.port);
    choice.url = Secret((scheme == "socks5" ? "socks5h" : scheme) + "://" + authority);
    return choice;
}

bool isLoopback(const Url& target)
{
    const auto address = addressOf(target.host);
    if (!address)
        return target.host == "localhost";
    constexpr std::array<unsigned char, 16> kV6 { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
    return address->bits == 32 ? address->bytes[0] == 127 : address->bytes == kV6;
}

} // namespace

bool bypassesProxy(std::string_view noProxy, const Url& target)
{
    if (isLoopback(target))
        return true;
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
        // Without no_proxy Go asks the proxy for everything, this computer's own addresses too.
        if (!options.noProxy.empty() && bypassesProxy(options.noProxy, target))
            return ProxyChoice {};
        return parseProxy(options.url);
    }
    if (!options.fromEnvironment)
        return ProxyChoice {};
    const std::string& url = target.isSecure() ? environment.httpsProxy : environment.httpProxy;
    if (url.empty() || bypassesProxy(environment.noProxy, target))
        return ProxyChoice {};
    return parseProxy(Secret(url));
}

} // namespace fleetglass::http
