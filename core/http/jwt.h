// JSON Web Tokens signed with RSA (RFC 7515, RFC 7518 3.3): what the JWT bearer grant of OAuth 2
// presents (RFC 7523 3). Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/http/client_options.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fleetglass::http {

struct AssertionContext
{
    int64_t nowMs = 0;
    std::string id; // jti: another one for each assertion.
};

// Issuer, subject and audience default to the client and the token URL, as in Prometheus; it is
// good for ten minutes. `key` is a PEM text; errors do not hold any of it.
Result<std::string> makeAssertion(
    const OAuth2& options, const Secret& key, const AssertionContext& context);

// Base64 for URLs, without padding (RFC 4648 5).
std::string encodeBase64Url(std::string_view bytes);

} // namespace fleetglass::http
