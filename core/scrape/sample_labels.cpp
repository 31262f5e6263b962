#include "core/scrape/sample_labels.h"

#include <algorithm>
#include <string>
#include <vector>

namespace fleetglass::scrape {

namespace {

void settleByHonouring(
    labels::Builder& builder, const labels::Labels& target, std::string_view seriesText)
{
    for (const labels::Label& label : target) {
        if (builder.get(label.name).empty() && !hasEmptyLabel(seriesText, label.name))
            builder.set(label.name, label.value);
    }
}

void settleByRenaming(
    labels::Builder& builder, const labels::Labels& scraped, const labels::Labels& target)
{
    std::vector<labels::Label> conflicts;
    for (const labels::Label& label : target) {
        if (const std::string_view existing = scraped.get(label.name); !existing.empty())
            conflicts.push_back({ label.name, existing });
        builder.set(label.name, label.value);
    }
    // The shortest name first, so that exported_job of the page becomes exported_exported_job.
    std::stable_sort(conflicts.begin(), conflicts.end(),
        [](const auto& a, const auto& b) { return a.name.size() < b.name.size(); });
    for (const labels::Label& conflict : conflicts) {
        std::string name = "exported_" + std::string(conflict.name);
        while (!builder.get(name).empty() || scraped.has(name))
            name = "exported_" + name;
        builder.set(name, conflict.value);
    }
}

bool isNameEnd(char c)
{
    return c == '{' || c == ',' || c == ' ' || c == '\t';
}

} // namespace

SampleLabels::SampleLabels(
    std::shared_ptr<const JobOptions> job, std::shared_ptr<const Target> target)
    : m_job(std::move(job))
    , m_target(std::move(target))
{
}

void SampleLabels::settle(
    labels::Builder& builder, const labels::Labels& scraped, std::string_view seriesText) const
{
    if (m_job->honorLabels)
        settleByHonouring(builder, m_target->labels, seriesText);
    else
        settleByRenaming(builder, scraped, m_target->labels);
}

labels::Labels SampleLabels::settled(
    const labels::Labels& scraped, std::string_view seriesText) const
{
    labels::Builder builder(scraped);
    settle(builder, scraped, seriesText);
    return builder.labels();
}

std::optional<labels::Labels> SampleLabels::of(
    const labels::Labels& scraped, std::string_view seriesText) const
{
    labels::Builder builder(scraped);
    settle(builder, scraped, seriesText);
    if (!relabel::apply(m_job->metricRelabelRules, builder))
        return std::nullopt;
    labels::Labels result = builder.labels();
    if (result.empty())
        return std::nullopt;
    return result;
}

labels::Labels SampleLabels::ofReport(std::string_view metric) const
{
    labels::Builder builder(m_target->labels);
    builder.set(labels::kMetricName, metric);
    return builder.labels();
}

bool hasEmptyLabel(std::string_view seriesText, std::string_view name)
{
    for (size_t at = seriesText.find('"'); at != std::string_view::npos;
         at = seriesText.find('"', at + 1)) {
        size_t end = at + 1;
        while (end < seriesText.size() && seriesText[end] != '"')
            end += seriesText[end] == '\\' ? 2 : 1;
        std::string_view before = seriesText.substr(0, at);
        before = before.substr(0, before.find_last_not_of(" \t") + 1);
        if (end == at + 1 && before.ends_with('=')) {
            before.remove_suffix(1);
            before = before.substr(0, before.find_last_not_of(" \t") + 1);
            if (before.ends_with(name)
                && (before.size() == name.size()
                    || isNameEnd(before[before.size() - name.size() - 1])))
                return true;
        }
        at = end;
    }
    return false;
}

} // namespace fleetglass::scrape
