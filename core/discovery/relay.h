// Relay: a server that fetches a target's page for us, such as the API server of a Kubernetes
// cluster whose pods have addresses that lead nowhere from here. Its credentials are for the relay
// alone: the target sees none of them, and the relay none of the job's. Thread-safe.
#pragma once

#include "core/http/client_options.h"

#include <memory>
#include <string>

namespace fleetglass::discovery {

// A target as relabelling left it.
struct RelayedTarget
{
    std::string scheme;
    std::string address; // "10.0.0.7:8080"
    std::string pathAndQuery; // "/metrics?x=1"
};

class Relay
{
public:
    virtual ~Relay() = default;

    // What to ask in place of the target itself.
    virtual std::string url(const RelayedTarget& target) const = 0;
    // As of now: credentials change while a target stays.
    virtual std::shared_ptr<const http::ClientOptions> client() const = 0;
};

} // namespace fleetglass::discovery
