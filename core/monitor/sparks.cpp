#include "core/monitor/sparks.h"

#include "core/base/duration.h"

#include <algorithm>
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
    const char* expression; // %s: the job, %w: a window for rates.
    const char* title;
    Unit unit;
};

// The first whose probe the job has counts; the last fits every target. Series that a target shows
// for others (honor_labels) carry another job and are not asked for: their cell is of the target.
constexpr std::array<Preset, 7> kPresets { {
    { "etcha_commands_total", "sum by (instance) (rate(etcha_commands_total{job=\"%s\"}[%w]))",
        "commands per second", Unit::PerSecond },
    { "synse_http_request_latency_sec_bucket",
        "histogram_quantile(0.95, sum by (instance, le) "
        "(rate(synse_http_request_latency_sec_bucket{job=\"%s\"}[%w])))",
        "HTTP p95", Unit::Seconds },
    { "awx_pending_jobs_total", "sum by (instance) (awx_pending_jobs_total{job=\"%s\"})",
        "pending jobs", Unit::None },
    { "apiserver_request_count",
        "sum by (instance) (rate(apiserver_request_count{job=\"%s\"}[%w]))", "requests per second",
        Unit::PerSecond },
    { "node_cpu_seconds_total",
        "100 * (1 - avg by (instance) "
        "(rate(node_cpu_seconds_total{job=\"%s\",mode=\"idle\"}[%w])))",
        "CPU", Unit::Percent },
    { "process_cpu_seconds_total",
        "100 * sum by (instance) (rate(process_cpu_seconds_total{job=\"%s\"}[%w]))", "CPU",
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

void replaceFirst(std::string& text, std::string_view what, const std::string& with)
{
    text.replace(text.find(what), what.size(), with);
}

std::string fill(const char* pattern, const std::string& job, Millis interval)
{
    std::string text = pattern;
    replaceFirst(text, "%s", escaped(job));
    // Four scrapes: one may fail, and there are still two for a rate.
    constexpr Millis kWindowMin { 60'000 };
    if (text.find("[%w]") != std::string::npos)
        replaceFirst(text, "%w", formatDuration(std::max(kWindowMin, 4 * interval)));
    return text;
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
    const std::map<std::string, std::chrono::milliseconds>& intervals, int64_t nowMs,
    std::stop_token stop)
{
    promql::QueryOptions options;
    options.stop = stop;
    Sparks sparks;
    const int64_t stepMs = kSpanMs / kPoints;
    const int64_t startMs = nowMs - kSpanMs;
    for (const auto& [job, interval] : intervals) {
        if (stop.stop_requested())
            return sparks;
        for (const Preset& preset : kPresets) {
            if (!hasMetric(querier, job, preset.probe, nowMs))
                continue;
            const auto result = engine.range(
                querier, fill(preset.expression, job, interval), startMs, nowMs, stepMs, options);
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
