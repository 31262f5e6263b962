// kubeconfig files (kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig):
// the server, the authority and the credentials of the current context. Unknown keys are let pass,
// as kubectl does. Pure function; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/discovery/kubernetes_options.h"

#include <string>
#include <string_view>

namespace fleetglass::config {

// Errors read "path:line:column: message". Files that it names are read when they are used.
Result<discovery::KubernetesAccess> readKubeconfig(std::string_view text, const std::string& path);

} // namespace fleetglass::config
