// What a rule unit test expects against what came out. Pure functions; thread-safe.
#pragma once

#include "core/promql/engine.h"
#include "core/rules/group.h"
#include "core/rules/rule_test_file.h"

#include <optional>
#include <string>
#include <vector>

namespace fleetglass::rule_test {

// Nothing where they are the same; else both sides in words.
std::optional<std::string> differenceOf(
    const rules::AlertCase& expected, const std::vector<rules::AlertInstance>& firing);
std::optional<std::string> differenceOf(
    const rules::ExpressionCase& expected, const promql::QueryResult& result, bool fuzzy);

} // namespace fleetglass::rule_test
