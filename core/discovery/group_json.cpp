#include "core/discovery/source.h"

#include "core/base/utf8.h"

#include <nlohmann/json.hpp>

namespace fleetglass::discovery {

namespace {

using Json = nlohmann::json;

constexpr size_t kGroupsMax = 100'000;
constexpr int kDepthMax = 8;

// Whether brackets nest deeper than a list of groups ever does.
bool isTooDeep(std::string_view text)
{
    int depth = 0;
    bool inString = false;
    for (size_t i = 0; i < text.size(); ++i) {
        if (inString) {
            if (text[i] == '\\')
                ++i;
            else
                inString = text[i] != '"';
            continue;
        }
        inString = text[i] == '"';
        depth += text[i] == '[' || text[i] == '{' ? 1 : 0;
        depth -= text[i] == ']' || text[i] == '}' ? 1 : 0;
        if (depth > kDepthMax)
            return true;
    }
    return false;
}

tl::unexpected<Error> atGroup(size_t index, const std::string& what)
{
    return failure("group " + std::to_string(index) + ": " + what);
}

Result<void> readTargets(const Json& json, size_t index, TargetGroup& group)
{
    if (json.is_null())
        return {};
    if (!json.is_array())
        return atGroup(index, "\"targets\" must be a list of texts");
    for (const Json& target : json) {
        if (!target.is_string())
            return atGroup(index, "a target must be a text like \"host:9100\"");
        group.targets.push_back(target.get<std::string>());
    }
    return {};
}

Result<void> readLabels(const Json& json, size_t index, TargetGroup& group)
{
    if (json.is_null())
        return {};
    if (!json.is_object())
        return atGroup(index, "\"labels\" must be an object of texts");
    for (const auto& [name, value] : json.items()) {
        if (!value.is_string())
            return atGroup(
                index, "the label \"" + clipUtf8(name, 80) + "\" must be a text, in quotes");
        if (name.empty())
            return atGroup(index, "\"\" is not a valid label name");
        group.labels.emplace_back(name, value.get<std::string>());
    }
    return {};
}

Result<TargetGroup> readGroup(const Json& json, size_t index)
{
    TargetGroup group;
    if (json.is_null())
        return atGroup(index, "null is no target group");
    if (!json.is_object())
        return atGroup(index, "an object with \"targets\" and \"labels\" is needed");
    for (const auto& [key, value] : json.items()) {
        Result<void> read;
        if (key == "targets")
            read = readTargets(value, index, group);
        else if (key == "labels")
            read = readLabels(value, index, group);
        else
            return atGroup(index,
                "unknown field \"" + clipUtf8(key, 80) + "\": only targets and labels belong here");
        if (!read)
            return failure(read.error());
    }
    return group;
}

} // namespace

Result<std::vector<TargetGroup>> groupsFromJson(std::string_view text)
{
    if (isTooDeep(text))
        return failure("the JSON is nested too deep for a list of target groups");
    const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (json.is_discarded())
        return failure("not JSON: a list like [{\"targets\": [\"host:9100\"]}] is needed");
    if (json.is_null())
        return std::vector<TargetGroup>();
    if (!json.is_array())
        return failure("a list of target groups is needed, [...]");
    if (json.size() > kGroupsMax)
        return failure("more than 100000 target groups", ErrorCode::Limit);
    std::vector<TargetGroup> groups;
    for (size_t i = 0; i < json.size(); ++i) {
        auto group = readGroup(json[i], i);
        if (!group)
            return failure(group.error());
        groups.push_back(std::move(*group));
    }
    return groups;
}

} // namespace fleetglass::discovery
