// Alerts, their history and the rules they come from, as the window shows them.
// Immutable once published; share freely.
#pragma once

#include "core/labels/labels.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fleetglass::view {

enum class AlertState
{
    Pending,
    Firing,
    Resolved
};
enum class Severity
{
    Warning,
    Critical,
    Info
}; // From the label `severity`; Warning without one.

struct AlertView
{
    uint64_t id = 0; // Hash of the labels: the same instance keeps it.
    std::string name;
    std::string group;
    std::string expression;
    AlertState state = AlertState::Pending;
    Severity severity = Severity::Warning;
    labels::Labels labels; // Without alertname.
    std::vector<std::pair<std::string, std::string>> annotations; // Rendered.
    double value = 0;
    int64_t activeSinceMs = 0;
    int64_t firedMs = 0; // 0: not yet.
    int64_t resolvedMs = 0; // 0: still active.
    int64_t holdForMs = 0;
    std::optional<double> threshold; // Of a comparison with a number at the top of the expression.
    std::string thresholdOperator; // ">", "<=" ...
    int64_t acknowledgedMs = 0; // 0: no.
    int64_t snoozedUntilMs = 0;
    // The expression without its threshold over the last 6 h, newest last, for the sparkline.
    std::shared_ptr<const std::vector<double>> spark;
    std::string file;
    int line = 0;
};

// One stretch of one state of one instance, for ribbons and lanes.
struct AlertSpanView
{
    uint64_t alertId = 0;
    std::string name;
    Severity severity = Severity::Warning;
    AlertState state = AlertState::Pending; // Pending or Firing.
    labels::Labels labels;
    int64_t startMs = 0;
    int64_t endMs = 0; // 0: goes on.
    std::string text; // Summary or description as rendered when it began.
    std::optional<double> threshold;
    std::string thresholdOperator;
    std::string expression;
    bool snoozed = false;
};

enum class RuleHealth
{
    Unknown,
    Ok,
    Error
};

struct RuleView
{
    bool isAlerting = true;
    std::string name;
    std::string expression;
    int64_t holdForMs = 0;
    RuleHealth health = RuleHealth::Unknown;
    std::string error;
    double evaluationMs = 0;
    int64_t lastEvaluationMs = 0;
    int pending = 0;
    int firing = 0;
    int line = 0;
};

struct RuleGroupView
{
    std::string name;
    std::string file;
    int64_t intervalMs = 0;
    int64_t lastEvaluationMs = 0;
    double evaluationMs = 0;
    std::vector<RuleView> rules;
};

} // namespace fleetglass::view
