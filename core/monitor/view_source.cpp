#include "core/monitor/view_source.h"

#include "core/monitor/catalog.h"
#include "core/monitor/changes.h"
#include "core/monitor/target_views.h"

#include <algorithm>

namespace fleetglass::monitor {

namespace {

constexpr int64_t kMinuteMs = 60 * 1000;
constexpr int64_t kHourMs = 60 * kMinuteMs;
constexpr int64_t kDayMs = 24 * kHourMs;
constexpr size_t kChangesMax = 50;
constexpr size_t kChangesSeriesMax = 50'000;

// As text has it for people: web-2 before web-10.
bool naturalLess(std::string_view a, std::string_view b)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    size_t i = 0;
    size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            size_t endA = i;
            size_t endB = j;
            while (endA < a.size() && isDigit(a[endA]))
                ++endA;
            while (endB < b.size() && isDigit(b[endB]))
                ++endB;
            if (endA - i != endB - j)
                return endA - i < endB - j;
            if (const int order = a.compare(i, endA - i, b, j, endB - j); order != 0)
                return order < 0;
            i = endA;
            j = endB;
        } else if (a[i] != b[j]) {
            return a[i] < b[j];
        } else {
            ++i;
            ++j;
        }
    }
    return a.size() - i < b.size() - j;
}

} // namespace

ViewSource::ViewSource(const Parts& parts)
    : m_parts(parts)
    , m_latest(std::make_shared<const view::FleetView>())
{
}

bool ViewSource::isDue(Pace& pace, int64_t nowMs, int64_t everyMs) const
{
    // A large fleet must not keep a processor busy with what is only nice to see.
    constexpr int64_t kShare = 20;
    const int64_t costMs = std::chrono::duration_cast<Millis>(pace.cost).count();
    const int64_t waitMs = std::max(everyMs, costMs * kShare);
    // A clock that was set back makes everything due.
    if (pace.lastMs != 0 && nowMs >= pace.lastMs && nowMs - pace.lastMs < waitMs)
        return false;
    pace.lastMs = nowMs;
    return true;
}

template<class Work>
void ViewSource::paced(Pace& pace, Work work)
{
    const auto start = m_parts.clock.bootTime();
    work();
    pace.cost = m_parts.clock.bootTime() - start;
}

