// One entry of consul_sd_configs. Used from one thread at a time.
#pragma once

#include "core/config/section.h"
#include "core/config/yaml_emitter.h"
#include "core/discovery/options.h"

#include <functional>
#include <string>

namespace fleetglass::config {

void readConsulSd(Reader& reader, const YamlNode& node, discovery::ConsulOptions& options);

// What is written in place of a secret, by its key.
using SecretWriter = std::function<std::string(const Secret& secret, const std::string& key)>;

// The keys of an entry but for those of the HTTP client, which the caller writes.
void writeConsulSd(
    YamlEmitter& out, const discovery::ConsulOptions& options, const SecretWriter& secretText);

} // namespace fleetglass::config
