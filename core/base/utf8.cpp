#include "core/base/utf8.h"

#include <cstring>

namespace fleetglass {

std::optional<uint32_t> takeCodePoint(std::string_view& text)
{
    if (text.empty())
        return std::nullopt;
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        text.remove_prefix(1);
        return lead;
    }
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length)
        return std::nullopt;
    uint32_t value = lead & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80)
            return std::nullopt;
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (overlong || surrogate || value > 0x10FFFF)
        return std::nullopt;
    text.remove_prefix(length);
    return value;
}

namespace {

// How many bytes at the front are ASCII, counted eight at a time.
size_t asciiPrefix(std::string_view text)
{
    size_t size = 0;
    for (; size + 8 <= text.size(); size += 8) {
        uint64_t chunk = 0;
        std::memcpy(&chunk, text.data() + size, 8);
        if ((chunk & 0x8080808080808080ULL) != 0)
            break;
    }
    while (size < text.size() && static_cast<unsigned char>(text[size]) < 0x80)
        ++size;
    return size;
}

} // namespace

bool isValidUtf8(std::string_view text)
{
    while (!text.empty()) {
        text.remove_prefix(asciiPrefix(text));
        if (text.empty())
            break;
        if (!takeCodePoint(text))
            return false;
    }
    return true;
}

void appendUtf8(std::string& text, uint32_t codePoint)
{
    const auto tail = [&](unsigned shift) {
        text += static_cast<char>(0x80U | ((codePoint >> shift) & 0x3FU));
    };
    if (codePoint < 0x80) {
        text += static_cast<char>(codePoint);
    } else if (codePoint < 0x800) {
        text += static_cast<char>(0xC0U | (codePoint >> 6U));
        tail(0);
    } else if (codePoint < 0x10000) {
        text += static_cast<char>(0xE0U | (codePoint >> 12U));
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xF0U | (codePoint >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string clipUtf8(std::string_view text, size_t bytesMax)
{
    if (text.size() <= bytesMax)
        return std::string(text);
    while (bytesMax > 0 && (static_cast<unsigned char>(text[bytesMax]) & 0xC0U) == 0x80)
        --bytesMax;
    return std::string(text.substr(0, bytesMax)) + "…";
}

} // namespace fleetglass
