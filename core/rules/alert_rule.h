// AlertRule: the instances of one alerting rule through time, as Prometheus' AlertingRule has them:
// pending until `for` is over, firing, kept firing for keep_firing_for, resolved and kept 15
// minutes. Used from one thread at a time.
#pragma once

#include "core/base/result.h"
#include "core/promql/engine.h"
#include "core/rules/group.h"
#include "core/rules/template.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fleetglass::rules {

class AlertRule
{
public:
    // `options` must outlive it; `groupLabels` stand below the rule's own.
    AlertRule(
        const RuleOptions& options, const TextPairs& groupLabels, const GroupSettings& settings);

    // Takes in what the expression gave at timeMs. Fails, and changes nothing, where two instances
    // come out with the same labels, and past the limit (0: none), where every instance is dropped.
    Result<bool> update(const std::vector<promql::VectorSample>& samples, int64_t timeMs, int limit,
        const TemplateContext& templates);

    // ALERTS and ALERTS_FOR_STATE of the instances that are pending or firing.
    std::vector<promql::VectorSample> series(int64_t timeMs) const;

    const std::map<labels::Labels, AlertInstance>& instances() const { return m_instances; }
    std::map<labels::Labels, AlertInstance>& instances() { return m_instances; }

private:
    Result<std::map<labels::Labels, AlertInstance>> instancesOf(
        const std::vector<promql::VectorSample>& samples, int64_t timeMs,
        const TemplateContext& templates) const;
    AlertInstance instanceOf(
        const promql::VectorSample& sample, int64_t timeMs, const TemplateContext& templates) const;
    // False where the instance is to be forgotten.
    bool advance(AlertInstance& instance, bool holds, int64_t timeMs) const;

    const RuleOptions& m_options;
    TextPairs m_labels; // The group's, then the rule's.
    const GroupSettings& m_settings;
    std::map<labels::Labels, AlertInstance> m_instances;
};

} // namespace fleetglass::rules
