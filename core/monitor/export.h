// Export: what is watched, as a file. The file's ending chooses: .fgsnap .csv .json .om .html.
// Pure function; thread-safe; may take a while.
#pragma once

#include "core/base/secret.h"
#include "core/promql/engine.h"
#include "core/rules/rule_file.h"
#include "core/tsdb/ring_store.h"
#include "core/view/fleet_port.h"

#include <string>
#include <vector>

namespace fleetglass::monitor {

struct ExportSource
{
    const tsdb::RingStore& store;
    const promql::Engine& engine;
    view::FleetViewPtr fleet;
    std::vector<Secret> secrets; // Taken out of everything.
    std::vector<rules::GroupOptions> ruleGroups;
    std::string program;
};

// A range of 0 to 0 stands for everything there is. No file is left behind where it fails.
view::ExportSummary exportTo(const view::ExportRequest& request, const ExportSource& source);

// "fgsnap" of "a/b.fgsnap"; lower case.
std::string endingOf(const std::string& path);

} // namespace fleetglass::monitor
