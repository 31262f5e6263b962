// RetentionClock: the time from which retention counts back. A wall clock that jumps ahead must not
// throw a week away, so it never runs faster than boot time does. Thread-safe.
#pragma once

#include "core/base/clock.h"

#include <algorithm>

namespace fleetglass::tsdb {

class RetentionClock
{
public:
    RetentionClock(const Clock& clock, std::chrono::milliseconds retention)
        : m_clock(clock)
        , m_retention(retention)
        , m_startWallMs(clock.wallMs())
        , m_startBoot(clock.bootTime())
    {
    }

    // Samples that are not newer are too old; INT64_MIN where nothing is.
    int64_t cutoffMs() const
    {
        if (m_retention.count() <= 0)
            return INT64_MIN;
        const auto awake = std::chrono::duration_cast<std::chrono::milliseconds>(
            m_clock.bootTime() - m_startBoot);
        return std::min(m_clock.wallMs(), m_startWallMs + awake.count()) - m_retention.count();
    }

private:
    const Clock& m_clock;
    const std::chrono::milliseconds m_retention;
    const int64_t m_startWallMs;
    const std::chrono::nanoseconds m_startBoot;
};

} // namespace fleetglass::tsdb
