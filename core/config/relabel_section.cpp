#include "core/config/relabel_section.h"

#include "core/config/nearest.h"

#include <array>

namespace fleetglass::config {

namespace {

// A null regex is the empty one, unlike an absent one (relabel.Config.UnmarshalYAML).
void readPattern(Section& section, std::string& regex)
{
    if (const YamlNode* node = section.take("regex")) {
        regex.clear();
        readText(section.reader(), *node, regex);
    }
}

void readSourceLabels(Section& section, std::vector<std::string>& names)
{
    section.texts("source_labels", names);
    for (const std::string& name : names) {
        if (name.empty())
            section.failAt("source_labels", "\"\" is not a valid label name");
    }
}

relabel::RuleText readRuleText(Section& section)
{
    relabel::RuleText text;
    readSourceLabels(section, text.sourceLabels);
    section.text("separator", text.separator);
    readPattern(section, text.regex);
    section.unsignedInteger("modulus", text.modulus);
    section.text("target_label", text.targetLabel);
    section.text("replacement", text.replacement);
    section.text("action", text.action);
    section.finish();
    return text;
}

// The key a message of makeRule is about, so that the place is the line of the culprit.
std::string_view culprit(const std::string& message)
{
    if (message.find("regexp") != std::string::npos || message.find("pattern") != std::string::npos)
        return "regex";
    return message.find("unknown relabel action") != std::string::npos ? "action" : "";
}

std::string withNearestAction(std::string message, const std::string& action)
{
    constexpr std::array<std::string_view, 11> kActions { "replace", "keep", "drop", "keepequal",
        "dropequal", "hashmod", "labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase" };
    const std::string_view near = nearest(action, kActions);
    if (message.starts_with("unknown relabel action") && !near.empty())
        message += ", did you mean \"" + std::string(near) + "\"?";
    return message;
}

// Upstream meets a bad pattern before it checks the fields against each other.
void reportRule(Section& rule, const relabel::RuleText& text, const std::string& message)
{
    const Result<regex::Regex> pattern = regex::Regex::compileAnchored(text.regex);
    if (!pattern)
        rule.failAt("regex", pattern.error().message);
    else
        rule.failAt(culprit(message), withNearestAction(message, text.action));
}

} // namespace

void readRelabelRules(Section& section, std::string_view key, relabel::NameScheme names,
    std::string_view nullMessage, std::vector<relabel::Rule>& rules)
{
    const YamlNode* list = section.takeValue(key);
    if (list == nullptr)
        return;
    Reader& reader = section.reader();
    for (const YamlNode* item : listOf(reader, *list, "[]*relabel.Config")) {
        if (item->isNull()) {
            reader.fail(item->position, std::string(nullMessage));
            continue;
        }
        Section rule(reader, *item, "relabel.plain");
        const relabel::RuleText text = readRuleText(rule);
        Result<relabel::Rule> made = relabel::makeRule(text, names);
        if (made)
            rules.push_back(std::move(*made));
        else
            reportRule(rule, text, made.error().message);
    }
}

} // namespace fleetglass::config
