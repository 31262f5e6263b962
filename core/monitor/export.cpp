#include "core/monitor/export.h"

#include "core/snapshot/api_json.h"
#include "core/snapshot/capsule_writer.h"
#include "core/snapshot/csv.h"
#include "core/snapshot/html_report.h"
#include "core/snapshot/openmetrics_export.h"
#include "core/snapshot/staged_file.h"

#include <algorithm>

namespace fleetglass::monitor {

namespace {

storage::TimeRange rangeOf(const view::ExportRequest& request, const ExportSource& source)
{
    if (request.startMs != 0 || request.endMs != 0)
        return { request.startMs, request.endMs };
    const auto stats = source.store.stats();
    return { stats.minTimeMs, stats.maxTimeMs };
}

void addPairs(
    std::string& text, const std::string& indent, const char* key, const rules::TextPairs& pairs)
{
    if (!pairs.empty())
        text += indent + key + ":\n";
    for (const auto& [name, value] : pairs)
        text += indent + "  " + labels::quote(name) + ": " + labels::quote(value) + '\n';
}

// The groups of one file as text that can be read and loaded again.
std::string ruleFileText(const std::vector<rules::GroupOptions>& groups, const std::string& file)
{
    std::string text = "groups:\n";
    for (const auto& group : groups) {
        if (group.file != file)
            continue;
        text += "- name: " + labels::quote(group.name) + '\n';
        const auto addTime
            = [&](const char* key, Millis time) { text += key + formatDuration(time) + '\n'; };
        if (group.interval)
            addTime("  interval: ", *group.interval);
        if (group.queryOffset)
            addTime("  query_offset: ", *group.queryOffset);
        if (group.limit > 0)
            text += "  limit: " + std::to_string(group.limit) + '\n';
        addPairs(text, "  ", "labels", group.labels);
        text += "  rules:\n";
        for (const auto& rule : group.rules) {
            const bool alerting = rule.kind == rules::RuleKind::Alerting;
            text += std::string("  - ") + (alerting ? "alert: " : "record: ")
                + labels::quote(rule.name) + "\n    expr: " + labels::quote(rule.expression) + '\n';
            if (rule.holdFor.count() > 0)
                addTime("    for: ", rule.holdFor);
            if (rule.keepFiringFor.count() > 0)
                addTime("    keep_firing_for: ", rule.keepFiringFor);
            addPairs(text, "    ", "labels", rule.labels);
            addPairs(text, "    ", "annotations", rule.annotations);
        }
    }
    return text;
}

std::vector<snapshot::RuleFile> ruleFiles(const std::vector<rules::GroupOptions>& groups)
{
    std::vector<snapshot::RuleFile> files;
    for (const auto& group : groups) {
        const bool known = std::any_of(
            files.begin(), files.end(), [&](const auto& file) { return file.path == group.file; });
        if (!known)
            files.push_back({ group.file, ruleFileText(groups, group.file) });
    }
    return files;
}

Result<int64_t> writeCapsuleFile(const view::ExportRequest& request, const ExportSource& source,
    storage::TimeRange range, const snapshot::Redactor& redactor)
{
    snapshot::CapsuleContent content;
    content.title = "Fleet of " + std::to_string(source.fleet->targets.size()) + " targets";
    content.program = source.program;
    content.createdMs = source.fleet->nowMs;
    content.range = range;
    content.fleet = *source.fleet;
    content.ruleFiles = ruleFiles(source.ruleGroups);
    content.viewState = request.viewState;
    if (!request.thumbnailPng.empty())
        content.thumbnails.push_back({ "window", request.thumbnailPng });
    const auto written = snapshot::writeCapsule(
        request.file, content, { .querier = source.store, .exemplars = &source.store }, redactor);
    if (!written)
        return failure(written.error());
    return written->bytes;
}

snapshot::MetadataByFamily metadataOf(const view::FleetView& fleet)
{
    snapshot::MetadataByFamily metadata;
    if (fleet.metrics) {
        for (const auto& metric : fleet.metrics->metrics)
            metadata[metric.name] = { metric.type, metric.help, metric.unit };
    }
    return metadata;
}

Result<void> writeData(const std::string& ending, const view::ExportRequest& request,
    const ExportSource& source, storage::TimeRange range, const snapshot::Redactor& redactor,
    snapshot::TextSink& sink)
{
    // Everything has a name; the API's selectors want at least one matcher.
    const std::vector<labels::Matcher> all;
    if (ending == "om") {
        const auto written = snapshot::writeOpenMetrics(
            source.store, all, range, metadataOf(*source.fleet), redactor, sink);
        if (!written)
            return failure(written.error());
        return {};
    }
    if (ending == "csv" && request.expression.empty())
        return snapshot::writeSamplesCsv(source.store, all, range, redactor, sink);
    const std::string expression
        = request.expression.empty() ? "{__name__!=\"\"}" : request.expression;
    constexpr int64_t kPoints = 500;
    const int64_t stepMs = std::max<int64_t>(
        request.stepMs > 0 ? request.stepMs : (range.endMs - range.startMs) / kPoints, 1000);
    const auto result
        = source.engine.range(source.store, expression, range.startMs, range.endMs, stepMs);
    if (!result)
        return failure(result.error());
    if (ending == "csv")
        return snapshot::writeResultCsv(*result, redactor, sink);
    return sink.write(redactor.clean(snapshot::queryJson(*result)) + "\n");
}

Result<int64_t> writeText(const std::string& ending, const view::ExportRequest& request,
    const ExportSource& source, storage::TimeRange range, const snapshot::Redactor& redactor)
{
    auto file = snapshot::StagedFile::create(request.file);
    if (!file)
        return failure(file.error());
    if (ending == "html") {
        snapshot::ReportContent report;
        report.title = "Fleetglass";
        report.program = source.program;
        report.createdMs = source.fleet->nowMs;
        report.startMs = range.startMs;
        report.endMs = range.endMs;
        report.fleet = *source.fleet;
        if (!request.thumbnailPng.empty())
            report.pictures.push_back({ "The window", request.thumbnailPng });
        if (const auto written = file->write(snapshot::htmlReport(report, redactor)); !written)
            return failure(written.error());
    } else if (const auto written = writeData(ending, request, source, range, redactor, *file);
               !written) {
        return failure(written.error());
    }
    return file->commit();
}

} // namespace

std::string endingOf(const std::string& path)
{
    const size_t dot = path.rfind('.');
    std::string ending = dot == std::string::npos || path.find('/', dot) != std::string::npos
        ? std::string()
        : path.substr(dot + 1);
    for (char& c : ending)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return ending;
}

view::ExportSummary exportTo(const view::ExportRequest& request, const ExportSource& source)
{
    view::ExportSummary summary;
    summary.file = request.file;
    const std::string ending = endingOf(request.file);
    const bool isText = ending == "csv" || ending == "json" || ending == "om" || ending == "html";
    if (!isText && ending != "fgsnap") {
        summary.error = request.file
            + ": cannot tell what to write; end the name with .fgsnap, .png, .svg, .pdf, "
              ".html, .csv, .json or .om";
        return summary;
    }
    const snapshot::Redactor redactor(source.secrets);
    const storage::TimeRange range = rangeOf(request, source);
    const auto written = isText ? writeText(ending, request, source, range, redactor)
                                : writeCapsuleFile(request, source, range, redactor);
    summary.ok = written.has_value();
    if (!written)
        summary.error = written.error().message;
    else
        summary.bytes = *written;
    if (redactor.maskedCount() > 0)
        summary.redacted.push_back(
            std::to_string(redactor.maskedCount()) + " places where a secret stood");
    return summary;
}

} // namespace fleetglass::monitor
