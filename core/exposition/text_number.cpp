#include "core/exposition/text_number.h"

#include "core/base/number.h"
#include "core/exposition/text_lexer.h"

#include <bit>
#include <cmath>
#include <limits>

namespace fleetglass::exposition {

namespace {

constexpr uint64_t kCanonicalNanBits = 0x7ff8000000000001ULL;

// Most values of real pages are whole numbers of a few digits.
bool parseShortWhole(std::string_view text, double& value)
{
    if (text.empty() || text.size() > 15)
        return false;
    int64_t whole = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return false;
        whole = whole * 10 + (c - '0');
    }
    value = static_cast<double>(whole);
    return true;
}

} // namespace

double canonicalNan(double value)
{
    return std::isnan(value) ? std::bit_cast<double>(kCanonicalNanBits) : value;
}

Result<double> parseSampleValue(std::string_view text)
{
    double whole = 0;
    if (parseShortWhole(text, whole))
        return whole;
    const auto value = parseFloat(text);
    if (value)
        return canonicalNan(*value);
    if (text.find_first_of("pP_") != std::string_view::npos)
        return failure("unsupported character in float");
    return failure("strconv.ParseFloat: parsing " + quoteExcerpt(text) + ": invalid syntax");
}

Result<int64_t> parseTimestampMs(std::string_view digits)
{
    if (const auto value = parseInt(digits))
        return *value;
    return failure("strconv.ParseInt: parsing " + quoteExcerpt(digits) + ": value out of range");
}

int64_t secondsToMs(double seconds)
{
    const double ms = seconds * 1000;
    if (ms >= 9.2233720368547748e18)
        return std::numeric_limits<int64_t>::max();
    if (!(ms > -9.2233720368547748e18))
        return std::numeric_limits<int64_t>::min();
    return static_cast<int64_t>(ms);
}

Result<int64_t> parseTimestampSeconds(std::string_view text, std::string_view what)
{
    const auto seconds = parseSampleValue(text);
    if (!seconds)
        return failure(seconds.error());
    if (!std::isfinite(*seconds))
        return failure("invalid " + std::string(what) + ' ' + formatFloat(*seconds));
    return secondsToMs(*seconds);
}

} // namespace fleetglass::exposition
