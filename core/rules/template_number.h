// Numbers of the template language: Go's literals with base prefixes, underscores and characters,
// and strconv.ParseFloat. Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/rules/template_parser.h"

#include <string>
#include <string_view>

namespace fleetglass::rules::tmpl {

// A literal as Go's parser reads it; fails as `illegal number syntax: "0x"`.
Result<Number> parseNumber(const std::string& text);
// 'a', '\n', '\u00e9'; fails as `malformed character constant: 'ab'`.
Result<Number> parseCharacter(const std::string& text);

// strconv.ParseFloat(text, 64): decimal, hex, inf, nan; fails with its message.
Result<double> parseGoFloat(const std::string& text);

} // namespace fleetglass::rules::tmpl
