#include "core/exposition/text_number.h"

#include "core/base/number.h"
#include "core/exposition/text_lexer.h"

#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace fleetglass::exposition {

namespace {

constexpr uint64_t kCanonicalNanBits = 0x7ff8000000000001ULL;

// Exact as doubles.
constexpr std::array<double, 23> kPowersOfTen { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
    1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
constexpr int kExponentMax = 22;
constexpr uint64_t kExactMax = uint64_t { 1 } << 53U;
constexpr int kDigitsMax = 19; // More may not fit in 64 bits.

struct Digits
{
    const char* at;
    const char* end;

    bool more() const { return at != end; }
    unsigned digit() const { return static_cast<unsigned char>(*at) - unsigned { '0' }; }
    bool isDigit() const { return more() && digit() < 10; }
};

// "e+06" at the front; false where there is an 'e' and no short exponent behind it.
bool takeExponent(Digits& text, int& exponent)
{
    if (!text.more() || (*text.at != 'e' && *text.at != 'E'))
        return true;
    ++text.at;
    const bool negative = text.more() && *text.at == '-';
    if (text.more() && (*text.at == '-' || *text.at == '+'))
        ++text.at;
    const char* const first = text.at;
    int written = 0;
    for (; text.isDigit() && text.at - first < 4; ++text.at)
        written = written * 10 + static_cast<int>(text.digit());
    exponent += negative ? -written : written;
    return text.at != first;
}

} // namespace

double canonicalNan(double value)
{
    return std::isnan(value) ? std::bit_cast<double>(kCanonicalNanBits) : value;
}

// Clinger's fast path: a whole number that a double holds, times or by a power of ten that a double
// holds, is rounded once.
size_t takeShortDecimal(std::string_view view, double& value)
{
    Digits text { view.data(), view.data() + view.size() };
    const bool negative = text.more() && *text.at == '-';
    text.at += negative ? 1 : 0;
    const char* const first = text.at;
    uint64_t whole = 0;
    for (; text.isDigit(); ++text.at)
        whole = whole * 10 + text.digit();
    auto digits = text.at - first;
    int exponent = 0;
    if (text.more() && *text.at == '.') {
        const char* const point = text.at++;
        for (; text.isDigit(); ++text.at)
            whole = whole * 10 + text.digit();
        exponent = static_cast<int>(point + 1 - text.at);
        digits = text.at - first - 1;
    }
    if (digits == 0 || digits > kDigitsMax || !takeExponent(text, exponent))
        return 0;
    if (whole > kExactMax || exponent < -kExponentMax || exponent > kExponentMax)
        return 0;
    const double exact = static_cast<double>(whole);
    const double power = kPowersOfTen[static_cast<size_t>(exponent < 0 ? -exponent : exponent)];
    const double size = exponent < 0 ? exact / power : exact * power;
    value = negative ? -size : size;
    return static_cast<size_t>(text.at - view.data());
}

Result<double> parseSampleValue(std::string_view text)
{
    double plain = 0;
    if (!text.empty() && takeShortDecimal(text, plain) == text.size())
        return plain;
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
