#include "core/rules/template.h"

#include "core/rules/template_exec.h"
#include "core/rules/template_parser.h"
#include "core/rules/template_value.h"

#include <set>

namespace fleetglass::rules {

namespace {

// What Prometheus puts before the text of a rule (rules/alerting.go); columns in messages count it.
constexpr std::string_view kPrelude = "{{$labels := .Labels}}"
                                      "{{$externalLabels := .ExternalLabels}}"
                                      "{{$externalURL := .ExternalURL}}"
                                      "{{$value := .Value}}";

constexpr std::string_view kDataType
    = "struct { Labels map[string]string; ExternalLabels "
      "map[string]string; ExternalURL string; Value interface {} }";

tmpl::Value valueOf(const TemplateData& data)
{
    tmpl::MapValue record;
    record.isStruct = true;
    record.typeName = kDataType;
    record.depth = 2;
    record.entries.emplace_back("Labels", tmpl::Value::labels(data.labels));
    record.entries.emplace_back("ExternalLabels", tmpl::Value::labels(data.externalLabels));
    record.entries.emplace_back("ExternalURL", tmpl::Value::string(data.externalUrl));
    record.entries.emplace_back("Value",
        data.histogram ? tmpl::Value::histogram(data.histogram) : tmpl::Value::real(data.value));
    return tmpl::Value::map(std::move(record));
}

void collectLabels(const tmpl::Node& node, std::set<std::string>& names)
{
    const auto& parts = node.names;
    if (node.kind == tmpl::NodeKind::Variable && parts.size() > 1 && parts[0] == "$labels")
        names.insert(parts[1]);
    const bool throughDot = node.kind == tmpl::NodeKind::Field && parts.size() > 1;
    if (throughDot && parts[0] == "Labels")
        names.insert(parts[1]);
    const bool throughRoot = node.kind == tmpl::NodeKind::Variable && parts.size() > 2;
    if (throughRoot && parts[0] == "$" && parts[1] == "Labels")
        names.insert(parts[2]);
    for (const auto* list : { &node.nodes, &node.list, &node.elseList }) {
        for (const auto& child : *list)
            collectLabels(*child, names);
    }
    if (node.pipe)
        collectLabels(*node.pipe, names);
}

} // namespace

Result<std::string> expandTemplate(
    std::string_view text, const TemplateData& data, const TemplateContext& context)
{
    return tmpl::expandWith(
        std::string(kPrelude) + std::string(text), valueOf(data), { data.externalUrl }, context);
}

std::optional<std::string> checkTemplate(std::string_view text)
{
    const auto program = tmpl::parseTemplate(std::string(kPrelude) + std::string(text), "template");
    if (!program)
        return program.error().message;
    return std::nullopt;
}

std::vector<std::string> labelsReadBy(std::string_view text)
{
    const auto program = tmpl::parseTemplate(std::string(kPrelude) + std::string(text), "template");
    std::set<std::string> names;
    if (program) {
        for (const auto& [name, list] : (*program)->templates) {
            for (const auto& node : list)
                collectLabels(*node, names);
        }
    }
    return { names.begin(), names.end() };
}

} // namespace fleetglass::rules
