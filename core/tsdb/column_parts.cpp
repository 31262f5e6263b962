#include "core/tsdb/column_parts.h"

#include "core/tsdb/decimal.h"

#include <algorithm>

namespace fleetglass::tsdb {

namespace {

bool isSpecial(double value)
{
    return !std::isfinite(value) || bitsOf(value) == bitsOf(-0.0);
}

std::optional<int64_t> partOf(double value, unsigned exponent)
{
    const auto number = asDecimal(value, exponent);
    const bool fits = number && *number > -kPartMax && *number < kPartMax;
    return fits ? number : std::nullopt;
}

// The values as decimals of one exponent; specials repeat the number before.
bool fillDecimals(ColumnParts& parts, std::span<const double> values)
{
    unsigned exponent = 0;
    for (size_t i = 0; i < values.size();) {
        const bool isRepeat = i > 0 && bitsOf(values[i]) == bitsOf(values[i - 1]);
        if (isRepeat || isSpecial(values[i])) {
            parts.numbers[i] = i > 0 ? parts.numbers[i - 1] : 0;
            ++i;
            continue;
        }
        if (const auto number = partOf(values[i], exponent)) {
            parts.numbers[i++] = *number;
            continue;
        }
        // One more digit, from the beginning: what was exact with fewer is exact, or too large now.
        do
            ++exponent;
        while (exponent <= kExponentMax && !partOf(values[i], exponent));
        if (exponent > kExponentMax)
            return false;
        i = 0;
    }
    parts.exponent = exponent;
    return true;
}

} // namespace

void ColumnParts::takeApart(std::span<const double> values)
{
    runs.clear();
    exponent = 0;
    numbers.assign(values.size(), 0);
    isDecimal = fillDecimals(*this, values);
    if (!isDecimal) {
        for (size_t i = 0; i < values.size(); ++i)
            numbers[i] = static_cast<int64_t>(bitsOf(values[i]));
        return;
    }
    for (size_t i = 0; i < values.size(); ++i) {
        if (!isSpecial(values[i]))
            continue;
        const bool continues = !runs.empty() && runs.back().row + runs.back().length == i
            && runs.back().bits == bitsOf(values[i]);
        if (!continues)
            runs.push_back({ static_cast<uint32_t>(i), 0, bitsOf(values[i]) });
        ++runs.back().length;
    }
    // The rows before the first number belong to it.
    const auto first = std::find_if_not(values.begin(), values.end(), isSpecial) - values.begin();
    if (static_cast<size_t>(first) < values.size())
        std::fill_n(numbers.begin(), first, numbers[static_cast<size_t>(first)]);
}

void ColumnParts::putTogether(std::span<double> values) const
{
    if (!isDecimal) {
        for (size_t i = 0; i < values.size(); ++i)
            values[i] = std::bit_cast<double>(numbers[i]);
        return;
    }
    toDoubles(numbers, exponent, values);
    for (const Run& run : runs)
        std::fill_n(values.begin() + run.row, run.length, std::bit_cast<double>(run.bits));
}

void toDoubles(std::span<const int64_t> numbers, unsigned exponent, std::span<double> values)
{
    // 1.5 * 2^52: a whole number below 2^51 added to its bits is added to its value.
    constexpr double kShift = 6755399441055744.0;
    const uint64_t shift = bitsOf(kShift);
    const double power = kPowersOfTen[exponent];
    const size_t size = values.size();
    const int64_t* const from = numbers.data();
    double* const to = values.data();
    if (exponent == 0) {
        for (size_t i = 0; i < size; ++i)
            to[i] = std::bit_cast<double>(static_cast<uint64_t>(from[i]) + shift) - kShift;
        return;
    }
    for (size_t i = 0; i < size; ++i)
        to[i] = (std::bit_cast<double>(static_cast<uint64_t>(from[i]) + shift) - kShift) / power;
}

} // namespace fleetglass::tsdb
