// Numbers, durations and times for people (Prometheus template functions and
// common/helpers/templates). Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/rules/template_value.h"

#include <string>

namespace fleetglass::rules::tmpl {

// A number, a number as text, or a duration in seconds; fails as "can't convert bool to float".
Result<double> toFloat(const Value& value);

std::string humanize(double value); // 1.235M, 120m
std::string humanize1024(double value); // 1.177Mi
std::string humanizePercentage(double ratio); // 12.5%
std::string humanizeDuration(double seconds); // 1d 2h 3m 4s, 120ms
Result<std::string> humanizeTimestamp(double seconds);
// Fails past what nanoseconds since 1970 hold, and on NaN and infinities.
Result<TimePoint> toTimePoint(double seconds);
// Go's int64(x) on the machines Prometheus runs on: what does not fit is the lowest number.
int64_t truncatedToInt(double value);

} // namespace fleetglass::rules::tmpl
