// Moments as text: one switch between local time and UTC for the whole window, the numeric offset
// always near, 24 h clock. Pure functions; thread-safe.
#pragma once

#include <QString>
#include <QTimeZone>
#include <cstdint>

namespace fleetglass::theme {

// Which clock on the wall. Invalid zone: the system's.
struct Zone
{
    bool utc = false;
    QTimeZone local {}; // For tests and captures; usually invalid.

    QTimeZone timeZone() const;
    friend bool operator==(const Zone& a, const Zone& b)
    {
        return a.utc == b.utc && a.local == b.local;
    }
};

QString clockText(int64_t ms, const Zone& zone); // 14:41:40
QString clockMinuteText(int64_t ms, const Zone& zone); // 14:41
QString clockOffsetText(int64_t ms, const Zone& zone); // 14:41:40 +01:00
QString dayText(int64_t ms, const Zone& zone); // Fri 20 Nov
QString dateTimeText(int64_t ms, const Zone& zone); // 2026-11-20 14:41:40 +01:00
// The clock alone within the day of `nowMs`, else with its day: "19 Nov 23:10:05".
QString momentText(int64_t ms, int64_t nowMs, const Zone& zone);
QString isoText(int64_t ms, const Zone& zone); // 2026-11-20T14:41:40+01:00
QString offsetText(int64_t ms, const Zone& zone); // +01:00
QString zoneTitle(int64_t ms, const Zone& zone); // +01:00 Europe/Berlin

} // namespace fleetglass::theme
