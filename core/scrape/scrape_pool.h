// ScrapePool: scrapes the targets of all jobs on their schedule and hands each scrape to the store
// as one row. Thread-safe. It starts no thread: the owner gives one to run() and a few to work().
#pragma once

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/discovery/options.h"
#include "core/http/transport.h"
#include "core/scrape/job_options.h"
#include "core/scrape/target.h"
#include "core/scrape/target_status.h"
#include "core/storage/appender.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace fleetglass::scrape {

struct JobWithTargets
{
    std::shared_ptr<const JobOptions> options;
    std::vector<discovery::TargetGroup> groups;
};

struct PoolOptions
{
    size_t concurrentMax = 256;
    size_t targetsMax = 20'000;
    // What one workstation was seen to hold with nothing missed, with room for its other work.
    double scrapesPerSecondMax = 2'000;
    // Of a scrape's new target: the first within `firstWithin`, a second one second later, so that
    // rates exist at once; then on its phase.
    bool quickStart = true;
    std::chrono::milliseconds firstWithin { 1'000 };
    uint64_t offsetSeed = 0; // Spreads the phases of two workstations apart.
    size_t bodyArchiveBytesMax = 64u << 20; // Of all targets together.
    size_t newSeriesPerHourMax = 100'000; // Of one target.
    std::string userAgent = "fleetglass";
};

// One scrape has ended and is in the store (or failed).
struct ScrapeEvent
{
    StatusPtr status;
};

struct PoolCallbacks
{
    std::function<void(const ScrapeEvent&)> scraped; // From any thread; must return quickly.
    LogSink log;
};

// What apply() made of the jobs.
struct ApplyReport
{
    size_t added = 0;
    size_t kept = 0;
    size_t removed = 0;
    std::vector<TargetProblem> problems;
    std::vector<DroppedTarget> dropped;
    size_t droppedCount = 0;
    std::vector<std::string> errors; // Limits passed, by job.
};

class ScrapePool
{
public:
    // Everything given must outlive it.
    ScrapePool(http::Transport& transport, storage::Appender& appender, const Clock& clock,
        PoolOptions options, PoolCallbacks callbacks);
    // run() and work() must have returned; cancels what is on its way.
    ~ScrapePool();
    ScrapePool(const ScrapePool&) = delete;
    ScrapePool& operator=(const ScrapePool&) = delete;

    // The new set of jobs. Targets that are in both keep their schedule, series and history; those
    // that went get stale markers.
    ApplyReport apply(std::vector<JobWithTargets> jobs);

    // Out of turn, as soon as a slot is free; an unknown or running one is passed over.
    void scrapeNow(std::span<const uint64_t> ids);
    // Pausing writes stale markers: the charts end, instead of staying as they were.
    void pause(uint64_t id, bool paused);

    // Whether this computer has a network. While it has none, a target that cannot be reached is
    // not down: its series end, and nothing is said of it. Once it has one again, those that could
    // not be reached are tried within two seconds, spread.
    void setOnline(bool online);
    // There is a network again, or a further one: a VPN.
    void networkReturned();
    // There is no network, and a target could not be reached for that.
    bool isBlind() const;

    // Changes whenever a status does; statuses are in the order of the jobs and their targets.
    uint64_t generation() const;
    std::vector<StatusPtr> statuses() const;
    std::optional<TargetDetail> detail(uint64_t id) const;
    // Of all targets; the first target that declared a family wins.
    std::vector<std::shared_ptr<const MetadataMap>> metadata() const;

    // The schedule's thread.
    void run(std::stop_token stop);
    // A worker's thread: reads pages and stores them.
    void work(std::stop_token stop);

    // One look at the schedule: starts what is due, returns how long nothing else will be.
    std::chrono::nanoseconds tick();
    // Does one waiting piece of work on the calling thread; false where there is none.
    bool workOne();
    // Waits until there may be work, or the time is over; false on timeout or stop.
    bool waitForWork(std::stop_token stop, std::chrono::milliseconds timeout);

    // Counters of the pool itself.
    struct Load
    {
        size_t inFlight = 0;
        size_t waiting = 0; // Due, but without a slot.
        size_t workQueued = 0;
        uint64_t missedSlots = 0;
    };
    Load load() const;

private:
    class State;
    std::shared_ptr<State> m_state;
};

} // namespace fleetglass::scrape
