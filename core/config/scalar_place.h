// Exchanges one scalar of a YAML text, however it is written, and leaves every other byte as it is.
// Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace fleetglass::config {

// `place`: where the reader says that the scalar begins. `scalar` is written as it is given, on one
// line: see yamlScalar(). Fails where no scalar begins there or its end cannot be told.
Result<std::string> replaceScalar(
    std::string_view text, const Position& place, std::string_view scalar);

} // namespace fleetglass::config