view::FleetViewPtr ViewSource::build(const scrape::ScrapePool& pool, std::stop_token stop)
{
    auto fleet = std::make_shared<view::FleetView>(*latest());
    fleet->nowMs = m_parts.clock.wallMs();
    ++fleet->generation;
    fleet->status = {};
    renewSparks(pool, *fleet, stop);
    renewTargets(pool, *fleet);
    renewSessions(*fleet);
    renewAlerts(*fleet);
    fleet->ruleGroups = m_parts.rules.views();
    renewCatalog(pool, *fleet);
    if (fleet->metrics && isDue(m_changesPace, fleet->nowMs, 15'000)) {
        paced(m_changesPace, [&] {
            fleet->changes
                = std::make_shared<const std::vector<view::ChangeView>>(changedMost(m_parts.store,
                    *fleet->metrics, fleet->nowMs, kChangesMax, kChangesSeriesMax, stop));
        });
    }
    fleet->log = m_parts.log.events();
    renewStatus(*fleet);
    m_latest.with([&](auto& newest) { newest = fleet; });
    return fleet;
}

view::FleetViewPtr ViewSource::latest() const
{
    return m_latest.with([](const auto& newest) { return newest; });
}

void ViewSource::renewSparks(
    const scrape::ScrapePool& pool, const view::FleetView& fleet, std::stop_token stop)
{
    m_sparksRenewed = isDue(m_sparksPace, fleet.nowMs, 5'000);
    if (!m_sparksRenewed)
        return;
    std::map<std::string, Millis> intervals;
    for (const auto& status : pool.statuses()) {
        auto& longest = intervals[status->target->job];
        longest = std::max(longest, status->target->interval);
    }
    paced(m_sparksPace, [&] {
        m_sparks = computeSparks(m_parts.store, m_parts.engine, intervals, fleet.nowMs, stop);
        m_upHistories = upHistories(m_parts.store, fleet.nowMs);
    });
}

std::shared_ptr<const view::TargetView> ViewSource::shown(const scrape::StatusPtr& status)
{
    const auto found = m_sparks.find(sparkKey(status->target->job, status->target->instance));
    const Spark spark = found == m_sparks.end() ? Spark() : found->second;
    auto& known = m_shown[status->id];
    if (known.status == status && known.spark == spark.values)
        return known.view;
    auto target = targetView(*status);
    target.spark = spark.values;
    target.sparkTitle = spark.title;
    target.sparkText = spark.text;
    addHistory(target);
    known = { status, spark.values, std::make_shared<const view::TargetView>(std::move(target)) };
    return known.view;
}

// The store knows of a time before the scraper's own.
void ViewSource::addHistory(view::TargetView& target) const
{
    const auto found = m_upHistories.find(sparkKey(target.job, target.instance));
    if (found == m_upHistories.end())
        return;
    target.attemptsHour = found->second.hour;
    const bool same = (target.health == view::Health::Up) == found->second.isUp;
    if (target.health != view::Health::Unknown && same)
        target.healthSinceMs = std::min(target.healthSinceMs, found->second.sinceMs);
}

void ViewSource::renewTargets(const scrape::ScrapePool& pool, view::FleetView& fleet)
{
    const uint64_t generation = pool.generation();
    if (generation == m_statusGeneration && !m_sparksRenewed)
        return;
    m_statusGeneration = generation;
    fleet.targets.clear();
    auto before = std::exchange(m_shown, {});
    for (const auto& status : pool.statuses()) {
        if (auto known = before.extract(status->id))
            m_shown.insert(std::move(known));
        fleet.targets.push_back(shown(status));
    }
    std::stable_sort(fleet.targets.begin(), fleet.targets.end(), [](const auto& a, const auto& b) {
        return a->job != b->job ? a->job < b->job : naturalLess(a->instance, b->instance);
    });
}

void ViewSource::renewSessions(view::FleetView& fleet)
{
    m_tracker.with([&](sessions::Tracker& tracker) {
        tracker.advance(m_parts.store, fleet.nowMs);
        fleet.sessions = std::make_shared<const std::vector<view::SessionView>>(
            tracker.sessions(fleet.nowMs - kDayMs));
        fleet.unreachable = std::make_shared<const std::vector<view::UnreachableView>>(
            tracker.unreachable(fleet.nowMs - kDayMs));
    });
}

void ViewSource::renewAlerts(view::FleetView& fleet)
{
    const uint64_t generation = m_parts.book.generation();
    const bool due = isDue(m_alertsPace, fleet.nowMs, 5'000);
    if (generation == m_alertGeneration && !due)
        return;
    m_alertGeneration = generation;
    fleet.alerts = m_parts.book.alerts(fleet.nowMs);
    fleet.alertSpans = std::make_shared<const std::vector<view::AlertSpanView>>(
        m_parts.book.spans(fleet.nowMs - kDayMs));
}

void ViewSource::renewCatalog(const scrape::ScrapePool& pool, view::FleetView& fleet)
{
    // The first scrapes bring new names every second; later they are rare.
    const int64_t everyMs = !fleet.metrics || fleet.metrics->metrics.size() < 50 ? 1'000 : 5'000;
    if (!isDue(m_catalogPace, fleet.nowMs, everyMs))
        return;
    paced(m_catalogPace, [&] {
        fleet.metrics = std::make_shared<const view::MetricCatalog>(
            buildCatalog(m_parts.store.metricCounts(), pool.metadata()));
    });
}

// Over the last ten seconds of watching: what was read in before (a rehearsal, a file) does not
// count.
double ViewSource::samplesPerSecond(int64_t nowMs, uint64_t appendedTotal)
{
    constexpr int64_t kSpanMs = 10'000;
    m_appended.emplace_back(nowMs, appendedTotal);
    while (m_appended.front().first < nowMs - kSpanMs || m_appended.front().first > nowMs)
        m_appended.pop_front();
    const auto& [firstMs, firstTotal] = m_appended.front();
    return nowMs > firstMs ? static_cast<double>(appendedTotal - firstTotal) * 1000
            / static_cast<double>(nowMs - firstMs)
                           : 0;
}

void ViewSource::renewStatus(view::FleetView& fleet)
{
    auto& status = fleet.status;
    status.watching = !fleet.targets.empty();
    status.configProblem = m_configProblem.with([](const auto& problem) { return problem; });
    for (const auto& target : fleet.targets) {
        status.targetsUp += target->health == view::Health::Up ? 1 : 0;
        status.targetsDown += target->health == view::Health::Down ? 1 : 0;
        status.targetsUnknown += target->health == view::Health::Unknown ? 1 : 0;
        status.targetsNotVerified
            += target->insecureSkipVerify && target->url.starts_with("https:") ? 1 : 0;
        status.certificatesEnding += target->certificateNotAfterMs > 0
                && target->certificateNotAfterMs - fleet.nowMs < view::kCertificateWarningMs
            ? 1
            : 0;
        if (status.shortestIntervalMs == 0 || target->intervalMs < status.shortestIntervalMs)
            status.shortestIntervalMs = target->intervalMs;
    }
    for (const auto& alert : fleet.alerts) {
        const bool snoozed = alert->snoozedUntilMs > fleet.nowMs;
        status.alertsFiring += alert->state == view::AlertState::Firing && !snoozed ? 1 : 0;
        status.alertsPending += alert->state == view::AlertState::Pending && !snoozed ? 1 : 0;
    }
    for (const auto& session : *fleet.sessions) {
        const bool open = session.state == view::SessionState::Open
            || session.state == view::SessionState::OpenBeforeWatch;
        status.shellsOpen += open ? 1 : 0;
        status.shellsUnknown += session.state == view::SessionState::Unknown ? 1 : 0;
    }
    for (const auto& group : *fleet.ruleGroups)
        status.rules += static_cast<int>(group.rules.size());
    const auto stats = m_parts.store.stats();
    status.series = static_cast<int64_t>(stats.series);
    status.samplesPerSecond = samplesPerSecond(fleet.nowMs, stats.appendedTotal);
    status.storeBytes = static_cast<int64_t>(stats.bytes);
    status.storeBudgetBytes = static_cast<int64_t>(stats.bytesMax);
    status.oldestSampleMs = stats.minTimeMs;
    status.missedScrapesHour = m_missed.with([&](auto& minutes) {
        const int64_t oldest = (fleet.nowMs - kHourMs) / kMinuteMs;
        minutes.erase(minutes.begin(), minutes.upper_bound(oldest));
        int64_t sum = 0;
        for (const auto& [minute, count] : minutes)
            sum += count;
        return sum;
    });
    if (stats.outOfOrderTotal > 0)
        status.notes.push_back(
            std::to_string(stats.outOfOrderTotal) + " samples out of order, dropped");
    if (stats.tooOldTotal > 0)
        status.notes.push_back(
            std::to_string(stats.tooOldTotal) + " samples older than the retention, dropped");
    if (stats.evictedSamplesTotal > 0)
        status.notes.push_back("the memory budget has pushed out the oldest samples");
}

void ViewSource::nameKey(const std::string& publicKey, const std::string& owner)
{
    m_tracker.with(
        [&](sessions::Tracker& tracker) { tracker.addressBook().nameKey(publicKey, owner); });
}

void ViewSource::setAddressBook(const std::string& text)
{
    m_tracker.with([&](sessions::Tracker& tracker) { tracker.addressBook().addText(text); });
}

std::string ViewSource::addressBook() const
{
    return m_tracker.with(
        [](const sessions::Tracker& tracker) { return tracker.addressBook().toText(); });
}

void ViewSource::setConfigProblem(const view::ConfigProblemView& problem)
{
    m_configProblem.with([&](auto& known) { known = problem; });
}

void ViewSource::countMissedScrape(int64_t timeMs)
{
    m_missed.with([&](auto& minutes) { ++minutes[timeMs / kMinuteMs]; });
}

} // namespace fleetglass::monitor
