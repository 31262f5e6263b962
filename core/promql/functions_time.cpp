// time() and the parts of a date, in UTC.
#include "core/promql/functions.h"

#include <chrono>
#include <cmath>
#include <limits>

namespace fleetglass::promql {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;

// A float is cut to whole seconds as Go's int64(f) does; what has no int64 gives the smallest one.
sys_seconds secondsOf(double value)
{
    constexpr double kLimit = 9.2e18;
    int64_t seconds = std::numeric_limits<int64_t>::min();
    if (std::fabs(value) < kLimit)
        seconds = static_cast<int64_t>(value);
    // Years that std::chrono knows; beyond them every date is as meaningless as the next.
    constexpr int64_t kBound = 900'000'000'000;
    return sys_seconds(std::chrono::seconds(std::clamp(seconds, -kBound, kBound)));
}

year_month_day dateOf(sys_seconds at)
{
    return year_month_day(floor<days>(at));
}

double minuteOf(sys_seconds at)
{
    return static_cast<double>((at - floor<std::chrono::hours>(at)) / std::chrono::minutes(1));
}

double hourOf(sys_seconds at)
{
    return static_cast<double>((at - floor<days>(at)) / std::chrono::hours(1));
}

double dayOfWeek(sys_seconds at)
{
    return std::chrono::weekday(floor<days>(at)).c_encoding();
}

double dayOfMonth(sys_seconds at)
{
    return static_cast<unsigned>(dateOf(at).day());
}

double dayOfYear(sys_seconds at)
{
    const year_month_day date = dateOf(at);
    const sys_days newYear { date.year() / std::chrono::January / 1 };
    return static_cast<double>((floor<days>(at) - newYear).count() + 1);
}

double daysInMonth(sys_seconds at)
{
    const year_month_day date = dateOf(at);
    return static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day());
}

double monthOf(sys_seconds at)
{
    return static_cast<unsigned>(dateOf(at).month());
}

double yearOf(sys_seconds at)
{
    return static_cast<int>(dateOf(at).year());
}

template<double (*Part)(sys_seconds)>
Result<void> datePart(const CallContext& context)
{
    if (context.size() == 0) {
        Column column(context.grid.steps);
        for (size_t step = 0; step < context.grid.steps; ++step) {
            const auto at = std::chrono::milliseconds(context.grid.at(step));
            column.values[step] = Part(sys_seconds(floor<std::chrono::seconds>(at)));
        }
        return context.sink(std::move(column));
    }
    return context.evaluator.stream(
        context.argument(0), context.grid, [&](Column column) -> Result<void> {
            column.histograms.clear();
            for (double& value : column.values) {
                if (!isAbsent(value))
                    value = Part(secondsOf(value));
            }
            column.dropName = true;
            return column.empty() ? Result<void>() : context.sink(std::move(column));
        });
}

Result<void> timeOfStep(const CallContext& context)
{
    Column column(context.grid.steps);
    for (size_t step = 0; step < context.grid.steps; ++step)
        column.values[step] = static_cast<double>(context.grid.at(step)) / 1000;
    return context.sink(std::move(column));
}

constexpr VectorFunctionEntry kTimeFunctions[] {
    { "time", timeOfStep },
    { "minute", datePart<minuteOf> },
    { "hour", datePart<hourOf> },
    { "day_of_week", datePart<dayOfWeek> },
    { "day_of_month", datePart<dayOfMonth> },
    { "day_of_year", datePart<dayOfYear> },
    { "days_in_month", datePart<daysInMonth> },
    { "month", datePart<monthOf> },
    { "year", datePart<yearOf> },
};

} // namespace

std::span<const VectorFunctionEntry> timeFunctions()
{
    return kTimeFunctions;
}

} // namespace fleetglass::promql
