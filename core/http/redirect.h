// The one policy for redirects: where one may lead, and what may travel along. Pure functions;
// thread-safe.
#pragma once

#include "core/http/exchange.h"
#include "core/http/url.h"

#include <string>
#include <string_view>
#include <variant>

namespace fleetglass::http {

inline constexpr int kRedirectsMax = 5;

bool isRedirectStatus(int status);

struct RedirectStep
{
    Url url;
    bool bare = false; // No credentials, own headers or client certificate from here on.
};

// What a Location of a page at `from` means; `origin` is where the request began. A failure is in
// plain words, its URL masked.
std::variant<RedirectStep, Failure> nextHop(
    const Url& origin, const Url& from, std::string_view location, int hopsSoFar);

// Loopback, link-local, unspecified: what a server elsewhere must not lead us to.
bool isLocalAddress(const std::string& address);

} // namespace fleetglass::http
