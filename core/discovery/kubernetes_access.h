// Where the API server is and how it is reached: what the config says, the service account of the
// pod we run in, or the user's own kubeconfig. Pure but for the files it reads; thread-safe.
#pragma once

#include "core/discovery/kubernetes_options.h"
#include "core/discovery/kubernetes_world.h"

#include <string>

namespace fleetglass::discovery::kubernetes {

// api_server, then kubeconfig_file, then the service account, then KUBECONFIG or ~/.kube/config: a
// config that runs inside of a cluster then shows the same targets on a workstation.
Result<KubernetesAccess> findAccess(const KubernetesOptions& options, const World& world);

// Whether a kubeconfig may start its exec plugin: one that the user put where kubectl looks, or
// that the administrator installed. A config that was merely opened must not start programs.
bool mayRunPlugins(const std::string& kubeconfigPath, const World& world);

} // namespace fleetglass::discovery::kubernetes
