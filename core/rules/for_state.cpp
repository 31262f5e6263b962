#include "core/rules/for_state.h"

namespace fleetglass::rules {

namespace {

// An outage longer than this starts `for` anew.
constexpr int64_t kOutageToleratedMs = 3600 * 1000;
// What is left of `for` is at least this long, so that nothing fires before it could be seen.
constexpr int64_t kGraceMs = 600 * 1000;

struct LastState
{
    int64_t seenMs = 0;
    int64_t activeMs = 0;
};

LastState lastStateOf(const labels::Labels& alert, int64_t timeMs, const storage::Querier& querier)
{
    std::vector<labels::Matcher> matchers { labels::Matcher::equal(
        std::string(labels::kMetricName), "ALERTS_FOR_STATE") };
    for (const auto& label : alert)
        matchers.push_back(
            labels::Matcher::equal(std::string(label.name), std::string(label.value)));
    const auto found = querier.select(matchers, { timeMs - kOutageToleratedMs, timeMs - 1 }, {});
    LastState last;
    for (const auto& slice : found ? *found : std::vector<storage::SeriesSlice>()) {
        if (slice.labels.size() != alert.size() + 1)
            continue; // One with further labels is another alert.
        // A stale marker at the end says that the alert was over when it was last seen.
        if (!slice.values.empty() && !storage::isStaleMarker(slice.values.back()))
            last = { slice.timestampsMs.back(), static_cast<int64_t>(slice.values.back()) * 1000 };
    }
    return last;
}

} // namespace

void restoreForState(
    AlertRule& rule, Millis holdFor, int64_t timeMs, const storage::Querier& querier)
{
    // One that is shorter than the grace starts anew: it would only come to wait for longer.
    if (holdFor.count() < kGraceMs)
        return;
    for (auto& [key, instance] : rule.instances()) {
        const LastState last = lastStateOf(key, timeMs, querier);
        if (last.seenMs == 0)
            continue;
        const int64_t remainingMs = holdFor.count() - (last.seenMs - last.activeMs);
        if (remainingMs <= 0)
            instance.activeAtMs = last.activeMs; // It was firing already.
        else if (remainingMs < kGraceMs)
            instance.activeAtMs = timeMs + kGraceMs - holdFor.count();
        else
            instance.activeAtMs
                = last.activeMs + (timeMs - last.seenMs); // The outage does not count.
    }
}

} // namespace fleetglass::rules
