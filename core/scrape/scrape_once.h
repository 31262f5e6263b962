// ScrapeOnce: every target of a config once, for the command line. Used from one thread at a time.
#pragma once

#include "core/base/clock.h"
#include "core/http/transport.h"
#include "core/scrape/scrape_pool.h"
#include "core/scrape/target_status.h"
#include "core/storage/appender.h"

#include <stop_token>
#include <vector>

namespace fleetglass::scrape {

struct OnceResult
{
    std::vector<StatusPtr> targets; // In the order of the jobs and their targets.
    ApplyReport report;
};

// Returns when every target has been scraped or has failed, or on stop. The calling thread reads
// the pages; the transport must be running elsewhere.
OnceResult scrapeOnce(http::Transport& transport, storage::Appender& appender, const Clock& clock,
    std::vector<JobWithTargets> jobs, PoolOptions options, std::stop_token stop);

} // namespace fleetglass::scrape
