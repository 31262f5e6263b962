#include "core/monitor/import_summary.h"

#include "core/config/scalar_place.h"
#include "core/config/writer.h"
#include "core/monitor/presets.h"

#include <algorithm>

namespace fleetglass::monitor {

namespace {

std::string counted(int count, const char* one, const char* many)
{
    return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

// "ca" of "scrape_configs[0].tls_config.ca", "targets" of "...static_configs[0].targets[1]".
std::string_view lastKey(std::string_view path)
{
    const size_t dot = path.rfind('.');
    const std::string_view last = dot == std::string_view::npos ? path : path.substr(dot + 1);
    return last.substr(0, last.find('['));
}

view::GapView::Kind kindOf(const config::Placeholder& placeholder)
{
    using Kind = view::GapView::Kind;
    const std::string_view key = lastKey(placeholder.path);
    if (placeholder.isSecret)
        return Kind::Secret;
    if (key == "ca" || key == "cert")
        return Kind::Certificate;
    return key == "targets" || key == "server_name" || key == "url" ? Kind::Host : Kind::Text;
}

void addGaps(view::ImportSummary& summary, const config::ImportResult& result)
{
    for (const auto& placeholder : result.placeholders) {
        summary.placeholders.push_back(placeholder.text + " in " + placeholder.path);
        summary.gaps.push_back({ placeholder.path, placeholder.text, kindOf(placeholder),
            placeholder.position.line, placeholder.position.column });
    }
}

void addJobs(view::ImportSummary& summary, const config::ImportResult& result)
{
    summary.jobs = static_cast<int>(result.config.jobs.size());
    for (const auto& job : result.config.jobs) {
        for (const auto& group : job.discovery.statics)
            summary.targets += static_cast<int>(group.targets.size());
        if (job.client.tls.insecureSkipVerify)
            summary.insecureJobs.push_back(job.name);
        if (std::string advice = presetAdvice(job); !advice.empty())
            summary.notes.push_back(std::move(advice));
    }
    for (const auto& group : result.ruleGroups)
        summary.rules += static_cast<int>(group.rules.size());
}

std::string filled(std::string scalar, const std::string& placeholder, const std::string& value)
{
    const size_t at = scalar.find(placeholder);
    return at == std::string::npos ? value : scalar.replace(at, placeholder.size(), value);
}

} // namespace

view::ImportSummary summarize(const config::ImportResult& result)
{
    view::ImportSummary summary;
    summary.ok = result.errors.empty();
    if (!summary.ok)
        summary.error = result.errors.front().toString();
    if (result.errors.size() > 1)
        summary.notes.push_back(
            counted(static_cast<int>(result.errors.size()) - 1, "further error", "further errors"));
    if (result.suggestion) {
        summary.suggestion = result.suggestion->text;
        summary.notes.push_back(result.suggestion->why);
    }
    addJobs(summary, result);
    for (const auto& section : result.config.skipped)
        summary.skipped.push_back(
            section.name + " (line " + std::to_string(section.line) + "): " + section.why);
    addGaps(summary, result);
    for (const auto& warning : result.config.warnings)
        summary.notes.push_back(warning.toString());
    return summary;
}

// From the last gap to the first: what is put in moves only what comes behind it. A text that
// starts a second gap in the same value is read anew each time.
Result<std::string> fillGaps(
    std::string_view text, const std::string& name, std::span<const view::GapAnswer> answers)
{
    std::string result(text);
    for (auto answer = answers.rbegin(); answer != answers.rend(); ++answer) {
        config::ImportOptions options;
        options.name = name;
        const auto placeholders = config::importText(result, options).placeholders;
        const auto found = std::find_if(placeholders.rbegin(), placeholders.rend(),
            [&](const auto& placeholder) { return placeholder.path == answer->path; });
        if (found == placeholders.rend())
            continue;
        auto changed = config::replaceScalar(result, found->position,
            config::yamlScalar(filled(found->scalar, found->text, answer->value)));
        if (!changed)
            return failure(changed.error());
        result = std::move(*changed);
    }
    return result;
}

} // namespace fleetglass::monitor
