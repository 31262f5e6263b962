// Rule files that must load, or fail with a message.
#include "core/config/rules.h"
#include "core/rules/template.h"
#include "tests/conformance/corpus.h"

namespace fleetglass::conformance {

namespace {

config::RuleLoadOptions optionsFor(const std::string& name, const nlohmann::json& item)
{
    config::RuleLoadOptions options;
    options.fileName = name;
    options.checkTemplate = rules::checkTemplate;
    options.nameValidation = item.value("name_validation", "utf8") == "legacy"
        ? scrape::NameValidation::Legacy
        : scrape::NameValidation::Utf8;
    return options;
}

void judge(
    Report& report, const std::string& id, const nlohmann::json& item, const std::string& text)
{
    const config::RuleReport loaded = config::loadRulesReport(text, optionsFor(id, item));
    const bool ok = item["ok"];
    const std::string error
        = loaded.errors.empty() ? std::string() : loaded.errors.front().toString();
    if (ok != error.empty())
        return report.fail(id, ok ? "loads" : item.dump(), error);
    if (item.contains("error_count") && item["error_count"] != loaded.errors.size())
        return report.fail(id, item["error_count"].dump() + " errors",
            std::to_string(loaded.errors.size()) + " errors");
    report.pass(id);
    if (!ok && item.contains("error"))
        compareWording(report, id, textOf(item["error"]), error);
}

void run(const std::filesystem::path& folder, Report& report)
{
    forEachCase(folder / "files.jsonl", [&](const nlohmann::json& item) {
        const std::string id = item["file"];
        judge(report, id, item, readFile(folder / id));
    });
    forEachCase(folder / "inline.jsonl",
        [&](const nlohmann::json& item) { judge(report, item["id"], item, textOf(item["yaml"])); });
}

const CorpusEntry kEntry("rules", run);

} // namespace

} // namespace fleetglass::conformance
