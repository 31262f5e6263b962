// SampleTrace: what metric_relabel_configs did to the series of a page that was really scraped:
// which rule dropped how many, and for the series asked for every step. Pure functions;
// thread-safe. Rules pointed to are those of the job, which must outlive the trace.
#pragma once

#include "core/labels/labels.h"
#include "core/relabel/rule.h"
#include "core/scrape/job_options.h"
#include "core/scrape/target.h"
#include "core/scrape/target_status.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fleetglass::scrape {

// What one rule did to the whole page.
struct RuleEffect
{
    size_t dropped = 0;
    size_t changed = 0;
};

struct TracedSeries
{
    int line = 0; // Of its sample on the page; 0 where the format has no lines.
    labels::Labels scraped; // As the page says them.
    labels::Labels settled; // With those of the target, conflicts settled by honor_labels.
    std::optional<labels::Labels> stored; // Nothing: it was dropped.
    std::optional<size_t> droppedBy; // The rule; none where no label was left.
    std::vector<relabel::TraceStep> steps;
};

struct SampleTrace
{
    int64_t timeMs = 0; // Of the page.
    bool clipped = false; // Only the beginning of the page was kept.
    size_t series = 0; // On the page.
    size_t dropped = 0;
    std::vector<RuleEffect> rules; // As many as the job has.
    size_t matching = 0; // Series that the filter lets through.
    std::vector<TracedSeries> shown; // The first of them.
    std::string problem; // Why the page could not be read to its end; empty: it was.
};

struct SampleTraceOptions
{
    // Words that must all stand in the series as scraped or as stored; "dropped" and "changed" ask
    // for those only. Empty: all.
    std::string filter;
    size_t shownMax = 200;
};

SampleTrace traceSamples(const std::shared_ptr<const JobOptions>& job,
    const std::shared_ptr<const Target>& target, const KeptBody& body,
    const SampleTraceOptions& options);

} // namespace fleetglass::scrape
