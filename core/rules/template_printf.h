// Values as text: Go's fmt.Sprint, Sprintf and their verbs, with the mistakes of a format spelled
// out as Go prints them ("%!d(string=x)"). Pure functions; thread-safe.
#pragma once

#include "core/rules/template_value.h"

#include <span>
#include <string>
#include <string_view>

namespace fleetglass::rules::tmpl {

// %v of a value; "<nil>" for none.
std::string printed(const Value& value);

// fmt.Sprint: blanks between operands where neither is a text.
std::string sprint(std::span<const Value> values);
// fmt.Sprintln: blanks between all, and a newline.
std::string sprintln(std::span<const Value> values);
// fmt.Sprintf. Widths and precisions above a million are mistakes, as in Go; text grows no longer
// than bytesMax and is cut there.
std::string sprintf(std::string_view format, std::span<const Value> values, size_t bytesMax);

// Go's %.4g: "1.235", "1.235e+08", "NaN", "+Inf".
std::string formatGeneral(double value, int precision);

// template.HTMLEscapeString, and the stricter form of html/template.
std::string escapedAsHtml(std::string_view text);
std::string escapedForHtml(std::string_view text);
// template.JSEscapeString
std::string escapedAsJs(std::string_view text);
// url.QueryEscape
std::string escapedForQuery(std::string_view text);

} // namespace fleetglass::rules::tmpl
