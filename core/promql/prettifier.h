// From a tree back to PromQL on as many lines as it takes, two spaces of indent a level, as
// promtool formats it. Pure functions; thread-safe.
#pragma once

#include "core/promql/ast.h"

#include <string>

namespace fleetglass::promql {

// An expression whose one-line form is longer than this is split.
inline constexpr size_t kPrettyColumnsMax = 100;

std::string prettify(const Expr& expr, size_t columnsMax = kPrettyColumnsMax);

} // namespace fleetglass::promql
