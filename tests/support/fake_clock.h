// FakeClock: time that stands until a test moves it. Thread-safe.
#pragma once

#include "core/base/clock.h"

#include <atomic>

namespace fleetglass::test {

class FakeClock : public Clock
{
public:
    explicit FakeClock(int64_t wallMs = 1'700'000'000'000)
        : m_wallMs(wallMs)
    {
    }

    int64_t wallMs() const override { return m_wallMs; }
    std::chrono::nanoseconds bootTime() const override
    {
        return std::chrono::nanoseconds(m_bootNs.load());
    }

    std::chrono::nanoseconds awakeTime() const override
    {
        return bootTime() - std::chrono::nanoseconds(m_sleptNs.load());
    }

    // All clocks go on.
    void advance(std::chrono::nanoseconds time)
    {
        m_bootNs += time.count();
        m_wallMs += std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    }
    // The computer sleeps.
    void suspend(std::chrono::nanoseconds time)
    {
        m_sleptNs += time.count();
        advance(time);
    }
    // Somebody sets the wall clock.
    void stepWall(std::chrono::milliseconds time) { m_wallMs += time.count(); }

private:
    std::atomic<int64_t> m_wallMs;
    std::atomic<int64_t> m_bootNs { 1'000'000'000'000 };
    std::atomic<int64_t> m_sleptNs { 0 };
};

} // namespace fleetglass::test
