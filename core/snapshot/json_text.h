// A text as a JSON string. Pure functions; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace fleetglass::snapshot {

// With its quotes; what is not UTF-8 becomes U+FFFD.
void putJsonText(std::string& out, std::string_view text);

} // namespace fleetglass::snapshot
