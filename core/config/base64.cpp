#include "core/config/base64.h"

#include <cstdint>

namespace fleetglass::config {

std::optional<std::string> decodeBase64(std::string_view text)
{
    constexpr std::string_view kAlphabet
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string digits;
    for (const char c : text) {
        if (c != '\n' && c != '\r' && c != ' ')
            digits += c;
    }
    if (digits.size() % 4 != 0)
        return std::nullopt;
    size_t padding = 0;
    while (!digits.empty() && digits.back() == '=' && padding < 2) {
        digits.pop_back();
        ++padding;
    }
    std::string bytes;
    uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char c : digits) {
        const size_t digit = kAlphabet.find(c);
        if (digit == std::string_view::npos)
            return std::nullopt;
        buffer = (buffer << 6U) | static_cast<uint32_t>(digit);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>((buffer >> bits) & 0xFFU);
        }
    }
    return bytes;
}

} // namespace fleetglass::config
