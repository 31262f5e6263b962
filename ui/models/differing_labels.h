// Which labels tell lines apart: what all share is said once, in the subtitle. Pure functions;
// thread-safe.
#pragma once

#include "core/labels/labels.h"

#include <span>
#include <string>
#include <vector>

namespace fleetglass::models {

// Names whose value is not the same in all sets, `instance` first, then by name. Empty for one set.
std::vector<std::string> differingLabels(std::span<const labels::Labels> sets);
// The labels all sets share, without the metric's name.
labels::Labels sharedLabels(std::span<const labels::Labels> sets);
// The name of the metric where it is the same in all, else empty.
std::string sharedMetric(std::span<const labels::Labels> sets);

} // namespace fleetglass::models
