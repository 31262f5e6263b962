// The outside of a capsule file: kind, size, header and seal, checked before SQLite sees it. Pure
// functions; thread-safe.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace fleetglass::snapshot {

Result<void> checkEnvelope(const std::string& path, int64_t bytesMax);

} // namespace fleetglass::snapshot
