// template: expansion of templates, the humanize functions, and links of expressions.
#include "tests/conformance/corpus.h"

#include "core/rules/template_exec.h"
#include "core/rules/template_humanize.h"
#include "core/rules/template_text.h"

namespace fleetglass::conformance {

namespace {

using nlohmann::json;
using rules::tmpl::Value;

constexpr int64_t kTimeMs = 1'353'755'652'000;
constexpr const char* kExternalUrl = "http://testhost:9090/path/prefix";

labels::Labels labelsOf(const json& object)
{
    labels::Builder builder;
    for (const auto& [name, value] : object.items())
        builder.set(name, textOf(value));
    return builder.labels();
}

rules::TemplateSample sampleOf(const json& text)
{
    rules::TemplateSample sample;
    sample.labels = labelsOf(text.value("labels", json::object()));
    if (text.contains("histogram")) {
        histogram::Histogram histogram;
        histogram.count = numberOf(text["histogram"]["count"]);
        histogram.sum = numberOf(text["histogram"]["sum"]);
        sample.histogram = std::make_shared<const histogram::Histogram>(std::move(histogram));
    } else {
        sample.value = numberOf(text["value"]);
    }
    return sample;
}

// Integers past 2^53 are written as texts, in lists of integers.
bool isIntegerText(const std::string& text)
{
    const size_t start = !text.empty() && text[0] == '-' ? 1 : 0;
    return text.size() > start + 15
        && text.find_first_not_of("0123456789", start) == std::string::npos;
}

Value integerOf(const std::string& text)
{
    if (text[0] == '-')
        return Value::integer(std::stoll(text));
    const uint64_t value = std::stoull(text);
    return value > static_cast<uint64_t>(INT64_MAX) ? Value::uinteger(value)
                                                    : Value::integer(static_cast<int64_t>(value));
}

Value valueOf(const json& value)
{
    if (value.is_number_integer())
        return Value::integer(value.get<int64_t>());
    if (value.is_number())
        return Value::real(value.get<double>());
    const auto text = textOf(value);
    if (text == "NaN" || text == "+Inf" || text == "-Inf")
        return Value::real(numberOf(value));
    return isIntegerText(text) ? integerOf(text) : Value::string(text);
}

Value inputOf(const json& input)
{
    if (input["type"] == "sample")
        return Value::sample(std::make_shared<const rules::TemplateSample>(sampleOf(input)));
    if (input["type"] != "list")
        return valueOf(input["value"]);
    rules::tmpl::ListValue list;
    list.typeName = "[]interface {}";
    for (const auto& item : input["values"])
        list.items.push_back(valueOf(item));
    return Value::list(std::move(list));
}

rules::tmpl::ExecOptions optionsOf(const json& test)
{
    using rules::tmpl::MissingKey;
    rules::tmpl::ExecOptions options { kExternalUrl };
    for (const auto& option : test.value("options", json::array())) {
        if (option == "missingkey=error")
            options.missingKey = MissingKey::Error;
        if (option == "missingkey=default" || option == "missingkey=invalid")
            options.missingKey = MissingKey::NoValue;
    }
    return options;
}

Result<std::string> expanded(const json& test)
{
    rules::TemplateContext context;
    context.name = "test";
    context.timeMs = kTimeMs;
    context.html = test.value("html", false);
    context.query = [&](const std::string&) -> Result<std::vector<rules::TemplateSample>> {
        std::vector<rules::TemplateSample> samples;
        for (const auto& sample : test.value("query_result", json::array()))
            samples.push_back(sampleOf(sample));
        return samples;
    };
    const Value dot = test.contains("input") ? inputOf(test["input"]) : Value();
    return rules::tmpl::expandWith(textOf(test["text"]), dot, optionsOf(test), context);
}

void runCase(const json& test, Report& report)
{
    const std::string id = test["id"];
    const auto result = expanded(test);
    const std::string got = result ? *result : result.error().message;
    if (result.has_value() != test["ok"].get<bool>())
        return report.fail(id, test["ok"].dump(), got);
    const std::string expected = textOf(result ? test["output"] : test["error"]);
    if (result)
        return got == expected ? report.pass(id) : report.fail(id, expected, got);
    report.pass(id);
    compareWording(report, id, expected, got);
}

void runHumanize(const json& test, Report& report)
{
    const std::string id = test["id"];
    json expansion = test;
    expansion["text"] = "{{ " + test["function"].get<std::string>() + " . }}";
    expansion["input"] = { { "type", "value" }, { "value", test["input"] } };
    const auto result = expanded(expansion);
    const std::string got = result ? *result : result.error().message;
    const std::string expected = textOf(test.contains("output") ? test["output"] : test["error"]);
    const bool right
        = test.contains("output") ? result && got == expected : !result && got.ends_with(expected);
    right ? report.pass(id) : report.fail(id, expected, got);
}

void runLink(const json& test, Report& report)
{
    const auto expression = textOf(test["expression"]);
    const std::string got
        = rules::tmpl::graphLink(expression) + ' ' + rules::tmpl::tableLink(expression);
    const std::string expected = textOf(test["graph_link"]) + ' ' + textOf(test["table_link"]);
    got == expected ? report.pass(test["id"].get<std::string>())
                    : report.fail(test["id"].get<std::string>(), expected, got);
}

void run(const std::filesystem::path& folder, Report& report)
{
    forEachCase(folder / "cases.jsonl", [&](const json& test) { runCase(test, report); });
    forEachCase(folder / "humanize.jsonl", [&](const json& test) { runHumanize(test, report); });
    forEachCase(folder / "links.jsonl", [&](const json& test) { runLink(test, report); });
}

const CorpusEntry kEntry("template", run);

} // namespace

} // namespace fleetglass::conformance
