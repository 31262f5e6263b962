// Ascending lists of slots and what can be done with them. Pure functions; thread-safe.
#pragma once

#include "core/tsdb/target_group.h"

namespace fleetglass::tsdb {

// Ascending and unique again.
void sortUnique(std::vector<uint32_t>& slots);
// The matches whose slot is (or is not) in the list.
void retain(std::vector<Match>& matches, std::span<const uint32_t> slots, bool isKept);
void insertSlot(std::vector<uint32_t>& slots, uint32_t slot);
void removeSlot(std::vector<uint32_t>& slots, uint32_t slot);

} // namespace fleetglass::tsdb
