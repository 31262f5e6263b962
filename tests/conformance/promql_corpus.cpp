// The PromQL corpora: promqltest scripts (promql, promql-compliance), the runner's own cases
// (promqltest-runner), and range vectors and annotations with their data (promql-engine).
#include "core/base/number.h"
#include "tests/conformance/corpus.h"
#include "tests/support/promqltest.h"

#include <algorithm>
#include <cmath>

namespace fleetglass::conformance {

namespace {

using nlohmann::json;

std::vector<std::filesystem::path> scriptsIn(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> scripts;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".test")
            scripts.push_back(entry.path());
    }
    std::sort(scripts.begin(), scripts.end());
    return scripts;
}

void runScripts(const std::filesystem::path& folder, promql::EngineOptions options, Report& report)
{
    for (const auto& script : scriptsIn(folder)) {
        const std::string name = script.filename().string();
        const auto broken = test::runPromqltest(
            readFile(script), options, [&](const test::ScriptOutcome& outcome) {
                const std::string id = name + ':' + std::to_string(outcome.line);
                if (outcome.error)
                    report.fail(id, outcome.query, *outcome.error);
                else
                    report.pass(id);
            });
        if (broken)
            report.fail(name, "a script that can be read", *broken);
    }
}

// The first thing that goes wrong in a script, "" where nothing does.
std::string firstError(const std::string& script)
{
    std::string first;
    const auto broken = test::runPromqltest(
        script, test::promqltestOptions(), [&](const test::ScriptOutcome& outcome) {
            if (first.empty() && outcome.error)
                first = *outcome.error;
        });
    return broken ? *broken : first;
}

void runRunnerCases(const std::filesystem::path& folder, Report& report)
{
    forEachCase(folder / "scripts.jsonl", [&](const json& test) {
        const std::string id = test["id"];
        const bool ok = test["ok"];
        const std::string error = firstError(textOf(test["input"]));
        if (ok != error.empty())
            return report.fail(id, ok ? "ok" : textOf(test["error"]), error.empty() ? "ok" : error);
        report.pass(id);
        if (!ok)
            compareWording(report, id, textOf(test["error"]), error);
    });
    forEachCase(folder / "st_sequence.jsonl", [&](const json& test) {
        const std::string id = test["id"];
        const auto offsets = test::parseStartOffsets(textOf(test["input"]));
        json got;
        if (offsets) {
            got = json::array();
            for (const auto& offset : *offsets)
                got.push_back(offset ? json(*offset) : json());
        }
        const json expected = test["ok"].get<bool>() ? test["offsets_ms"] : json();
        if (got == expected)
            report.pass(id);
        else
            report.fail(id, expected.dump(), got.dump());
    });
}

labels::Labels labelsOf(const json& object)
{
    labels::Builder builder;
    for (const auto& [name, value] : object.items())
        builder.set(name, textOf(value));
    return builder.labels();
}

// Expected and actual matrix in one form that can be compared and shown.
std::string showMatrix(const json& matrix)
{
    std::vector<std::string> lines;
    for (const json& series : matrix) {
        std::string line = labelsOf(series["labels"]).toString();
        for (const json& point : series["points"])
            line += ' ' + std::to_string(point[0].get<int64_t>()) + '='
                + formatFloat(numberOf(point[1]));
        lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    return json(lines).dump();
}

std::string showMatrix(const std::vector<promql::MatrixSeries>& matrix)
{
    std::vector<std::string> lines;
    for (const promql::MatrixSeries& series : matrix) {
        std::string line = series.labels.toString();
        for (size_t i = 0; i < series.values.size(); ++i)
            line += ' ' + std::to_string(series.timestampsMs[i]) + '='
                + formatFloat(series.values[i]);
        lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    return json(lines).dump();
}

Result<promql::QueryResult> ask(const json& test, promql::EngineOptions options)
{
    test::MemoryStorage storage;
    if (const auto broken = test::loadPromqltest(textOf(test["load"]), storage))
        return failure(*broken);
    const promql::Engine engine(std::move(options));
    return engine.instant(storage, textOf(test["query"]), test["time_ms"].get<int64_t>());
}

void judge(
    Report& report, const std::string& id, const std::string& expected, const std::string& got)
{
    if (expected == got)
        report.pass(id);
    else
        report.fail(id, expected, got);
}

void runEngineCases(const std::filesystem::path& folder, Report& report)
{
    promql::EngineOptions options = test::promqltestOptions();
    options.samplesMax = 50'000'000;
    forEachCase(folder / "range_vectors.jsonl", [&](const json& test) {
        const auto result = ask(test, options);
        judge(report, test["id"], showMatrix(test["matrix"]),
            result ? showMatrix(result->matrix) : result.error().message);
    });
    forEachCase(folder / "rate_annotations.jsonl", [&](const json& test) {
        options.typeAndUnitLabels = test["type_and_unit_labels"];
        const auto result = ask(test, options);
        const json expected { { "warnings", test["warnings"] }, { "infos", test["infos"] } };
        const json got = result
            ? json { { "warnings", result->warnings }, { "infos", result->infos } }
            : json(result.error().message);
        judge(report, test["id"], expected.dump(), got.dump());
    });
}

const CorpusEntry kPromql("promql", [](const std::filesystem::path& folder, Report& report) {
    runScripts(folder, test::promqltestOptions(), report);
});

const CorpusEntry kCompliance(
    "promql-compliance", [](const std::filesystem::path& folder, Report& report) {
        promql::EngineOptions options = test::promqltestOptions();
        options.samplesMax = 50'000'000;
        runScripts(folder, options, report);
    });

const CorpusEntry kRunner("promqltest-runner", runRunnerCases);
const CorpusEntry kEngine("promql-engine", runEngineCases);

} // namespace

} // namespace fleetglass::conformance
