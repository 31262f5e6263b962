// DaySpark: how many things were so at a time over the last day: the small curves of the tiles.
// Pure functions; thread-safe.
#pragma once

#include "core/view/fleet_view.h"

#include <memory>
#include <vector>

namespace fleetglass::models {

using SparkValuesPtr = std::shared_ptr<const std::vector<double>>;

SparkValuesPtr downOverDay(const view::FleetView& fleet);
SparkValuesPtr firingOverDay(const view::FleetView& fleet);
SparkValuesPtr shellsOverDay(const view::FleetView& fleet);

} // namespace fleetglass::models
