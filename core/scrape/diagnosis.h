// Diagnosis: a failed scrape in plain words, and what to do about it. Pure functions; thread-safe.
#pragma once

#include "core/http/exchange.h"
#include "core/scrape/failure.h"
#include "core/scrape/job_options.h"
#include "core/scrape/target.h"
#include "core/scrape/target_status.h"

#include <string>
#include <string_view>

namespace fleetglass::scrape {

// The hint of a plain request that a TLS server answered.
inline constexpr std::string_view kExpectsHttpsHint
    = "Perhaps the server expects https: set scheme: https.";

// The advice for a Pushgateway whose job does not honour its labels.
inline constexpr std::string_view kPushgatewayAdvice
    = "This is a Pushgateway: set honor_labels: true, or its job and instance labels become "
      "exported_job and exported_instance.";

ScrapeFailure diagnose(const http::Failure& failure, const http::Exchange& exchange,
    const JobOptions& job, const Target& target);

// For a target that is up: push_time_seconds without honor_labels, and the like. May be empty.
std::string adviceFor(const JobOptions& job, const MetadataMap& metadata);

} // namespace fleetglass::scrape
