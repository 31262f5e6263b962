// Which proxy a request goes through, if any. Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/http/client_options.h"
#include "core/http/url.h"

#include <string>
#include <string_view>

namespace fleetglass::http {

struct ProxyChoice
{
    Secret url; // Empty: none.
    std::string host; // Of the proxy, to be looked up.
    int port = 0;
    std::string shown; // Masked.
    bool resolvesNames = false; // socks5h and http proxies look the target's name up themselves.
};

struct ProxyEnvironment
{
    std::string httpProxy;
    std::string httpsProxy;
    std::string noProxy;
};

// http, https, socks5 and socks5h proxies.
Result<ProxyChoice> chooseProxy(
    const ProxyOptions& options, const ProxyEnvironment& environment, const Url& target);

// Go's rules: "*", a domain with its subdomains, ".domain" for those alone, addresses and CIDR
// ranges, each with an optional port.
bool bypassesProxy(std::string_view noProxy, const Url& target);

} // namespace fleetglass::http
