// Monitor: the whole of core at work. It owns every thread, wires discovery, scraping, the store,
// rules, alerts, sessions and queries, and publishes what is true of the fleet a few times a
// second. Thread-safe. Its destructor stops all threads; nothing is published after that.
#pragma once

#include "core/alerts/book.h"
#include "core/base/clock.h"
#include "core/base/guarded.h"
#include "core/base/log.h"
#include "core/discovery/discoverer.h"
#include "core/http/curl_transport.h"
#include "core/monitor/engine_options.h"
#include "core/monitor/log_book.h"
#include "core/monitor/query_service.h"
#include "core/monitor/rule_runner.h"
#include "core/monitor/view_source.h"
#include "core/promql/engine.h"
#include "core/rules/rule_file.h"
#include "core/scrape/job_options.h"
#include "core/scrape/scrape_pool.h"
#include "core/tsdb/ring_store.h"
#include "core/tsdb/system_disk.h"
#include "core/view/fleet_port.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace fleetglass::monitor {

struct MonitorOptions
{
    tsdb::RingStoreOptions store;
    scrape::PoolOptions scrape;
    promql::EngineOptions engine = windowEngineOptions();
    http::CurlOptions http;
    int scrapeWorkers = 2;
    int queryWorkers = 2;
    std::chrono::milliseconds publishEvery { 500 };
};

// What to watch, as configuration says it.
struct WatchSet
{
    std::vector<scrape::JobOptions> jobs;
    std::vector<rules::GroupOptions> groups;
    rules::GroupSettings ruleSettings;
    std::string addressBook; // "key<TAB>owner" lines.
};

class Monitor
{
public:
    using Publish = std::function<void(view::FleetViewPtr)>;

    // The clock must outlive it. `publish` is called from a thread of the monitor and must return
    // quickly; it may be empty. `readYaml` reads file_sd documents that are not JSON.
    Monitor(MonitorOptions options, const Clock& clock, Publish publish,
        discovery::GroupReader readYaml = {});
    ~Monitor();
    Monitor(const Monitor&) = delete;
    Monitor& operator=(const Monitor&) = delete;

    // Takes up the samples of a data directory, made where there is none, and keeps it up to date.
    // Before rehearse() and start(). Fails where another process writes to it; then the samples
    // stay in memory. What was damaged is told to the log.
    Result<tsdb::DirectoryReport> openData(
        const std::string& directory, const tsdb::DirectoryOptions& options = {});

    // Starts the threads, once; before that, rehearse() may fill the store. start() and stop() are
    // for whoever owns it, from one thread at a time.
    void start();
    // Ends them for good: nothing is published or answered after that. The destructor does it as
    // well.
    void stop();

    // Watches this from now on; what is in both sets goes on undisturbed. Errors are of rules.
    // Sets that come at once are taken one after the other.
    std::vector<Error> watch(WatchSet set);

    // Scrapes and evaluates the set as it would have been from fromMs to toMs, one step after the
    // other, with answers that `transport` gives at once. Before start() only.
    void rehearse(const WatchSet& set, http::Transport& transport, HeldClock& clock, int64_t toMs,
        int64_t stepMs);

    tsdb::RingStore& store() { return m_store; }
    const promql::Engine& engine() const { return m_engine; }
    scrape::ScrapePool& pool() { return m_pool; }
    http::Transport& transport() { return m_transport; }
    QueryService& queries() { return m_queries; }
    alerts::Book& alerts() { return m_book; }
    RuleRunner& rules() { return m_rules; }
    ViewSource& views() { return m_views; }
    const LogSink& log() const { return m_log; }
    const Clock& clock() const { return m_clock; }

    std::shared_ptr<const view::TargetDetailView> targetDetail(uint64_t targetId) const;
    // Of the last page that could be read, else of the last one; null: no such target.
    std::shared_ptr<const view::SampleTraceView> traceSamples(
        uint64_t targetId, const std::string& filter) const;
    // The targets that relabelling dropped, with the rule that did.
    std::vector<view::DroppedTargetView> droppedTargets() const;

private:
    void applyGroups(); // With m_watching held.
    void publishLoop(std::stop_token stop);
    void storeLoop(std::stop_token stop);
    template<class Body>
    void addThread(const char* name, Body body);

    MonitorOptions m_options;
    const Clock& m_clock;
    Publish m_publish;
    LogBook m_logBook;
    LogSink m_log;
    tsdb::SystemDisk m_disk;
    tsdb::RingStore m_store;
    promql::Engine m_engine;
    http::SystemResolver m_resolver;
    http::CurlTransport m_transport;
    alerts::Book m_book;
    RuleRunner m_rules;
    QueryService m_queries;
    ViewSource m_views;
    scrape::ScrapePool m_pool;
    discovery::Discoverer m_discoverer;
    // Held while targets are renewed: groups never meet another set's jobs.
    mutable std::mutex m_watching;
    std::vector<std::shared_ptr<const scrape::JobOptions>> m_jobs; // Under m_watching.
    Guarded<std::vector<scrape::DroppedTarget>> m_dropped; // By the last apply.
    bool m_started = false;
    std::vector<std::jthread> m_threads; // Last: they end before anything they use.
};

} // namespace fleetglass::monitor
