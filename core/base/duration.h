// Durations as Prometheus writes them: "1h30m", "500ms", "1d". Units y w d h m s ms, each at most
// once, largest first, whole numbers (prometheus/common model.ParseDuration). Pure functions;
// thread-safe.
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace fleetglass {

using Millis = std::chrono::milliseconds;

// "0" needs no unit. Errors: empty text, unknown unit, wrong order, more than about 292 years.
Result<Millis> parseDuration(std::string_view text);

// The same with a leading '-' allowed (offsets).
Result<Millis> parseSignedDuration(std::string_view text);

// The shortest exact form: 5400000 ms -> "1h30m", 0 -> "0s". Years and weeks only where they are
// exact.
std::string formatDuration(Millis duration);

} // namespace fleetglass
