// Probe: one scrape of a job that is not watched, for "Test" in the editor. Waits for its end.
// Thread-safe.
#pragma once

#include "core/http/transport.h"
#include "core/scrape/job_options.h"
#include "core/view/target_view.h"

#include <memory>

namespace fleetglass::monitor {

// The first target of the job, scraped once; nothing is stored. The transport must be running.
std::shared_ptr<const view::TargetDetailView> probe(
    http::Transport& transport, const scrape::JobOptions& job);

} // namespace fleetglass::monitor
