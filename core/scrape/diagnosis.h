// Diagnosis: a failed scrape in plain words, and what to do about it. Pure functions; thread-safe.
#pragma once

#include "core/http/exchange.h"
#include "core/scrape/failure.h"
#include "core/scrape/job_options.h"
#include "core/scrape/target.h"
#include "core/scrape/target_status.h"

#include <string>

namespace fleetglass::scrape {

ScrapeFailure diagnose(const http::Failure& failure, const http::Exchange& exchange,
    const JobOptions& job, const Target& target);

// For a target that is up: push_time_seconds without honor_labels, and the like. May be empty.
std::string adviceFor(const JobOptions& job, const MetadataMap& metadata);

} // namespace fleetglass::scrape
