#include "core/monitor/file_limit.h"

#include <algorithm>
#include <sys/resource.h>

namespace fleetglass::monitor {

namespace {

constexpr size_t kReserved = 256; // The store, discovery, the window, libraries.
constexpr size_t kConcurrentMin = 8;
constexpr size_t kEnough = 65'536; // Some systems allow a billion, and others are confused by it.

} // namespace

size_t raiseFileLimit()
{
    rlimit limit {};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1'024;
    const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, kEnough);
    if (limit.rlim_cur >= wanted)
        return limit.rlim_cur;
    const rlimit raised { wanted, limit.rlim_max };
    return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? wanted : limit.rlim_cur;
}

ConnectionLimits fitInto(size_t filesMax, ConnectionLimits wanted)
{
    const size_t left = filesMax > kReserved ? filesMax - kReserved : 0;
    // Half for those on their way, half for those that are kept.
    const size_t half = std::max(left / 2, kConcurrentMin);
    return { std::min(wanted.concurrentMax, half),
        std::min(wanted.connectionsMax, static_cast<long>(half)) };
}

} // namespace fleetglass::monitor
