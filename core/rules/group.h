// Group: the rules of one group, evaluated in order at one time, with the state of their alerts
// (Prometheus' rules/group.go and alerting.go). Used from one thread at a time.
#pragma once

#include "core/base/result.h"
#include "core/promql/engine.h"
#include "core/rules/rule_file.h"
#include "core/rules/threshold.h"
#include "core/storage/appender.h"
#include "core/storage/querier.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace fleetglass::rules {

// What a group needs to evaluate; everything outlives the call.
struct EvaluationContext
{
    const promql::Engine& engine;
    const storage::Querier& querier;
    storage::Appender& appender;
};

struct GroupSettings
{
    Millis intervalDefault { 60'000 };
    Millis queryOffset { 0 };
    labels::Labels externalLabels;
    std::string externalUrl;
};

enum class AlertState
{
    Inactive,
    Pending,
    Firing
};

// One instance of an alert as an evaluation left it.
struct AlertInstance
{
    labels::Labels labels; // With alertname.
    std::vector<std::pair<std::string, std::string>> annotations; // Rendered.
    AlertState state = AlertState::Pending;
    double value = 0;
    int64_t activeAtMs = 0;
    int64_t firedAtMs = 0; // 0: not yet.
    int64_t keepFiringSinceMs = 0; // 0: the expression still holds.
    int64_t resolvedAtMs = 0; // Set once it became inactive; kept for 15 minutes.
};

enum class RuleHealth
{
    Unknown,
    Ok,
    Error
};

struct RuleStatus
{
    const RuleOptions* options = nullptr; // Lives as long as the group.
    RuleHealth health = RuleHealth::Unknown;
    std::string error;
    double evaluationMs = 0;
    int64_t lastEvaluationMs = 0;
    std::optional<Threshold> threshold;
    std::vector<AlertInstance> alerts; // Pending, firing and lately resolved; by labels.
};

class Group
{
public:
    // Fails where an expression does not parse; messages carry file, line and column.
    static Result<std::unique_ptr<Group>> create(GroupOptions options, GroupSettings settings,
        const promql::ParseOptions& parse = promql::ParseOptions::everything());
    ~Group();
    Group(const Group&) = delete;
    Group& operator=(const Group&) = delete;

    const GroupOptions& options() const;
    Millis interval() const;

    // Evaluates every rule at timeMs (less the query offset): recording rules and ALERTS,
    // ALERTS_FOR_STATE go to the appender, series that ended get stale markers. A rule that fails
    // does not keep the others from running.
    void evaluate(int64_t timeMs, const EvaluationContext& context, std::stop_token stop = {});

    // Takes over the alerts of the same rules of an older group (hot reload).
    void adoptState(Group& older);
    // Time passed that does not count, as nobody could look: `for` of what is pending and
    // keep_firing_for begin so much later.
    void postponeAlerts(Millis time);
    // Stale markers for everything it wrote, when it goes for good.
    void retire(int64_t timeMs, storage::Appender& appender);

    std::vector<RuleStatus> statuses() const;
    int64_t lastEvaluationMs() const;
    double evaluationMs() const;

private:
    struct State;
    explicit Group(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace fleetglass::rules
