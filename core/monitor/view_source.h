// ViewSource: builds the FleetView from everything core knows. What is dear to compute (sparks, the
// metric tree, what changed most) is renewed less often than the rest, and unchanged parts are
// shared with the view before. build() is used from one thread at a time; the rest is thread-safe.
#pragma once

#include "core/alerts/book.h"
#include "core/base/clock.h"
#include "core/base/guarded.h"
#include "core/monitor/log_book.h"
#include "core/monitor/rule_runner.h"
#include "core/monitor/sparks.h"
#include "core/monitor/up_history.h"
#include "core/promql/engine.h"
#include "core/scrape/scrape_pool.h"
#include "core/sessions/tracker.h"
#include "core/tsdb/ring_store.h"
#include "core/view/fleet_view.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <unordered_map>

namespace fleetglass::monitor {

class ViewSource
{
public:
    struct Parts
    {
        const tsdb::RingStore& store;
        const promql::Engine& engine;
        const alerts::Book& book;
        const RuleRunner& rules;
        const LogBook& log;
        const Clock& clock;
    };
    explicit ViewSource(const Parts& parts);

    view::FleetViewPtr build(const scrape::ScrapePool& pool, std::stop_token stop = {});
    // The view that was built last; never null.
    view::FleetViewPtr latest() const;

    void nameKey(const std::string& publicKey, const std::string& owner);
    void setAddressBook(const std::string& text);
    std::string addressBook() const;
    void countMissedScrape(int64_t timeMs);
    void setConfigProblem(const view::ConfigProblemView& problem); // Without a file: none any more.

private:
    // A part that is renewed now and then: the dearer it is, the more seldom.
    struct Pace
    {
        int64_t lastMs = 0; // 0: never.
        std::chrono::nanoseconds cost { 0 };
    };
    bool isDue(Pace& pace, int64_t nowMs, int64_t everyMs) const;
    template<class Work>
    void paced(Pace& pace, Work work);

    // A target's view and what it was made of.
    struct Shown
    {
        scrape::StatusPtr status;
        std::shared_ptr<const std::vector<double>> spark;
        std::shared_ptr<const view::TargetView> view;
    };
    std::shared_ptr<const view::TargetView> shown(const scrape::StatusPtr& status);

    void renewSparks(
        const scrape::ScrapePool& pool, const view::FleetView& fleet, std::stop_token stop);
    void addHistory(view::TargetView& target) const;
    void renewTargets(const scrape::ScrapePool& pool, view::FleetView& fleet);
    void renewSessions(view::FleetView& fleet);
    void renewAlerts(view::FleetView& fleet);
    void renewCatalog(const scrape::ScrapePool& pool, view::FleetView& fleet);
    void renewStatus(view::FleetView& fleet);
    double samplesPerSecond(int64_t nowMs, uint64_t appendedTotal);

    Parts m_parts;
    Guarded<view::FleetViewPtr> m_latest;
    Sparks m_sparks;
    std::deque<std::pair<int64_t, uint64_t>>
        m_appended; // When, and how many samples in all by then.
    std::map<std::string, UpHistory> m_upHistories; // Renewed with the sparks.
    uint64_t m_statusGeneration = ~0ULL;
    uint64_t m_alertGeneration = ~0ULL;
    Pace m_sparksPace;
    Pace m_alertsPace;
    Pace m_catalogPace;
    Pace m_changesPace;
    bool m_sparksRenewed = false;
    std::unordered_map<uint64_t, Shown> m_shown; // By target.
    Guarded<sessions::Tracker> m_tracker;
    Guarded<view::ConfigProblemView> m_configProblem;
    Guarded<std::map<int64_t, int64_t>> m_missed; // Missed scrapes of each minute of the last hour.
};

} // namespace fleetglass::monitor
