// prometheus.yml files that must load, or fail with a message.
#include "core/config/config.h"
#include "core/config/protocols.h"
#include "core/config/target_groups.h"
#include "tests/conformance/corpus.h"

#include <map>
#include <set>

namespace fleetglass::conformance {

namespace {

using scrape::JobOptions;

config::LoadOptions optionsFor(const std::string& name, const std::filesystem::path& base)
{
    config::LoadOptions options;
    options.fileName = name;
    options.baseDirectory = base.string();
    return options;
}

// The corpus writes protocols as Go's identifiers.
std::string identifier(std::string protocol)
{
    for (char& c : protocol)
        c = c == '.' ? '_' : c;
    return protocol;
}

nlohmann::json jobField(const JobOptions& job, const std::string& field)
{
    if (field == "job_name")
        return job.name;
    if (field == "metrics_path")
        return job.metricsPath;
    if (field == "scheme")
        return job.scheme;
    if (field == "honor_timestamps")
        return job.honorTimestamps;
    if (field == "honor_labels")
        return job.honorLabels;
    if (field == "always_scrape_classic_histograms")
        return job.alwaysScrapeClassicHistograms;
    if (field == "convert_classic_histograms_to_nhcb")
        return job.convertClassicHistogramsToNhcb;
    if (field == "scrape_native_histograms")
        return job.scrapeNativeHistograms;
    if (field == "extra_scrape_metrics" || field == "extra_scrape_metrics (effective)")
        return job.extraScrapeMetrics;
    if (field == "scrape_interval_ms")
        return job.interval.count();
    if (field == "scrape_timeout_ms")
        return job.timeout.count();
    if (field == "metric_name_validation_scheme")
        return std::string(config::toWord(job.nameValidation));
    if (field == "metric_name_escaping_scheme")
        return std::string(config::toWord(job.nameEscaping));
    if (field == "fallback_scrape_protocol")
        return job.fallbackProtocol;
    if (field == "scrape_protocols") {
        nlohmann::json list = nlohmann::json::array();
        for (const std::string& protocol : job.protocols)
            list.push_back(identifier(protocol));
        return list;
    }
    return "(unknown field)";
}

std::string compareJobs(const std::vector<JobOptions>& jobs, const nlohmann::json& wanted)
{
    if (jobs.size() != wanted.size())
        return std::to_string(jobs.size()) + " jobs";
    for (size_t i = 0; i < jobs.size(); ++i) {
        for (const auto& [field, value] : wanted[i].items()) {
            nlohmann::json expected = value;
            if (field == "scrape_protocols" || field == "fallback_scrape_protocol") {
                for (auto& protocol : expected)
                    if (protocol.is_string())
                        protocol = identifier(protocol.get<std::string>());
            }
            nlohmann::json got = jobField(jobs[i], field);
            if (got != expected)
                return field + " of " + jobs[i].name + ": " + got.dump() + ", not " + value.dump();
        }
    }
    return {};
}

std::string compareWants(const config::Config& loaded, const nlohmann::json& want)
{
    const std::string prefix = "scrape_configs[0].";
    for (const auto& [key, value] : want.items()) {
        if (key.starts_with(prefix) && !loaded.jobs.empty()) {
            const nlohmann::json got = jobField(loaded.jobs[0], key.substr(prefix.size()));
            if (got != value)
                return key + ": " + got.dump() + ", not " + value.dump();
        } else if (key == "global.extra_scrape_metrics"
            && loaded.global.extraScrapeMetrics != value) {
            return key;
        }
    }
    return {};
}

std::string compareLabels(
    const std::string& text, config::LoadOptions options, const nlohmann::json& want)
{
    for (const nlohmann::json& item : want) {
        const std::map<std::string, std::string> env = item["env"];
        options.environment = [&env](const std::string& name) -> std::optional<std::string> {
            const auto found = env.find(name);
            return found == env.end() ? std::nullopt : std::optional(found->second);
        };
        const auto loaded = config::loadConfig(text, options);
        if (!loaded)
            return loaded.error().message;
        std::map<std::string, std::string> labels;
        for (const auto& [name, value] : loaded->global.externalLabels)
            labels[name] = value;
        const std::map<std::string, std::string> expected = item["labels"];
        std::map<std::string, std::string> set;
        for (const auto& [name, value] : expected)
            set[name] = value;
        if (labels != set)
            return nlohmann::json(labels).dump();
    }
    return {};
}

struct Outcome
{
    std::string error;
    config::Config config;
};

Outcome load(const std::string& text, const config::LoadOptions& options)
{
    auto loaded = config::loadConfig(text, options);
    return loaded ? Outcome { {}, std::move(*loaded) } : Outcome { loaded.error().message, {} };
}

void judge(Report& report, const std::string& id, const nlohmann::json& item,
    const std::string& text, config::LoadOptions options)
{
    const bool ok = item["ok"];
    options.agentMode = item.value("mode", "") == "agent";
    const bool second = item.value("step", "") == "scrape-configs";
    options.readIncludes = second || item.contains("scrape_configs");
    const Outcome outcome = load(text, options);
    if (second) {
        options.readIncludes = false;
        const Outcome first = load(text, options);
        if (!first.error.empty())
            return report.fail(id, "loads without its includes", first.error);
    }
    if (ok != outcome.error.empty())
        return report.fail(id, ok ? "loads" : textOf(item["error"]), outcome.error);
    std::string difference;
    if (ok && item.contains("scrape_configs"))
        difference = compareJobs(outcome.config.jobs, item["scrape_configs"]);
    if (ok && difference.empty() && item.contains("want")) {
        difference = compareWants(outcome.config, item["want"]);
        if (difference.empty() && item["want"].contains("external_labels"))
            difference = compareLabels(text, options, item["want"]["external_labels"]);
    }
    if (!difference.empty())
        return report.fail(id, item.dump(), difference);
    report.pass(id);
    if (!ok)
        compareWording(report, id, textOf(item["error"]), outcome.error);
}

void runTargetGroup(Report& report, const std::string& id, const std::string& text, bool ok)
{
    const auto groups = config::readTargetGroups(text, config::TargetFormat::Yaml, id);
    if (ok == groups.has_value())
        report.pass(id);
    else
        report.fail(id, ok ? "loads" : "is refused", groups ? "loads" : groups.error().message);
}

void run(const std::filesystem::path& folder, Report& report)
{
    forEachCase(folder / "cases.jsonl", [&](const nlohmann::json& item) {
        const std::string id = item["file"];
        const std::string text = readFile(folder / "testdata" / id);
        if (item.value("mode", "") == "target-group")
            return runTargetGroup(report, id, text, item["ok"]);
        judge(report, id, item, text, optionsFor("testdata/" + id, folder / "testdata"));
    });
    forEachCase(folder / "inline.jsonl", [&](const nlohmann::json& item) {
        const std::string id = item["id"];
        judge(report, id, item, textOf(item["yaml"]), optionsFor(id, folder / "testdata"));
    });
}

const CorpusEntry kEntry("config", run);

} // namespace

} // namespace fleetglass::conformance
