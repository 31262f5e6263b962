#include "ui/models/differing_labels.h"

#include <algorithm>
#include <set>

namespace fleetglass::models {

std::vector<std::string> differingLabels(std::span<const labels::Labels> sets)
{
    std::set<std::string> names;
    for (const labels::Labels& set : sets) {
        for (const labels::Label& label : set)
            names.emplace(label.name);
    }
    std::vector<std::string> differing;
    for (const std::string& name : names) {
        const bool same = std::all_of(sets.begin(), sets.end(),
            [&](const labels::Labels& set) { return set.get(name) == sets.front().get(name); });
        if (!same)
            differing.push_back(name);
    }
    std::stable_partition(differing.begin(), differing.end(),
        [](const std::string& name) { return name == labels::kMetricName; });
    std::stable_partition(differing.begin(), differing.end(),
        [](const std::string& name) { return name == "instance"; });
    return differing;
}

labels::Labels sharedLabels(std::span<const labels::Labels> sets)
{
    if (sets.empty())
        return {};
    std::vector<labels::Label> shared;
    for (const labels::Label& label : sets.front()) {
        const bool same = std::all_of(sets.begin(), sets.end(),
            [&](const labels::Labels& set) { return set.get(label.name) == label.value; });
        if (same && label.name != labels::kMetricName)
            shared.push_back(label);
    }
    return labels::Labels::fromViews(shared);
}

std::string sharedMetric(std::span<const labels::Labels> sets)
{
    if (sets.empty())
        return {};
    const std::string name(sets.front().metricName());
    const bool same = std::all_of(sets.begin(), sets.end(),
        [&](const labels::Labels& set) { return set.metricName() == name; });
    return same ? name : std::string();
}

} // namespace fleetglass::models
