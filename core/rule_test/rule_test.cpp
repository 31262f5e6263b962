#include "core/rule_test/rule_test.h"

#include "core/base/clock.h"
#include "core/config/config.h"
#include "core/config/rule_test_reader.h"
#include "core/config/rules.h"
#include "core/config/yaml_reader.h"
#include "core/regex/regex.h"
#include "core/rule_test/comparison.h"
#include "core/rule_test/sample_store.h"
#include "core/rules/template.h"

#include <algorithm>
#include <filesystem>
#include <map>

namespace fleetglass::rule_test {

namespace {

using regex::Regex;
using Groups = std::vector<std::unique_ptr<rules::Group>>;

Result<std::vector<rules::GroupOptions>> readRuleFile(
    const std::string& path, const RunOptions& options)
{
    const auto text = config::readTextFile(path);
    if (!text)
        return failure(text.error().at(path));
    config::RuleLoadOptions load;
    load.fileName = path;
    load.ignoreUnknownFields = options.ignoreUnknownFields;
    load.promql = options.promql;
    load.checkTemplate = rules::checkTemplate;
    return config::loadRules(*text, load);
}

// The groups of every rule file, those named in group_eval_order by their place there.
Result<std::vector<rules::GroupOptions>> readRules(
    const rules::RuleTestFile& file, const RunOptions& options)
{
    std::vector<rules::GroupOptions> groups;
    for (const std::string& pattern : file.ruleFiles) {
        const auto paths = config::globFiles(pattern);
        if (paths.empty())
            return failure(file.file + ": no file matches rule_files " + labels::quote(pattern));
        for (const std::string& path : paths) {
            auto read = readRuleFile(path, options);
            if (!read)
                return failure(read.error());
            std::move(read->begin(), read->end(), std::back_inserter(groups));
        }
    }
    std::map<std::string, size_t> order;
    for (const std::string& name : file.groupOrder) {
        if (!order.emplace(name, order.size()).second)
            return failure(
                file.file + ": group_eval_order names " + labels::quote(name) + " twice");
    }
    const auto placeOf = [&](const rules::GroupOptions& group) {
        const auto found = order.find(group.name);
        return found == order.end() ? 0 : found->second;
    };
    std::stable_sort(groups.begin(), groups.end(),
        [&](const auto& a, const auto& b) { return placeOf(a) < placeOf(b); });
    return groups;
}

// One test on its way through time.
class Run
{
public:
    Run(const rules::RuleTestFile& file, const rules::RuleTest& test, const RunOptions& options)
        : m_file(file)
        , m_test(test)
        , m_engine(engineOptions(options))
        , m_clock(test.startMs)
    {
    }

    std::vector<std::string> run(const std::vector<rules::GroupOptions>& groups)
    {
        auto store = storeOf(m_test, m_clock);
        if (!store)
            return { store.error().message };
        m_store = std::move(*store);
        if (makeGroups(groups) && evaluateAll())
            checkExpressions();
        return std::move(m_failures);
    }

private:
    static promql::EngineOptions engineOptions(const RunOptions& options)
    {
        promql::EngineOptions engine;
        engine.parse = options.promql;
        return engine;
    }

    bool makeGroups(const std::vector<rules::GroupOptions>& all)
    {
        rules::GroupSettings settings;
        settings.intervalDefault = m_file.evaluationInterval;
        settings.externalLabels = labels::Labels::fromPairs(m_test.externalLabels);
        settings.externalUrl = m_test.externalUrl;
        for (rules::GroupOptions options : all) {
            options.interval = m_file.evaluationInterval;
            auto group
                = rules::Group::create(std::move(options), settings, m_engine.options().parse);
            if (!group)
                return fail(group.error().message);
            m_groups.push_back(std::move(*group));
        }
        return true;
    }

    Millis lastMoment() const
    {
        Millis last { 0 };
        for (const auto& one : m_test.alerts)
            last = std::max(last, one.evalTime);
        for (const auto& one : m_test.expressions)
            last = std::max(last, one.evalTime);
        return last;
    }

    bool evaluateAll()
    {
        const Millis last = lastMoment();
        const Millis interval = m_file.evaluationInterval;
        if (last.count() / interval.count() > kEvaluationsMax)
            return fail("eval_time " + formatDuration(last) + " at evaluation_interval "
                + formatDuration(interval) + " asks for more than "
                + std::to_string(kEvaluationsMax) + " evaluations; raise evaluation_interval");
        for (Millis moment { 0 }; moment <= last; moment += interval) {
            if (!evaluate(moment))
                return false;
            for (const auto& one : m_test.alerts) {
                if (one.evalTime >= moment && one.evalTime < moment + interval)
                    checkAlerts(one);
            }
        }
        return true;
    }

