#include "core/config/byte_size.h"

#include "core/base/number.h"

#include <array>
#include <cmath>
#include <utility>

namespace fleetglass::config {

namespace {

constexpr std::array<std::pair<std::string_view, unsigned>, 13> kUnits { {
    { "B", 0 },
    { "KB", 10 },
    { "MB", 20 },
    { "GB", 30 },
    { "TB", 40 },
    { "PB", 50 },
    { "EB", 60 },
    { "KiB", 10 },
    { "MiB", 20 },
    { "GiB", 30 },
    { "TiB", 40 },
    { "PiB", 50 },
    { "EiB", 60 },
} };

int shiftOf(std::string_view unit)
{
    for (const auto& [name, shift] : kUnits) {
        if (name == unit)
            return static_cast<int>(shift);
    }
    return -1;
}

} // namespace

Result<uint64_t> parseByteSize(std::string_view text)
{
    const std::string whole(text);
    if (text.starts_with('-'))
        return failure("size " + whole + " must be greater than or equal to 0");
    if (text.starts_with('+'))
        text.remove_prefix(1);
    if (text == "0")
        return uint64_t { 0 };
    if (text.empty())
        return failure("units: invalid " + whole);
    double sum = 0;
    while (!text.empty()) {
        const size_t numberEnd = std::min(text.find_first_not_of("0123456789."), text.size());
        const std::optional<double> number = parseFloat(text.substr(0, numberEnd));
        if (!number)
            return failure("units: invalid " + whole);
        text.remove_prefix(numberEnd);
        const size_t unitEnd = std::min(text.find_first_of("0123456789."), text.size());
        const int shift = shiftOf(text.substr(0, unitEnd));
        if (shift < 0)
            return failure(
                "units: unknown unit " + std::string(text.substr(0, unitEnd)) + " in " + whole);
        text.remove_prefix(unitEnd);
        sum += std::ldexp(*number, shift);
    }
    if (sum >= std::ldexp(1.0, 63))
        return failure("size " + whole + " is too large");
    return static_cast<uint64_t>(sum);
}

std::string formatByteSize(uint64_t bytes)
{
    if (bytes == 0)
        return "0";
    constexpr std::array<std::string_view, 7> kNames { "B", "KiB", "MiB", "GiB", "TiB", "PiB",
        "EiB" };
    size_t unit = 0;
    while (unit + 1 < kNames.size() && bytes % 1024 == 0) {
        bytes /= 1024;
        ++unit;
    }
    return std::to_string(bytes) + std::string(kNames[unit]);
}

} // namespace fleetglass::config
