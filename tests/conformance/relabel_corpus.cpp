// relabel: label sets through relabel_configs, and rules that loading accepts or refuses.
#include "tests/conformance/corpus.h"

#include "core/relabel/rule.h"

namespace fleetglass::conformance {

namespace {

using nlohmann::json;

relabel::RuleText ruleText(const json& config, const std::string& defaultAction)
{
    relabel::RuleText text;
    for (const auto& label : config.value("source_labels", json::array()))
        text.sourceLabels.push_back(textOf(label));
    text.separator = config.value("separator", text.separator);
    text.regex = config.value("regex", text.regex);
    text.modulus = config.value("modulus", uint64_t { 0 });
    text.targetLabel = config.value("target_label", text.targetLabel);
    text.replacement = config.value("replacement", text.replacement);
    text.action = config.value("action", defaultAction);
    return text;
}

labels::Labels labelsOf(const json& object)
{
    labels::Builder builder;
    for (const auto& [name, value] : object.items())
        builder.set(name, textOf(value));
    return builder.labels();
}

void runCase(const json& test, Report& report)
{
    const std::string id = test["id"];
    std::vector<relabel::Rule> rules;
    for (const auto& config : test["relabel_configs"]) {
        auto rule = relabel::makeRule(ruleText(config, "replace"));
        if (!rule)
            return report.fail(id, "rules that load", rule.error().message);
        rules.push_back(std::move(*rule));
    }
    const auto result = relabel::apply(rules, labelsOf(test["input"]));
    const std::string got = result ? result->toString() : "dropped";
    const std::string expected
        = test.value("drop", false) ? "dropped" : labelsOf(test["output"]).toString();
    got == expected ? report.pass(id) : report.fail(id, expected, got);
}

void runValidation(const json& test, Report& report)
{
    const std::string id = test["id"];
    const auto names = test.value("name_validation", "utf8") == "legacy"
        ? relabel::NameScheme::Legacy
        : relabel::NameScheme::Utf8;
    const auto rule = relabel::makeRule(ruleText(test["relabel_config"], ""), names);
    if (rule.has_value() != test["ok"].get<bool>())
        return report.fail(id, test["ok"].dump(), rule ? "accepted" : rule.error().message);
    report.pass(id);
    if (!rule && test.contains("error"))
        compareWording(report, id, test["error"].get<std::string>(), rule.error().message);
}

void run(const std::filesystem::path& folder, Report& report)
{
    forEachCase(folder / "cases.jsonl", [&](const json& test) { runCase(test, report); });
    forEachCase(folder / "validate.jsonl", [&](const json& test) { runValidation(test, report); });
}

const CorpusEntry kEntry("relabel", run);

} // namespace

} // namespace fleetglass::conformance
