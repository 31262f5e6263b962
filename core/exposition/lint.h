// Lints of a page: what `promtool check metrics` (client_golang's promlint) says about names, help
// and units. Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::exposition {

struct LintProblem
{
    std::string metric;
    std::string text;
    int line = 0; // Where the family begins.
};

// Sorted by metric, as promtool prints them. Fails where the page cannot be read as text 0.0.4.
Result<std::vector<LintProblem>> lint(std::string_view body);

} // namespace fleetglass::exposition
