// Base64 of YAML's !!binary values: blanks and line breaks do not count. Pure function;
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fleetglass::config {

// Nothing where the text is not base64 or its padding is missing.
std::optional<std::string> decodeBase64(std::string_view text);

} // namespace fleetglass::config
