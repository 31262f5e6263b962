#include "core/rules/template_printf.h"
#include "core/rules/template_time.h"

#include "core/histogram/format.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace fleetglass::rules::tmpl {

namespace {

using Answer = Result<Value>;

// Nanoseconds since the year 1 do not fit 64 bits.
__extension__ typedef __int128 Wide;

constexpr int64_t kNanos = 1'000'000'000;
constexpr int64_t kZeroTimeSeconds = -62'135'596'800; // Go's zero time: 0001-01-01.
constexpr int64_t kCountMax = 1'000'000'000; // Of years, months and days to add.
constexpr Wide kInt64Max = std::numeric_limits<int64_t>::max();
constexpr Wide kInt64Min = std::numeric_limits<int64_t>::min();

int64_t clamped(Wide value)
{
    return static_cast<int64_t>(std::clamp(value, kInt64Min, kInt64Max));
}

Wide sinceZero(TimePoint time)
{
    return static_cast<Wide>(time.seconds - kZeroTimeSeconds) * kNanos + time.nanos;
}

TimePoint fromZero(Wide nanos)
{
    Wide seconds = nanos / kNanos;
    if (nanos % kNanos < 0)
        --seconds;
    return { static_cast<int64_t>(seconds) + kZeroTimeSeconds,
        static_cast<int32_t>(nanos - seconds * kNanos) };
}

Wide rounded(Wide value, int64_t step, bool up)
{
    const Wide rest = value % step;
    const Wide size = rest < 0 ? -rest : rest;
    if (!up || size + size < step)
        return value - rest;
    return value - rest + (value < 0 ? -step : step);
}

Answer roundedTime(const Arguments& a, bool up)
{
    const int64_t step = a[1].asInt();
    if (step <= 0)
        return Value::time(a[0].asTime(), false);
    return Value::time(fromZero(rounded(sinceZero(a[0].asTime()), step, up)), false);
}

Answer roundedDuration(const Arguments& a, bool up)
{
    const int64_t step = a[1].asInt();
    if (step <= 0)
        return Value::duration(a[0].asInt(), false);
    return Value::duration(clamped(rounded(a[0].asInt(), step, up)), false);
}

Answer addDate(Machine&, const Arguments& a)
{
    const TimePoint time = a[0].asTime();
    const Civil civil = civilOf(time);
    const auto count = [&](size_t i) { return std::clamp(a[i].asInt(), -kCountMax, kCountMax); };
    TimePoint moved = timeOf(civil.year + count(1), civil.month + count(2), civil.day + count(3));
    moved.seconds += civil.hour * 3600 + civil.minute * 60 + civil.second;
    moved.nanos = time.nanos;
    return Value::time(moved, false);
}

Answer inUnits(const Value& duration, int64_t unit)
{
    // Whole units apart from the rest keeps the digits, as Go does.
    const int64_t nanos = duration.asInt();
    return Value::real(static_cast<double>(nanos / unit)
        + static_cast<double>(nanos % unit) / static_cast<double>(unit));
}

Answer wholeUnits(const Value& time, int64_t unit)
{
    const TimePoint point = time.asTime();
    return Value::integer(clamped((static_cast<Wide>(point.seconds) * kNanos + point.nanos) / unit
        - ((static_cast<Wide>(point.seconds) * kNanos + point.nanos) % unit < 0 ? 1 : 0)));
}

Answer text(Machine&, const Arguments& a)
{
    return Value::string(nameOf(a[0]));
}

const std::vector<Function>& namedMethods()
{
    static const std::vector<Function> kMethods { { "String", {}, false, text } };
    return kMethods;
}

// Fields of a histogram are read as methods without arguments.
const std::vector<Function>& histogramMethods()
{
    static const std::vector<Function> kMethods {
        { "String", {}, false,
            [](Machine&, const Arguments& a) -> Answer {
                return Value::string(histogram::toText(a[0].asHistogram()));
            } },
        { "Count", {}, false,
            [](Machine&, const Arguments& a) -> Answer {
                return Value::real(a[0].asHistogram().count);
            } },
        { "Sum", {}, false,
            [](Machine&, const Arguments& a) -> Answer {
                return Value::real(a[0].asHistogram().sum);
            } },
        { "Schema", {}, false,
            [](Machine&, const Arguments& a) -> Answer {
                return Value::integer(a[0].asHistogram().schema);
            } },
        { "ZeroCount", {}, false,
            [](Machine&, const Arguments& a) -> Answer {
                return Value::real(a[0].asHistogram().zeroCount);
            } },
        { "ZeroThreshold", {}, false,
            [](Machine&, const Arguments& a) -> Answer {
                return Value::real(a[0].asHistogram().zeroThreshold);
            } },
    };
    return kMethods;
}

const std::vector<Function>* methodsOf(Kind kind)
{
    switch (kind) {
    case Kind::Time:
        return &timeMethods();
    case Kind::Duration:
        return &durationMethods();
    case Kind::Month:
    case Kind::Weekday:
        return &namedMethods();
    case Kind::Histogram:
        return &histogramMethods();
    default:
        return nullptr;
    }
}

} // namespace