    bool evaluate(Millis moment)
    {
        const int64_t timeMs = m_test.startMs + moment.count();
        m_clock.set(timeMs);
        bool good = true;
        for (const auto& group : m_groups) {
            group->evaluate(timeMs, { m_engine, *m_store, *m_store });
            for (const rules::RuleStatus& rule : group->statuses()) {
                if (rule.health == rules::RuleHealth::Error)
                    good = fail("rule: " + rule.options->name + ", time: " + formatDuration(moment)
                        + ", error: " + rule.error);
            }
        }
        return good;
    }

    void checkAlerts(const rules::AlertCase& expected)
    {
        std::vector<rules::AlertInstance> firing;
        for (const auto& group : m_groups) {
            for (const rules::RuleStatus& rule : group->statuses()) {
                if (rule.options->kind != rules::RuleKind::Alerting
                    || rule.options->name != expected.alertName)
                    continue;
                for (const rules::AlertInstance& alert : rule.alerts) {
                    if (alert.state == rules::AlertState::Firing)
                        firing.push_back(alert);
                }
            }
        }
        if (const auto difference = differenceOf(expected, firing))
            fail(at(expected.line) + *difference);
    }

    void checkExpressions()
    {
        for (const rules::ExpressionCase& expected : m_test.expressions) {
            const auto result = m_engine.instant(
                *m_store, expected.expression, m_test.startMs + expected.evalTime.count());
            if (!result) {
                fail(at(expected.line) + "expr: " + labels::quote(expected.expression) + ", time: "
                    + formatDuration(expected.evalTime) + ", error: " + result.error().message);
                continue;
            }
            if (result->type != promql::ValueType::Vector
                && result->type != promql::ValueType::Scalar) {
                fail(at(expected.line) + "expr: " + labels::quote(expected.expression)
                    + ": neither a vector nor a scalar comes out");
                continue;
            }
            if (const auto difference = differenceOf(expected, *result, m_file.fuzzyCompare))
                fail(at(expected.line) + *difference);
        }
    }

    std::string at(int line) const { return m_file.file + ':' + std::to_string(line) + ": "; }
    bool fail(std::string message)
    {
        m_failures.push_back(std::move(message));
        return false;
    }

    const rules::RuleTestFile& m_file;
    const rules::RuleTest& m_test;
    promql::Engine m_engine;
    HeldClock m_clock;
    std::unique_ptr<tsdb::RingStore> m_store;
    Groups m_groups;
    std::vector<std::string> m_failures;
};

Result<std::vector<Regex>> patternsOf(const RunOptions& options)
{
    std::vector<Regex> patterns;
    for (const std::string& text : options.run) {
        auto pattern = Regex::compile(text);
        if (!pattern)
            return failure("--run " + text + ": " + pattern.error().message);
        patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

Result<std::vector<TestReport>> runTests(const std::string& path, const RunOptions& options)
{
    const auto patterns = patternsOf(options);
    if (!patterns)
        return failure(patterns.error());
    const auto text = config::readTextFile(path);
    if (!text)
        return failure(text.error().at(path));
    const auto file = config::loadRuleTests(*text,
        { path, std::filesystem::path(path).parent_path().string(), options.ignoreUnknownFields });
    if (!file)
        return failure(file.error());
    const auto groups = readRules(*file, options);
    if (!groups)
        return failure(groups.error());
    std::vector<TestReport> reports;
    for (const rules::RuleTest& test : file->tests) {
        const bool chosen = patterns->empty()
            || std::any_of(patterns->begin(), patterns->end(),
                [&](const Regex& pattern) { return pattern.matches(test.name); });
        if (chosen)
            reports.push_back({ test.name, Run(*file, test, options).run(*groups) });
    }
    return reports;
}

} // namespace

bool FileReport::passed() const
{
    return error.empty() && std::all_of(tests.begin(), tests.end(), [](const TestReport& test) {
        return test.failures.empty();
    });
}

FileReport runFile(const std::string& path, const RunOptions& options)
{
    FileReport report;
    report.file = path;
    auto tests = runTests(path, options);
    if (tests)
        report.tests = std::move(*tests);
    else
        report.error = tests.error().message;
    return report;
}

} // namespace fleetglass::rule_test
