#include "core/rules/template_humanize.h"

#include "core/rules/template_number.h"
#include "core/rules/template_printf.h"
#include "core/rules/template_time.h"

#include <array>
#include <cmath>
#include <limits>

namespace fleetglass::rules::tmpl {

namespace {

constexpr int kDigits = 4;
constexpr double kNanosPerSecond = 1e9;

bool isSpecial(double value)
{
    return std::isnan(value) || std::isinf(value);
}

// The magnitude below one, with its SI prefix.
std::string small(double value)
{
    std::string_view prefix;
    for (const std::string_view next : { "m", "u", "n", "p", "f", "a", "z", "y" }) {
        if (std::abs(value) >= 1)
            break;
        prefix = next;
        value *= 1000;
    }
    return formatGeneral(value, kDigits) + std::string(prefix);
}

std::string large(double value, double base, std::span<const std::string_view> prefixes)
{
    std::string_view prefix;
    for (const auto next : prefixes) {
        if (std::abs(value) < base)
            break;
        prefix = next;
        value /= base;
    }
    return formatGeneral(value, kDigits) + std::string(prefix);
}

constexpr std::array<std::string_view, 8> kDecimal { "k", "M", "G", "T", "P", "E", "Z", "Y" };
constexpr std::array<std::string_view, 8> kBinary { "ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi",
    "Yi" };

} // namespace

int64_t truncatedToInt(double value)
{
    if (value >= -0x1p63 && value < 0x1p63)
        return static_cast<int64_t>(value);
    return std::numeric_limits<int64_t>::min();
}

Result<double> toFloat(const Value& value)
{
    switch (value.kind()) {
    case Kind::Float:
        return value.asReal();
    case Kind::String:
        return parseGoFloat(value.text());
    case Kind::Int:
        return static_cast<double>(value.asInt());
    case Kind::Uint:
        return static_cast<double>(value.asUint());
    case Kind::Duration:
        if (!value.isPointer())
            return static_cast<double>(value.asInt()) / kNanosPerSecond;
        [[fallthrough]];
    default:
        return failure("can't convert " + value.typeName() + " to float");
    }
}

std::string humanize(double value)
{
    if (value == 0 || isSpecial(value))
        return formatGeneral(value, kDigits);
    return std::abs(value) >= 1 ? large(value, 1000, kDecimal) : small(value);
}

std::string humanize1024(double value)
{
    if (std::abs(value) <= 1 || isSpecial(value))
        return formatGeneral(value, kDigits);
    return large(value, 1024, kBinary);
}

std::string humanizePercentage(double ratio)
{
    return formatGeneral(ratio * 100, kDigits) + '%';
}

std::string humanizeDuration(double seconds)
{
    if (isSpecial(seconds))
        return formatGeneral(seconds, kDigits);
    if (seconds == 0)
        return formatGeneral(seconds, kDigits) + 's';
    if (std::abs(seconds) < 1)
        return small(seconds) + 's';
    const std::string sign = seconds < 0 ? "-" : "";
    const int64_t whole = truncatedToInt(std::abs(seconds));
    const auto part
        = [](int64_t amount, const char* unit) { return std::to_string(amount) + unit; };
    const std::string second = part(whole % 60, "s");
    const std::string minute = part(whole / 60 % 60, "m ");
    const std::string hour = part(whole / 3600 % 24, "h ");
    if (const int64_t days = whole / 86400; days != 0)
        return sign + part(days, "d ") + hour + minute + second;
    if (whole / 3600 % 24 != 0)
        return sign + hour + minute + second;
    if (whole / 60 % 60 != 0)
        return sign + minute + second;
    return sign + formatGeneral(std::abs(seconds), kDigits) + 's';
}

Result<TimePoint> toTimePoint(double seconds)
{
    if (isSpecial(seconds))
        return failure("value is NaN or Inf");
    const double nanos = seconds * kNanosPerSecond;
    if (nanos > 0x1p63 || nanos < -0x1p63)
        return failure(printed(Value::real(seconds))
            + " cannot be represented as a nanoseconds timestamp since it overflows int64");
    // Prometheus keeps milliseconds of it.
    constexpr int64_t kNanosPerMilli = 1'000'000;
    return plus({}, truncatedToInt(nanos) / kNanosPerMilli * kNanosPerMilli);
}

Result<std::string> humanizeTimestamp(double seconds)
{
    if (isSpecial(seconds))
        return formatGeneral(seconds, kDigits);
    const auto time = toTimePoint(seconds);
    if (!time)
        return failure(time.error());
    return timeText(*time);
}

} // namespace fleetglass::rules::tmpl
