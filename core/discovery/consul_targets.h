// The targets of one Consul service, labelled as Prometheus labels them. Pure functions; share
// freely.
#pragma once

#include "core/discovery/json_reading.h"

namespace fleetglass::discovery {

// Of GET /v1/health/service/NAME.
std::vector<TargetGroup> consulTargets(const Json& instances, const std::string& service,
    const std::string& datacenter, const std::string& tagSeparator);

// The worst of an instance's checks; "" where one is in a state that is not known.
std::string aggregatedHealth(const Json& checks);

} // namespace fleetglass::discovery
