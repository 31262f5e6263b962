// Url: an http or https URL taken apart, and the ways to show one without its secrets.
// Values and pure functions; thread-safe.
#pragma once

#include "core/base/result.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetglass::http {

struct Url
{
    std::string scheme; // "http" or "https".
    std::string host; // Lower case, IPv6 without brackets.
    int port = 0; // 80 or 443 where none was written.
    bool hasPort = false; // Whether it was written.
    std::string path; // Begins with '/'.
    std::string query; // Without '?', as written.

    bool isSecure() const { return scheme == "https"; }
    // "web-07:9100", "[::1]:9100"; without the port where it is the scheme's own and not written.
    std::string authority() const;
    std::string hostInBrackets() const;
    std::string toString() const;
    bool sameOrigin(const Url& other) const;
};

// Errors: another scheme, user-info (it belongs into basic_auth), no host, a bad port, control
// characters, an IPv6 address without brackets.
Result<Url> parseUrl(std::string_view text);

// What a Location header means on a page at `base`. Other schemes are an error too.
Result<Url> resolveReference(const Url& base, std::string_view reference);

// %XX for everything that is not unreserved (RFC 3986); a space becomes '+' in a query.
std::string encodeQuery(std::string_view text);
std::string decodeQuery(std::string_view text);

// "a=1&b=2" with keys in order; values escaped.
std::string makeQuery(std::span<const std::pair<std::string, std::string>> pairs);

// For the eyes: user-info and the values of these query keys become ******; so do the values of
// keys that sound like a secret (key, token, secret, pass, auth, sig).
std::string maskUrl(std::string_view url, std::span<const std::string> maskedParams);
bool soundsSecret(std::string_view key);

} // namespace fleetglass::http
