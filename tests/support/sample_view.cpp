#include "tests/support/sample_view.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace fleetglass::support {

namespace {

using view::ChangeView;
using view::MetricView;

constexpr int64_t kHourMs = 3'600'000;

std::vector<LogEvent> sampleLog(int64_t nowMs)
{
    return {
        { nowMs - kHourMs, LogLevel::Info, "config", "read fleet.yml: 5 jobs, 45 targets" },
        { nowMs - 820'000, LogLevel::Warning, "scrape",
            "db-04:4000 is down: certificate expired 14:28:00" },
        { nowMs - 630'000, LogLevel::Warning, "scrape",
            "build-03:4000 is down: connected, then no answer within 10 s" },
        { nowMs - 200'000, LogLevel::Info, "sessions", "live shell on db-02 from 10.0.9.23" },
        { nowMs - 5'000, LogLevel::Info, "rules", "5 groups, 14 rules in 11 ms" },
    };
}

view::StatusView sampleStatus()
{
    view::StatusView status;
    status.watching = true;
    status.targetsUp = 41;
    status.targetsDown = 3;
    status.targetsUnknown = 1;
    status.alertsFiring = 8;
    status.alertsPending = 2;
    status.shellsOpen = 2;
    status.shellsUnknown = 1;
    status.rules = 14;
    status.series = 26'412;
    status.samplesPerSecond = 1760.8;
    status.missedScrapesHour = 233;
    status.storeBytes = 96'337'920;
    status.storeBudgetBytes = 1'073'741'824;
    status.shortestIntervalMs = 15'000;
    return status;
}

template<class T>
std::shared_ptr<const T> shared(T value)
{
    return std::make_shared<const T>(std::move(value));
}

} // namespace

std::vector<double> sampleCurve(const CurveShape& shape)
{
    std::mt19937 random(shape.seed);
    std::vector<double> values(shape.points);
    double drift = 0;
    for (size_t i = 0; i < shape.points; ++i) {
        // Only the engine's bits are the same everywhere, so no std distribution here.
        const double uniform = static_cast<double>(random()) / 4294967296.0 - 0.5;
        drift = drift * 0.8 + uniform * shape.noise;
        const double share = static_cast<double>(i) / static_cast<double>(shape.points);
        const double rise = std::clamp((share - shape.stepUpAt) / 0.06, 0.0, 1.0);
        values[i] = std::max(0.0, shape.level + (shape.stepTo - shape.level) * rise + drift);
    }
    return values;
}

view::MetricCatalog sampleMetrics()
{
    using labels::MetricType;
    const auto metric = [](const char* name, MetricType type, const char* help, int64_t series,
                            const char* job, const char* unit = "") {
        return MetricView { name, type, help, unit, series, { job } };
    };
    return { {
        metric("awx_instance_capacity", MetricType::Gauge, "Capacity of each node", 8, "awx"),
        metric("awx_pending_jobs_total", MetricType::Gauge, "Number of jobs in pending state", 3,
            "awx"),
        metric("callback_receiver_events_queue_size_redis", MetricType::Gauge,
            "Current number of events in redis queue", 3, "awx"),
        metric("etcha_commands_total", MetricType::Counter, "Commands that have run", 412, "etcha"),
        metric("etcha_sources_commands", MetricType::Gauge, "Commands in a source", 96, "etcha"),
        metric("etcha_sources_shells", MetricType::Gauge, "Live shells of a source", 14, "etcha"),
        metric("etcha_sources_total", MetricType::Counter, "Sources that have run", 131, "etcha"),
        metric("go_goroutines", MetricType::Gauge, "Number of goroutines that currently exist", 24,
            "etcha"),
        metric("node_cpu_seconds_total", MetricType::Counter, "Seconds the CPUs spent in each mode",
            1152, "node"),
        metric("node_filesystem_avail_bytes", MetricType::Gauge,
            "Space available to non-root users", 126, "node"),
        metric("node_load1", MetricType::Gauge, "1m load average", 18, "node"),
        metric("node_network_transmit_bytes_total", MetricType::Counter, "Bytes sent by a device",
            72, "node"),
        metric(
            "process_open_fds", MetricType::Gauge, "Number of open file descriptors", 24, "etcha"),
        metric("process_start_time_seconds", MetricType::Gauge, "Start time since the epoch", 24,
            "etcha"),
        metric("restic_backup_duration_seconds", MetricType::Gauge, "Time the last backup took", 14,
            "stash"),
        metric("synse_grpc_request_latency_sec", MetricType::Histogram, "Time a gRPC request takes",
            420, "synse"),
        metric(
            "synse_http_request_count_total", MetricType::Counter, "HTTP requests", 112, "synse"),
        metric("synse_http_request_latency_sec", MetricType::Histogram,
            "The time it takes for an HTTP request to be fulfilled", 1600, "synse"),
        metric(
            "synse_http_response_bytes_total", MetricType::Counter, "Bytes answered", 112, "synse"),
        metric(
            "synse_registered_devices", MetricType::Gauge, "Devices known to a plugin", 4, "synse"),
        metric("synse_websocket_session_count", MetricType::Gauge, "Open WebSocket sessions", 4,
            "synse"),
        metric("up", MetricType::Gauge, "Whether the last scrape succeeded", 45, "etcha"),
    } };
}

std::vector<ChangeView> sampleChanges()
{
    unsigned seed = 100;
    const auto change = [&](const char* metric, const char* kind, labels::Labels where,
                            const char* unit, double before, double now, double at) {
        ChangeView view { metric, kind, where, metric, unit, {}, before, now };
        view.spark = sampleCurve({ .points = 240,
            .level = before,
            .noise = std::max(before, now) * 0.06,
            .seed = ++seed,
            .stepUpAt = at,
            .stepTo = now });
        if (view.kind == "rate")
            view.query = "rate(" + view.metric + "[1m])";
        return view;
    };
    return {
        change("synse_http_request_latency_sec", "p95",
            { { "instance", "synse-03" }, { "template", "/v3/read" } }, "s", 0.21, 0.72, 0.72),
        change("node_network_transmit_bytes_total", "rate",
            { { "instance", "db-02" }, { "device", "eth0" } }, "B/s", 3.1e6, 48e6, 0.94),
        change("awx_pending_jobs_total", "", { { "instance", "awx-01" } }, "", 4, 37, 0.84),
        change("etcha_commands_total", "rate", { { "instance", "web-07" }, { "source", "debug" } },
            "/s", 0, 0.35, 0.84),
        change("etcha_commands_total", "rate", { { "instance", "db-02" }, { "source", "pg-fix" } },
            "/s", 0, 0.15, 0.94),
        change("node_load1", "", { { "instance", "build-02" } }, "", 2.1, 11.8, 0.7),
        change("node_filesystem_avail_bytes", "",
            { { "instance", "web-03" }, { "mountpoint", "/var" } }, "B", 9.66e9, 4.4e9, 0.5),
        change("callback_receiver_events_queue_size_redis", "", { { "instance", "awx-01" } }, "",
            12, 418, 0.8),
        change("process_open_fds", "", { { "instance", "web-07" }, { "job", "etcha" } }, "", 61,
            184, 0.86),
        change("scrape_duration_seconds", "", { { "instance", "build-03" }, { "job", "etcha" } },
            "s", 0.04, 10, 0.8),
        change(
            "go_goroutines", "", { { "instance", "db-02" }, { "job", "etcha" } }, "", 23, 41, 0.94),
    };
}

view::FleetViewPtr sampleView(int64_t nowMs)
{
    view::FleetView fleet;
    fleet.nowMs = nowMs;
    fleet.generation = 1;
    fleet.status = sampleStatus();
    fleet.status.oldestSampleMs = nowMs - 26 * kHourMs;
    fleet.targets = sampleTargets(nowMs);
    fleet.alerts = sampleAlerts(nowMs);
    fleet.alertSpans = shared(sampleAlertSpans(nowMs));
    fleet.sessions = shared(sampleSessions(nowMs));
    fleet.unreachable = shared(sampleUnreachable(nowMs));
    fleet.ruleGroups = shared(sampleRuleGroups(nowMs));
    fleet.metrics = shared(sampleMetrics());
    fleet.changes = shared(sampleChanges());
    fleet.log = shared(sampleLog(nowMs));
    return shared(std::move(fleet));
}

view::FleetViewPtr emptyView(int64_t nowMs)
{
    view::FleetView fleet;
    fleet.nowMs = nowMs;
    fleet.alertSpans = shared(std::vector<view::AlertSpanView> {});
    fleet.sessions = shared(std::vector<view::SessionView> {});
    fleet.unreachable = shared(std::vector<view::UnreachableView> {});
    fleet.ruleGroups = shared(std::vector<view::RuleGroupView> {});
    fleet.metrics = shared(view::MetricCatalog {});
    fleet.changes = shared(std::vector<ChangeView> {});
    fleet.log = shared(std::vector<LogEvent> {});
    return shared(std::move(fleet));
}

view::FleetViewPtr largeView(size_t targets, int64_t nowMs)
{
    view::FleetView fleet = *emptyView(nowMs);
    fleet.status.watching = true;
    const auto spark = shared(sampleCurve({}));
    const auto attempts = shared(std::vector<view::AttemptView> {});
    for (size_t i = 0; i < targets; ++i) {
        view::TargetView target;
        target.id = i + 1;
        target.job = "job-" + std::to_string(i / 100);
        target.instance = "host-" + std::to_string(i) + ":9100";
        target.url = "http://" + target.instance + "/metrics";
        target.labels = { { "job", target.job }, { "instance", target.instance } };
        target.health = i % 50 == 7 ? view::Health::Down : view::Health::Up;
        target.phase = i % 50 == 7 ? view::Phase::Tcp : view::Phase::None;
        target.lastScrapeMs = nowMs - static_cast<int64_t>(i % 15) * 1000;
        target.spark = spark;
        target.attemptsRecent = attempts;
        ++(target.health == view::Health::Up ? fleet.status.targetsUp : fleet.status.targetsDown);
        fleet.targets.push_back(shared(std::move(target)));
    }
    return shared(std::move(fleet));
}

} // namespace fleetglass::support
