// Where a unit comes from: override, # UNIT, suffix of the name, HELP.
#include "ui/theme/units.h"

#include <QHash>

namespace fleetglass::theme {

namespace {

Unit of(Quantity quantity, double factor = 1)
{
    return { .quantity = quantity, .factor = factor };
}

const QHash<QString, Unit>& words()
{
    using enum Quantity;
    static const QHash<QString, Unit> kWords = {
        { QStringLiteral("seconds"), of(Seconds) },
        { QStringLiteral("second"), of(Seconds) },
        { QStringLiteral("sec"), of(Seconds) },
        { QStringLiteral("secs"), of(Seconds) },
        { QStringLiteral("s"), of(Seconds) },
        { QStringLiteral("milliseconds"), of(Seconds, 1e-3) },
        { QStringLiteral("millis"), of(Seconds, 1e-3) },
        { QStringLiteral("ms"), of(Seconds, 1e-3) },
        { QStringLiteral("microseconds"), of(Seconds, 1e-6) },
        { QStringLiteral("us"), of(Seconds, 1e-6) },
        { QStringLiteral("nanoseconds"), of(Seconds, 1e-9) },
        { QStringLiteral("ns"), of(Seconds, 1e-9) },
        { QStringLiteral("minutes"), of(Seconds, 60) },
        { QStringLiteral("hours"), of(Seconds, 3600) },
        { QStringLiteral("days"), of(Seconds, 86'400) },
        { QStringLiteral("bytes"), of(Bytes) },
        { QStringLiteral("byte"), of(Bytes) },
        { QStringLiteral("b"), of(Bytes) },
        { QStringLiteral("kilobytes"), of(Bytes, 1000) },
        { QStringLiteral("kib"), of(Bytes, 1024) },
        { QStringLiteral("megabytes"), of(Bytes, 1e6) },
        { QStringLiteral("mib"), of(Bytes, 1'048'576) },
        { QStringLiteral("gigabytes"), of(Bytes, 1e9) },
        { QStringLiteral("gib"), of(Bytes, 1'073'741'824) },
        { QStringLiteral("bits"), of(Bits) },
        { QStringLiteral("bit"), of(Bits) },
        { QStringLiteral("ratio"), of(Ratio) },
        { QStringLiteral("percent"), of(Percent) },
        { QStringLiteral("percentage"), of(Percent) },
        { QStringLiteral("%"), of(Percent) },
        { QStringLiteral("celsius"), of(Celsius) },
        { QStringLiteral("volts"), of(Volts) },
        { QStringLiteral("v"), of(Volts) },
        { QStringLiteral("amperes"), of(Amperes) },
        { QStringLiteral("amps"), of(Amperes) },
        { QStringLiteral("watts"), of(Watts) },
        { QStringLiteral("w"), of(Watts) },
        { QStringLiteral("joules"), of(Joules) },
        { QStringLiteral("j"), of(Joules) },
        { QStringLiteral("hertz"), of(Hertz) },
        { QStringLiteral("hz"), of(Hertz) },
        { QStringLiteral("grams"), of(Grams) },
        { QStringLiteral("kilograms"), of(Grams, 1000) },
        { QStringLiteral("meters"), of(Meters) },
        { QStringLiteral("timestamp"), of(Timestamp) },
        { QStringLiteral("timestamp_seconds"), of(Timestamp) },
        { QStringLiteral("timestamp_ms"), of(Timestamp, 1e-3) },
    };
    return kWords;
}

// A suffix must not be a letter or two that names happen to end in; these are safe.
bool isSuffix(const QString& word)
{
    return word.size() > 2 || word == QLatin1String("ms") || word == QLatin1String("us")
        || word == QLatin1String("ns");
}

Unit fromName(QString name)
{
    for (const char* part : { "_total", "_bucket", "_sum", "_created" }) {
        if (name.endsWith(QLatin1String(part)))
            name.chop(static_cast<qsizetype>(qstrlen(part)));
    }
    // A count of observations has no unit, whatever was observed.
    if (name.endsWith(QLatin1String("_count")) || name.endsWith(QLatin1String("_info")))
        return {};
    for (const char* stamp : { "_timestamp_seconds", "_timestamp_ms", "_timestamp" }) {
        if (name.endsWith(QLatin1String(stamp)))
            return words().value(QLatin1String(stamp).mid(1));
    }
    for (const char* stamp : { "_time_seconds", "_time_sec" }) {
        // process_start_time_seconds, node_boot_time_seconds: moments, not lengths.
        if (name.endsWith(QLatin1String(stamp))
            && (name.contains(QLatin1String("start_time"))
                || name.contains(QLatin1String("boot_time"))
                || name.contains(QLatin1String("expiry_time"))))
            return of(Quantity::Timestamp);
    }
    const QString last = name.mid(name.lastIndexOf(QLatin1Char('_')) + 1).toLower();
    return name.contains(QLatin1Char('_')) && isSuffix(last) ? words().value(last) : Unit {};
}

// HELP says "in seconds", "(bytes)", "percentage of": a guess, and marked as one.
Unit fromHelp(const QString& help)
{
    const QString text = help.left(256).toLower();
    constexpr const char* kGuessable[] = { "milliseconds", "microseconds", "nanoseconds", "seconds",
        "bytes", "percentage", "percent", "celsius", "volts", "watts", "joules", "hertz" };
    for (const char* word : kGuessable) {
        const QLatin1String plain(word);
        for (const QString& form : { QStringLiteral("in %1").arg(plain),
                 QStringLiteral("(%1").arg(plain), QStringLiteral("%1)").arg(plain) }) {
            if (!text.contains(form))
                continue;
            Unit unit = words().value(plain);
            unit.guessed = true;
            return unit;
        }
    }
    return {};
}

} // namespace

Unit unitFromWord(const QString& word)
{
    QString base = word.trimmed();
    if (base.isEmpty() || base.compare(QLatin1String("none"), Qt::CaseInsensitive) == 0)
        return {};
    Unit unit;
    unit.perSecond = base.endsWith(QLatin1String("/s"));
    if (unit.perSecond)
        base.chop(2);
    const auto known = words().constFind(base.toLower());
    if (known != words().constEnd()) {
        unit.quantity = known->quantity;
        unit.factor = known->factor;
    } else if (base == QString(QChar(0x00B0)) + QLatin1Char('C')) {
        unit.quantity = Quantity::Celsius;
    } else if (!base.isEmpty() && base != QLatin1String("1")) {
        unit.quantity = Quantity::Other;
        unit.other = base.left(16);
    }
    return unit;
}

Unit inferUnit(const UnitHints& hints)
{
    if (!hints.override.isEmpty())
        return unitFromWord(hints.override);
    if (!hints.declared.isEmpty())
        return unitFromWord(hints.declared);
    const Unit named = fromName(hints.name);
    if (named.quantity != Quantity::None)
        return named;
    return fromHelp(hints.help);
}

Unit rateOf(const Unit& unit)
{
    Unit rate = unit;
    if (unit.quantity == Quantity::Seconds && !unit.perSecond)
        rate.quantity = Quantity::Ratio; // CPU seconds per second: a share.
    else if (unit.quantity == Quantity::Joules && !unit.perSecond)
        rate.quantity = Quantity::Watts;
    else
        rate.perSecond = true;
    return rate;
}

} // namespace fleetglass::theme
