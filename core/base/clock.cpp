#include "core/base/clock.h"

#include <ctime>

namespace fleetglass {

int64_t SystemClock::wallMs() const
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

namespace {

std::chrono::nanoseconds timeOf(clockid_t id)
{
    timespec now {};
    clock_gettime(id, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

} // namespace

std::chrono::nanoseconds SystemClock::bootTime() const
{
    return timeOf(CLOCK_BOOTTIME);
}

std::chrono::nanoseconds SystemClock::awakeTime() const
{
    return timeOf(CLOCK_MONOTONIC);
}

} // namespace fleetglass
