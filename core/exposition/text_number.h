// Numbers of the text formats: Go's ParseFloat without hexadecimal and underscores, with Go's words
// for what is wrong. Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fleetglass::exposition {

// A value too large is an infinity. NaN is the canonical one, whatever was written.
Result<double> parseSampleValue(std::string_view text);

// The number at the front, where it is one that a page is full of (1234, -0.25, 8.1262e+06) and a
// double can be made of its digits without rounding twice. Says how many bytes it took; 0: some
// other kind of value, or none.
size_t takeShortDecimal(std::string_view text, double& value);

// Whole milliseconds. Fails past the ends of int64.
Result<int64_t> parseTimestampMs(std::string_view digits);

// Seconds with a fraction, past the ends of int64 milliseconds the nearest end; `what` is
// "timestamp" or "exemplar timestamp".
Result<int64_t> parseTimestampSeconds(std::string_view text, std::string_view what);

int64_t secondsToMs(double seconds);

double canonicalNan(double value);

} // namespace fleetglass::exposition
