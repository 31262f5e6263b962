#include "core/monitor/monitor.h"

#include "core/config/writer.h"
#include "core/monitor/file_limit.h"
#include "core/monitor/self_metrics.h"
#include "core/monitor/target_views.h"
#include "core/monitor/thread_root.h"
#include "core/scrape/network_watch.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <pthread.h>

namespace fleetglass::monitor {

namespace {

void drain(scrape::ScrapePool& pool)
{
    while (pool.workOne()) { }
}

// The jobs as a rehearsal scrapes them: their static targets, once a step.
std::vector<scrape::JobWithTargets> rehearsed(
    const std::vector<scrape::JobOptions>& jobs, Millis step)
{
    std::vector<scrape::JobWithTargets> result;
    result.reserve(jobs.size());
    for (const auto& job : jobs) {
        auto stepped = std::make_shared<scrape::JobOptions>(job);
        stepped->interval = step;
        stepped->timeout = std::min(job.timeout, step); // A longer one is refused.
        result.push_back({ std::move(stepped), job.discovery.statics });
    }
    return result;
}

// The job's lines with every secret and every parameter masked.
std::string maskedText(scrape::JobOptions job)
{
    for (auto& [name, values] : job.params)
        std::fill(values.begin(), values.end(), Secret::kMask);
    return config::writeJob(job, {});
}

MonitorOptions withinFileLimit(MonitorOptions options)
{
    const ConnectionLimits limits
        = fitInto(raiseFileLimit(), { options.scrape.concurrentMax, options.http.connectionsMax });
    options.scrape.concurrentMax = limits.concurrentMax;
    options.http.connectionsMax = limits.connectionsMax;
    return options;
}

// How long until every target was scraped again; nobody waits longer than five minutes for it.
Millis settleTimeOf(const std::vector<scrape::JobOptions>& jobs)
{
    Millis longest { 0 };
    for (const auto& job : jobs)
        longest = std::max(longest, job.interval + job.timeout);
    return std::min<Millis>(longest, std::chrono::minutes(5));
}

} // namespace

Monitor::Monitor(
    MonitorOptions options, const Clock& clock, Publish publish, discovery::GroupReader readYaml)
    : m_options(withinFileLimit(std::move(options)))
    , m_clock(clock)
    , m_publish(std::move(publish))
    , m_log([this](LogEvent event) {
        if (event.timeMs == 0)
            event.timeMs = m_clock.wallMs();
        m_logBook.add(std::move(event));
    })
    , m_store(m_options.store, clock)
    , m_engine(m_options.engine)
    , m_resolver(clock)
    , m_transport(m_resolver, clock, m_options.http)
    , m_rules({ m_engine, m_store, m_store }, m_book, clock, m_log)
    , m_queries(m_store, m_engine)
    , m_views({ m_store, m_engine, m_book, m_rules, m_logBook, clock })
    , m_pool(m_transport, m_store, clock, m_options.scrape,
          { [this](const scrape::ScrapeEvent& event) {
               if (event.status->failure)
                   m_views.countMissedScrape(event.status->lastScrapeMs);
           },
              m_log })
    , m_discoverer(m_transport, clock, std::move(readYaml),
          [this](const std::vector<discovery::JobGroups>&) {
              // Those given may be older than what watch() has applied meanwhile.
              const std::lock_guard lock(m_watching);
              applyGroups();
          })
{
}

Monitor::~Monitor()
{
    stop();
}

void Monitor::stop()
{
    for (auto& thread : m_threads)
        thread.request_stop();
    m_threads.clear();
}

template<class Body>
void Monitor::addThread(const char* name, Body body)
{
    m_threads.emplace_back([this, name, body = std::move(body)](std::stop_token stop) {
        pthread_setname_np(pthread_self(), name);
        runThread(name, body, std::move(stop), m_log);
    });
}

void Monitor::start()
{
    if (std::exchange(m_started, true))
        return;
    addThread("fg-network", [this](std::stop_token stop) { m_transport.run(stop); });
    addThread("fg-schedule", [this](std::stop_token stop) { m_pool.run(stop); });
    for (int i = 0; i < m_options.scrapeWorkers; ++i)
        addThread("fg-scrape", [this](std::stop_token stop) { m_pool.work(stop); });
    addThread("fg-link", [this](std::stop_token stop) {
        scrape::NetworkWatch watch({ [this](bool online) { m_pool.setOnline(online); },
            [this] { m_pool.networkReturned(); } });
        scrape::watchNetwork(watch, std::move(stop));
    });
    addThread("fg-discovery", [this](std::stop_token stop) { m_discoverer.run(stop); });
    addThread("fg-rules", [this](std::stop_token stop) { m_rules.run(stop); });
    for (int i = 0; i < m_options.queryWorkers; ++i)
        addThread("fg-query", [this](std::stop_token stop) { m_queries.work(stop); });
    addThread("fg-store", [this](std::stop_token stop) { storeLoop(stop); });
    addThread("fg-view", [this](std::stop_token stop) { publishLoop(stop); });
}

std::vector<Error> Monitor::watch(WatchSet set)
{
    const std::lock_guard lock(m_watching);
    m_rules.setSight([this] { return m_pool.isBlind(); }, settleTimeOf(set.jobs));
    std::vector<discovery::JobDiscovery> discoveries;
    m_jobs.clear();
    for (auto& job : set.jobs) {
        discoveries.push_back({ job.name, job.discovery });
        m_jobs.push_back(std::make_shared<const scrape::JobOptions>(std::move(job)));
    }
    m_discoverer.apply(discoveries);
    applyGroups();
    if (!set.addressBook.empty())
        m_views.setAddressBook(set.addressBook);
    auto errors = m_rules.apply(std::move(set.groups), set.ruleSettings);
    for (const auto& error : errors)
        m_log({ 0, LogLevel::Error, "rules", error.message });
    return errors;
}

void Monitor::applyGroups()
{
    const auto groups = m_discoverer.groups();
    std::vector<scrape::JobWithTargets> jobs;
    for (const auto& job : m_jobs)
        jobs.push_back({ job, {} });
    for (auto& job : jobs) {
        for (const auto& found : groups) {
            if (found.job == job.options->name)
                job.groups = found.groups;
        }
    }
    auto report = m_pool.apply(std::move(jobs));
    m_dropped.with([&](auto& dropped) { dropped = std::move(report.dropped); });
    for (const auto& problem : report.problems)
        m_log({ 0, LogLevel::Warning, "scrape",
            problem.job + ", " + problem.address + ": " + problem.message });
    for (const auto& error : report.errors)
        m_log({ 0, LogLevel::Error, "scrape", error });
    for (const auto& found : groups) {
        for (const auto& error : found.errors)
            m_log({ 0, LogLevel::Warning, "discovery", found.job + ": " + error });
    }
}

void Monitor::rehearse(
    const WatchSet& set, http::Transport& transport, HeldClock& clock, int64_t toMs, int64_t stepMs)
{
    stepMs = std::max<int64_t>(stepMs, 100); // Nothing is scraped more often.
    scrape::PoolOptions options = m_options.scrape;
    options.quickStart = false;
    scrape::ScrapePool pool(transport, m_store, clock, options, { {}, m_log });
    pool.apply(rehearsed(set.jobs, Millis(stepMs)));
    for (const auto& error : m_rules.apply(set.groups, set.ruleSettings))
        m_log({ clock.wallMs(), LogLevel::Error, "rules", error.message });
    int64_t rulesMs = 0;
    for (int64_t nowMs = clock.wallMs(); nowMs < toMs;) {
        clock.set(nowMs);
        const auto untilNext = std::chrono::duration_cast<std::chrono::milliseconds>(pool.tick());
        drain(pool);
        if (nowMs >= rulesMs) {
            m_rules.evaluateDue(nowMs);
            rulesMs = nowMs + stepMs;
        }
        // The schedule counts a scrape that begins late as missed: stop where the next is due.
        nowMs += std::clamp<int64_t>(untilNext.count() + 1, 1, stepMs);
    }
}

Result<tsdb::DirectoryReport> Monitor::openData(
    const std::string& directory, const tsdb::DirectoryOptions& options)
{
    auto report = m_store.openDirectory(m_disk, directory, options);
    if (!report) {
        m_log({ 0, LogLevel::Error, "store", report.error().message });
        return report;
    }
    for (const auto& note : report->notes)
        m_log({ 0, LogLevel::Warning, "store", note });
    return report;
}

// Twice a second, so that a power cut costs less than one.
void Monitor::storeLoop(std::stop_token stop)
{
    constexpr std::chrono::milliseconds kFlushEvery { 500 };
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    std::string problem;
    while (!stop.stop_requested()) {
        m_store.flush();
        auto now = m_store.diskStats().problem;
        if (now != problem && !now.empty())
            m_log(
                { 0, LogLevel::Error, "store", now + "; samples stay in memory until it is well" });
        else if (now != problem)
            m_log({ 0, LogLevel::Info, "store", "the data directory is written again" });
        problem = std::move(now);
        wake.wait_for(lock, stop, kFlushEvery, [] { return false; });
    }
    m_store.flush();
}

void Monitor::publishLoop(std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    SelfMetrics metrics(m_store);
    int rounds = 0;
    while (!stop.stop_requested()) {
        if (m_publish) { // Else nobody would look at it.
            auto view = m_views.build(m_pool, stop);
            if (!stop.stop_requested())
                m_publish(std::move(view));
        }
        constexpr int kRoundsPerSelfMetrics = 30;
        if (rounds % kRoundsPerSelfMetrics == kRoundsPerSelfMetrics / 6)
            metrics.write(m_pool.statuses(), m_clock.wallMs());
        constexpr int kRoundsPerMaintenance = 60;
        if (++rounds % kRoundsPerMaintenance == 0)
            m_store.maintain();
        wake.wait_for(lock, stop, m_options.publishEvery, [] { return false; });
    }
}

std::shared_ptr<const view::TargetDetailView> Monitor::targetDetail(uint64_t targetId) const
{
    const auto detail = m_pool.detail(targetId);
    if (!detail)
        return nullptr;
    std::vector<relabel::TraceStep> steps;
    if (detail->status->job && detail->status->target)
        steps = scrape::traceTarget(*detail->status->job, *detail->status->target);
    auto view = targetDetailView(*detail, steps);
    if (detail->status->job)
        view.configText = maskedText(*detail->status->job);
    return std::make_shared<const view::TargetDetailView>(std::move(view));
}

std::shared_ptr<const view::SampleTraceView> Monitor::traceSamples(
    uint64_t targetId, const std::string& filter) const
{
    const auto detail = m_pool.detail(targetId);
    if (!detail || !detail->status->job || !detail->status->target)
        return nullptr;
    const auto& body = detail->lastGoodBody ? detail->lastGoodBody : detail->lastBody;
    const auto& job = detail->status->job;
    const auto trace = scrape::traceSamples(
        job, detail->status->target, body.value_or(scrape::KeptBody()), { filter });
    return std::make_shared<const view::SampleTraceView>(sampleTraceView(trace, *job));
}

std::vector<view::DroppedTargetView> Monitor::droppedTargets() const
{
    constexpr size_t kShownMax = 1'000;
    const auto dropped = m_dropped.with([](const auto& targets) { return targets; });
    const std::lock_guard lock(m_watching);
    std::vector<view::DroppedTargetView> views;
    for (const auto& target : dropped) {
        const auto job = std::find_if(m_jobs.begin(), m_jobs.end(),
            [&](const auto& known) { return known->name == target.job; });
        if (views.size() == kShownMax || job == m_jobs.end())
            continue;
        views.push_back(
            { target.job, std::string(target.discovered.get("__address__")), target.discovered,
                stepViews(relabel::trace((*job)->relabelRules, target.discovered)) });
    }
    return views;
}

} // namespace fleetglass::monitor
