// Whether a text is JSON, with the place where it is not. Pure function; thread-safe.
#pragma once

#include "core/base/result.h"

#include <string_view>

namespace fleetglass::config {

Result<bool> checkJson(std::string_view text);

} // namespace fleetglass::config
