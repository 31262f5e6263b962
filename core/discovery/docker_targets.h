// The targets of Docker's answers, labelled as Prometheus labels them. Pure functions; share
// freely.
#pragma once

#include "core/discovery/json_reading.h"

#include <map>

namespace fleetglass::discovery {

// The labels of each network by its id; `prefix` is "__meta_docker_" or "__meta_dockerswarm_".
std::map<std::string, MetaLabels> networkLabels(const Json& networks, const std::string& prefix);

// Of GET /containers/json and GET /networks.
std::vector<TargetGroup> dockerTargets(
    const Json& containers, const Json& networks, const DockerOptions& options);

} // namespace fleetglass::discovery
