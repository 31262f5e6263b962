// Documents of target groups: what they hold, or that they are refused.
#include "core/config/target_groups.h"
#include "tests/conformance/corpus.h"

#include <map>

namespace fleetglass::conformance {

namespace {

nlohmann::json toJson(const std::vector<discovery::TargetGroup>& groups)
{
    nlohmann::json result = nlohmann::json::array();
    for (const discovery::TargetGroup& group : groups) {
        const std::map<std::string, std::string> labels(group.labels.begin(), group.labels.end());
        result.push_back({ { "targets", group.targets }, { "labels", labels } });
    }
    return result;
}

void runCase(const std::filesystem::path& folder, Report& report, const nlohmann::json& item)
{
    const std::string id = item["file"];
    const std::filesystem::path file = folder / "fixtures" / id;
    const bool ok = item["ok"];
    const auto format = config::targetFormat(id);
    if (!format) {
        ok ? report.fail(id, "loads", format.error().message) : report.pass(id);
        return;
    }
    const auto groups = config::readTargetGroups(readFile(file), *format, id);
    if (ok != groups.has_value())
        report.fail(id, ok ? "loads" : "is refused", groups ? "loads" : groups.error().message);
    else if (groups && item.contains("groups") && toJson(*groups) != item["groups"])
        report.fail(id, item["groups"].dump(), toJson(*groups).dump());
    else
        report.pass(id);
}

void run(const std::filesystem::path& folder, Report& report)
{
    forEachCase(
        folder / "cases.jsonl", [&](const nlohmann::json& item) { runCase(folder, report, item); });
}

const CorpusEntry kEntry("file-sd", run);

} // namespace

} // namespace fleetglass::conformance
