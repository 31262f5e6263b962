// Doubles as whole numbers over a power of ten, where that is exact: most metrics are short
// decimals. Pure functions; thread-safe.
#pragma once

#include "core/tsdb/column_codec.h"

#include <array>
#include <cmath>
#include <optional>

namespace fleetglass::tsdb {

inline constexpr unsigned kExponentMax = 9;
inline constexpr std::array<double, kExponentMax + 1> kPowersOfTen { 1, 1e1, 1e2, 1e3, 1e4, 1e5,
    1e6, 1e7, 1e8, 1e9 };
inline constexpr double kWholeMax = 9007199254740992.0; // 2^53: doubles below hold all of them.

inline double fromDecimal(int64_t number, unsigned exponent)
{
    return static_cast<double>(number) / kPowersOfTen[exponent];
}

// Nothing where the value is not exactly a whole number over 10^exponent.
inline std::optional<int64_t> asDecimal(double value, unsigned exponent)
{
    const double shifted = value * kPowersOfTen[exponent];
    if (!(std::abs(shifted) < kWholeMax))
        return std::nullopt;
    const auto number = static_cast<int64_t>(shifted + (shifted < 0 ? -0.5 : 0.5));
    if (bitsOf(fromDecimal(number, exponent)) != bitsOf(value))
        return std::nullopt;
    return number;
}

} // namespace fleetglass::tsdb
