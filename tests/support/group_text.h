// Target groups as lines of text, for tests that compare all labels at once. Pure functions.
#pragma once

#include "core/discovery/options.h"

#include <algorithm>
#include <string>
#include <vector>

namespace fleetglass::test {

// "SOURCE ADDRESS {a=1, b=2}" for each target, labels sorted by name.
inline std::vector<std::string> textOf(const std::vector<discovery::TargetGroup>& groups)
{
    std::vector<std::string> lines;
    for (const discovery::TargetGroup& group : groups) {
        discovery::LabelPairs labels = group.labels;
        std::sort(labels.begin(), labels.end());
        std::string text;
        for (const auto& [name, value] : labels)
            text += (text.empty() ? "" : ", ") + name + '=' + value;
        for (const std::string& target : group.targets)
            lines.push_back(group.source + ' ' + target + " {" + text + '}');
    }
    return lines;
}

// Every label of one target, a line each: "name=value".
inline std::string labelLines(const discovery::TargetGroup& group)
{
    discovery::LabelPairs labels = group.labels;
    std::sort(labels.begin(), labels.end());
    std::string text
        = "__address__=" + (group.targets.empty() ? std::string() : group.targets.front()) + '\n';
    for (const auto& [name, value] : labels)
        text += name + '=' + value + '\n';
    return text;
}

} // namespace fleetglass::test
