// Service discovery inside a job or an alertmanager: what runs here is read into the options of
// core/discovery; all others are checked key by key and listed as skipped. Used from one thread at
// a time.
#pragma once

#include "core/config/section.h"
#include "core/discovery/options.h"

#include <string_view>

namespace fleetglass::config {

// Takes static_configs and every *_sd_configs key out of `section`. Warns of what is not run here.
void readDiscovery(Section& section, discovery::DiscoveryOptions& options);

// The labels and targets of one group (static_configs, file_sd).
void readTargetGroup(Reader& reader, const YamlNode& node, discovery::TargetGroup& group);

// Users put URLs where addresses belong; relabelling may make them right, so only without it.
void checkStaticTargets(
    Reader& reader, const Section& section, const discovery::DiscoveryOptions& options);

} // namespace fleetglass::config
