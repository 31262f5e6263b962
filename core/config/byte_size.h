// Sizes as Prometheus writes them in a config: "15MB", "1GiB", "512KB", all in powers of 1024
// (alecthomas/units Base2Bytes). Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fleetglass::config {

// "0" needs no unit; a minus sign is an error of the caller's range, said in words.
Result<uint64_t> parseByteSize(std::string_view text);

// The largest unit that divides it: 15728640 -> "15MiB", 0 -> "0".
std::string formatByteSize(uint64_t bytes);

} // namespace fleetglass::config
