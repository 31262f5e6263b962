// One entry of docker_sd_configs and of dockerswarm_sd_configs. Used from one thread at a time.
#pragma once

#include "core/config/section.h"
#include "core/config/yaml_emitter.h"
#include "core/discovery/options.h"

namespace fleetglass::config {

void readDockerSd(Reader& reader, const YamlNode& node, discovery::DockerOptions& options);
void readSwarmSd(Reader& reader, const YamlNode& node, discovery::SwarmOptions& options);

// The keys of an entry but for those of the HTTP client, which the caller writes.
void writeDockerSd(YamlEmitter& out, const discovery::DockerOptions& options);
void writeSwarmSd(YamlEmitter& out, const discovery::SwarmOptions& options);

} // namespace fleetglass::config
