// Letter case for the lowercase and uppercase actions: Latin, Greek, Cyrillic, Armenian and
// full-width letters one by one, without a locale; other text is left alone. Pure functions;
// thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace fleetglass::relabel {

std::string toLowerCase(std::string_view text);
std::string toUpperCase(std::string_view text);

} // namespace fleetglass::relabel
