#include "ui/charts/chart_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fleetglass::charts {

namespace {

constexpr int64_t kSecondMs = 1000;
constexpr int64_t kMinuteMs = 60 * kSecondMs;
constexpr int64_t kHourMs = 60 * kMinuteMs;
constexpr int64_t kDayMs = 24 * kHourMs;

constexpr std::array<int64_t, 32> kTimeStepsMs {
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    kSecondMs,
    2 * kSecondMs,
    5 * kSecondMs,
    10 * kSecondMs,
    15 * kSecondMs,
    30 * kSecondMs,
    kMinuteMs,
    2 * kMinuteMs,
    5 * kMinuteMs,
    10 * kMinuteMs,
    15 * kMinuteMs,
    30 * kMinuteMs,
    kHourMs,
    2 * kHourMs,
    3 * kHourMs,
    6 * kHourMs,
    12 * kHourMs,
    kDayMs,
    2 * kDayMs,
    7 * kDayMs,
    14 * kDayMs,
    30 * kDayMs,
    365 * kDayMs,
};

int64_t floorTo(int64_t value, int64_t step)
{
    const int64_t rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

TickUnit unitOf(int64_t stepMs)
{
    if (stepMs < kSecondMs)
        return TickUnit::Millisecond;
    if (stepMs < kMinuteMs)
        return TickUnit::Second;
    if (stepMs < kDayMs)
        return TickUnit::Minute;
    return stepMs < 365 * kDayMs ? TickUnit::Day : TickUnit::Month;
}

// The instant at which the zone's wall clock shows `wall`. The offset is asked twice because the
// first answer is for a moment up to a day away.
int64_t instantOfWall(int64_t wall, const OffsetAt& offsetAt)
{
    const int64_t guess = wall - offsetAt(wall) * kMinuteMs;
    return wall - offsetAt(guess) * kMinuteMs;
}

std::vector<int64_t> ticksOfStep(
    int64_t beginMs, int64_t endMs, int64_t stepMs, const OffsetAt& offsetAt)
{
    std::vector<int64_t> ticks;
    for (int64_t wall = floorTo(wallMs(beginMs, offsetAt), stepMs);; wall += stepMs) {
        const int64_t instant = instantOfWall(wall, offsetAt);
        if (instant > endMs)
            return ticks;
        if (instant >= beginMs && (ticks.empty() || instant > ticks.back()))
            ticks.push_back(instant);
    }
}

} // namespace

double ChartScale::toPixel(double value) const
{
    if (values.length() == 0)
        return pixels.begin;
    if (logarithmic) {
        const double low = std::max(values.begin, 1e-300);
        const double part = std::log(std::max(value, 1e-300) / low) / std::log(values.end / low);
        return pixels.begin + part * pixels.length();
    }
    return pixels.begin + (value - values.begin) / values.length() * pixels.length();
}

double ChartScale::toValue(double pixel) const
{
    if (pixels.length() == 0)
        return values.begin;
    const double part = (pixel - pixels.begin) / pixels.length();
    if (logarithmic)
        return values.begin * std::pow(values.end / values.begin, part);
    return values.begin + part * values.length();
}

double niceStep(double length, int countMax)
{
    if (!(length > 0) || !std::isfinite(length) || countMax < 2)
        return 1;
    const double rough = length / countMax;
    const double magnitude = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : { 1.0, 2.0, 2.5, 5.0 }) {
        if (factor * magnitude >= rough * (1 - 1e-9))
            return factor * magnitude;
    }
    return 10 * magnitude;
}

std::vector<double> niceTicks(Span values, int countMax)
{
    std::vector<double> ticks;
    if (!(values.length() > 0) || !std::isfinite(values.length()))
        return ticks;
    for (double step = niceStep(values.length(), countMax);;
         step = niceStep(step * countMax * 1.01, countMax)) {
        const double first = std::ceil(values.begin / step - 1e-6);
        const double last = std::floor(values.end / step + 1e-6);
        if (last - first + 1 > countMax)
            continue;
        for (double index = first; index <= last; ++index)
            ticks.push_back(index == 0 ? 0 : index * step);
        return ticks;
    }
}

