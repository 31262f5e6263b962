// Threshold: the limit an alert's expression compares with, for the dashed line in its chart.
// Pure function; thread-safe.
#pragma once

#include "core/promql/ast.h"

#include <optional>
#include <string>

namespace fleetglass::rules {

struct Threshold
{
    double value = 0;
    std::string comparison; // As if the expression stood left: ">", "<=", "==" ...
    std::string expression; // Without the comparison, for charts.
};

// The limit in `expr > 5` (or `5 < expr`) at the top of an expression; nothing for other shapes.
std::optional<Threshold> thresholdOf(const promql::Expr& expression);

} // namespace fleetglass::rules
