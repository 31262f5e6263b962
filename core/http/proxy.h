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
    bool isSecure = false; // Spoken to through TLS.
    bool needsAddress = false; // SOCKS 4 alone: the target's name is looked up here.
};

struct ProxyEnvironment
{
    std::string httpProxy;
    std::string httpsProxy;
    std::string noProxy;
};

// http, https, socks4, socks4a, socks5 and socks5h proxies. As in Go, SOCKS 5 looks names up at
// the proxy in both its spellings.
Result<ProxyChoice> chooseProxy(
    const ProxyOptions& options, const ProxyEnvironment& environment, const Url& target);

// Go's rules (golang.org/x/net/http/httpproxy): "*", a domain with its subdomains, ".domain" or
// "*.domain" for those alone, addresses and CIDR ranges, each but the last with an optional port;
// localhost and loopback addresses always.
bool bypassesProxy(std::string_view noProxy, const Url& target);

} // namespace fleetglass::http
