// How many files and connections may be open at once. Pure but for raiseFileLimit(); thread-safe.
#pragma once

#include <cstddef>

namespace fleetglass::monitor {

// Raises the soft limit of open files to the hard one; returns what counts now.
size_t raiseFileLimit();

struct ConnectionLimits
{
    size_t concurrentMax = 0; // Scrapes on their way.
    long connectionsMax = 0; // Kept open between scrapes.
};

// What of `wanted` fits under the limit: the store's files and the window come first.
ConnectionLimits fitInto(size_t filesMax, ConnectionLimits wanted);

} // namespace fleetglass::monitor
