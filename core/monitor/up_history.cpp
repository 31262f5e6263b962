#include "core/monitor/up_history.h"

#include "core/monitor/sparks.h"

#include <algorithm>

namespace fleetglass::monitor {

namespace {

constexpr int64_t kHourMs = 3600 * 1000;
constexpr int64_t kDayMs = 24 * kHourMs;
constexpr int64_t kSlotMs = 30'000;

int64_t sinceOf(const storage::SeriesSlice& up)
{
    size_t i = up.values.size() - 1;
    while (
        i > 0 && (up.values[i - 1] == up.values.back() || storage::isStaleMarker(up.values[i - 1])))
        --i;
    return up.timestampsMs[i];
}

std::vector<view::AttemptView> attemptsOf(const storage::SeriesSlice& up, int64_t fromMs)
{
    std::vector<view::AttemptView> attempts;
    const auto first = std::lower_bound(up.timestampsMs.begin(), up.timestampsMs.end(), fromMs);
    for (auto i = static_cast<size_t>(first - up.timestampsMs.begin()); i < up.values.size(); ++i) {
        if (storage::isStaleMarker(up.values[i]))
            continue;
        const int64_t slotMs = up.timestampsMs[i] - up.timestampsMs[i] % kSlotMs;
        if (attempts.empty() || attempts.back().timeMs != slotMs) {
            attempts.emplace_back().timeMs = slotMs;
            attempts.back().ok = true;
        }
        attempts.back().ok = attempts.back().ok && up.values[i] != 0;
    }
    return attempts;
}

} // namespace

std::map<std::string, UpHistory> upHistories(const storage::Querier& querier, int64_t nowMs)
{
    std::map<std::string, UpHistory> histories;
    const auto name = labels::Matcher::equal(std::string(labels::kMetricName), "up");
    const auto slices = querier.select({ &name, 1 }, { nowMs - kDayMs, nowMs }, {});
    for (const auto& up : slices ? *slices : std::vector<storage::SeriesSlice>()) {
        if (up.values.empty() || storage::isStaleMarker(up.values.back()))
            continue;
        histories[sparkKey(
            std::string(up.labels.get("job")), std::string(up.labels.get("instance")))]
            = { std::make_shared<const std::vector<view::AttemptView>>(
                    attemptsOf(up, nowMs - kHourMs)),
                  up.values.back() != 0, sinceOf(up) };
    }
    return histories;
}

} // namespace fleetglass::monitor
