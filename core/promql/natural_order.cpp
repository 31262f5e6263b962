#include "core/promql/natural_order.h"

#include <algorithm>

namespace fleetglass::promql {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// The next run of digits, or of anything else.
std::string_view takeChunk(std::string_view& text)
{
    const bool digits = isDigit(text.front());
    const auto end
        = std::find_if(text.begin(), text.end(), [&](char c) { return isDigit(c) != digits; });
    const auto length = static_cast<size_t>(end - text.begin());
    const std::string_view chunk = text.substr(0, length);
    text.remove_prefix(length);
    return chunk;
}

std::string_view withoutZeros(std::string_view digits)
{
    const size_t first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view() : digits.substr(first);
}

} // namespace

bool naturallyBefore(std::string_view a, std::string_view b)
{
    while (!a.empty() && !b.empty()) {
        const std::string_view left = takeChunk(a);
        const std::string_view right = takeChunk(b);
        if (left == right)
            continue;
        if (isDigit(left.front()) && isDigit(right.front())) {
            const std::string_view x = withoutZeros(left);
            const std::string_view y = withoutZeros(right);
            if (x.size() != y.size())
                return x.size() < y.size();
            if (x != y)
                return x < y;
            return left.size() < right.size();
        }
        return left < right;
    }
    return a.empty() && !b.empty();
}

} // namespace fleetglass::promql
