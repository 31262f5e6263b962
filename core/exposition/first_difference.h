// Where two pieces of a page begin to differ, found many bytes at a time. Pure function;
// thread-safe.
#pragma once

#include <cstddef>

namespace fleetglass::exposition {

// The index of the first byte that differs among the first `size`; `size` where none does.
size_t firstDifference(const char* a, const char* b, size_t size);

} // namespace fleetglass::exposition
