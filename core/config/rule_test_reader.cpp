#include "core/config/rule_test_reader.h"

#include "core/base/number.h"
#include "core/config/section.h"
#include "core/config/yaml_reader.h"

#include <cmath>
#include <ctime>

namespace fleetglass::config {

namespace {

using rules::RuleTest;
using rules::RuleTestFile;

// "2025-06-01T12:00:00Z" or Unix seconds.
std::optional<int64_t> parseTime(const std::string& text)
{
    if (const auto seconds = parseFloat(text);
        seconds && std::isfinite(*seconds) && std::fabs(*seconds) < 1e12)
        return static_cast<int64_t>(std::llround(*seconds * 1000));
    std::tm parts {};
    const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (!rest || std::string_view(rest) != "Z")
        return std::nullopt;
    return static_cast<int64_t>(::timegm(&parts)) * 1000;
}

rules::TestSeries readSeries(Reader& reader, const YamlNode& node)
{
    rules::TestSeries series;
    Section section(reader, node, "main.series");
    section.text("series", series.series);
    section.text("values", series.values);
    section.finish();
    return series;
}

rules::ExpectedAlert readExpectedAlert(Reader& reader, const YamlNode& node)
{
    rules::ExpectedAlert alert;
    Section section(reader, node, "main.alert");
    section.textMap("exp_labels", alert.labels);
    section.textMap("exp_annotations", alert.annotations);
    section.finish();
    return alert;
}

template<class Item, class Read>
void readList(Section& section, std::string_view key, std::vector<Item>& items, Read read)
{
    const YamlNode* list = section.takeValue(key);
    if (!list)
        return;
    for (const YamlNode* item : listOf(section.reader(), *list, "[]main.item"))
        items.push_back(read(section.reader(), *item));
}

rules::AlertCase readAlertCase(Reader& reader, const YamlNode& node)
{
    rules::AlertCase one;
    one.line = node.position.line;
    Section section(reader, node, "main.alertTestCase");
    section.duration("eval_time", one.evalTime);
    section.text("alertname", one.alertName);
    readList(section, "exp_alerts", one.alerts, readExpectedAlert);
    section.finish();
    if (one.alertName.empty())
        section.fail("an item under alert_rule_test misses required attribute alertname at "
                     "eval_time "
            + formatDuration(one.evalTime));
    return one;
}

rules::ExpectedSample readSample(Reader& reader, const YamlNode& node)
{
    rules::ExpectedSample sample;
    Section section(reader, node, "main.sample");
    section.text("labels", sample.labels);
    section.number("value", sample.value);
    section.text("histogram", sample.histogram);
    section.finish();
    return sample;
}

rules::ExpressionCase readExpressionCase(Reader& reader, const YamlNode& node)
{
    rules::ExpressionCase one;
    one.line = node.position.line;
    Section section(reader, node, "main.promqlTestCase");
    section.text("expr", one.expression);
    section.duration("eval_time", one.evalTime);
    readList(section, "exp_samples", one.samples, readSample);
    section.finish();
    return one;
}

RuleTest readTest(Reader& reader, const YamlNode& node, Millis interval)
{
    RuleTest test;
    test.line = node.position.line;
    Section section(reader, node, "main.testGroup");
    section.text("name", test.name);
    section.duration("interval", test.interval);
    if (test.interval.count() == 0)
        test.interval = interval;
    std::string start;
    section.text("start_timestamp", start);
    if (const auto startMs = start.empty() ? std::optional<int64_t>(0) : parseTime(start))
        test.startMs = *startMs;
    else
        section.failAt("start_timestamp",
            "\"" + start + "\" is no time; write 2025-06-01T12:00:00Z or Unix seconds");
    readList(section, "input_series", test.series, readSeries);
    readList(section, "alert_rule_test", test.alerts, readAlertCase);
    readList(section, "promql_expr_test", test.expressions, readExpressionCase);
    section.textMap("external_labels", test.externalLabels);
    section.text("external_url", test.externalUrl);
    section.finish();
    return test;
}

void readFile(Reader& reader, const YamlNode& root, RuleTestFile& file)
{
    Section section(reader, root, "main.unitTestFile");
    section.texts("rule_files", file.ruleFiles);
    for (std::string& path : file.ruleFiles)
        path = reader.resolve(path);
    section.duration("evaluation_interval", file.evaluationInterval);
    if (file.evaluationInterval.count() == 0)
        file.evaluationInterval = Millis(60'000);
    section.texts("group_eval_order", file.groupOrder);
    section.boolean("fuzzy_compare", file.fuzzyCompare);
    readList(section, "tests", file.tests, [&](Reader& inner, const YamlNode& node) {
        return readTest(inner, node, file.evaluationInterval);
    });
    section.finish();
}

} // namespace

Result<RuleTestFile> loadRuleTests(std::string_view text, const RuleTestLoadOptions& options)
{
    const Result<YamlDocument> document = readYaml(text);
    if (!document)
        return failure(document.error().at(options.fileName));
    RuleTestFile file;
    file.file = options.fileName;
    Reader reader(options.fileName, options.baseDirectory, options.ignoreUnknownFields);
    readFile(reader, *document->root, file);
    for (const Problem& problem : reader.problems()) {
        if (problem.severity == Severity::Error)
            return failure(problem.toError());
    }
    return file;
}

} // namespace fleetglass::config
