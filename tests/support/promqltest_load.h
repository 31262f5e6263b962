// Puts the series of a load statement into a store. Used from one thread at a time.
#pragma once

#include "tests/support/memory_storage.h"
#include "tests/support/promqltest_script.h"

namespace fleetglass::test {

void load(const LoadStatement& statement, MemoryStorage& storage);

} // namespace fleetglass::test
