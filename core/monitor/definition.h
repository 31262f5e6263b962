// Between the definition that the window edits and the job that is scraped. Pure functions;
// thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/scrape/job_options.h"
#include "core/view/fleet_port.h"

#include <string>
#include <string_view>

namespace fleetglass::monitor {

// Without its secrets.
view::TargetDefinition definitionOf(const scrape::JobOptions& job);

// What the definition does not speak of (relabelling, limits ...) and secrets left empty come from
// `known`, the job as it was; null: a new one. Fails with what is missing or wrong.
Result<scrape::JobOptions> jobOf(
    const view::TargetDefinition& definition, const scrape::JobOptions* known);

// Changes the job as the fix says; what is wrong with the fix, or empty.
std::string fixJob(scrape::JobOptions& job, const view::JobFix& fix);

// "AB:CD:..." -> "abcd...".
std::string plainFingerprint(std::string_view fingerprint);

} // namespace fleetglass::monitor
