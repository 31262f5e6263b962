#include "core/monitor/sparks.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace fleetglass::monitor {

namespace {

constexpr int64_t kSpanMs = 3600 * 1000;
constexpr int kPoints = 60;

enum class Unit
{
    None,
    PerSecond,
    Seconds,
    Percent
};

struct Preset
{
    const char* probe; // A metric that only this system has.
    const char* expression; // %s: the job.
    const char* title;
    Unit unit;
};

// The first whose probe the job has counts; the last fits every target.
constexpr std::array<Preset, 8> kPresets { {
    { "etcha_commands_total", "sum by (instance) (rate(etcha_commands_total{job=\"%s\"}[1m]))",
        "commands per second", Unit::PerSecond },
    { "synse_http_request_latency_sec_bucket",
        "histogram_quantile(0.95, sum by (instance, le) "
        "(rate(synse_http_request_latency_sec_bucket{job=\"%s\"}[1m])))",
        "HTTP p95", Unit::Seconds },
    { "awx_pending_jobs_total", "sum by (instance) (awx_pending_jobs_total{job=\"%s\"})",
        "pending jobs", Unit::None },
    { "apiserver_request_count",
        "sum by (instance) (rate(apiserver_request_count{job=\"%s\"}[1m]))", "requests per second",
        Unit::PerSecond },
    { "node_cpu_seconds_total",
        "100 * (1 - avg by (instance) "
        "(rate(node_cpu_seconds_total{job=\"%s\",mode=\"idle\"}[2m])))",
        "CPU", Unit::Percent },
    { "push_time_seconds",
        "sum by (instance) (rate(process_cpu_seconds_total{job=\"%s\"}[1m])) * 100", "CPU",
        Unit::Percent },
    { "process_cpu_seconds_total",
        "100 * sum by (instance) (rate(process_cpu_seconds_total{job=\"%s\"}[1m]))", "CPU",
        Unit::Percent },
    { "scrape_duration_seconds", "sum by (instance) (scrape_duration_seconds{job=\"%s\"})",
        "scrape time", Unit::Seconds },
} };

std::string escaped(const std::string& text)
{
    std::string result;
    for (const char c : text) {
        if (c == '\\' || c == '"')
            result += '\\';
        result += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return result;
}

std::string fill(const char* pattern, const std::string& job)
{
    std::string text = pattern;
    const size_t at = text.find("%s");
    return text.replace(at, 2, escaped(job));
}

bool hasMetric(
    const storage::Querier& querier, const std::string& job, const char* metric, int64_t nowMs)
{
    const std::array matchers { labels::Matcher::equal(std::string(labels::kMetricName), metric),
        labels::Matcher::equal("job", job) };
    const auto found = querier.series(matchers, { nowMs - kSpanMs, nowMs }, {});
    return found && !found->empty();
}

// Three significant digits, as every small number in the window.
std::string significant(double value)
{
    std::array<char, 40> buffer {};
    const double magnitude = std::fabs(value);
    const int decimals = magnitude >= 100 || value == std::floor(value) ? 0
        : magnitude >= 10                                               ? 1
                                                                        : 2;
    const auto end = std::to_chars(
        buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
    return end.ec == std::errc() ? std::string(buffer.data(), end.ptr) : std::string("–");
}

std::string withUnit(double value, Unit unit)
{
    if (!std::isfinite(value))
        return "–";
    switch (unit) {
    case Unit::None:
        return significant(value);
    case Unit::PerSecond:
        return significant(value) + " /s";
    case Unit::Percent:
        return significant(value) + " %";
    case Unit::Seconds:
        return value < 1 ? significant(value * 1000) + " ms" : significant(value) + " s";
    }
    return significant(value);
}

std::vector<double> onGrid(const promql::MatrixSeries& series, int64_t startMs, int64_t stepMs)
{
    std::vector<double> values(kPoints + 1, std::numeric_limits<double>::quiet_NaN());
    for (size_t i = 0; i < series.timestampsMs.size(); ++i) {
        const int64_t slot = (series.timestampsMs[i] - startMs) / stepMs;
        if (slot >= 0 && slot <= kPoints)
            values[static_cast<size_t>(slot)] = series.values[i];
    }
    return values;
}

} // namespace

std::string sparkKey(const std::string& job, const std::string& instance)
{
    return job + '\0' + instance;
}

Sparks computeSparks(const storage::Querier& querier, const promql::Engine& engine,
    const std::set<std::string>& jobs, int64_t nowMs)
{
    Sparks sparks;
    const int64_t stepMs = kSpanMs / kPoints;
    const int64_t startMs = nowMs - kSpanMs;
    for (const auto& job : jobs) {
        for (const Preset& preset : kPresets) {
            if (!hasMetric(querier, job, preset.probe, nowMs))
                continue;
            const auto result
                = engine.range(querier, fill(preset.expression, job), startMs, nowMs, stepMs);
            for (const auto& series :
                result ? result->matrix : std::vector<promql::MatrixSeries>()) {
                auto values = onGrid(series, startMs, stepMs);
                const std::string text = withUnit(values.back(), preset.unit);
                sparks[sparkKey(job, std::string(series.labels.get("instance")))]
                    = { std::make_shared<const std::vector<double>>(std::move(values)),
                          preset.title, text };
            }
            break;
        }
    }
    return sparks;
}

} // namespace fleetglass::monitor
