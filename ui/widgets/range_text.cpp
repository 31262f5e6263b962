#include "ui/widgets/range_text.h"

#include "core/base/duration.h"
#include "ui/theme/units.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>
#include <QTimeZone>

namespace fleetglass::widgets {

namespace {

constexpr qsizetype kTypedMax = 128;
constexpr int64_t kDayMs = 86'400'000;

QString tr(const char* text)
{
    return QCoreApplication::translate("RangeText", text);
}

struct Now
{
    int64_t ms;
    QTimeZone zone;

    QDateTime moment() const { return QDateTime::fromMSecsSinceEpoch(ms, zone); }
    QDateTime at(const QDate& date, const QTime& time) const { return { date, time, zone }; }
    int64_t dayStart(const QDate& date) const { return date.startOfDay(zone).toMSecsSinceEpoch(); }
};

// "2h30m", also with spaces between number and unit and in any case.
std::optional<int64_t> durationMs(QString text)
{
    static const QRegularExpression kSpaces(QStringLiteral("\\s+"));
    text.remove(kSpaces);
    text = text.toLower();
    if (text == QLatin1String("0"))
        return std::nullopt;
    const auto parsed = parseDuration(text.toStdString());
    if (!parsed)
        return std::nullopt;
    return parsed->count();
}

std::optional<QTime> clockTime(const QString& text)
{
    for (const char* format : { "H:mm:ss", "H:mm" }) {
        const QTime time = QTime::fromString(text, QLatin1String(format));
        if (time.isValid())
            return time;
    }
    return std::nullopt;
}

// A date with or without a time and an offset; without an offset it is in the chosen zone.
std::optional<int64_t> dateMoment(const QString& text, const Now& now, bool endOfDay)
{
    const QDate day = QDate::fromString(text, Qt::ISODate);
    if (day.isValid() && text.size() == 10)
        return now.dayStart(endOfDay ? day.addDays(1) : day);
    QString iso = text;
    if (iso.size() > 10 && iso[10] == QLatin1Char(' '))
        iso[10] = QLatin1Char('T');
    QDateTime moment = QDateTime::fromString(iso, Qt::ISODateWithMs);
    if (!moment.isValid())
        return std::nullopt;
    if (moment.timeSpec() == Qt::LocalTime)
        moment = now.at(moment.date(), moment.time());
    return moment.toMSecsSinceEpoch();
}

std::optional<RangeWish> between(int64_t startMs, int64_t endMs)
{
    return RangeWish { endMs - startMs, endMs };
}

std::optional<RangeWish> namedRange(const QString& text, const Now& now)
{
    const QDate today = now.moment().date();
    if (text == QLatin1String("today"))
        return between(now.dayStart(today), now.ms);
    if (text == QLatin1String("yesterday"))
        return between(now.dayStart(today.addDays(-1)), now.dayStart(today));
    if (text == QLatin1String("this week"))
        return between(now.dayStart(today.addDays(1 - today.dayOfWeek())), now.ms);
    return std::nullopt;
}

std::optional<RangeWish> rollingRange(QString text)
{
    for (const char* prefix : { "last ", "now-", "now -", "-" }) {
        if (text.startsWith(QLatin1String(prefix))) {
            text = text.mid(static_cast<qsizetype>(qstrlen(prefix)));
            break;
        }
    }
    const auto span = durationMs(text);
    return span ? std::optional(RangeWish { *span, std::nullopt }) : std::nullopt;
}

// "14:00-15:10" is today, or yesterday where it has not begun; over midnight it ends the day after.
std::optional<RangeWish> clockRange(const QString& from, const QString& to, const Now& now)
{
    const auto start = clockTime(from);
    const bool untilNow = to.isEmpty() || to == QLatin1String("now");
    const auto end = untilNow ? std::nullopt : clockTime(to);
    if (!start || (!untilNow && !end))
        return std::nullopt;
    QDate day = now.moment().date();
    if (now.at(day, *start).toMSecsSinceEpoch() > now.ms)
        day = day.addDays(-1);
    const int64_t startMs = now.at(day, *start).toMSecsSinceEpoch();
    if (untilNow)
        return between(startMs, now.ms);
    const QDate lastDay = *end <= *start ? day.addDays(1) : day;
    return between(startMs, now.at(lastDay, *end).toMSecsSinceEpoch());
}

std::optional<RangeWish> dateRange(const QString& from, const QString& to, const Now& now)
{
    const auto start = dateMoment(from, now, false);
    if (!start)
        return std::nullopt;
    if (to.isEmpty())
        return from.size() == 10 ? between(*start, *dateMoment(from, now, true))
                                 : between(*start, now.ms);
    if (to == QLatin1String("now"))
        return between(*start, now.ms);
    if (const auto span = durationMs(to))
        return between(*start, *start + *span);
    if (const auto time = clockTime(to)) {
        const QDate day = QDateTime::fromMSecsSinceEpoch(*start, now.zone).date();
        return between(*start, now.at(day, *time).toMSecsSinceEpoch());
    }
    const auto end = dateMoment(to, now, true);
    return end ? between(*start, *end) : std::nullopt;
}

std::optional<RangeWish> twoEnded(const QString& text, const Now& now)
{
    static const QRegularExpression kSeparator(
        QStringLiteral("\\s*(?:/|\\s+to\\s+|\\.\\.|\\x{2013}|\\s-\\s)\\s*"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression kClocks(QStringLiteral(
        "^(\\d{1,2}:\\d\\d(?::\\d\\d)?)\\s*-\\s*(\\d{1,2}:\\d\\d(?::\\d\\d)?|now)$"));
    if (const auto match = kClocks.match(text); match.hasMatch())
        return clockRange(match.captured(1), match.captured(2), now);
    const QStringList parts = text.split(kSeparator);
    if (parts.size() > 2)
        return std::nullopt;
    const QString to = parts.value(1);
    if (const auto clocks = clockRange(parts[0], to, now))
        return clocks;
    return dateRange(parts[0], to, now);
}

std::optional<RangeWish> understood(const QString& text, const Now& now)
{
    const QString lower = text.toLower();
    if (const auto named = namedRange(lower, now))
        return named;
    if (const auto rolling = rollingRange(lower))
        return rolling;
    return twoEnded(text, now);
}

tl::unexpected<Error> refused(const char* text, const QString& value)
{
    return failure(tr(text).arg(value).toStdString());
}

} // namespace

Result<RangeWish> parseRange(const QString& typed, int64_t nowMs, const theme::Zone& zone)
{
    const QString text = typed.trimmed();
    if (text.isEmpty())
        return failure(tr("type a range: 30d, 14:00-15:10, yesterday").toStdString());
    if (text.size() > kTypedMax)
        return refused("the range is longer than %1 characters", QString::number(kTypedMax));
    const auto wish = understood(text, { nowMs, zone.timeZone() });
    if (!wish)
        return refused("\"%1\" is no range; try 30d, 2h30m, 14:00-15:10, yesterday, 2026-11-20",
            text.left(40));
    if (wish->spanMs <= 0)
        return refused("\"%1\" ends before it begins", text.left(40));
    if (wish->spanMs < kSpanMsMin)
        return refused("\"%1\" is shorter than 1 s", text.left(40));
    if (wish->spanMs > kSpanMsMax)
        return refused("\"%1\" is longer than 10 years", text.left(40));
    return *wish;
}

QString rangeTitle(const RangeWish& wish, int64_t nowMs, const theme::Zone& zone)
{
    if (wish.isRolling()) {
        const bool hours = wish.spanMs % 3'600'000 == 0 && wish.spanMs <= 2 * kDayMs;
        const QString span = hours ? QString::number(wish.spanMs / 3'600'000) + QStringLiteral(" h")
                                   : theme::formatDurationMs(static_cast<double>(wish.spanMs));
        return tr("Last %1").arg(span);
    }
    const int64_t startMs = *wish.endMs - wish.spanMs;
    return theme::momentText(startMs, nowMs, zone) + QStringLiteral(" \u2013 ")
        + theme::momentText(*wish.endMs, nowMs, zone);
}

QString rangeIso(const TimeRange& range, const theme::Zone& zone)
{
    return theme::isoText(range.startMs, zone) + QLatin1Char('/')
        + theme::isoText(range.endMs, zone);
}

} // namespace fleetglass::widgets
