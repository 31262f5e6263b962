// One entry of kubernetes_sd_configs. Used from one thread at a time.
#pragma once

#include "core/config/section.h"
#include "core/config/yaml_emitter.h"
#include "core/discovery/kubernetes_options.h"

namespace fleetglass::config {

void readKubernetesSd(Reader& reader, const YamlNode& node, discovery::KubernetesOptions& options);

// The keys of an entry but for those of the HTTP client, which the caller writes.
void writeKubernetesSd(YamlEmitter& out, const discovery::KubernetesOptions& options);

} // namespace fleetglass::config
