// Clock: where time comes from, so that a test can hold it. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>

namespace fleetglass {

class Clock
{
public:
    virtual ~Clock() = default;

    // Milliseconds since the Unix epoch; may step.
    virtual int64_t wallMs() const = 0;
    // Time that never steps and goes on through a suspend (CLOCK_BOOTTIME); for schedules.
    virtual std::chrono::nanoseconds bootTime() const = 0;
};

class SystemClock : public Clock
{
public:
    int64_t wallMs() const override;
    std::chrono::nanoseconds bootTime() const override;
};

} // namespace fleetglass
