// From PromQL text to a tree, with the errors of Prometheus 3.14 in its words. Pure functions;
// thread-safe. What is returned owns its text.
#pragma once

#include "core/base/result.h"
#include "core/labels/labels.h"
#include "core/promql/ast.h"

#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::promql {

// Which of the language's switchable parts are on. The defaults are those of Prometheus 3.14.
struct ParseOptions
{
    bool experimentalFunctions = false; // promql-experimental-functions
    bool durationExpressions = true; // foo[2 * step()]
    bool extendedRangeSelectors = false; // anchored, smoothed
    bool fillModifiers = false; // fill(0), fill_left(0), fill_right(0)

    static ParseOptions everything() { return { true, true, true, true }; }
};

// One complaint about a query, without its place in words.
struct ParseError
{
    PosRange range; // Both 0 where the whole query is meant.
    std::string message;
    ErrorCode code = ErrorCode::Invalid; // Limit: one of our limits, which the message names.
    friend bool operator==(const ParseError&, const ParseError&) = default;
};

// A value, or at least one error. With errors the value must not be used.
template<class T>
struct Parsed
{
    T value {};
    std::vector<ParseError> errors; // In the order in which they were found.

    bool ok() const { return errors.empty(); }
};

Parsed<ExprPtr> parseExpr(std::string_view query, const ParseOptions& options = {});
// foo{a="b"}: a series' labels.
Parsed<labels::Labels> parseMetric(std::string_view text, const ParseOptions& options = {});
// foo{a=~"b"}: as in match[].
Parsed<std::vector<labels::Matcher>> parseMetricSelector(
    std::string_view text, const ParseOptions& options = {});

// "1:3: parse error: unexpected end of input", as Prometheus prints it.
std::string describe(const ParseError& error, std::string_view query);
// Line and column (in bytes, from 1) of an offset.
Position positionIn(std::string_view query, uint32_t offset);
// The first of the errors as our own Error, with its position.
Error toError(const std::vector<ParseError>& errors, std::string_view query);

// parseExpr for callers that only want the first error.
Result<ExprPtr> parse(std::string_view query, const ParseOptions& options = {});

} // namespace fleetglass::promql
