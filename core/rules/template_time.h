// Go's time.Time and time.Duration as templates meet them: text forms, layouts, methods. Times are
// UTC. Pure functions; thread-safe.
#pragma once

#include "core/rules/template_functions.h"
#include "core/rules/template_value.h"

#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::rules::tmpl {

// String() of a time, a duration, a month or a weekday.
std::string nameOf(const Value& value);

std::string durationText(int64_t nanos); // "1h30m0s", "1.5ms", "0s"
std::string timeText(TimePoint time); // "2015-06-23 13:19:44.128 +0000 UTC"
// time.Format with a Go layout: "2006-01-02T15:04:05Z07:00".
std::string formatTime(TimePoint time, std::string_view layout);

// A date and a time of day of a point in time.
struct Civil
{
    int64_t year = 1970;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int weekday = 4; // 0: Sunday.
    int yearDay = 1;
};
Civil civilOf(TimePoint time);
TimePoint timeOf(int64_t year, int64_t month, int64_t day); // Midnight; months may run over.

TimePoint plus(TimePoint time, int64_t nanos);

const std::vector<Function>& timeMethods();
const std::vector<Function>& durationMethods();

} // namespace fleetglass::rules::tmpl