const std::vector<Function>& timeMethods()
{
    using A = const Arguments&;
    static const std::vector<Function> kMethods {
        { "String", {}, false, text },
        { "Format", { Param::String }, false,
            [](Machine&, A a) -> Answer {
                return Value::string(formatTime(a[0].asTime(), a[1].text()));
            } },
        { "Unix", {}, false,
            [](Machine&, A a) -> Answer { return Value::integer(a[0].asTime().seconds); } },
        { "UnixMilli", {}, false, [](Machine&, A a) { return wholeUnits(a[0], 1'000'000); } },
        { "UnixMicro", {}, false, [](Machine&, A a) { return wholeUnits(a[0], 1'000); } },
        { "UnixNano", {}, false, [](Machine&, A a) { return wholeUnits(a[0], 1); } },
        { "Add", { Param::Duration }, false,
            [](Machine&, A a) -> Answer {
                return Value::time(plus(a[0].asTime(), a[1].asInt()), false);
            } },
        { "AddDate", { Param::Int, Param::Int, Param::Int }, false, addDate },
        { "Sub", { Param::Time }, false,
            [](Machine&, A a) -> Answer {
                return Value::duration(
                    clamped(sinceZero(a[0].asTime()) - sinceZero(a[1].asTime())), false);
            } },
        { "Before", { Param::Time }, false,
            [](Machine&, A a) -> Answer { return Value::boolean(a[0].asTime() < a[1].asTime()); } },
        { "After", { Param::Time }, false,
            [](Machine&, A a) -> Answer { return Value::boolean(a[0].asTime() > a[1].asTime()); } },
        { "Equal", { Param::Time }, false,
            [](Machine&, A a) -> Answer {
                return Value::boolean(a[0].asTime() == a[1].asTime());
            } },
        { "Compare", { Param::Time }, false,
            [](Machine&, A a) -> Answer {
                const auto order = a[0].asTime() <=> a[1].asTime();
                return Value::integer(order < 0 ? -1 : order > 0 ? 1 : 0);
            } },
        { "IsZero", {}, false,
            [](Machine&, A a) -> Answer {
                return Value::boolean(a[0].asTime() == TimePoint { kZeroTimeSeconds, 0 });
            } },
        { "UTC", {}, false,
            [](Machine&, A a) -> Answer { return Value::time(a[0].asTime(), false); } },
        { "Local", {}, false,
            [](Machine&, A a) -> Answer { return Value::time(a[0].asTime(), false); } },
        { "Truncate", { Param::Duration }, false,
            [](Machine&, A a) { return roundedTime(a, false); } },
        { "Round", { Param::Duration }, false, [](Machine&, A a) { return roundedTime(a, true); } },
        { "Year", {}, false,
            [](Machine&, A a) -> Answer { return Value::integer(civilOf(a[0].asTime()).year); } },
        { "Month", {}, false,
            [](Machine&, A a) -> Answer {
                return Value::integerOf(Kind::Month, civilOf(a[0].asTime()).month);
            } },
        { "Day", {}, false,
            [](Machine&, A a) -> Answer { return Value::integer(civilOf(a[0].asTime()).day); } },
        { "Hour", {}, false,
            [](Machine&, A a) -> Answer { return Value::integer(civilOf(a[0].asTime()).hour); } },
        { "Minute", {}, false,
            [](Machine&, A a) -> Answer { return Value::integer(civilOf(a[0].asTime()).minute); } },
        { "Second", {}, false,
            [](Machine&, A a) -> Answer { return Value::integer(civilOf(a[0].asTime()).second); } },
        { "Nanosecond", {}, false,
            [](Machine&, A a) -> Answer { return Value::integer(a[0].asTime().nanos); } },
        { "Weekday", {}, false,
            [](Machine&, A a) -> Answer {
                return Value::integerOf(Kind::Weekday, civilOf(a[0].asTime()).weekday);
            } },
        { "YearDay", {}, false,
            [](Machine&, A a) -> Answer {
                return Value::integer(civilOf(a[0].asTime()).yearDay);
            } },
    };
    return kMethods;
}

const std::vector<Function>& durationMethods()
{
    using A = const Arguments&;
    static const std::vector<Function> kMethods {
        { "String", {}, false, text },
        { "Hours", {}, false, [](Machine&, A a) { return inUnits(a[0], 3600 * kNanos); } },
        { "Minutes", {}, false, [](Machine&, A a) { return inUnits(a[0], 60 * kNanos); } },
        { "Seconds", {}, false, [](Machine&, A a) { return inUnits(a[0], kNanos); } },
        { "Milliseconds", {}, false,
            [](Machine&, A a) -> Answer { return Value::integer(a[0].asInt() / 1'000'000); } },
        { "Microseconds", {}, false,
            [](Machine&, A a) -> Answer { return Value::integer(a[0].asInt() / 1'000); } },
        { "Nanoseconds", {}, false,
            [](Machine&, A a) -> Answer { return Value::integer(a[0].asInt()); } },
        { "Truncate", { Param::Duration }, false,
            [](Machine&, A a) { return roundedDuration(a, false); } },
        { "Round", { Param::Duration }, false,
            [](Machine&, A a) { return roundedDuration(a, true); } },
        { "Abs", {}, false,
            [](Machine&, A a) -> Answer {
                const Wide nanos = a[0].asInt();
                return Value::duration(clamped(nanos < 0 ? -nanos : nanos), false);
            } },
    };
    return kMethods;
}

const Function* findMethod(const Value& receiver, std::string_view name)
{
    const auto* methods = methodsOf(receiver.kind());
    if (!methods)
        return nullptr;
    const auto found = std::find_if(
        methods->begin(), methods->end(), [&](const auto& method) { return method.name == name; });
    return found == methods->end() ? nullptr : &*found;
}

} // namespace fleetglass::rules::tmpl
