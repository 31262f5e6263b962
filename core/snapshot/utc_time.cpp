#include "core/snapshot/utc_time.h"

#include <chrono>
#include <cstdio>

namespace fleetglass::snapshot {

std::string utcTime(int64_t timestampMs)
{
    using namespace std::chrono;
    // Years of four digits; what lies outside is no time of a measurement.
    constexpr int64_t kFirstMs = -62'135'596'800'000; // Year 1.
    constexpr int64_t kLastMs = 253'402'300'799'999; // Year 9999.
    if (timestampMs < kFirstMs || timestampMs > kLastMs)
        return std::to_string(timestampMs);
    const sys_time<milliseconds> time { milliseconds(timestampMs) };
    const auto day = floor<days>(time);
    const year_month_day date { day };
    const hh_mm_ss clock { time - day };
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
        static_cast<int>(clock.subseconds().count()));
    return text;
}

} // namespace fleetglass::snapshot
