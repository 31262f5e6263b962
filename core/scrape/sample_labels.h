// SampleLabels: the labels a sample gets in the store: those of the page and of the target,
// conflicts settled by honor_labels, then metric_relabel_configs (Prometheus' mutateSampleLabels).
// Immutable; share freely.
#pragma once

#include "core/labels/labels.h"
#include "core/scrape/job_options.h"
#include "core/scrape/target.h"

#include <memory>
#include <optional>
#include <string_view>

namespace fleetglass::scrape {

class SampleLabels
{
public:
    SampleLabels(std::shared_ptr<const JobOptions> job, std::shared_ptr<const Target> target);

    // Nothing where relabelling dropped the sample. `seriesText` is the sample as it stands on the
    // page: with honor_labels, instance="" there means "no instance label", and Labels keep no
    // empty values.
    std::optional<labels::Labels> of(
        const labels::Labels& scraped, std::string_view seriesText) const;
    // The same before metric_relabel_configs.
    labels::Labels settled(const labels::Labels& scraped, std::string_view seriesText) const;
    // Of up, scrape_duration_seconds ...
    labels::Labels ofReport(std::string_view metric) const;

private:
    void settle(
        labels::Builder& builder, const labels::Labels& scraped, std::string_view seriesText) const;

    std::shared_ptr<const JobOptions> m_job;
    std::shared_ptr<const Target> m_target;
};

// Whether the text names the label with an empty value: a{instance=""}.
bool hasEmptyLabel(std::string_view seriesText, std::string_view name);

} // namespace fleetglass::scrape
