#include "core/monitor/changes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetglass::monitor {

namespace {

constexpr int64_t kSpanMs = 3600 * 1000;
constexpr int kPoints = 60;

struct Ranked
{
    double score = 0;
    view::ChangeView change;
};

// One value per minute: the mean of a gauge, the rate of a counter (falls of the count do not
// matter).
std::vector<double> perMinute(const storage::SeriesSlice& slice, int64_t startMs, bool counter)
{
    std::vector<double> sums(kPoints, 0);
    std::vector<int> counts(kPoints, 0);
    const int64_t stepMs = kSpanMs / kPoints;
    for (size_t i = 0; i < slice.timestampsMs.size(); ++i) {
        const double value = slice.values[i];
        if (!std::isfinite(value))
            continue;
        const int64_t slot = (slice.timestampsMs[i] - startMs) / stepMs;
        if (slot < 0 || slot >= kPoints)
            continue;
        if (!counter) {
            sums[static_cast<size_t>(slot)] += value;
            ++counts[static_cast<size_t>(slot)];
            continue;
        }
        if (i == 0 || !std::isfinite(slice.values[i - 1]))
            continue;
        const double seconds
            = static_cast<double>(slice.timestampsMs[i] - slice.timestampsMs[i - 1]) / 1000;
        if (seconds > 0 && value >= slice.values[i - 1]) {
            sums[static_cast<size_t>(slot)] += (value - slice.values[i - 1]) / seconds;
            ++counts[static_cast<size_t>(slot)];
        }
    }
    std::vector<double> values(kPoints, std::numeric_limits<double>::quiet_NaN());
    for (size_t i = 0; i < values.size(); ++i) {
        if (counts[i] > 0)
            values[i] = sums[i] / counts[i];
    }
    return values;
}

double meanOf(const std::vector<double>& values, size_t from, size_t to)
{
    double sum = 0;
    int count = 0;
    for (size_t i = from; i < to; ++i) {
        if (std::isnan(values[i]))
            continue;
        sum += values[i];
        ++count;
    }
    return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / count;
}

// How far now is from before, in units of the movement there was before and of the level itself.
double scoreOf(const std::vector<double>& values, double before, double now)
{
    double spread = 0;
    int count = 0;
    for (size_t i = 0; i < kPoints * 3 / 4; ++i) {
        if (std::isnan(values[i]))
            continue;
        spread += (values[i] - before) * (values[i] - before);
        ++count;
    }
    spread = count > 1 ? std::sqrt(spread / (count - 1)) : 0;
    const double level = std::max(std::fabs(before), std::fabs(now));
    const double change = std::fabs(now - before);
    if (level == 0 || change < 0.05 * level)
        return 0;
    return change / (spread + 0.1 * level);
}

bool isRanked(const view::MetricView& metric)
{
    // Histograms and summaries have their latencies told by their counts and sums elsewhere; times
    // of day and our own bookkeeping change by nature.
    const bool plain = metric.type == labels::MetricType::Counter
        || metric.type == labels::MetricType::Gauge || metric.type == labels::MetricType::Unknown;
    return plain && metric.name != "up" && !metric.name.starts_with("scrape_")
        && !metric.name.starts_with("ALERTS") && metric.name.find("timestamp") == std::string::npos
        && metric.name.find("time_seconds") == std::string::npos
        && !metric.name.ends_with("_created");
}

bool scoresHigher(const Ranked& a, const Ranked& b)
{
    return a.score > b.score;
}

view::ChangeView changeOf(const storage::SeriesSlice& slice, const view::MetricView& metric)
{
    const bool counter = metric.type == labels::MetricType::Counter;
    const std::string selector = slice.labels.toSelector();
    view::ChangeView change;
    change.metric = metric.name;
    change.kind = counter ? "rate" : "";
    change.labels = slice.labels.withoutName();
    change.query = counter ? "rate(" + selector + "[5m])" : selector;
    change.unit = metric.unit;
    return change;
}

// `ranked` is a heap with the least changed of the best on top.
void rank(const storage::SeriesSlice& slice, const view::MetricView& metric, int64_t startMs,
    size_t most, std::vector<Ranked>& ranked)
{
    auto values = perMinute(slice, startMs, metric.type == labels::MetricType::Counter);
    const double before = meanOf(values, 0, kPoints * 3 / 4);
    // The newest minutes weigh most with whoever looks.
    const double now = meanOf(values, kPoints - 5, kPoints);
    if (std::isnan(before) || std::isnan(now))
        return;
    const double score = scoreOf(values, before, now);
    if (score <= 0 || (ranked.size() == most && score <= ranked.front().score))
        return;
    if (ranked.size() == most) {
        std::pop_heap(ranked.begin(), ranked.end(), scoresHigher);
        ranked.pop_back();
    }
    auto change = changeOf(slice, metric);
    change.spark = std::move(values);
    change.before = before;
    change.now = now;
    ranked.push_back({ score, std::move(change) });
    std::push_heap(ranked.begin(), ranked.end(), scoresHigher);
}

} // namespace

std::vector<view::ChangeView> changedMost(const storage::Querier& querier,
    const view::MetricCatalog& catalog, int64_t nowMs, size_t most, size_t seriesMax,
    std::stop_token stop)
{
    std::vector<Ranked> ranked;
    if (most == 0)
        return {};
    size_t left = seriesMax;
    const storage::TimeRange range { nowMs - kSpanMs, nowMs };
    for (const auto& metric : catalog.metrics) {
        // One that is too large is passed over whole, for the sake of all the others.
        if (!isRanked(metric) || metric.series > static_cast<int64_t>(left))
            continue;
        const auto name = labels::Matcher::equal(std::string(labels::kMetricName), metric.name);
        const auto slices
            = querier.select({ &name, 1 }, range, { .seriesMax = left, .stop = stop });
        for (const auto& slice : slices ? *slices : std::vector<storage::SeriesSlice>()) {
            if (stop.stop_requested())
                return {};
            --left;
            rank(slice, metric, range.startMs, most, ranked);
        }
    }
    std::sort_heap(ranked.begin(), ranked.end(), scoresHigher);
    std::vector<view::ChangeView> changes;
    for (auto& entry : ranked)
        changes.push_back(std::move(entry.change));
    return changes;
}

} // namespace fleetglass::monitor
