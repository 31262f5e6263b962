// What a timeline of alerts or shells shows: the window's range, but a day at least while nothing
// shorter was asked for on purpose. Pure functions; thread-safe.
#pragma once

#include "ui/charts/chart_scale.h"
#include "ui/widgets/time_controller.h"

#include <algorithm>

namespace fleetglass::pages {

inline constexpr int64_t kDayMs = 86'400'000;

// A range that rolls with the clock is for charts; a zoomed one is what somebody wants to look at.
inline widgets::TimeRange timelineRange(const widgets::TimeController& time)
{
    widgets::TimeRange range = time.range();
    if (time.wish().isRolling())
        range.startMs = std::min(range.startMs, range.endMs - kDayMs);
    return range;
}

// A little room after now, so that what is open does not stick to the frame.
inline charts::Span spanWithAir(const widgets::TimeRange& range, bool live)
{
    const double air = live ? static_cast<double>(range.spanMs()) * 0.01 : 0;
    return { static_cast<double>(range.startMs), static_cast<double>(range.endMs) + air };
}

// Never finer than the data, about 700 points.
inline int64_t stepFor(const widgets::TimeRange& range, int64_t intervalMs)
{
    const int64_t fine = std::max<int64_t>(intervalMs, 1'000);
    const int64_t wanted = range.spanMs() / 700;
    return std::max(fine, (wanted + fine - 1) / fine * fine);
}

} // namespace fleetglass::pages
