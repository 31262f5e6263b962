// remote_write, remote_read and alerting. Used from one thread at a time.
#pragma once

#include "core/config/config.h"
#include "core/config/section.h"

namespace fleetglass::config {

void readRemoteWrites(
    Section& section, relabel::NameScheme names, std::vector<RemoteWriteOptions>& all);
// Checked and listed as skipped: a workstation reads other servers through their query API.
void readRemoteReads(Section& section, std::vector<SkippedSection>& skipped);
void readAlerting(
    Reader& reader, const YamlNode& node, relabel::NameScheme names, AlertingOptions& alerting);

} // namespace fleetglass::config
