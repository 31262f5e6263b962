#include "core/base/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace fleetglass {

namespace {

std::optional<std::string> formatSpecial(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "+Inf" : "-Inf";
    return std::nullopt;
}

bool equalsIgnoringCase(std::string_view text, std::string_view lower)
{
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
        [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; });
}

std::optional<double> parseSpecial(std::string_view text)
{
    bool negative = false;
    bool hasSign = false;
    if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
        negative = text[0] == '-';
        hasSign = true;
        text.remove_prefix(1);
    }
    if (equalsIgnoringCase(text, "inf") || equalsIgnoringCase(text, "infinity"))
        return negative ? -std::numeric_limits<double>::infinity()
                        : std::numeric_limits<double>::infinity();
    if (!hasSign && equalsIgnoringCase(text, "nan"))
        return std::numeric_limits<double>::quiet_NaN();
    return std::nullopt;
}

} // namespace

std::string formatFloat(double value)
{
    if (auto special = formatSpecial(value))
        return *special;
    char buffer[400]; // The longest: 1.8e308 has 309 digits, 5e-324 has 326 characters.
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
    return { buffer, end.ptr };
}

std::string formatFloatShort(double value)
{
    if (auto special = formatSpecial(value))
        return *special;
    char buffer[40];
    const auto end
        = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
    const std::string text(buffer, end.ptr);
    const int exponent = std::atoi(text.c_str() + text.find('e') + 1);
    return exponent < -4 || exponent > 5 ? text : formatFloat(value);
}

std::optional<double> parseFloat(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    const char last = text.back();
    if ((last < '0' || last > '9') && last != '.')
        return parseSpecial(text);
    std::string_view digits = text;
    if (digits[0] == '+')
        digits.remove_prefix(1);
    if (digits.empty() || digits[0] == '+' || (digits.data() != text.data() && digits[0] == '-'))
        return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (end != digits.data() + digits.size())
        return std::nullopt;
    if (error == std::errc::result_out_of_range) {
        // from_chars leaves the value alone; strtod tells overflow from underflow.
        return std::strtod(std::string(digits).c_str(), nullptr);
    }
    if (error != std::errc())
        return std::nullopt;
    return value;
}

std::optional<int64_t> parseInt(std::string_view text)
{
    if (!text.empty() && text[0] == '+')
        text.remove_prefix(1);
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string groupDigits(int64_t value)
{
    std::string digits = std::to_string(value);
    const size_t first = value < 0 ? 1 : 0;
    for (size_t i = digits.size(); i > first + 3;) {
        i -= 3;
        digits.insert(i, 1, ',');
    }
    return digits;
}

} // namespace fleetglass
