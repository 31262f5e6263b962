// Sight: whether this computer was able to look at its targets lately. Asleep, stopped, or without
// a network it was not, and after a step of the wall clock the newest samples seem old or yet to
// come. What is judged then would be false alarms. Used from one thread at a time.
#pragma once

#include "core/base/duration.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace fleetglass::monitor {

class Sight
{
public:
    struct Now
    {
        int64_t wallMs = 0;
        std::chrono::nanoseconds boot {};
        std::chrono::nanoseconds awake {};
        bool isBlind = false; // No way out of this computer.
    };
    struct Verdict
    {
        bool sees = true;
        // Once, on the first look that sees again: what the wall clock went on meanwhile. It does
        // not count. Negative after a step back.
        Millis uncounted { 0 };
        std::string began; // Once, on the first look that does not see: why.
    };

    // `settle`: how long after the return until what is seen is complete.
    Verdict look(const Now& now, Millis settle);
    // The work between two looks is over; what it took is no absence.
    void looked(std::chrono::nanoseconds boot) { m_lookedBoot = boot; }

private:
    std::string absence(const Now& now) const;

    bool m_first = true;
    bool m_away = false;
    int64_t m_seenWallMs = 0; // Of the last look that saw.
    std::chrono::nanoseconds m_returned {}; // When it could look again, on the boot clock.
    Now m_last;
    std::chrono::nanoseconds m_lookedBoot {};
};

} // namespace fleetglass::monitor
