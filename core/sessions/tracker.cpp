#include "core/sessions/tracker.h"

#include <algorithm>

namespace fleetglass::sessions {

namespace {

constexpr const char* kShellMetric = "etcha_sources_shells";

// A scrape is stored when it ends but stands at the time it began: look back as far as one may
// take.
constexpr int64_t kLateMsMax = 120'000;

std::string targetKey(const labels::Labels& labels)
{
    return std::string(labels.get("job")) + '\0' + std::string(labels.get("instance"));
}

bool goesOn(const view::SessionView& session)
{
    return session.state == view::SessionState::Open
        || session.state == view::SessionState::OpenBeforeWatch
        || session.state == view::SessionState::Unknown;
}

// The value at the newest sample after `fromMs` and up to `toMs`; a stale marker is no value.
template<class Reading>
Reading readingAt(const storage::SeriesSlice& slice, int64_t fromMs, int64_t toMs)
{
    const auto after = std::upper_bound(slice.timestampsMs.begin(), slice.timestampsMs.end(), toMs);
    if (after == slice.timestampsMs.begin())
        return {};
    const auto index = static_cast<size_t>(after - slice.timestampsMs.begin() - 1);
    if (slice.timestampsMs[index] <= fromMs || storage::isStaleMarker(slice.values[index]))
        return {};
    return { true, slice.values[index] };
}

view::SessionView identityOf(const labels::Labels& labels)
{
    view::SessionView identity;
    identity.id = labels.hash();
    identity.job = labels.get("job");
    identity.instance = labels.get("instance");
    identity.host = hostOf(identity.instance);
    identity.source = labels.get("name");
    identity.publicKey = labels.get("public_key");
    identity.remoteAddress = labels.get("remote_addr");
    return identity;
}

Result<std::vector<storage::SeriesSlice>> selectMetric(
    const storage::Querier& querier, const char* name, storage::TimeRange range)
{
    const labels::Matcher matcher = labels::Matcher::equal(std::string(labels::kMetricName), name);
    return querier.select({ &matcher, 1 }, range, {});
}

} // namespace

Tracker::Tracker(AddressBook book)
    : m_book(std::move(book))
{
}

bool Tracker::advance(const storage::Querier& querier, int64_t nowMs)
{
    const storage::TimeRange range { std::max<int64_t>(m_advancedMs - kLateMsMax, 0), nowMs };
    const auto shells = selectMetric(querier, kShellMetric, range);
    if (!shells)
        return false;
    const auto ups = selectMetric(querier, "up", range);
    if (!ups)
        return false;
    m_advancedMs = nowMs;

    std::map<std::string, Slices> shellsOf;
    for (const auto& slice : *shells)
        shellsOf[targetKey(slice.labels)].push_back(&slice);
    for (const auto& up : *ups) {
        const std::string key = targetKey(up.labels);
        readTarget(m_targets[key], up, shellsOf[key]);
    }
    return true;
}

void Tracker::readTarget(Target& target, const storage::SeriesSlice& up, const Slices& shells)
{
    const std::string instance(up.labels.get("instance"));
    for (size_t i = 0; i < up.timestampsMs.size(); ++i) {
        const int64_t timeMs = up.timestampsMs[i];
        const int64_t beforeMs = target.lastScrapeMs;
        if (timeMs <= beforeMs || storage::isStaleMarker(up.values[i]))
            continue;
        target.intervalMs = beforeMs > 0 ? timeMs - beforeMs : 0;
        target.lastScrapeMs = timeMs;
        if (up.values[i] == 0) {
            scrapeFailed(target, instance, timeMs);
            continue;
        }
        std::map<std::string, Reading> readings;
        for (const auto* slice : shells) {
            const std::string series = slice->labels.toString();
            target.shells.try_emplace(series, Shell { identityOf(slice->labels) });
            readings[series] = readingAt<Reading>(*slice, beforeMs, timeMs);
        }
        scrapeSucceeded(target, timeMs, readings);
    }
}

void Tracker::scrapeFailed(Target& target, const std::string& instance, int64_t timeMs)
{
    // Only hosts with shells of their own are worth a line under their lanes.
    if (target.outage < 0 && !target.shells.empty()) {
        target.outage = static_cast<int>(m_outages.size());
        m_outages.push_back({ instance, timeMs, 0 });
    }
    for (auto& [series, shell] : target.shells) {
        if (shell.open >= 0)
            m_sessions[static_cast<size_t>(shell.open)].state = view::SessionState::Unknown;
    }
}

void Tracker::scrapeSucceeded(
    Target& target, int64_t timeMs, const std::map<std::string, Reading>& readings)
{
    if (target.outage >= 0) {
        m_outages[static_cast<size_t>(target.outage)].endMs = timeMs;
        target.outage = -1;
    }
    for (auto& [series, shell] : target.shells) {
        const auto found = readings.find(series);
        readShell(target, shell, found == readings.end() ? Reading() : found->second, timeMs);
    }
    target.lastGoodMs = timeMs;
}

void Tracker::readShell(Target& target, Shell& shell, Reading reading, int64_t timeMs)
{
    const bool live = reading.present && reading.value != 0;
    if (shell.open >= 0) {
        auto& session = m_sessions[static_cast<size_t>(shell.open)];
        session.intervalMs = target.intervalMs;
        if (live) {
            session.state = session.openedEarliestMs == 0 ? view::SessionState::OpenBeforeWatch
                                                          : view::SessionState::Open;
            session.lastSeenMs = timeMs;
        } else {
            session.state = view::SessionState::Closed;
            session.closedEarliestMs = session.lastSeenMs;
            session.closedLatestMs = timeMs;
            shell.open = -1;
        }
    } else if (live) {
        openSession(target, shell, timeMs, false);
    } else if (reading.present && !shell.everSeen && target.lastGoodMs > 0) {
        // A label set that is born as 0 was 1 and 0 again since the scrape before.
        openSession(target, shell, timeMs, true);
    }
    shell.everSeen = shell.everSeen || reading.present;
}

void Tracker::openSession(Target& target, Shell& shell, int64_t timeMs, bool alreadyOver)
{
    view::SessionView session = shell.identity;
    session.id ^= static_cast<uint64_t>(timeMs) * 0x9E3779B97F4A7C15ULL;
    session.openedEarliestMs = target.lastGoodMs;
    session.openedLatestMs = timeMs;
    session.lastSeenMs = timeMs;
    session.intervalMs = target.intervalMs;
    session.addressNew = m_book.isNewAddress(session.publicKey, session.remoteAddress);
    if (alreadyOver) {
        session.state = view::SessionState::BetweenScrapes;
        session.closedEarliestMs = target.lastGoodMs;
        session.closedLatestMs = timeMs;
    } else {
        session.state = target.lastGoodMs == 0 ? view::SessionState::OpenBeforeWatch
                                               : view::SessionState::Open;
        shell.open = static_cast<int>(m_sessions.size());
    }
    m_sessions.push_back(std::move(session));
}

std::vector<view::SessionView> Tracker::sessions(int64_t sinceMs) const
{
    std::vector<view::SessionView> result;
    for (const auto& session : m_sessions) {
        if (!goesOn(session) && session.closedLatestMs < sinceMs)
            continue;
        result.push_back(session);
        auto& added = result.back();
        added.keyOwner = m_book.ownerOf(added.publicKey);
        added.keyUnknown = added.keyOwner.empty();
    }
    std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
        const auto rank = [](const view::SessionView& session) {
            return !goesOn(session) ? 2 : session.state == view::SessionState::Unknown ? 1 : 0;
        };
        return std::pair(rank(a), -a.openedLatestMs) < std::pair(rank(b), -b.openedLatestMs);
    });
    return result;
}

std::vector<view::UnreachableView> Tracker::unreachable(int64_t sinceMs) const
{
    std::vector<view::UnreachableView> result;
    std::copy_if(m_outages.begin(), m_outages.end(), std::back_inserter(result),
        [&](const auto& outage) { return outage.endMs == 0 || outage.endMs >= sinceMs; });
    return result;
}

} // namespace fleetglass::sessions
