#include "core/monitor/probe.h"

#include "core/monitor/target_views.h"
#include "core/scrape/discarding_appender.h"
#include "core/scrape/scrape_pool.h"

namespace fleetglass::monitor {

namespace {

std::shared_ptr<const view::TargetDetailView> explained(std::string message)
{
    auto detail = std::make_shared<view::TargetDetailView>();
    detail->transcript = { std::move(message) };
    detail->transcriptErrorLine = 1;
    return detail;
}

} // namespace

std::shared_ptr<const view::TargetDetailView> probe(
    http::Transport& transport, const scrape::JobOptions& job)
{
    using namespace std::chrono_literals;
    const SystemClock clock;
    scrape::DiscardingAppender nowhere;
    scrape::PoolOptions options;
    options.firstWithin = 0ms;
    scrape::ScrapePool pool(transport, nowhere, clock, options, {});
    auto single = std::make_shared<scrape::JobOptions>(job);
    if (!single->discovery.statics.empty()) {
        single->discovery.statics.resize(1);
        single->discovery.statics.front().targets.resize(1);
    }
    const auto report = pool.apply({ { single, single->discovery.statics } });
    if (!report.problems.empty())
        return explained(report.problems.front().address + ": " + report.problems.front().message);
    const auto first = pool.statuses();
    if (first.empty())
        return explained("relabelling drops this target, so it would never be scraped");
    pool.scrapeNow(std::vector<uint64_t> { first.front()->id });
    const auto deadline = clock.bootTime() + job.timeout + 2s;
    while (clock.bootTime() < deadline) {
        pool.tick();
        pool.waitForWork({}, 20ms);
        while (pool.workOne()) { }
        const auto detail = pool.detail(first.front()->id);
        if (detail && detail->status->attempts > 0)
            return std::make_shared<const view::TargetDetailView>(targetDetailView(*detail, {}));
        const auto load = pool.load();
        if (load.inFlight + load.waiting + load.workQueued == 0)
            return explained("the scrape was cancelled");
    }
    return explained("the scrape did not end in time");
}

} // namespace fleetglass::monitor
