#include "core/relabel/letter_case.h"

#include "core/base/utf8.h"

#include <array>
#include <cstdint>

namespace fleetglass::relabel {

namespace {

// Upper-case letters first..last have their lower-case form `distance` further on. A distance of 1
// means that upper and lower alternate, upper first.
struct CaseRange
{
    uint32_t first;
    uint32_t last;
    uint32_t distance;
};

// Unicode's simple case mappings (UnicodeData.txt) for the scripts above, specials apart.
constexpr std::array<CaseRange, 17> kRanges { {
    { 'A', 'Z', 32 },
    { 0xC0, 0xD6, 32 },
    { 0xD8, 0xDE, 32 },
    { 0x100, 0x12E, 1 },
    { 0x132, 0x136, 1 },
    { 0x139, 0x147, 1 },
    { 0x14A, 0x176, 1 },
    { 0x179, 0x17D, 1 },
    { 0x388, 0x38A, 37 },
    { 0x391, 0x3A1, 32 },
    { 0x3A3, 0x3AB, 32 },
    { 0x400, 0x40F, 80 },
    { 0x410, 0x42F, 32 },
    { 0x460, 0x480, 1 },
    { 0x531, 0x556, 48 },
    { 0x1E00, 0x1E94, 1 },
    { 0xFF21, 0xFF3A, 32 },
} };

// Whether the code point is an upper-case letter of the range (lower, for `offset` of its
// distance).
bool isIn(const CaseRange& range, uint32_t codePoint, uint32_t offset)
{
    if (codePoint < range.first + offset || codePoint > range.last + offset)
        return false;
    return range.distance != 1 || (codePoint - range.first - offset) % 2 == 0;
}

uint32_t lowered(uint32_t codePoint)
{
    for (const CaseRange& range : kRanges) {
        if (isIn(range, codePoint, 0))
            return codePoint + range.distance;
    }
    return codePoint == 0x178 ? 0xFF : codePoint;
}

uint32_t raised(uint32_t codePoint)
{
    for (const CaseRange& range : kRanges) {
        if (isIn(range, codePoint, range.distance))
            return codePoint - range.distance;
    }
    if (codePoint == 0x3C2) // The final sigma has the same upper case as the other.
        return 0x3A3;
    if (codePoint == 0xB5)
        return 0x39C;
    return codePoint == 0xFF ? 0x178 : codePoint;
}

template<class Map>
std::string mapped(std::string_view text, Map map)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const char first = text[0];
        if (const auto codePoint = takeCodePoint(text)) {
            appendUtf8(result, map(*codePoint));
        } else {
            result += first;
            text.remove_prefix(1);
        }
    }
    return result;
}

} // namespace

std::string toLowerCase(std::string_view text)
{
    return mapped(text, lowered);
}

std::string toUpperCase(std::string_view text)
{
    return mapped(text, raised);
}

} // namespace fleetglass::relabel
