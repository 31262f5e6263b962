// From what the scraper knows of targets to what the window shows. Pure functions; thread-safe.
#pragma once

#include "core/relabel/rule.h"
#include "core/scrape/sample_trace.h"
#include "core/scrape/target_status.h"
#include "core/view/target_view.h"

namespace fleetglass::monitor {

view::Phase phaseOf(scrape::Phase phase);

// Without the spark, which comes from the store.
view::TargetView targetView(const scrape::TargetStatus& status);

std::vector<view::RelabelStepView> stepViews(const std::vector<relabel::TraceStep>& steps);
// `job`: the one that was traced.
view::SampleTraceView sampleTraceView(
    const scrape::SampleTrace& trace, const scrape::JobOptions& job);

// `steps`: what relabelling did to the target.
view::TargetDetailView targetDetailView(
    const scrape::TargetDetail& detail, const std::vector<relabel::TraceStep>& steps);

} // namespace fleetglass::monitor
