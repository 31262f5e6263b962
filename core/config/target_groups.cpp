#include "core/config/target_groups.h"

#include "core/config/discovery_section.h"
#include "core/config/json_text.h"
#include "core/config/yaml_reader.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <cctype>

namespace fleetglass::config {

namespace {

std::string endingOf(std::string_view path)
{
    const size_t dot = path.rfind('.');
    const size_t slash = path.rfind('/');
    if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash))
        return {};
    std::string ending(path.substr(dot));
    std::transform(ending.begin(), ending.end(), ending.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return ending;
}

// JSON knows what a string is; YAML would take 1 or true for one.
void requireStrings(Reader& reader, const YamlNode& group)
{
    const auto require = [&reader](const YamlNode& node) {
        if (node.isNull() || (node.isScalar() && node.plain))
            failType(reader, node, "string");
    };
    if (const YamlEntry* targets = group.find("targets")) {
        for (const YamlNode* target : targets->value->items)
            require(*target);
    }
    if (const YamlEntry* labels = group.find("labels")) {
        for (const YamlEntry& label : labels->value->entries)
            require(*label.value);
    }
}

} // namespace

Result<TargetFormat> targetFormat(std::string_view path)
{
    const std::string ending = endingOf(path);
    if (ending == ".json")
        return TargetFormat::Json;
    if (ending == ".yml" || ending == ".yaml")
        return TargetFormat::Yaml;
    return failure(std::string(path) + ": invalid file extension: " + labels::quote(ending));
}

Result<std::vector<discovery::TargetGroup>> readTargetGroups(
    std::string_view text, TargetFormat format, const std::string& source)
{
    const auto fail
        = [&](const Error& error) { return failure(error.at(source), error.code, error.position); };
    // JSON is a part of YAML but for its escapes, yet a JSON document must not use the rest.
    if (format == TargetFormat::Json) {
        if (const Result<bool> checked = checkJson(text); !checked)
            return fail(checked.error());
    }
    const Result<YamlDocument> document = readYaml(text);
    if (!document)
        return fail(document.error());
    Reader reader(source, {});
    std::vector<discovery::TargetGroup> groups;
    for (const YamlNode* item : listOf(reader, *document->root, "[]*targetgroup.Group")) {
        if (item->isNull()) {
            reader.fail(item->position,
                "nil target group item found (index " + std::to_string(groups.size()) + ")");
            break;
        }
        discovery::TargetGroup& group = groups.emplace_back();
        readTargetGroup(reader, *item, group);
        if (format == TargetFormat::Json)
            requireStrings(reader, *item);
        group.source = source + ":" + std::to_string(groups.size() - 1);
    }
    for (const Problem& problem : reader.problems()) {
        if (problem.severity == Severity::Error)
            return failure(problem.toError());
    }
    return groups;
}

Result<std::vector<discovery::TargetGroup>> targetGroupsFromYaml(std::string_view text)
{
    auto groups = readTargetGroups(text, TargetFormat::Yaml, {});
    if (groups)
        return groups;
    Error error = groups.error();
    if (error.message.starts_with(':'))
        error.message.erase(0, 1); // The place where the file's name would have stood.
    return failure(std::move(error));
}

} // namespace fleetglass::config
