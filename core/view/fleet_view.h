// FleetView: everything true of the fleet at one moment, built by the monitor a few times a second
// and shown by the window. Parts that did not change are shared with the view before.
// Immutable once published; share freely.
#pragma once

#include "core/base/log.h"
#include "core/labels/metadata.h"
#include "core/view/alert_view.h"
#include "core/view/session_view.h"
#include "core/view/target_view.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fleetglass::view {

// One metric of the tree in Explore.
struct MetricView
{
    std::string name; // Family name as declared; a histogram's is without _bucket.
    labels::MetricType type = labels::MetricType::Unknown;
    std::string help;
    std::string unit;
    int64_t series = 0;
    std::vector<std::string> jobs;
};

struct MetricCatalog
{
    std::vector<MetricView> metrics; // Sorted by name.
};

// A line of "changed most".
struct ChangeView
{
    std::string metric;
    std::string kind; // "rate", "p95" or empty.
    labels::Labels labels;
    std::string query; // What to open in Explore.
    std::string unit; // Of the values, as view units: "s", "B", "/s" ...
    std::vector<double> spark; // Over the last hour, newest last.
    double before = 0;
    double now = 0;
};

// A watched file that cannot be taken in as it stands now; what was read before goes on.
struct ConfigProblemView
{
    std::string file; // Empty: there is no problem.
    int line = 0;
    int column = 0;
    std::string message; // With file:line:column.
    int64_t sinceMs = 0;
};

struct StatusView
{
    bool watching = false; // Whether anything is configured.
    bool archive = false; // An opened capsule: nothing is live.
    std::string archiveTitle;
    int targetsUp = 0;
    int targetsDown = 0;
    int targetsUnknown = 0;
    int targetsNotVerified = 0; // Over TLS, with insecure_skip_verify.
    int certificatesEnding = 0; // Within kCertificateWarningMs, or ended.
    ConfigProblemView configProblem;
    int alertsFiring = 0;
    int alertsPending = 0;
    int shellsOpen = 0;
    int shellsUnknown = 0;
    int rules = 0;
    int64_t series = 0;
    double samplesPerSecond = 0;
    int64_t missedScrapesHour = 0;
    int64_t storeBytes = 0;
    int64_t storeBudgetBytes = 0;
    int64_t oldestSampleMs = 0; // 0: empty.
    int64_t shortestIntervalMs = 0;
    // Where the data that is not there went: "3 samples out of order", "queue full" ...
    std::vector<std::string> notes;
};

struct FleetView
{
    int64_t nowMs = 0;
    uint64_t generation = 0; // Grows with each view.
    StatusView status;
    std::vector<std::shared_ptr<const TargetView>> targets; // By job, then instance.
    std::vector<std::shared_ptr<const AlertView>> alerts; // Active and lately resolved.
    std::shared_ptr<const std::vector<AlertSpanView>> alertSpans; // Up to 24 h back.
    std::shared_ptr<const std::vector<SessionView>> sessions; // Open first, then newest.
    std::shared_ptr<const std::vector<UnreachableView>> unreachable;
    std::shared_ptr<const std::vector<RuleGroupView>> ruleGroups;
    std::shared_ptr<const MetricCatalog> metrics;
    std::shared_ptr<const std::vector<ChangeView>> changes;
    std::shared_ptr<const std::vector<LogEvent>> log; // Newest last, at most 1,000.
};

using FleetViewPtr = std::shared_ptr<const FleetView>;

} // namespace fleetglass::view
