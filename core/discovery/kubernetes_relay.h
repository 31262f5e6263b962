// Pods, services and nodes through the API server's proxy
// (kubernetes.io/docs/tasks/access-application- cluster/access-cluster-services): reached with the
// API server's address and credentials. The relay is thread-safe.
#pragma once

#include "core/discovery/kubernetes_credentials.h"
#include "core/discovery/options.h"
#include "core/discovery/relay.h"

#include <memory>
#include <string>

namespace fleetglass::discovery::kubernetes {

// "/api/v1/namespaces/web/pods/front-1" for a target with the labels of a pod; likewise services
// and nodes; empty where the API server knows no way.
std::string relayPath(const LabelPairs& labels);

std::shared_ptr<const Relay> makeRelay(
    std::shared_ptr<const Credentials> credentials, const std::string& path);

} // namespace fleetglass::discovery::kubernetes
