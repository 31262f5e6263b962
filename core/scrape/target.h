// Target: one endpoint after relabelling, and how the groups of a job become targets (Prometheus'
// scrape/target.go, PopulateLabels). Values and pure functions; thread-safe.
#pragma once

#include "core/discovery/options.h"
#include "core/labels/labels.h"
#include "core/relabel/rule.h"
#include "core/scrape/job_options.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::scrape {

struct Target
{
    uint64_t id = 0; // Equal for equal job, labels and URL.
    std::string job; // The config's job_name; the label may differ after relabelling.
    std::string instance;
    labels::Labels labels; // What its series carry.
    labels::Labels discovered; // Before relabelling; may hold secrets: show maskedDiscovered().
    std::string source; // Of its group.
    std::shared_ptr<const discovery::Relay> relay = nullptr; // Then `url` is the relay's.
    std::string url; // As requested; may hold secrets.
    std::string shownUrl; // Masked.
    std::vector<std::string> maskedParams;
    Millis interval {};
    Millis timeout {};
};

// A target that cannot be scraped as it is written.
struct TargetProblem
{
    std::string job;
    std::string address;
    std::string message;
    labels::Labels discovered; // Masked.
};

// One that relabelling dropped.
struct DroppedTarget
{
    std::string job;
    labels::Labels discovered; // Masked.
};

struct BuiltTargets
{
    std::vector<Target> targets; // In the order of the groups, duplicates removed.
    std::vector<DroppedTarget> dropped; // At most keepDroppedTargets.
    size_t droppedCount = 0;
    std::vector<TargetProblem> problems;
    std::string limitError; // target_limit passed: then there are no targets.
};

// The set that relabelling starts from: address, scheme, path, parameters, timing, group labels.
labels::Labels discoveredLabels(
    const JobOptions& job, std::string_view address, const discovery::LabelPairs& groupLabels);

// The target of one address; nothing where relabelling dropped it.
Result<std::optional<Target>> buildTarget(const JobOptions& job, const labels::Labels& discovered);

BuiltTargets buildTargets(const JobOptions& job, const std::vector<discovery::TargetGroup>& groups);

// With the values of the job's params (`__param_*`) as ******.
labels::Labels maskParams(const JobOptions& job, const labels::Labels& labels);

// What each relabelling rule did to it, masked. The rules of `job` must outlive the steps.
std::vector<relabel::TraceStep> traceTarget(const JobOptions& job, const Target& target);

} // namespace fleetglass::scrape
