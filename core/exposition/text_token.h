// Tokens of the two text formats and the byte classes they are made of. Names of tokens are those
// of Prometheus' own messages (model/textparse). Pure functions; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fleetglass::exposition {

enum class Token
{
    Invalid,
    Eof,
    Linebreak,
    Help,
    Type,
    Unit,
    EofWord,
    Text,
    Comment,
    MetricName,
    QuotedString,
    BraceOpen,
    BraceClose,
    LabelName,
    LabelValue,
    Comma,
    Equal,
    Timestamp,
    Value,
};

std::string_view nameOf(Token token);

inline constexpr uint8_t kNameStart = 1; // [a-zA-Z_]
inline constexpr uint8_t kDigit = 2;
inline constexpr uint8_t kColon = 4;

inline constexpr std::array<uint8_t, 256> kByteClass = [] {
    std::array<uint8_t, 256> classes {};
    for (size_t c = 'a'; c <= 'z'; ++c)
        classes[c] = classes[c - 32] = kNameStart;
    for (size_t c = '0'; c <= '9'; ++c)
        classes[c] = kDigit;
    classes['_'] = kNameStart;
    classes[':'] = kColon;
    return classes;
}();

inline bool isOf(char c, uint8_t classes)
{
    return (kByteClass[static_cast<unsigned char>(c)] & classes) != 0;
}

} // namespace fleetglass::exposition
