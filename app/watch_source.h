// What a headless verb watches: files, URLs, or the demo fleet. Used from one thread at a time.
#pragma once

#include "core/base/clock.h"
#include "core/demo/demo_fleet.h"
#include "core/monitor/monitor.h"
#include "core/monitor/workspace.h"

#include <memory>
#include <string>
#include <vector>

namespace fleetglass::app {

struct WatchSource
{
    config::ImportResult imported; // Several files are merged.
    std::vector<std::string> words; // What was named, in order: files and URLs.
    std::unique_ptr<demo::DemoFleet> demo; // Set with --demo; must outlive the monitor's scrapes.
};

// Reads everything named; `words` are paths or URLs. Fails with "file:line:column: message".
Result<WatchSource> openWatchSource(const std::vector<std::string>& words,
    const std::vector<std::string>& ruleFiles, bool demo, const Clock& clock);

monitor::WatchSet watchSetOf(const WatchSource& source);

// Takes everything named in, one after the other, so that each file is reloaded when it changes.
void takeWords(const WatchSource& source, monitor::Monitor& monitor, monitor::Workspace& workspace);

// Fills the monitor with the demo's hour before it went live. Before Monitor::start().
void rehearseDemo(const WatchSource& source, monitor::Monitor& monitor);

// Reads file_sd documents that are not JSON.
discovery::GroupReader yamlGroupReader();

} // namespace fleetglass::app
