// Times for people and spreadsheets, always UTC. Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <string>

namespace fleetglass::snapshot {

// 2026-01-31T23:59:58.123Z
std::string utcTime(int64_t timestampMs);

} // namespace fleetglass::snapshot
