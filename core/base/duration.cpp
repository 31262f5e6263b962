#include "core/base/duration.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace fleetglass {

namespace {

struct Unit
{
    std::string_view name;
    int64_t ms;
};

constexpr int64_t kDayMs = 86'400'000;
constexpr std::array<Unit, 7> kUnits { { { "y", 365 * kDayMs }, { "w", 7 * kDayMs },
    { "d", kDayMs }, { "h", 3'600'000 }, { "m", 60'000 }, { "s", 1'000 }, { "ms", 1 } } };

// Go keeps durations in nanoseconds of 64 bits.
constexpr int64_t kMaxMs = INT64_MAX / 1'000'000;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isUnit(std::string_view name)
{
    return std::any_of(
        kUnits.begin(), kUnits.end(), [&](const Unit& unit) { return unit.name == name; });
}

tl::unexpected<Error> invalid(std::string_view text)
{
    return failure("not a valid duration string: \"" + std::string(text) + "\"");
}

} // namespace

Result<Millis> parseDuration(std::string_view text)
{
    if (text.empty())
        return failure("empty duration string");
    if (text == "0")
        return Millis(0);
    int64_t total = 0;
    size_t nextUnit = 0;
    size_t pos = 0;
    while (pos < text.size()) {
        int64_t amount = 0;
        const size_t digits = pos;
        while (pos < text.size() && isDigit(text[pos])) {
            if (amount > kMaxMs)
                return failure("duration out of range");
            amount = amount * 10 + (text[pos++] - '0');
        }
        const size_t unitStart = pos;
        while (pos < text.size() && !isDigit(text[pos]))
            ++pos;
        const auto name = text.substr(unitStart, pos - unitStart);
        if (digits == unitStart || name.empty())
            return invalid(text);
        if (!isUnit(name))
            return failure("unknown unit \"" + std::string(name) + "\" in duration \""
                + std::string(text) + '"');
        while (nextUnit < kUnits.size() && kUnits[nextUnit].name != name)
            ++nextUnit;
        if (nextUnit == kUnits.size())
            return invalid(text);
        const int64_t unitMs = kUnits[nextUnit++].ms;
        if (amount > kMaxMs / unitMs || total > kMaxMs - amount * unitMs)
            return failure("duration out of range");
        total += amount * unitMs;
    }
    return Millis(total);
}

Result<Millis> parseSignedDuration(std::string_view text)
{
    const bool negative = text.starts_with('-');
    auto duration = parseDuration(negative ? text.substr(1) : text);
    if (!duration || !negative)
        return duration;
    return -*duration;
}

std::string formatDuration(Millis duration)
{
    int64_t ms = duration.count();
    if (ms == 0)
        return "0s";
    std::string text;
    if (ms < 0) {
        text = "-";
        ms = -ms;
    }
    for (const Unit& unit : kUnits) {
        // Years and weeks are not parts of larger wholes: 400 days read better as 400d.
        const bool exactOnly = unit.name == "y" || unit.name == "w";
        if (ms < unit.ms || (exactOnly && ms % unit.ms != 0))
            continue;
        text += std::to_string(ms / unit.ms);
        text += unit.name;
        ms %= unit.ms;
    }
    return text;
}

} // namespace fleetglass
