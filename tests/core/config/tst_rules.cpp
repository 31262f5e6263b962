#include "core/config/rules.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::config;

namespace {

RuleReport load(const std::string& text, RuleLoadOptions options = {})
{
    options.fileName = "r.yml";
    return loadRulesReport(text, options);
}

// The lines under one rule of a group "g".
RuleReport loadRule(const std::string& rule, const RuleLoadOptions& options = {})
{
    return load("groups:\n- name: g\n  rules:\n  - " + rule + "\n", options);
}

QString firstError(const RuleReport& report)
{
    return report.errors.empty() ? QStringLiteral("(loaded)")
                                 : QString::fromStdString(report.errors.front().toString());
}

} // namespace

class RulesTest : public QObject
{
    Q_OBJECT
private slots:
    void groupsAndRulesComeWithTheirDefaults();
    void aRuleIsRefusedWithPlaceAndReason_data();
    void aRuleIsRefusedWithPlaceAndReason();
    void allErrorsOfAFileAreTold();
    void repeatedGroupsAreRefused();
    void legacyNamesAreStricter();
    void templatesAreAskedOfTheCaller();
    void unknownFieldsCanBeIgnored();
    void laterDocumentsAreIgnoredWithAWarning();
    void duplicatesAreLint();
};

void RulesTest::groupsAndRulesComeWithTheirDefaults()
{
    const RuleReport report
        = load("groups:\n- name: g\n  interval: 30s\n  query_offset: 0s\n  limit: 5\n"
               "  labels: {team: a}\n  rules:\n  - record: job:up:sum\n    expr: sum(up)\n"
               "  - alert: Down\n    expr: up == 0\n    for: 5m\n    keep_firing_for: 1m\n"
               "    labels: {severity: page}\n    annotations: {summary: gone}\n");
    QVERIFY2(report.errors.empty(), qPrintable(firstError(report)));
    const rules::GroupOptions& group = report.groups.at(0);
    QCOMPARE(group.interval.value(), Millis { 30'000 });
    QCOMPARE(group.queryOffset.value(), Millis { 0 });
    QCOMPARE(group.limit, 5);
    QCOMPARE(group.file, std::string("r.yml"));
    QVERIFY(group.rules[0].kind == rules::RuleKind::Recording);
    const rules::RuleOptions& down = group.rules[1];
    QVERIFY(down.kind == rules::RuleKind::Alerting);
    QCOMPARE(down.holdFor, Millis { 300'000 });
    QCOMPARE(down.keepFiringFor, Millis { 60'000 });
    QCOMPARE(down.line, 10);
    QCOMPARE(down.expressionLine, 11);
}

void RulesTest::aRuleIsRefusedWithPlaceAndReason_data()
{
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* name, const char* rule, const char* error) {
        QTest::newRow(name) << QString::fromUtf8(rule) << QString::fromUtf8(error);
    };
    row("no name", "expr: up",
        "r.yml:4:5: group \"g\", rule 1, \"\": one of 'record' or 'alert' must be set");
    row("two names", "{record: a, alert: b, expr: up}",
        "r.yml:4:14: group \"g\", rule 1, \"b\": only one of 'record' and 'alert' must be set");
    row("no expression", "alert: A",
        "r.yml:4:5: group \"g\", rule 1, \"A\": field 'expr' must be set in rule");
    row("record with for", "{record: a, expr: up, for: 1m}",
        "r.yml:4:14: group \"g\", rule 1, \"a\": invalid field 'for' in recording rule");
    row("record with keep_firing_for", "{record: a, expr: up, keep_firing_for: 1m}",
        "r.yml:4:14: group \"g\", rule 1, \"a\": invalid field 'keep_firing_for' in recording "
        "rule");
    row("record with annotations", "{record: a, expr: up, annotations: {b: c}}",
        "r.yml:4:14: group \"g\", rule 1, \"a\": invalid field 'annotations' in recording rule");
    row("braces", "{record: 'a{b}', expr: up}",
        "r.yml:4:14: group \"g\", rule 1, \"a{b}\": braces present in the recording rule name; "
        "should "
        "it be in expr?: a{b}");
    row("metric name as label", "{alert: A, expr: up, labels: {__name__: x}}",
        "r.yml:4:35: group \"g\", rule 1, \"A\": invalid label name: __name__");
    row("unknown key", "{alert: A, expr: up, anotations: {}}",
        "r.yml:4:26: field anotations not found in type rulefmt.Rule, did you mean "
        "\"annotations\"?");
}

void RulesTest::aRuleIsRefusedWithPlaceAndReason()
{
    QFETCH(QString, rule);
    QFETCH(QString, error);
    QCOMPARE(firstError(loadRule(rule.toStdString())), error);
}

void RulesTest::allErrorsOfAFileAreTold()
{
    const RuleReport report = load("groups:\n- name: g\n  rules:\n  - {alert: A, expr: 'up =='}\n"
                                   "  - {alert: B, expr: 'sum('}\n");
    QCOMPARE(report.errors.size(), size_t { 2 });
    QVERIFY(report.errors[0].message.starts_with(
        "group \"g\", rule 1, \"A\": could not parse expression: 1:6: parse error: "));
    QCOMPARE(report.errors[1].position, (Position { 5, 22 }));
}

void RulesTest::repeatedGroupsAreRefused()
{
    QCOMPARE(firstError(load("groups:\n- name: g\n- name: g\n")),
        QStringLiteral("r.yml:3:3: groupname: \"g\" is repeated in the same file"));
    QCOMPARE(firstError(load("groups:\n- rules: []\n")),
        QStringLiteral("r.yml:2:3: Groupname must not be empty"));
}

void RulesTest::legacyNamesAreStricter()
{
    const std::string rule = "{alert: A, expr: up, annotations: {in-stance: x}}";
    QVERIFY(loadRule(rule).errors.empty());
    RuleLoadOptions options;
    options.nameValidation = scrape::NameValidation::Legacy;
    QCOMPARE(firstError(loadRule(rule, options)),
        QStringLiteral(
            "r.yml:4:40: group \"g\", rule 1, \"A\": invalid annotation name: in-stance"));
}

void RulesTest::templatesAreAskedOfTheCaller()
{
    RuleLoadOptions options;
    options.checkTemplate = [](std::string_view text) -> std::optional<std::string> {
        return text == "{{ bad }}" ? std::optional<std::string>("undefined") : std::nullopt;
    };
    QCOMPARE(firstError(loadRule("{alert: A, expr: up, labels: {a: ok, b: '{{ bad }}'}}", options)),
        QStringLiteral("r.yml:4:42: group \"g\", rule 1, \"A\": label \"b\": undefined"));
    QVERIFY(loadRule("{record: r, expr: up, labels: {b: '{{ bad }}'}}", options).errors.empty());
}

void RulesTest::unknownFieldsCanBeIgnored()
{
    RuleLoadOptions options;
    options.ignoreUnknownFields = true;
    QVERIFY(loadRule("{alert: A, expr: up, owner: me}", options).errors.empty());
}

void RulesTest::laterDocumentsAreIgnoredWithAWarning()
{
    const RuleReport report = load("groups: []\n---\ngroups: []\n");
    QVERIFY(report.errors.empty());
    QCOMPARE(report.warnings.size(), size_t { 1 });
    QCOMPARE(report.warnings[0].position.line, 2);
}

void RulesTest::duplicatesAreLint()
{
    const RuleReport report
        = load("groups:\n- name: g\n  rules:\n  - {alert: A, expr: up, labels: {a: b}}\n"
               "  - {alert: A, expr: up > 1, labels: {a: b}}\n  - {alert: A, expr: up}\n");
    const std::vector<Problem> found = findDuplicateRules(report.groups);
    QCOMPARE(found.size(), size_t { 1 });
    QVERIFY(found[0].severity == Severity::Lint);
    QCOMPARE(found[0].toString(),
        std::string("r.yml:5: duplicate rule: A {a=\"b\"} stands on line 4 already"));
}

QTEST_GUILESS_MAIN(RulesTest)
#include "tst_rules.moc"
