// ChartScale: values to pixels and back, and where the ticks of an axis stand. Plain arithmetic,
// no window. Values and pure functions; share freely.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace fleetglass::charts {

struct Span
{
    double begin = 0;
    double end = 0;
    double length() const { return end - begin; }
    friend bool operator==(const Span&, const Span&) = default;
};

// One axis: a span of values laid on a span of pixels. The pixel span may run backwards, as a
// vertical axis does. A logarithmic scale needs a positive span.
struct ChartScale
{
    Span values;
    Span pixels;
    bool logarithmic = false;

    double toPixel(double value) const;
    double toValue(double pixel) const;
};

inline constexpr int kTicksYMax = 6;
inline constexpr int kTicksXMax = 8;

// Multiples of 1, 2, 2.5 or 5 times a power of ten inside the span, at most countMax.
std::vector<double> niceTicks(Span values, int countMax);
double niceStep(double length, int countMax);

// Decades; with room left also 2 and 5 of each. Empty for a span that is not positive.
std::vector<double> logTicks(Span values, int countMax);

// The axis for data between low and high: zero is on it unless the data moves far from zero only
// little; a bit of air on top, ending on half a tick so that it does not tremble.
Span niceRange(double low, double high, int countMax = kTicksYMax);
// The decades (or halves of one) around positive data.
Span niceLogRange(double low, double high);

// Minutes east of UTC at an instant; a zone with summer time answers differently over the year.
using OffsetAt = std::function<int(int64_t timestampMs)>;

enum class TickUnit
{
    Millisecond,
    Second,
    Minute,
    Day,
    Month
};

struct TimeTicks
{
    std::vector<int64_t> timestampsMs;
    int64_t stepMs = 0;
    TickUnit unit = TickUnit::Minute; // How finely a label must speak.
};

// Round wall-clock times of the zone inside [beginMs, endMs], at most countMax.
TimeTicks timeTicks(int64_t beginMs, int64_t endMs, int countMax, const OffsetAt& offsetAt);

// The same moment in UTC's clothes: what a wall clock of the zone shows, as if it were UTC.
int64_t wallMs(int64_t timestampMs, const OffsetAt& offsetAt);

} // namespace fleetglass::charts
