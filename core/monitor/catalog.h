// The metric tree of Explore: what the store holds, with what the targets declare of it. Pure
// function; thread-safe.
#pragma once

#include "core/labels/metadata.h"
#include "core/storage/querier.h"
#include "core/view/fleet_view.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fleetglass::monitor {

using MetadataMaps
    = std::vector<std::shared_ptr<const std::map<std::string, labels::Metadata, std::less<>>>>;

// `counts`: series for each metric name. The parts of a histogram or summary are one metric.
view::MetricCatalog buildCatalog(
    const std::map<std::string, size_t>& counts, const MetadataMaps& metadata);

} // namespace fleetglass::monitor
