// What the literals of PromQL stand for: quoted strings and numbers, after the rules of Go that
// Prometheus uses. Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace fleetglass::promql {

// 'it''s', "a\tb" or `raw` without quotes and escapes; nothing where the text is not quoted well
// (strutil.Unquote). The result may hold any bytes.
std::optional<std::string> unquote(std::string_view text);

// Decimal, hexadecimal, octal (a leading zero), with underscores and exponents; Inf and NaN in any
// case. The error is worded like Go's strconv, whose message users see.
Result<double> parseNumber(std::string_view text);

// A whole decimal number of 64 bits without sign, with strconv.ParseUint's words.
Result<uint64_t> parseUnsigned(std::string_view text);

} // namespace fleetglass::promql
