// Numbers to text and back, the way Prometheus (Go's strconv) writes them: shortest digits that
// read back to the same value, no locale. Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fleetglass {

// Go's FormatFloat(v, 'f', -1, 64): "1500000", "0.25", "NaN", "+Inf", "-Inf". The form of sample
// values in the HTTP API and in templates.
std::string formatFloat(double value);

// Go's FormatFloat(v, 'g', -1, 64), which %v prints too: exponent form where the decimal exponent
// is below -4 or above 5 ("1e+06", "2.5e-07"), digits otherwise. The text format's own form.
std::string formatFloatShort(double value);

// A decimal float: digits, point, exponent, sign, and inf/infinity/nan in any case. Neither hex
// nor underscores. Nothing may be left over. Out of range gives an infinity, as Go's value does.
std::optional<double> parseFloat(std::string_view text);

// A whole decimal number with optional sign; nothing may be left over.
std::optional<int64_t> parseInt(std::string_view text);

// 1234567 -> "1,234,567", for people.
std::string groupDigits(int64_t value);

} // namespace fleetglass
