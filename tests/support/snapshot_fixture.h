// What the snapshot tests share: a small store with every kind of sample, a filled fleet, files.
// Used from one thread at a time.
#pragma once

#include "core/snapshot/capsule.h"
#include "core/snapshot/redactor.h"

#include <fstream>
#include <sstream>

namespace fleetglass::snapshot::test {

inline const SystemClock kTestClock;
inline constexpr storage::TimeRange kAlways { INT64_MIN, INT64_MAX };

inline std::unique_ptr<tsdb::RingStore> emptyStore()
{
    return std::make_unique<tsdb::RingStore>(
        tsdb::RingStoreOptions { .retention = {} }, kTestClock);
}

inline void appendFloat(
    tsdb::RingStore& store, const labels::Labels& labels, int64_t timeMs, double value)
{
    const std::vector<storage::RowValue> values { { store.seriesFor(labels).value(), value } };
    (void)store.append({ timeMs, values, {}, {} }).value();
}

inline histogram::HistogramPtr someHistogram(double count)
{
    auto histogram = std::make_shared<histogram::Histogram>();
    histogram->schema = 1;
    histogram->count = count;
    histogram->sum = std::numeric_limits<double>::quiet_NaN();
    histogram->zeroThreshold = 0.001;
    histogram->zeroCount = 2;
    histogram->positiveSpans = { { 0, 2 }, { 3, 1 } };
    histogram->positiveBuckets = { 1, 2, count - 5 };
    histogram->negativeSpans = { { -2, 1 } };
    histogram->negativeBuckets = { 0.5 };
    return histogram;
}

// 700 rows of two targets with gaps and stale markers, a counter with start times, histograms and
// exemplars.
inline std::unique_ptr<tsdb::RingStore> filledStore()
{
    auto store = emptyStore();
    const auto ref = [&](const char* name, const char* job) {
        return store->seriesFor({ { "__name__", name }, { "job", job }, { "u", "\u00e4\"\\\n" } })
            .value();
    };
    for (int64_t i = 0; i < 700; ++i) {
        const int64_t time = 1'700'000'000'000 + i * 15'000 + i % 3;
        std::vector<storage::RowValue> node { { ref("up", "node"), 1 },
            { ref("load1", "node"), static_cast<double>(i % 17) / 10 } };
        if (i % 50 > 5)
            node.push_back({ ref("flaky", "node"), 1.0 / static_cast<double>(i) });
        if (i % 50 == 6)
            node.back().value = storage::kStaleMarker;
        std::vector<storage::LooseSample> loose { { ref("hits_total", "node"), time,
            static_cast<double>(i * 3), nullptr, 1'600'000'000'000 } };
        if (i % 10 == 0)
            loose.push_back(
                { ref("latency", "node"), time, 0, someHistogram(static_cast<double>(i + 6)), 7 });
        const std::vector<storage::LooseExemplar> exemplars { { ref("hits_total", "node"),
            { { { "trace_id", "t" + std::to_string(i) } }, static_cast<double>(i), time } } };
        (void)store->append({ time, node, loose, exemplars }).value();
        const std::vector<storage::RowValue> api { { ref("up", "api"), 0 } };
        (void)store->append({ time + 5000, api, {}, {} }).value();
    }
    return store;
}

inline std::string describe(const storage::Querier& querier)
{
    std::ostringstream text;
    const auto slices = querier.select({}, kAlways, {}).value();
    for (const auto& slice : slices) {
        text << slice.labels.toString() << '\n';
        for (size_t i = 0; i < slice.timestampsMs.size(); ++i)
            text << slice.timestampsMs[i] << ' ' << std::bit_cast<uint64_t>(slice.values[i]) << ' '
                 << (slice.startTimestampsMs.empty() ? 0 : slice.startTimestampsMs[i]) << '\n';
        for (const auto& sample : slice.histograms) {
            text << sample.timestampMs << ' ' << sample.startTimestampMs << ' '
                 << sample.histogram->count << ' ' << sample.histogram->sum << ' '
                 << sample.histogram->schema << ' ' << sample.histogram->negativeSpans[0].offset;
            for (const double bucket : sample.histogram->positiveBuckets)
                text << ' ' << bucket;
            text << '\n';
        }
    }
    return text.str();
}

inline std::string readFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return { std::istreambuf_iterator<char>(file), {} };
}

inline void writeFile(const std::string& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

inline CapsuleContent filledContent()
{
    CapsuleContent content;
    content.title = "Tuesday's outage";
    content.program = "Fleetglass test";
    content.createdMs = 1'700'020'000'000;
    content.range = { 0, INT64_MAX };
    view::FleetView& fleet = content.fleet;
    fleet.nowMs = 1'700'010'000'000;
    fleet.status.targetsUp = 1;
    view::TargetView target;
    target.id = UINT64_MAX;
    target.job = "node";
    target.instance = "host:9100";
    target.url = "https://host:9100/metrics";
    target.labels = { { "job", "node" }, { "zone", "eu" } };
    target.health = view::Health::Down;
    target.phase = view::Phase::Tls;
    target.error = "certificate expired";
    target.spark = std::make_shared<const std::vector<double>>(
        std::vector<double> { 1, std::numeric_limits<double>::quiet_NaN(), 2.5 });
    target.attemptsRecent = std::make_shared<const std::vector<view::AttemptView>>(
        std::vector<view::AttemptView> { { 5, true, view::Phase::None, 1.5, 30, "fine" } });
    fleet.targets = { std::make_shared<const view::TargetView>(target) };
    view::AlertView alert;
    alert.name = "HostDown";
    alert.state = view::AlertState::Firing;
    alert.annotations = { { "summary", "<b>host</b> is down" } };
    alert.threshold = 0.5;
    alert.value = std::numeric_limits<double>::infinity();
    fleet.alerts = { std::make_shared<const view::AlertView>(alert) };
    view::AlertSpanView span;
    span.name = "HostDown";
    span.startMs = 10;
    fleet.alertSpans
        = std::make_shared<const std::vector<view::AlertSpanView>>(std::vector { span });
    view::SessionView session;
    session.host = "host";
    session.state = view::SessionState::Closed;
    session.remoteAddress = "10.0.0.9";
    fleet.sessions
        = std::make_shared<const std::vector<view::SessionView>>(std::vector { session });
    view::RuleGroupView group;
    group.name = "hosts";
    group.rules
        = { { true, "HostDown", "up == 0", 60'000, view::RuleHealth::Ok, "", 0.5, 9, 0, 1, 4 } };
    fleet.ruleGroups
        = std::make_shared<const std::vector<view::RuleGroupView>>(std::vector { group });
    fleet.metrics = std::make_shared<const view::MetricCatalog>(view::MetricCatalog {
        { { "up", labels::MetricType::Gauge, "whether it answers", "", 2, { "api", "node" } } } });
    fleet.log = std::make_shared<const std::vector<LogEvent>>(
        std::vector<LogEvent> { { 3, LogLevel::Warning, "scrape", "slow" } });
    content.ruleFiles = { { "rules.yml", "groups: []\n" } };
    content.viewState = "{\"page\":\"explore\"}";
    content.thumbnails = { { "overview", std::string("\x89PNG\r\n\x1a\n\0pixels", 15) } };
    return content;
}

} // namespace fleetglass::snapshot::test
