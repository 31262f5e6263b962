// The request of a scrape, and the same as a command line for people. Pure functions; thread-safe.
#pragma once

#include "core/http/transport.h"
#include "core/scrape/job_options.h"
#include "core/scrape/target.h"

#include <memory>
#include <string>

namespace fleetglass::scrape {

http::Request scrapeRequest(const std::shared_ptr<const JobOptions>& job, const Target& target,
    const std::string& userAgent);

// curl with the same headers; secrets are placeholders.
std::string curlCommand(const JobOptions& job, const Target& target);

} // namespace fleetglass::scrape
