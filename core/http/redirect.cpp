#include "core/http/redirect.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace fleetglass::http {

namespace {

Failure blocked(std::string_view location, const std::string& why)
{
    return { Phase::Http, FailureCode::RedirectBlocked,
        "redirect to " + maskUrl(location.substr(0, 200), {}) + " was not followed: " + why };
}

bool isLocalV4(const std::array<unsigned char, 16>& a)
{
    return a[0] == 127 || a[0] == 0 || (a[0] == 169 && a[1] == 254);
}

bool isLocalV6(const std::array<unsigned char, 16>& a)
{
    const bool zeros
        = std::all_of(a.begin(), a.begin() + 10, [](unsigned char b) { return b == 0; });
    if (zeros && a[10] == 0xff && a[11] == 0xff)
        return isLocalV4({ a[12], a[13], a[14], a[15] });
    const bool unspecifiedOrLoopback = zeros
        && std::all_of(a.begin() + 10, a.begin() + 15, [](unsigned char b) { return b == 0; })
        && a[15] <= 1;
    return unspecifiedOrLoopback || (a[0] == 0xfe && (a[1] & 0xc0) == 0x80);
}

} // namespace

bool isRedirectStatus(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::variant<RedirectStep, Failure> nextHop(
    const Url& origin, const Url& from, std::string_view location, int hopsSoFar)
{
    if (hopsSoFar >= kRedirectsMax)
        return Failure { Phase::Http, FailureCode::RedirectLimit,
            "more than " + std::to_string(kRedirectsMax) + " redirects" };
    const auto url = resolveReference(from, location);
    if (!url)
        return blocked(location, url.error().message);
    if (from.isSecure() && !url->isSecure())
        return blocked(location, "it leads from https to http");
    return RedirectStep { *url, !url->sameOrigin(origin) };
}

bool isLocalAddress(const std::string& address)
{
    std::array<unsigned char, 16> bytes {};
    if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1)
        return isLocalV4(bytes);
    const std::string withoutZone = address.substr(0, address.find('%'));
    return inet_pton(AF_INET6, withoutZone.c_str(), bytes.data()) == 1 && isLocalV6(bytes);
}

} // namespace fleetglass::http