std::vector<double> logTicks(Span values, int countMax)
{
    std::vector<double> ticks;
    if (!(values.begin > 0) || !(values.end > values.begin) || !std::isfinite(values.end))
        return ticks;
    const int first = static_cast<int>(std::floor(std::log10(values.begin)));
    const int last = static_cast<int>(std::ceil(std::log10(values.end)));
    const int every = std::max(1, (last - first + countMax) / countMax);
    const bool fine = (last - first + 1) * 3 <= countMax + 2;
    for (int decade = first; decade <= last; decade += every) {
        for (const double factor : { 1.0, 2.0, 5.0 }) {
            const double tick = factor * std::pow(10.0, decade);
            if (tick >= values.begin * (1 - 1e-9) && tick <= values.end * (1 + 1e-9)
                && (fine || factor == 1.0))
                ticks.push_back(tick);
        }
    }
    while (ticks.size() > static_cast<size_t>(countMax))
        ticks.pop_back();
    return ticks;
}

Span niceRange(double low, double high, int countMax)
{
    if (!std::isfinite(low) || !std::isfinite(high) || low > high)
        return { 0, 1 };
    if (low == high) {
        if (low == 0)
            return { 0, 1 };
        return low > 0 ? niceRange(0, low, countMax) : niceRange(low, 0, countMax);
    }
    const bool farFromZero = (high - low) < 0.05 * std::max(std::abs(low), std::abs(high));
    if (!farFromZero && low > 0)
        low = 0;
    if (!farFromZero && high < 0)
        high = 0;
    const double half = niceStep((high - low) * 1.08, countMax) / 2;
    const double air = (high - low) * 0.04;
    Span range { low, high };
    if (low != 0)
        range.begin = std::floor((low - air) / half) * half;
    if (high != 0)
        range.end = std::ceil((high + air) / half) * half;
    return range;
}

Span niceLogRange(double low, double high)
{
    if (!(low > 0) || !std::isfinite(high) || high < low)
        return { 1, 10 };
    Span range { std::pow(10.0, std::floor(std::log10(low))),
        std::pow(10.0, std::ceil(std::log10(high))) };
    if (range.begin >= range.end)
        range.end = range.begin * 10;
    if (range.end >= high * 2.2)
        range.end /= 2;
    return range.end > range.begin ? range : Span { range.begin, range.begin * 10 };
}

int64_t wallMs(int64_t timestampMs, const OffsetAt& offsetAt)
{
    return timestampMs + offsetAt(timestampMs) * kMinuteMs;
}

TimeTicks timeTicks(int64_t beginMs, int64_t endMs, int countMax, const OffsetAt& offsetAt)
{
    TimeTicks result;
    if (endMs <= beginMs || countMax < 1)
        return result;
    const int64_t rough = (endMs - beginMs) / countMax;
    // A step a little too fine for the average may still fit between these two ends.
    auto step = std::lower_bound(kTimeStepsMs.begin(), kTimeStepsMs.end(), rough - rough / 4);
    for (; step != kTimeStepsMs.end(); ++step) {
        auto ticks = ticksOfStep(beginMs, endMs, *step, offsetAt);
        if (ticks.size() <= static_cast<size_t>(countMax))
            return { std::move(ticks), *step, unitOf(*step) };
    }
    const int64_t years = std::max<int64_t>(1, rough / kTimeStepsMs.back() + 1);
    const int64_t stepMs = years * kTimeStepsMs.back();
    return { ticksOfStep(beginMs, endMs, stepMs, offsetAt), stepMs, unitOf(stepMs) };
}

} // namespace fleetglass::charts
