// RateMeter: events per second over the last ten whole seconds. Thread-safe.
#pragma once

#include "core/base/guarded.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fleetglass::tsdb {

class RateMeter
{
public:
    void add(size_t events, std::chrono::nanoseconds now)
    {
        m_window.with([&](Window& window) {
            Bucket& bucket = window.buckets[indexOf(secondOf(now))];
            if (bucket.second != secondOf(now))
                bucket = { secondOf(now), 0 };
            bucket.events += events;
            if (window.firstSecond < 0)
                window.firstSecond = secondOf(now);
        });
    }

    double perSecond(std::chrono::nanoseconds now) const
    {
        return m_window.with([&](const Window& window) {
            const int64_t second = secondOf(now);
            size_t events = 0;
            for (const Bucket& bucket : window.buckets) {
                if (bucket.second < second && bucket.second >= second - kSeconds)
                    events += bucket.events;
            }
            // A store younger than the window is not slower for it.
            const int64_t age = window.firstSecond < 0 ? 0 : second - window.firstSecond;
            const int64_t seconds = age < kSeconds ? age : kSeconds;
            return seconds > 0 ? static_cast<double>(events) / static_cast<double>(seconds) : 0.0;
        });
    }

private:
    static constexpr int64_t kSeconds = 10;

    struct Bucket
    {
        int64_t second = -1;
        size_t events = 0;
    };
    struct Window
    {
        std::array<Bucket, 16> buckets {};
        int64_t firstSecond = -1;
    };

    static int64_t secondOf(std::chrono::nanoseconds now)
    {
        return std::chrono::duration_cast<std::chrono::seconds>(now).count();
    }
    static size_t indexOf(int64_t second) { return static_cast<size_t>(second) % 16; }

    Guarded<Window> m_window;
};

} // namespace fleetglass::tsdb
