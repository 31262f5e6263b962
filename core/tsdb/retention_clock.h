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

    // A store that was left with this newest sample goes on from there, and at twice the pace until
    // the wall is reached: a clock that is wrong at the start deletes nothing either. Before it is
    // asked by others.
    void continueFrom(int64_t newestMs)
    {
        m_pace = newestMs < m_startWallMs ? 2 : 1;
        m_startWallMs = std::min(m_startWallMs, newestMs);
    }

    // Samples that are not newer are too old; INT64_MIN where nothing is.
    int64_t cutoffMs() const
    {
        if (m_retention.count() <= 0)
            return INT64_MIN;
        const auto awake = std::chrono::duration_cast<std::chrono::milliseconds>(
            m_clock.bootTime() - m_startBoot);
        return std::min(m_clock.wallMs(), m_startWallMs + m_pace * awake.count())
            - m_retention.count();
    }

private:
    const Clock& m_clock;
    const std::chrono::milliseconds m_retention;
    int64_t m_startWallMs;
    int64_t m_pace = 1;
    const std::chrono::nanoseconds m_startBoot;
};

} // namespace fleetglass::tsdb
