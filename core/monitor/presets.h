// Presets: known systems as jobs. Adding one asks for its host and its secret; all else is as the
// system's own documents say it. Pure functions; thread-safe.
//
// Sources: Etcha's metrics guide (scrape job of /etcha/v1/system/metrics); Stash 0.8.3, "Monitoring
// with builtin Prometheus" (pushgateway on 56789 with honor_labels, operator on 8443); Synse Server
// 3, monitoring deployment (port 5000); AWX and automation controller administration guide,
// "Metrics"
// (/api/v2/metrics/; /api/controller/v2/metrics/ behind the platform gateway of 2.5); the README of
// each Prometheus exporter.
#pragma once

#include "core/scrape/job_options.h"
#include "core/view/fleet_port.h"

#include <span>
#include <string>
#include <vector>

namespace fleetglass::monitor {

std::vector<view::PresetView> presetViews();

// What a new job takes where its preset says nothing.
struct PresetDefaults
{
    Millis interval { 60'000 };
    Millis timeout { 10'000 };
};

// `known`: the jobs there are. A host more of the same system joins its job; where anything but the
// host differs, the job gets a name of its own.
view::PresetJobs presetJobs(const view::PresetChoice& choice,
    std::span<const scrape::JobOptions> known, const PresetDefaults& defaults);

// What a job of a known system lacks, by its path: "job \"awx\" is a controller: ..."; may be
// empty.
std::string presetAdvice(const scrape::JobOptions& job);

} // namespace fleetglass::monitor
