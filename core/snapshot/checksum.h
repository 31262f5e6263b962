// The checksum of capsules is the one of everything we write.
#pragma once

#include "core/base/crc32c.h"

namespace fleetglass::snapshot {

using fleetglass::crc32c;

} // namespace fleetglass::snapshot
