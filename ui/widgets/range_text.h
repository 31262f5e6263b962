// Ranges as people type and read them: "30d", "2h30m", "14:00-15:10", "yesterday", ISO 8601.
// Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "ui/theme/time_text.h"

#include <QString>
#include <cstdint>
#include <optional>

namespace fleetglass::widgets {

struct TimeRange
{
    int64_t startMs = 0;
    int64_t endMs = 0;

    int64_t spanMs() const { return endMs - startMs; }
    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

// What was asked for: the last so long, or a fixed stretch.
struct RangeWish
{
    int64_t spanMs = 0;
    std::optional<int64_t> endMs; // Nothing: ends now, and moves with it.

    bool isRolling() const { return !endMs.has_value(); }
    friend bool operator==(const RangeWish&, const RangeWish&) = default;
};

inline constexpr int64_t kSpanMsMin = 1'000;
inline constexpr int64_t kSpanMsMax = 10LL * 366 * 86'400'000;

// The error says what was not understood, with examples that are.
Result<RangeWish> parseRange(const QString& text, int64_t nowMs, const theme::Zone& zone);

// "Last 1 h", "14:00:00 – 15:10:00", "19 Nov 23:00:00 – 20 Nov 01:00:00".
QString rangeTitle(const RangeWish& wish, int64_t nowMs, const theme::Zone& zone);

// "2026-11-20T14:00:00+01:00/2026-11-20T15:10:00+01:00", what copy gives and parseRange takes.
QString rangeIso(const TimeRange& range, const theme::Zone& zone);

} // namespace fleetglass::widgets
