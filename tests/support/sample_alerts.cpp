// Alerts, their stretches and rules of the sample fleet.
#include "tests/support/sample_view.h"

#include <cmath>
#include <functional>

namespace fleetglass::support {

namespace {

using view::AlertSpanView;
using view::AlertState;
using view::AlertView;
using view::Severity;

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 60 * kMinuteMs;

struct AlertSeed
{
    const char* name;
    labels::Labels labels;
    AlertState state;
    Severity severity;
    double value;
    const char* comparison;
    double threshold;
    int64_t sinceMinutes;
    int64_t holdMinutes;
    const char* expression;
    const char* summary;
};

std::vector<AlertSeed> seeds()
{
    using enum AlertState;
    using enum Severity;
    const auto at = [](const char* instance, const char* job) {
        return labels::Labels { { "instance", instance }, { "job", job } };
    };
    return {
        { "StashBackupFailed", { { "app", "postgres" }, { "namespace", "prod" } }, Firing, Critical,
            1, ">", 0, 760, 0, "restic_backup_failed > 0", "the backup of prod/postgres failed" },
        { "TargetDown", at("awx-02:443", "awx"), Firing, Critical, 0, "<", 1, 213, 1, "up < 1",
            "awx-02:443 has been down for 1 m" },
        { "TargetDown", at("db-04:4000", "etcha"), Firing, Critical, 0, "<", 1, 12, 1, "up < 1",
            "db-04:4000 has been down for 1 m" },
        { "TargetDown", at("build-03:4000", "etcha"), Firing, Critical, 0, "<", 1, 10, 1, "up < 1",
            "build-03:4000 has been down for 1 m" },
        { "DiskFull24h", { { "instance", "web-03:9100" }, { "mountpoint", "/var" } }, Firing,
            Warning, 4.4e9, "<", 5.4e9, 19, 10, "node_filesystem_avail_bytes < 5.4e9",
            "/var on web-03 will be full within a day" },
        { "EtchaShellActive",
            { { "instance", "web-07:4000" }, { "name", "debug" }, { "public_key", "ops-anna" } },
            Firing, Warning, 1, "==", 1, 9, 0, "etcha_sources_shells == 1",
            "a live shell is open on web-07" },
        { "SynseLatencyP95", { { "instance", "synse-03:5000" }, { "template", "/v3/read" } },
            Firing, Warning, 0.72, ">", 0.5, 7, 5,
            "histogram_quantile(0.95, sum by (instance, template, le) "
            "(rate(synse_http_request_latency_sec_bucket[1m]))) > 0.5",
            "95 of 100 requests take up to 720 ms" },
        { "EtchaShellActive",
            { { "instance", "db-02:4000" }, { "name", "pg-fix" }, { "public_key", "k-7f31c2" } },
            Firing, Warning, 1, "==", 1, 3, 0, "etcha_sources_shells == 1",
            "a live shell is open on db-02" },
        { "AwxPendingJobs", { { "instance", "awx-01:443" } }, Pending, Warning, 37, ">", 30, 6, 10,
            "awx_pending_jobs_total > 30", "37 jobs wait on awx-01" },
        { "EtchaCommandErrors", { { "instance", "web-07:4000" }, { "source", "debug" } }, Pending,
            Warning, 0.04, ">", 0.01, 5, 10, "rate(etcha_commands_total{error=\"1\"}[5m]) > 0.01",
            "commands of debug fail on web-07" },
        { "NodeLoadHigh", { { "instance", "build-02:9100" } }, Firing, Warning, 11.8, ">", 8, 17,
            15, "node_load1 > 8", "load 11.8 on build-02" },
        { "AwxCapacityLow", { { "hostname", "awx-01" }, { "node_type", "hybrid" } }, Resolved,
            Warning, 38, "<", 20, 130, 5, "awx_instance_remaining_capacity < 20",
            "19 forks are left on awx-01" },
    };
}

AlertView makeAlert(const AlertSeed& seed, int line, int64_t nowMs)
{
    AlertView alert;
    alert.name = seed.name;
    alert.id = seed.labels.hash() ^ std::hash<std::string>()(alert.name);
    alert.group = "fleet";
    alert.expression = seed.expression;
    alert.state = seed.state;
    alert.severity = seed.severity;
    alert.labels = seed.labels;
    alert.annotations = { { "summary", seed.summary } };
    alert.value = seed.value;
    alert.holdForMs = seed.holdMinutes * kMinuteMs;
    alert.activeSinceMs = nowMs - seed.sinceMinutes * kMinuteMs - alert.holdForMs;
    if (seed.state == AlertState::Pending)
        alert.activeSinceMs = nowMs - seed.sinceMinutes * kMinuteMs;
    else
        alert.firedMs = alert.activeSinceMs + alert.holdForMs;
    if (seed.state == AlertState::Resolved)
        alert.resolvedMs = nowMs - 90 * kMinuteMs;
    alert.threshold = seed.threshold;
    alert.thresholdOperator = seed.comparison;
    const double calm = seed.comparison[0] == '<' ? seed.threshold * 2 + 1 : seed.threshold * 0.6;
    alert.spark = std::make_shared<const std::vector<double>>(sampleCurve({ .points = 90,
        .level = calm,
        .noise = std::abs(calm) * 0.1,
        .seed = static_cast<unsigned>(line),
        .stepUpAt = 1 - static_cast<double>(seed.sinceMinutes + 12) / 360.0,
        .stepTo = seed.value }));
    alert.file = "rules/fleet.yml";
    alert.line = line;
    if (alert.name == "StashBackupFailed")
        alert.acknowledgedMs = nowMs - 7 * kHourMs;
    if (alert.name == "NodeLoadHigh")
        alert.snoozedUntilMs = nowMs + 49 * kMinuteMs;
    return alert;
}

AlertSpanView spanOf(const AlertView& alert, AlertState state, int64_t startMs, int64_t endMs)
{
    AlertSpanView span;
    span.alertId = alert.id;
    span.name = alert.name;
    span.severity = alert.severity;
    span.state = state;
    span.labels = alert.labels;
    span.startMs = startMs;
    span.endMs = endMs;
    span.text = alert.annotations.front().second;
    span.threshold = alert.threshold;
    span.thresholdOperator = alert.thresholdOperator;
    span.expression = alert.expression;
    span.snoozed = alert.snoozedUntilMs != 0;
    return span;
}

// One pending and one firing stretch that ended `endedAgo` minutes ago.
void addPast(std::vector<AlertSpanView>& spans, const AlertView& alert, int64_t nowMs,
    int64_t endedAgoMinutes, int64_t lengthMinutes)
{
    const int64_t endMs = nowMs - endedAgoMinutes * kMinuteMs;
    const int64_t startMs = endMs - lengthMinutes * kMinuteMs;
    if (alert.holdForMs > 0)
        spans.push_back(spanOf(alert, AlertState::Pending, startMs - alert.holdForMs, startMs));
    spans.push_back(spanOf(alert, AlertState::Firing, startMs, endMs));
}

} // namespace

std::vector<std::shared_ptr<const AlertView>> sampleAlerts(int64_t nowMs)
{
    std::vector<std::shared_ptr<const AlertView>> alerts;
    int line = 4;
    for (const AlertSeed& seed : seeds())
        alerts.push_back(std::make_shared<const AlertView>(makeAlert(seed, line += 8, nowMs)));
    return alerts;
}

std::vector<AlertSpanView> sampleAlertSpans(int64_t nowMs)
{
    std::vector<AlertSpanView> spans;
    for (const auto& alert : sampleAlerts(nowMs)) {
        if (alert->name == "SynseLatencyP95") {
            addPast(spans, *alert, nowMs, 1120, 25);
            addPast(spans, *alert, nowMs, 250, 50);
        } else if (alert->name == "EtchaShellActive") {
            addPast(spans, *alert, nowMs, 1350, 60);
            addPast(spans, *alert, nowMs, 120, 65);
        } else if (alert->name == "AwxPendingJobs") {
            addPast(spans, *alert, nowMs, 1300, 40);
        } else if (alert->name == "NodeLoadHigh") {
            addPast(spans, *alert, nowMs, 1230, 40);
            addPast(spans, *alert, nowMs, 480, 40);
        }
        if (alert->state == AlertState::Resolved) {
            addPast(spans, *alert, nowMs, 90, 40);
            continue;
        }
        const bool firing = alert->state == AlertState::Firing;
        if (!firing || alert->holdForMs > 0)
            spans.push_back(
                spanOf(*alert, AlertState::Pending, alert->activeSinceMs, alert->firedMs));
        if (firing)
            spans.push_back(spanOf(*alert, AlertState::Firing, alert->firedMs, 0));
    }
    return spans;
}

std::vector<view::RuleGroupView> sampleRuleGroups(int64_t nowMs)
{
    view::RuleGroupView group { "fleet", "rules/fleet.yml", 15'000, nowMs - 5'000, 11.2, {} };
    for (const auto& alert : sampleAlerts(nowMs)) {
        if (!group.rules.empty() && group.rules.back().name == alert->name)
            continue;
        view::RuleView rule;
        rule.name = alert->name;
        rule.expression = alert->expression;
        rule.holdForMs = alert->holdForMs;
        rule.health = view::RuleHealth::Ok;
        rule.evaluationMs = 0.8;
        rule.lastEvaluationMs = nowMs - 5'000;
        rule.line = alert->line;
        group.rules.push_back(std::move(rule));
    }
    return { group };
}

} // namespace fleetglass::support
