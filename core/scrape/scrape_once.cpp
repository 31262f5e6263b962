#include "core/scrape/scrape_once.h"

#include <algorithm>

namespace fleetglass::scrape {

namespace {

bool allDone(const ScrapePool& pool)
{
    const auto statuses = pool.statuses();
    return std::all_of(statuses.begin(), statuses.end(),
        [](const StatusPtr& status) { return status->attempts > 0; });
}

} // namespace

OnceResult scrapeOnce(http::Transport& transport, storage::Appender& appender, const Clock& clock,
    std::vector<JobWithTargets> jobs, PoolOptions options, std::stop_token stop)
{
    ScrapePool pool(transport, appender, clock, std::move(options), {});
    OnceResult result;
    result.report = pool.apply(std::move(jobs));
    // Each exactly once: the schedule itself is never looked at.
    std::vector<uint64_t> ids;
    for (const StatusPtr& status : pool.statuses())
        ids.push_back(status->id);
    std::reverse(ids.begin(), ids.end()); // Each goes to the front of the queue.
    pool.scrapeNow(ids);
    while (!stop.stop_requested() && !allDone(pool)) {
        if (!pool.workOne())
            pool.waitForWork(stop, std::chrono::milliseconds(100));
    }
    result.targets = pool.statuses();
    return result;
}

} // namespace fleetglass::scrape
