#include "core/rules/alert_rule.h"

#include "core/base/duration.h"

#include <algorithm>

namespace fleetglass::rules {

namespace {

// How long a resolved instance stays, so that whoever is told of it can be told again.
constexpr int64_t kResolvedKeptMs = 15 * 60 * 1000;

// A template that fails shows that it did; the alert itself must not be lost with it.
std::string expandOrExplain(
    const std::string& text, const TemplateData& data, const TemplateContext& templates)
{
    if (text.find("{{") == std::string::npos)
        return text;
    auto expanded = expandTemplate(text, data, templates);
    return expanded ? std::move(*expanded)
                    : "<error expanding template: " + expanded.error().message + '>';
}

TemplateData dataOf(const promql::VectorSample& sample, const GroupSettings& settings)
{
    TemplateData data;
    data.labels = sample.labels;
    data.externalLabels = settings.externalLabels;
    data.externalUrl = settings.externalUrl;
    data.value = sample.value;
    data.histogram = sample.histogram;
    return data;
}

bool isActive(const AlertInstance& instance)
{
    return instance.state != AlertState::Inactive;
}

} // namespace

AlertRule::AlertRule(
    const RuleOptions& options, const TextPairs& groupLabels, const GroupSettings& settings)
    : m_options(options)
    , m_labels(groupLabels)
    , m_settings(settings)
{
    m_labels.insert(m_labels.end(), options.labels.begin(), options.labels.end());
}

AlertInstance AlertRule::instanceOf(
    const promql::VectorSample& sample, int64_t timeMs, const TemplateContext& templates) const
{
    const TemplateData data = dataOf(sample, m_settings);
    labels::Builder builder(sample.labels);
    builder.remove(labels::kMetricName);
    for (const auto& [name, text] : m_labels)
        builder.set(name, expandOrExplain(text, data, templates));
    builder.set("alertname", m_options.name);
    AlertInstance instance;
    instance.labels = builder.labels();
    for (const auto& [name, text] : m_options.annotations)
        instance.annotations.emplace_back(name, expandOrExplain(text, data, templates));
    instance.value = sample.histogram ? sample.histogram->sum : sample.value;
    instance.activeAtMs = timeMs;
    return instance;
}

Result<std::map<labels::Labels, AlertInstance>> AlertRule::instancesOf(
    const std::vector<promql::VectorSample>& samples, int64_t timeMs,
    const TemplateContext& templates) const
{
    std::map<labels::Labels, AlertInstance> found;
    for (const auto& sample : samples) {
        AlertInstance instance = instanceOf(sample, timeMs, templates);
        const labels::Labels key = instance.labels;
        if (!found.emplace(key, std::move(instance)).second)
            return failure(
                "vector contains metrics with the same labelset after applying alert labels: "
                + key.toString());
    }
    return found;
}

Result<bool> AlertRule::update(const std::vector<promql::VectorSample>& samples, int64_t timeMs,
    int limit, const TemplateContext& templates)
{
    auto found = instancesOf(samples, timeMs, templates);
    if (!found)
        return failure(found.error());
    for (auto& [key, instance] : *found) {
        const auto known = m_instances.find(key);
        if (known == m_instances.end() || !isActive(known->second)) {
            m_instances[key] = instance;
        } else {
            known->second.value = instance.value;
            known->second.annotations = instance.annotations;
        }
    }
    for (auto it = m_instances.begin(); it != m_instances.end();)
        it = advance(it->second, found->contains(it->first), timeMs) ? std::next(it)
                                                                     : m_instances.erase(it);
    const auto active = std::count_if(m_instances.begin(), m_instances.end(),
        [](const auto& entry) { return isActive(entry.second); });
    if (limit > 0 && active > limit) {
        m_instances.clear();
        return failure("exceeded limit of " + std::to_string(limit) + " with "
                + std::to_string(active) + " alerts",
            ErrorCode::Limit);
    }
    return true;
}

bool AlertRule::advance(AlertInstance& instance, bool holds, int64_t timeMs) const
{
    if (holds) {
        instance.keepFiringSinceMs = 0;
    } else {
        const bool mayBeKept
            = instance.state == AlertState::Firing && m_options.keepFiringFor.count() > 0;
        if (mayBeKept && instance.keepFiringSinceMs == 0)
            instance.keepFiringSinceMs = timeMs;
        const bool kept
            = mayBeKept && timeMs - instance.keepFiringSinceMs < m_options.keepFiringFor.count();
        if (!kept) {
            const bool old
                = instance.resolvedAtMs != 0 && timeMs - instance.resolvedAtMs > kResolvedKeptMs;
            if (instance.state == AlertState::Pending || old)
                return false;
            if (isActive(instance)) {
                instance.state = AlertState::Inactive;
                instance.resolvedAtMs = timeMs;
            }
            return true;
        }
    }
    if (instance.state == AlertState::Pending
        && timeMs - instance.activeAtMs >= m_options.holdFor.count()) {
        instance.state = AlertState::Firing;
        instance.firedAtMs = timeMs;
    }
    return true;
}

std::vector<promql::VectorSample> AlertRule::series(int64_t timeMs) const
{
    std::vector<promql::VectorSample> samples;
    for (const auto& [key, instance] : m_instances) {
        if (!isActive(instance))
            continue;
        labels::Builder state(key);
        state.set(labels::kMetricName, "ALERTS");
        state.set("alertstate", instance.state == AlertState::Firing ? "firing" : "pending");
        samples.push_back({ state.labels(), timeMs, 1, nullptr });
        labels::Builder since(key);
        since.set(labels::kMetricName, "ALERTS_FOR_STATE");
        // In whole seconds, as Prometheus writes it.
        samples.push_back(
            { since.labels(), timeMs, static_cast<double>(instance.activeAtMs / 1000), nullptr });
    }
    return samples;
}

} // namespace fleetglass::rules
