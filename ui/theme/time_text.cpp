#include "ui/theme/time_text.h"

#include <QDateTime>
#include <QLocale>

namespace fleetglass::theme {

namespace {

QDateTime at(int64_t ms, const Zone& zone)
{
    return QDateTime::fromMSecsSinceEpoch(ms, zone.timeZone());
}

// Numbers and order are the same for everybody; only the month's and the day's name are translated.
QString text(int64_t ms, const Zone& zone, const char* format)
{
    return QLocale().toString(at(ms, zone), QLatin1String(format));
}

} // namespace

QTimeZone Zone::timeZone() const
{
    if (utc)
        return QTimeZone::utc();
    return local.isValid() ? local : QTimeZone::systemTimeZone();
}

QString clockText(int64_t ms, const Zone& zone)
{
    return text(ms, zone, "HH:mm:ss");
}

QString clockMinuteText(int64_t ms, const Zone& zone)
{
    return text(ms, zone, "HH:mm");
}

QString offsetText(int64_t ms, const Zone& zone)
{
    const int seconds = at(ms, zone).offsetFromUtc();
    const int minutes = std::abs(seconds) / 60;
    return QStringLiteral("%1%2:%3")
        .arg(QLatin1Char(seconds < 0 ? '-' : '+'))
        .arg(minutes / 60, 2, 10, QLatin1Char('0'))
        .arg(minutes % 60, 2, 10, QLatin1Char('0'));
}

QString clockOffsetText(int64_t ms, const Zone& zone)
{
    return clockText(ms, zone) + QLatin1Char(' ') + offsetText(ms, zone);
}

QString dayText(int64_t ms, const Zone& zone)
{
    return text(ms, zone, "ddd d MMM");
}

QString dateTimeText(int64_t ms, const Zone& zone)
{
    return text(ms, zone, "yyyy-MM-dd HH:mm:ss ") + offsetText(ms, zone);
}

QString momentText(int64_t ms, int64_t nowMs, const Zone& zone)
{
    if (at(ms, zone).date() == at(nowMs, zone).date())
        return clockText(ms, zone);
    return text(ms, zone, "d MMM HH:mm:ss");
}

QString isoText(int64_t ms, const Zone& zone)
{
    return text(ms, zone, "yyyy-MM-ddTHH:mm:ss") + offsetText(ms, zone);
}

QString zoneTitle(int64_t ms, const Zone& zone)
{
    if (zone.utc)
        return QStringLiteral("UTC");
    const QString id = QString::fromUtf8(zone.timeZone().id());
    return offsetText(ms, zone) + QLatin1Char(' ') + id;
}

} // namespace fleetglass::theme
