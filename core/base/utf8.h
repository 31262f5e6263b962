// UTF-8 as the wire and the window need it. Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fleetglass {

// Well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF).
bool isValidUtf8(std::string_view text);

// Takes one code point from the front; nothing at the end or where the bytes are not UTF-8.
std::optional<uint32_t> takeCodePoint(std::string_view& text);

void appendUtf8(std::string& text, uint32_t codePoint);

// At most `bytesMax` bytes, cut between code points, with "…" where something was cut.
std::string clipUtf8(std::string_view text, size_t bytesMax);

} // namespace fleetglass
