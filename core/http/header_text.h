// What stands in HTTP headers: names in any case, auth schemes, Retry-After, phrases of statuses.
// Pure functions; thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::http {

bool equalsIgnoringCase(std::string_view a, std::string_view b);
std::string_view trimmed(std::string_view text);

// "Not Found" for 404; "" for one that RFC 9110 does not know.
std::string_view standardPhrase(int status);

// The schemes of one WWW-Authenticate header: `Bearer realm="x", Basic realm="y"` has two.
std::vector<std::string> authSchemesOf(std::string_view header);

// Seconds or a date, RFC 9110 10.2.3; negative counts as 0, nonsense as nothing.
std::optional<std::chrono::seconds> parseRetryAfter(std::string_view header, int64_t wallMs);

// One header value must not begin another line or hold a NUL.
bool isSafeHeaderValue(std::string_view value);
bool isHeaderName(std::string_view name);

} // namespace fleetglass::http
