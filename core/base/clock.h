// Clock: where time comes from, so that a test can hold it. Thread-safe.
#pragma once

#include <atomic>
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
    // The same, but it stands while the computer sleeps (CLOCK_MONOTONIC): the two drift apart by
    // the time slept.
    virtual std::chrono::nanoseconds awakeTime() const { return bootTime(); }
};

class SystemClock : public Clock
{
public:
    int64_t wallMs() const override;
    std::chrono::nanoseconds bootTime() const override;
    std::chrono::nanoseconds awakeTime() const override;
};

// Time that moves only when it is told to, for simulations. Boot time follows the wall.
class HeldClock : public Clock
{
public:
    explicit HeldClock(int64_t wallMs)
        : m_wallMs(wallMs)
    {
    }
    int64_t wallMs() const override { return m_wallMs; }
    std::chrono::nanoseconds bootTime() const override
    {
        return std::chrono::milliseconds(m_wallMs);
    }
    void set(int64_t wallMs) { m_wallMs = wallMs; }

private:
    std::atomic<int64_t> m_wallMs;
};

} // namespace fleetglass
