// Units: what a value is measured in, and how it reads for people: three significant digits, the
// unit beside its number. Pure functions; thread-safe.
#pragma once

#include <QString>
#include <cstdint>

namespace fleetglass::theme {

enum class Quantity
{
    None,
    Seconds,
    Bytes,
    Bits,
    Ratio, // 0 to 1, shown as percent.
    Percent,
    Celsius,
    Timestamp, // Seconds since the epoch.
    Volts,
    Amperes,
    Watts,
    Joules,
    Hertz,
    Grams,
    Meters,
    Other, // As declared; see Unit::other.
};

struct Unit
{
    Quantity quantity = Quantity::None;
    double factor = 1; // To the base unit: 0.001 for milliseconds.
    bool perSecond = false;
    bool guessed = false; // From HELP; shown with "?".
    QString other {};
    friend bool operator==(const Unit&, const Unit&) = default;
};

struct UnitHints
{
    QString override; // "seconds", "ms", "bytes", "percent", "B/s" ...; "none" for no unit.
    QString declared; // "# UNIT".
    QString name; // Of the metric; _total, _bucket, _sum, _count, _info are looked through.
    QString help;
};

// Override, then declared, then the name's suffix, then HELP, then none.
Unit inferUnit(const UnitHints& hints);
// "s", "ms", "B", "B/s", "%", "/s", "seconds", "bytes" ...: a unit by its word or sign.
Unit unitFromWord(const QString& word);

// What rate() makes of it: seconds per second are a ratio, the rest is per second.
Unit rateOf(const Unit& unit);

// "720 ms", "4.1 GiB", "48.0 MB/s", "2.5 %", "31.2 /s", "1 h 24 m", "−18.0 ms", "26.4k", "–" for
// NaN. Amounts of bytes are IEC, bytes per second SI.
QString formatValue(double value, const Unit& unit);
// With a sign in front where it is not zero: "+505 ms".
QString formatDelta(double value, const Unit& unit);
// Three significant digits with k, M, G, T: "1.76k".
QString formatNumber(double value);
// "1,344".
QString formatCount(int64_t value);
QString formatBytes(int64_t bytes); // IEC.
// One or two parts: "38 ms", "10.0 s", "2 m 6 s", "3 h 34 m", "19 d".
QString formatDurationMs(double ms);
// One part, for "since": "9 m", "3 h", "19 d", "7 s".
QString formatAgeMs(int64_t ms);

// For axes: divide by `divisor`, write `sign` in the title; ticks are then plain numbers.
struct AxisUnit
{
    double divisor = 1;
    QString sign; // "ms", "MB/s", "%"; empty: none.
};
AxisUnit axisUnit(double largest, const Unit& unit);
// A tick: as many decimals as the step needs. "0.25", "1,500".
QString formatTick(double value, double step);

} // namespace fleetglass::theme
