#include "ui/theme/units.h"

#include "ui/theme/time_text.h"

#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

namespace fleetglass::theme {

namespace {

constexpr QChar kMinus(0x2212);
constexpr QChar kEnDash(0x2013); // No value.

struct Scale
{
    double divisor;
    const char16_t* sign;
};

constexpr Scale kSi[] = { { 1e12, u"T" }, { 1e9, u"G" }, { 1e6, u"M" }, { 1e3, u"k" }, { 1, u"" } };
constexpr Scale kIecBytes[] = { { 1099511627776.0, u"TiB" }, { 1073741824.0, u"GiB" },
    { 1048576.0, u"MiB" }, { 1024, u"KiB" }, { 1, u"B" } };
constexpr Scale kShortTime[]
    = { { 1, u"s" }, { 1e-3, u"ms" }, { 1e-6, u"\u00b5s" }, { 1e-9, u"ns" } };

template<size_t N>
const Scale& scaleFor(const Scale (&scales)[N], double magnitude)
{
    // 999.6 would round to "1000": the next larger unit begins where three digits end.
    for (const Scale& scale : scales) {
        if (magnitude >= scale.divisor * 0.9995)
            return scale;
    }
    return scales[N - 1];
}

// Three significant digits; never an exponent for what a window shows scaled.
QString threeDigits(double magnitude)
{
    if (magnitude == 0)
        return QStringLiteral("0");
    if (magnitude < 0.001 || magnitude >= 1e6)
        return QString::number(magnitude, 'g', 3);
    int decimals = 2;
    if (magnitude >= 99.95)
        decimals = 0;
    else if (magnitude >= 9.995)
        decimals = 1;
    else if (magnitude < 0.0995)
        decimals = magnitude < 0.00995 ? 5 : 4;
    else if (magnitude < 0.9995)
        decimals = 3;
    return QString::number(magnitude, 'f', decimals);
}

// Whole numbers need no decimals: "12", not "12.0".
QString digitsOf(double magnitude)
{
    if (magnitude < 1000 && magnitude == std::floor(magnitude))
        return QString::number(magnitude, 'f', 0);
    return threeDigits(magnitude);
}

// "1,344": the C locale leaves the commas out unless told otherwise.
QLocale grouping()
{
    QLocale locale = QLocale::c();
    locale.setNumberOptions(QLocale::DefaultNumberOptions);
    return locale;
}

QString joined(const QString& digits, const QString& sign)
{
    return sign.isEmpty() ? digits : digits + QLatin1Char(' ') + sign;
}

QString scaled(double magnitude, const Scale& scale, const QString& sign)
{
    return joined(digitsOf(magnitude / scale.divisor), QString::fromUtf16(scale.sign) + sign);
}

QString seconds(double magnitude)
{
    if (magnitude == 0)
        return QStringLiteral("0 s");
    if (magnitude >= 59.95)
        return formatDurationMs(magnitude * 1000);
    const Scale& scale = scaleFor(kShortTime, magnitude);
    return joined(threeDigits(magnitude / scale.divisor), QString::fromUtf16(scale.sign));
}

QString siSign(Quantity quantity)
{
    switch (quantity) {
    case Quantity::Bytes:
        return QStringLiteral("B");
    case Quantity::Bits:
        return QStringLiteral("bit");
    case Quantity::Volts:
        return QStringLiteral("V");
    case Quantity::Amperes:
        return QStringLiteral("A");
    case Quantity::Watts:
        return QStringLiteral("W");
    case Quantity::Joules:
        return QStringLiteral("J");
    case Quantity::Hertz:
        return QStringLiteral("Hz");
    case Quantity::Grams:
        return QStringLiteral("g");
    case Quantity::Meters:
        return QStringLiteral("m");
    default:
        return {};
    }
}

QString celsiusSign()
{
    return QStringLiteral("\u00b0C");
}

QString formatMagnitude(double magnitude, const Unit& unit)
{
    const QString per = unit.perSecond ? QStringLiteral("/s") : QString();
    switch (unit.quantity) {
    case Quantity::None:
        return unit.perSecond ? joined(formatNumber(magnitude), per) : formatNumber(magnitude);
    case Quantity::Other:
        return joined(formatNumber(magnitude), unit.other + per);
    case Quantity::Seconds:
        return unit.perSecond ? joined(digitsOf(magnitude), QStringLiteral("s/s"))
                              : seconds(magnitude);
    case Quantity::Ratio:
        return joined(digitsOf(magnitude * 100), QStringLiteral("%") + per);
    case Quantity::Percent:
        return joined(digitsOf(magnitude), QStringLiteral("%") + per);
    case Quantity::Celsius:
        return joined(digitsOf(magnitude), celsiusSign() + per);
    case Quantity::Bytes:
        if (!unit.perSecond)
            return scaled(magnitude, scaleFor(kIecBytes, magnitude), {});
        break;
    default:
        break;
    }
    return scaled(magnitude, scaleFor(kSi, magnitude), siSign(unit.quantity) + per);
}

QString special(double value)
{
    if (std::isnan(value))
        return kEnDash;
    return value > 0 ? QStringLiteral("+Inf") : kMinus + QStringLiteral("Inf");
}

} // namespace

QString formatNumber(double value)
{
    if (!std::isfinite(value))
        return special(value);
    const double magnitude = std::abs(value);
    const Scale& scale = scaleFor(kSi, magnitude);
    const QString text = digitsOf(magnitude / scale.divisor) + QString::fromUtf16(scale.sign);
    return value < 0 ? kMinus + text : text;
}

QString formatValue(double value, const Unit& unit)
{
    if (!std::isfinite(value))
        return special(value);
    const double base = value * unit.factor;
    if (unit.quantity == Quantity::Timestamp && !unit.perSecond && std::abs(base) < 1e12)
        return dateTimeText(static_cast<int64_t>(base * 1000), {});
    const QString text = formatMagnitude(std::abs(base), unit);
    return base < 0 ? kMinus + text : text;
}

QString formatDelta(double value, const Unit& unit)
{
    Unit plain = unit;
    if (plain.quantity == Quantity::Timestamp)
        plain.quantity = Quantity::Seconds;
    const QString text = formatValue(value, plain);
    return std::isfinite(value) && value > 0 ? QLatin1Char('+') + text : text;
}

QString formatCount(int64_t value)
{
    return grouping().toString(static_cast<qlonglong>(value));
}

QString formatBytes(int64_t bytes)
{
    return formatValue(static_cast<double>(bytes), { .quantity = Quantity::Bytes });
}

QString formatDurationMs(double ms)
{
    if (!std::isfinite(ms))
        return special(ms);
    if (ms < 0)
        return kMinus + formatDurationMs(-ms);
    if (ms < 999.5)
        return ms == 0 ? QStringLiteral("0 s") : seconds(ms / 1000);
    if (ms < 59'950)
        return joined(threeDigits(ms / 1000), QStringLiteral("s"));
    const double whole = std::min(ms / 1000 + 0.5, 9e15);
    const auto total = static_cast<int64_t>(whole);
    const auto two
        = [](int64_t large, const char* largeSign, int64_t small, const char* smallSign) {
              QString text = QString::number(large) + QLatin1Char(' ') + QLatin1String(largeSign);
              if (small > 0)
                  text += QLatin1Char(' ') + QString::number(small) + QLatin1Char(' ')
                      + QLatin1String(smallSign);
              return text;
          };
    if (total < 3600)
        return two(total / 60, "m", total % 60, "s");
    if (total < 86'400)
        return two(total / 3600, "h", total % 3600 / 60, "m");
    if (total < 10 * 86'400)
        return two(total / 86'400, "d", total % 86'400 / 3600, "h");
    return two(total / 86'400, "d", 0, "");
}

QString formatAgeMs(int64_t ms)
{
    const int64_t total = std::max<int64_t>(ms, 0) / 1000;
    if (total < 60)
        return QString::number(total) + QStringLiteral(" s");
    if (total < 3600)
        return QString::number(total / 60) + QStringLiteral(" m");
    if (total < 2 * 86'400)
        return QString::number(total / 3600) + QStringLiteral(" h");
    return QString::number(total / 86'400) + QStringLiteral(" d");
}

AxisUnit axisUnit(double largest, const Unit& unit)
{
    const double magnitude = std::abs(largest) * unit.factor;
    const QString per = unit.perSecond ? QStringLiteral("/s") : QString();
    const auto with = [&](const Scale& scale, const QString& sign) {
        return AxisUnit { scale.divisor / unit.factor, QString::fromUtf16(scale.sign) + sign };
    };
    switch (unit.quantity) {
    case Quantity::None: {
        const Scale& scale = scaleFor(kSi, magnitude < 1e4 ? 1 : magnitude);
        return with(scale, unit.perSecond ? QStringLiteral("1/s") : QString());
    }
    case Quantity::Other:
        return { 1 / unit.factor, unit.other + per };
    case Quantity::Seconds:
        if (magnitude >= 2 * 86'400)
            return { 86'400 / unit.factor, QStringLiteral("d") };
        if (magnitude >= 2 * 3600)
            return { 3600 / unit.factor, QStringLiteral("h") };
        if (magnitude >= 120)
            return { 60 / unit.factor, QStringLiteral("min") };
        // A latency axis up to a second reads better as 0.2, 0.4 s than as 200, 400 ms.
        return with(scaleFor(kShortTime, magnitude == 0 || magnitude >= 0.1 ? 1 : magnitude), per);
    case Quantity::Ratio:
        return { 0.01 / unit.factor, QStringLiteral("%") + per };
    case Quantity::Percent:
        return { 1 / unit.factor, QStringLiteral("%") + per };
    case Quantity::Celsius:
        return { 1 / unit.factor, celsiusSign() + per };
    case Quantity::Timestamp:
        return { 1 / unit.factor, QString() };
    case Quantity::Bytes:
        if (!unit.perSecond)
            return with(scaleFor(kIecBytes, magnitude), {});
        break;
    default:
        break;
    }
    return with(scaleFor(kSi, magnitude == 0 ? 1 : magnitude), siSign(unit.quantity) + per);
}

QString formatTick(double value, double step)
{
    if (!std::isfinite(value))
        return special(value);
    if (std::abs(value) < std::abs(step) * 1e-6)
        value = 0;
    if (std::abs(value) >= 1e7 || (std::abs(step) > 0 && std::abs(step) < 1e-6))
        return QString::number(value, 'g', 4).replace(QLatin1Char('-'), kMinus);
    const double magnitude = std::abs(step) > 0 ? std::abs(step) : 1;
    int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(magnitude) - 1e-9)));
    // 0.25 needs one more than its magnitude tells.
    const double unitStep = magnitude * std::pow(10, decimals);
    if (std::abs(unitStep - std::round(unitStep)) > 1e-6)
        ++decimals;
    const QString text = grouping().toString(std::abs(value), 'f', decimals);
    return value < 0 ? kMinus + text : text;
}

} // namespace fleetglass::theme
