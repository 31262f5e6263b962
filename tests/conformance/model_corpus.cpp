// model: durations, names and their escaping, label regexes, sanitizing.
#include "tests/conformance/corpus.h"

#include "core/base/duration.h"
#include "core/exposition/names.h"
#include "core/labels/labels.h"
#include "core/regex/regex.h"

namespace fleetglass::conformance {

namespace {

using exposition::Escaping;
using nlohmann::json;

// Reports the first difference of a case with several questions.
class Answers
{
public:
    Answers(std::string id, Report& report)
        : m_id(std::move(id))
        , m_report(report)
    {
    }
    ~Answers()
    {
        m_expected == m_got ? m_report.pass(m_id) : m_report.fail(m_id, m_expected, m_got);
    }
    Answers(const Answers&) = delete;
    Answers& operator=(const Answers&) = delete;

    void equal(const std::string& expected, const std::string& got)
    {
        if (m_expected == m_got && expected != got) {
            m_expected = expected;
            m_got = got;
        }
    }
    void equal(bool expected, bool got)
    {
        equal(std::string(expected ? "true" : "false"), std::string(got ? "true" : "false"));
    }

private:
    std::string m_id;
    Report& m_report;
    std::string m_expected;
    std::string m_got;
};

void runDuration(const json& test, Report& report)
{
    Answers answers(test["id"], report);
    const std::string input = textOf(test["input"]);
    const auto duration
        = test.value("allow_negative", false) ? parseSignedDuration(input) : parseDuration(input);
    answers.equal(test["ok"].get<bool>(), duration.has_value());
    if (!duration || !test["ok"].get<bool>())
        return;
    answers.equal(std::to_string(test["ms"].get<int64_t>()), std::to_string(duration->count()));
    if (test.contains("string"))
        answers.equal(textOf(test["string"]), formatDuration(*duration));
}

void runName(const json& test, Report& report)
{
    Answers answers(test["id"], report);
    if (test.contains("input")) {
        const std::string input = textOf(test["input"]);
        const auto dots = exposition::escapeName(input, Escaping::Dots);
        answers.equal(
            textOf(test["underscores"]), exposition::escapeName(input, Escaping::Underscores));
        answers.equal(textOf(test["dots"]), dots);
        answers.equal(
            textOf(test["dots_unescaped"]), exposition::unescapeName(dots, Escaping::Dots));
        answers.equal(textOf(test["values"]), exposition::escapeName(input, Escaping::Values));
    } else if (test.contains("escaped")) {
        answers.equal(textOf(test["unescaped"]),
            exposition::unescapeName(textOf(test["escaped"]), Escaping::Values));
    } else if (test.contains("labels")) {
        labels::Builder builder;
        for (const auto& [name, value] : test["labels"].items())
            builder.set(name, textOf(value));
        answers.equal(textOf(test["string"]), builder.labels().toSelector());
    } else {
        const std::string name = textOf(test["name"]);
        answers.equal(test["legacy"].get<bool>(), labels::isLegacyMetricName(name));
        answers.equal(test["utf8"].get<bool>(), exposition::isValidUtf8Name(name));
    }
}

void runRegex(const json& test, Report& report)
{
    Answers answers(test["id"], report);
    const auto regex = regex::Regex::compileAnchored(textOf(test["regex"]));
    answers.equal(test["ok"].get<bool>(), regex.has_value());
    if (!regex)
        return answers.equal(
            "compiles", test["ok"].get<bool>() ? regex.error().message : "compiles");
    for (const auto& text : test.value("match", json::array()))
        answers.equal("match " + textOf(text),
            (regex->matches(textOf(text)) ? "match " : "no match ") + textOf(text));
    for (const auto& text : test.value("no_match", json::array()))
        answers.equal("no match " + textOf(text),
            (regex->matches(textOf(text)) ? "match " : "no match ") + textOf(text));
}

void runSanitize(const json& test, Report& report)
{
    Answers answers(test["id"], report);
    const std::string input = textOf(test["input"]);
    answers.equal(textOf(test["output"]),
        test["function"] == "SanitizeLabelName" ? exposition::sanitizeLabelName(input)
                                                : exposition::sanitizeFullLabelName(input));
}

void run(const std::filesystem::path& folder, Report& report)
{
    forEachCase(folder / "durations.jsonl", [&](const json& test) { runDuration(test, report); });
    forEachCase(folder / "names.jsonl", [&](const json& test) { runName(test, report); });
    forEachCase(folder / "label_regex.jsonl", [&](const json& test) { runRegex(test, report); });
    forEachCase(folder / "sanitize.jsonl", [&](const json& test) { runSanitize(test, report); });
}

const CorpusEntry kEntry("model", run);

} // namespace

} // namespace fleetglass::conformance
