// ViewSource: builds the FleetView from everything core knows. What is dear to compute (sparks, the
// metric tree, what changed most) is renewed less often than the rest, and unchanged parts are
// shared with the view before. build() is used from one thread at a time; the rest is thread-safe.
#pragma once

#include "core/alerts/book.h"
#include "core/base/clock.h"
#include "core/base/guarded.h"
#include "core/base/log.h"
#include "core/monitor/rule_runner.h"
#include "core/monitor/sparks.h"
#include "core/promql/engine.h"
#include "core/scrape/scrape_pool.h"
#include "core/sessions/tracker.h"
#include "core/tsdb/ring_store.h"
#include "core/view/fleet_view.h"

#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

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
        const Clock& clock;
    };
    explicit ViewSource(const Parts& parts);

    view::FleetViewPtr build(const scrape::ScrapePool& pool, std::stop_token stop = {});
    // The view that was built last; never null.
    view::FleetViewPtr latest() const;

    void addLog(LogEvent event);
    void nameKey(const std::string& publicKey, const std::string& owner);
    void setAddressBook(const std::string& text);
    std::string addressBook() const;
    void countMissedScrape(int64_t timeMs);

private:
    // True once in `everyMs`.
    static bool isDue(int64_t& lastMs, int64_t nowMs, int64_t everyMs);

    void renewTargets(const scrape::ScrapePool& pool, view::FleetView& fleet);
    void renewSessions(view::FleetView& fleet);
    void renewAlerts(view::FleetView& fleet);
    void renewCatalog(const scrape::ScrapePool& pool, view::FleetView& fleet);
    void renewStatus(view::FleetView& fleet);

    Parts m_parts;
    Guarded<view::FleetViewPtr> m_latest;
    Sparks m_sparks;
    uint64_t m_statusGeneration = ~0ULL;
    uint64_t m_alertGeneration = ~0ULL;
    int64_t m_sparksMs = 0;
    int64_t m_alertsMs = 0;
    int64_t m_catalogMs = 0;
    int64_t m_changesMs = 0;
    bool m_sparksRenewed = false;
    Guarded<sessions::Tracker> m_tracker;
    Guarded<std::shared_ptr<const std::vector<LogEvent>>> m_log;
    Guarded<std::vector<int64_t>> m_missedMs; // Times of missed scrapes within the hour.
};

} // namespace fleetglass::monitor
