// Natural order: numbers inside texts compare as numbers, "cpu2" before "cpu10". Pure function;
// thread-safe.
#pragma once

#include <string_view>

namespace fleetglass::promql {

bool naturallyBefore(std::string_view a, std::string_view b);

} // namespace fleetglass::promql
