// Relabelling as the operator writes it: its own fields under other names, and selectors as rules.
#include "core/config/operator_nodes.h"
#include "core/discovery/meta_labels.h"

#include <array>
#include <map>

namespace fleetglass::config::monitoring {

namespace {

using discovery::sanitizeLabelName;

std::vector<std::string> textsOf(const YamlNode* list)
{
    std::vector<std::string> values;
    for (const YamlNode* item : list ? list->items : std::vector<const YamlNode*> {})
        values.push_back(item->text);
    return values;
}

std::string joined(const std::vector<std::string>& words, const char* between)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : between) + word;
    return text;
}

// The labels of matchLabels in order.
std::map<std::string, const YamlNode*> matchLabels(Fields& selector)
{
    std::map<std::string, const YamlNode*> labels;
    if (const YamlNode* map = selector.take("matchLabels")) {
        for (const YamlEntry& entry : map->entries)
            labels[entry.key] = entry.value;
    }
    return labels;
}

struct Requirement
{
    std::string key;
    std::string relation;
    std::vector<std::string> values;
    Position position;
};

std::vector<Requirement> requirements(Fields& selector)
{
    std::vector<Requirement> all;
    const YamlNode* list = selector.take("matchExpressions");
    size_t index = 0;
    for (const YamlNode* item : list ? list->items : std::vector<const YamlNode*> {}) {
        Fields fields(selector.resource(), item,
            selector.pathOf("matchExpressions[" + std::to_string(index++) + ']'));
        Requirement requirement { fields.text("key"), fields.text("operator"),
            textsOf(fields.take("values")), item->position };
        fields.finish();
        const bool isKnown = requirement.relation == "In" || requirement.relation == "NotIn"
            || requirement.relation == "Exists" || requirement.relation == "DoesNotExist";
        if (isKnown)
            all.push_back(std::move(requirement));
        else
            selector.resource().skip(*item, fields.path(),
                "operator \"" + requirement.relation
                    + "\" is none of In, NotIn, Exists and DoesNotExist");
    }
    return all;
}

} // namespace

void addRule(const Resource& resource, YamlNode& rules, Position position, const RuleParts& parts)
{
    YamlNode& rule = resource.maker.map(position);
    if (!parts.action.empty())
        resource.maker.setText(rule, "action", parts.action);
    if (!parts.sources.empty())
        NodeMaker::set(rule, "source_labels", &resource.maker.texts(parts.sources, position));
    if (!parts.regex.empty())
        resource.maker.setText(rule, "regex", parts.regex);
    if (!parts.target.empty())
        resource.maker.setText(rule, "target_label", parts.target);
    if (!parts.replacement.empty())
        resource.maker.setText(rule, "replacement", parts.replacement);
    rules.items.push_back(&rule);
}

void addRelabelings(Fields& fields, std::string_view key, YamlNode& rules)
{
    const YamlNode* list = fields.take(key);
    size_t index = 0;
    for (const YamlNode* item : list ? list->items : std::vector<const YamlNode*> {}) {
        Fields from(fields.resource(), item,
            fields.pathOf(std::string(key) + '[' + std::to_string(index++) + ']'));
        YamlNode& rule = fields.resource().maker.map(item->position);
        from.copy("sourceLabels", rule, "source_labels");
        from.copy("separator", rule, "separator");
        from.copy("targetLabel", rule, "target_label");
        from.copy("regex", rule, "regex");
        from.copy("modulus", rule, "modulus");
        from.copy("replacement", rule, "replacement");
        from.copyLower("action", rule, "action");
        from.finish();
        rules.items.push_back(&rule);
    }
}

void addSelectorRules(Fields selector, std::string_view role, YamlNode& rules)
{
    const Resource& resource = selector.resource();
    const std::string prefix = "__meta_kubernetes_" + std::string(role) + "_label";
    for (const auto& [key, value] : matchLabels(selector)) {
        const std::string clean = sanitizeLabelName(key);
        addRule(resource, rules, value->position,
            { "keep", { prefix + '_' + clean, prefix + "present_" + clean },
                '(' + value->text + ");true", {}, {} });
    }
    for (const Requirement& wanted : requirements(selector)) {
        const std::string clean = sanitizeLabelName(wanted.key);
        const bool keeps = wanted.relation == "In" || wanted.relation == "Exists";
        const bool hasValues = wanted.relation == "In" || wanted.relation == "NotIn";
        RuleParts parts { keeps ? "keep" : "drop", { prefix + "present_" + clean }, "true", {},
            {} };
        if (hasValues) {
            parts.sources.insert(parts.sources.begin(), prefix + '_' + clean);
            parts.regex = '(' + joined(wanted.values, "|") + ");true";
        }
        addRule(resource, rules, wanted.position, parts);
    }
    selector.finish();
}

std::string selectorText(Fields selector)
{
    std::map<std::string, std::string> terms;
    for (const auto& [key, value] : matchLabels(selector))
        terms[key] = key + '=' + value->text;
    for (const Requirement& wanted : requirements(selector)) {
        std::string& term = terms[wanted.key];
        term += term.empty() ? "" : ",";
        if (wanted.relation == "In")
            term += wanted.key + " in (" + joined(wanted.values, ",") + ')';
        else if (wanted.relation == "NotIn")
            term += wanted.key + " notin (" + joined(wanted.values, ",") + ')';
        else
            term += (wanted.relation == "Exists" ? "" : "!") + wanted.key;
    }
    selector.finish();
    std::string text;
    for (const auto& [key, term] : terms)
        text += (text.empty() ? "" : ",") + term;
    return text;
}

} // namespace fleetglass::config::monitoring
