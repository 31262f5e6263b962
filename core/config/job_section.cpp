#include "core/config/job_section.h"

#include "core/config/discovery_section.h"
#include "core/config/http_section.h"
#include "core/config/job_extension.h"
#include "core/config/protocols.h"
#include "core/config/relabel_section.h"
#include "core/labels/labels.h"

#include <algorithm>

namespace fleetglass::config {

namespace {

std::string ofJob(const scrape::JobOptions& job)
{
    return " for scrape config with job name " + labels::quote(job.name);
}

void readTimes(Section& section, const GlobalOptions& global, scrape::JobOptions& job)
{
    Millis interval { 0 };
    Millis timeout { 0 };
    section.duration("scrape_interval", interval);
    section.duration("scrape_timeout", timeout);
    job.interval = interval.count() != 0 ? interval : global.scrapeInterval;
    if (timeout > job.interval)
        section.failAt(
            "scrape_timeout", "scrape timeout greater than scrape interval" + ofJob(job));
    job.timeout = timeout.count() != 0 ? timeout : std::min(global.scrapeTimeout, job.interval);
}

void inheritLimits(const scrape::LimitOptions& global, scrape::LimitOptions& limits)
{
    const auto inherit = [](uint64_t& own, uint64_t from) { own = own != 0 ? own : from; };
    inherit(limits.bodyBytesMax, global.bodyBytesMax);
    inherit(limits.samplesMax, global.samplesMax);
    inherit(limits.labelsMax, global.labelsMax);
    inherit(limits.labelNameBytesMax, global.labelNameBytesMax);
    inherit(limits.labelValueBytesMax, global.labelValueBytesMax);
    inherit(limits.targetsMax, global.targetsMax);
    inherit(limits.keepDroppedTargets, global.keepDroppedTargets);
}

void readParams(Section& section, scrape::JobOptions& job)
{
    const YamlNode* node = section.takeValue("params");
    if (node == nullptr)
        return;
    if (!node->isMap()) {
        failType(section.reader(), *node, "url.Values");
        return;
    }
    reportDuplicateKeys(section.reader(), *node);
    for (const YamlEntry& entry : node->entries) {
        std::vector<std::string> values;
        readTexts(section.reader(), *entry.value, values);
        job.params.emplace_back(entry.key, std::move(values));
    }
}

void readHistogramKeys(Section& section, const GlobalOptions& global, scrape::JobOptions& job)
{
    job.scrapeNativeHistograms = global.scrapeNativeHistograms;
    job.alwaysScrapeClassicHistograms = global.alwaysScrapeClassicHistograms;
    job.convertClassicHistogramsToNhcb = global.convertClassicHistogramsToNhcb;
    job.extraScrapeMetrics = global.extraScrapeMetrics;
    section.boolean("scrape_native_histograms", job.scrapeNativeHistograms);
    section.boolean("always_scrape_classic_histograms", job.alwaysScrapeClassicHistograms);
    section.boolean("convert_classic_histograms_to_nhcb", job.convertClassicHistogramsToNhcb);
    section.boolean("extra_scrape_metrics", job.extraScrapeMetrics);
    section.unsignedInteger("native_histogram_bucket_limit", job.nativeHistogramBucketLimit);
    section.number("native_histogram_min_bucket_factor", job.nativeHistogramMinBucketFactor);
}

void readProtocolKeys(Section& section, const GlobalOptions& global, scrape::JobOptions& job)
{
    job.protocols = !global.protocols.empty() ? global.protocols
                                              : defaultProtocols(job.scrapeNativeHistograms);
    if (const YamlNode* list = section.takeValue("scrape_protocols")) {
        readTexts(section.reader(), *list, job.protocols);
        checkProtocols(section.reader(), list->position, job.protocols, ofJob(job));
    }
    section.text("fallback_scrape_protocol", job.fallbackProtocol);
    if (job.fallbackProtocol.empty())
        return;
    if (const std::string problem = protocolProblem(job.fallbackProtocol); !problem.empty())
        section.failAt("fallback_scrape_protocol",
            "invalid fallback_scrape_protocol" + ofJob(job) + ": " + problem);
}

// A job that sets only its validation does not inherit the global escaping (config.Validate).
void readNamingKeys(Section& section, const GlobalOptions& global, scrape::JobOptions& job)
{
    using scrape::NameEscaping;
    using scrape::NameValidation;
    const auto defaultFor = [](NameValidation validation) {
        return validation == NameValidation::Legacy ? NameEscaping::Underscores
                                                    : NameEscaping::AllowUtf8;
    };
    std::optional<NameEscaping> escaping;
    job.nameValidation = global.nameValidation;
    const bool own = readNaming(section, job.nameValidation, escaping, "scrape config");
    const NameEscaping inherited = own
        ? defaultFor(job.nameValidation)
        : global.nameEscaping.value_or(defaultFor(global.nameValidation));
    job.nameEscaping = escaping.value_or(inherited);
    if (job.nameEscaping == NameEscaping::AllowUtf8 && job.nameValidation == NameValidation::Legacy)
        section.fail("utf8 metric names requested but validation scheme is not set to UTF8");
}

void readRequestKeys(Section& section, scrape::JobOptions& job)
{
    section.text("metrics_path", job.metricsPath);
    section.text("scheme", job.scheme);
    section.boolean("honor_labels", job.honorLabels);
    section.boolean("honor_timestamps", job.honorTimestamps);
    section.boolean("track_timestamps_staleness", job.trackTimestampsStaleness);
    section.boolean("enable_compression", job.enableCompression);
    std::string failureLog;
    section.text("scrape_failure_log_file", failureLog);
    readParams(section, job);
    readJobExtension(section, job.client);
    readHttpKeys(section, job.client);
    checkJobExtension(section, job.client);
}

void readRelabelKeys(Section& section, scrape::JobOptions& job)
{
    const relabel::NameScheme names = nameScheme(job.nameValidation);
    readRelabelRules(section, "relabel_configs", names,
        "empty or null target relabeling rule in scrape config", job.relabelRules);
    readRelabelRules(section, "metric_relabel_configs", names,
        "empty or null metric relabeling rule in scrape config", job.metricRelabelRules);
}

} // namespace

relabel::NameScheme nameScheme(scrape::NameValidation validation)
{
    return validation == scrape::NameValidation::Legacy ? relabel::NameScheme::Legacy
                                                        : relabel::NameScheme::Utf8;
}

void readJob(
    Reader& reader, const YamlNode& node, const GlobalOptions& global, scrape::JobOptions& job)
{
    if (node.isNull()) {
        reader.fail(node.position, "empty or null scrape config section");
        return;
    }
    Section section(reader, node, "config.plain");
    job.file = reader.file();
    job.line = node.position.line;
    section.text("job_name", job.name);
    readNamingKeys(section, global, job);
    readTimes(section, global, job);
    readHistogramKeys(section, global, job);
    readProtocolKeys(section, global, job);
    readLimits(section, job.limits);
    inheritLimits(global.limits, job.limits);
    readRequestKeys(section, job);
    readRelabelKeys(section, job);
    readDiscovery(section, job.discovery);
    section.finish();
    const YamlEntry* relabelling = node.find("relabel_configs");
    if (relabelling == nullptr || relabelling->value->items.empty())
        checkStaticTargets(reader, section, job.discovery);
    if (job.name.empty() && node.isMap())
        section.failAt("job_name", "job_name is empty");
}

} // namespace fleetglass::config
