// The targets of a Docker swarm's answers, labelled as Prometheus labels them. Pure functions;
// share freely.
#pragma once

#include "core/discovery/json_reading.h"

namespace fleetglass::discovery {

// What a daemon of a swarm answered; what a role does not need may be null.
struct SwarmAnswers
{
    const Json& services; // GET /services
    const Json& nodes; // GET /nodes
    const Json& tasks; // GET /tasks
    const Json& networks; // GET /networks
    // The labels of each container by its id: GET /containers/ID/json.
    std::map<std::string, MetaLabels> containerLabels;
};

Result<std::vector<TargetGroup>> swarmTargets(
    const SwarmAnswers& answers, const SwarmOptions& options);

// The containers that the tasks run in, each once.
std::vector<std::string> taskContainers(const Json& tasks);

} // namespace fleetglass::discovery
