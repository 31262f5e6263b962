// Goal: a unit test of rules passes when the rules do what it says, and tells both sides when they
// do not. Method: rule files and tests written into a folder, run as the command line runs them.
#include "core/rule_test/rule_test.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;
using rule_test::FileReport;
using rule_test::RunOptions;

namespace {

constexpr const char* kRules = R"(groups:
- name: second
  rules:
  - record: job:load:avg
    expr: avg by (job) (host:load:rate1m)
- name: first
  rules:
  - record: host:load:rate1m
    expr: load * 2
  - alert: HighLoad
    expr: load > 5
    for: 2m
    labels: {severity: page}
    annotations: {summary: '{{ $labels.host }} of {{ $externalLabels.site }} has {{ $value }}'}
)";

constexpr const char* kSeries = R"(  input_series:
  - {series: 'load{job="web",host="a"}', values: '1+1x10'}
  - {series: 'load{job="web",host="b"}', values: '3 _ 3 stale'}
)";

} // namespace

class TestRuleTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void alertsFireAfterTheirTime();
    void whatIsNotAsExpectedIsShownOnBothSides();
    void groupsFollowTheOrderGiven();
    void expressionsSeeSamplesStaleMarkersAndHistograms();
    void samplesBeginAtTheStartTimestamp();
    void oneUnitInTheLastPlaceCountsUnlessFuzzy();
    void testsAreChosenByName();
    void badFilesSayWhereAndWhat_data();
    void badFilesSayWhereAndWhat();
    void aRuleThatFailsFailsTheTest();

private:
    void write(const char* name, const QByteArray& text);
    FileReport run(const QByteArray& tests, const RunOptions& options = {});

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestRuleTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    write("rules.yml", kRules);
}

void TestRuleTest::write(const char* name, const QByteArray& text)
{
    QFile file(m_folder->filePath(QLatin1String(name)));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

FileReport TestRuleTest::run(const QByteArray& tests, const RunOptions& options)
{
    write("tests.yml", "rule_files: [rules.yml]\ntests:\n" + tests);
    return rule_test::runFile(
        m_folder->filePath(QStringLiteral("tests.yml")).toStdString(), options);
}

void TestRuleTest::alertsFireAfterTheirTime()
{
    const FileReport report = run(QByteArray("- interval: 1m\n") + kSeries + R"(
  external_labels: {site: fra1}
  alert_rule_test:
  - {eval_time: 6m, alertname: HighLoad}
  - eval_time: 7m
    alertname: HighLoad
    exp_alerts:
    - exp_labels: {severity: page, job: web, host: a}
      exp_annotations: {summary: a of fra1 has 8}
  - {eval_time: 7m, alertname: NoSuchAlert, exp_alerts: []}
)");
    QVERIFY2(report.passed(), report.error.c_str());
    QCOMPARE(report.tests.size(), size_t(1));
}

void TestRuleTest::whatIsNotAsExpectedIsShownOnBothSides()
{
    const FileReport report = run(QByteArray("- name: wrong\n") + kSeries + R"(
  alert_rule_test:
  - {eval_time: 7m, alertname: HighLoad}
  promql_expr_test:
  - expr: load{host="a"}
    eval_time: 2m
    exp_samples: [{labels: 'load{job="web", host="a"}', value: 4}]
)");
    QVERIFY(!report.passed());
    QCOMPARE(report.tests.at(0).name, std::string("wrong"));
    QCOMPARE(report.tests.at(0).failures.size(), size_t(2));
    const QString alert = QString::fromStdString(report.tests.at(0).failures[0]);
    QVERIFY2(alert.contains(QStringLiteral("tests.yml:9: alertname: HighLoad, time: 7m")),
        qPrintable(alert));
    QVERIFY2(alert.contains(QStringLiteral("expected: nothing")), qPrintable(alert));
    QVERIFY2(alert.contains(QStringLiteral("severity=\"page\"")), qPrintable(alert));
    const QString sample = QString::fromStdString(report.tests.at(0).failures[1]);
    QVERIFY2(sample.contains(QStringLiteral("host=\"a\", job=\"web\"} 4\n")), qPrintable(sample));
    QVERIFY2(sample.endsWith(QStringLiteral("host=\"a\", job=\"web\"} 3")), qPrintable(sample));
}

void TestRuleTest::groupsFollowTheOrderGiven()
{
    const QByteArray tests = QByteArray("- interval: 1m\n") + kSeries + R"(
  promql_expr_test:
  - expr: job:load:avg
    eval_time: 0
    exp_samples: [{labels: 'job:load:avg{job="web"}', value: 4}]
)";
    QVERIFY(!run(tests).passed()); // As written: `second` sees nothing of `first` yet.
    write(
        "tests.yml", "rule_files: ['r*.yml']\ngroup_eval_order: [first, second]\ntests:\n" + tests);
    QVERIFY(rule_test::runFile(m_folder->filePath(QStringLiteral("tests.yml")).toStdString(), {})
                .passed());
}

void TestRuleTest::expressionsSeeSamplesStaleMarkersAndHistograms()
{
    const FileReport report = run(QByteArray("- interval: 1m\n") + R"(
  input_series:
  - {series: 'load{host="b"}', values: '3 _ 3 stale'}
  - {series: sizes, values: '{{sum:3 count:2 buckets:[2]}}+{{sum:1 count:1 buckets:[1]}}x2'}
  promql_expr_test:
  - {expr: 'timestamp(load)', eval_time: 1m, exp_samples: [{labels: '{host="b"}', value: 0}]}
  - {expr: load, eval_time: 3m, exp_samples: []}
  - {expr: '1 + 1', eval_time: 3m, exp_samples: [{value: 2}]}
  - expr: sizes
    eval_time: 2m
    exp_samples:
    - {labels: sizes, histogram: '{{count:4 sum:5 counter_reset_hint:not_reset buckets:[4]}}'}
)");
    QVERIFY2(report.passed(),
        report.tests.empty() || report.tests[0].failures.empty()
            ? report.error.c_str()
            : report.tests[0].failures[0].c_str());
}

void TestRuleTest::samplesBeginAtTheStartTimestamp()
{
    const FileReport report = run(R"(
- start_timestamp: 2025-06-01T12:00:00Z
  input_series: [{series: load, values: '1 2'}]
  promql_expr_test:
  - {expr: 'timestamp(load)', eval_time: 1m, exp_samples: [{value: 1748779260}]}
)");
    QVERIFY2(report.passed(), report.error.c_str());
}

void TestRuleTest::oneUnitInTheLastPlaceCountsUnlessFuzzy()
{
    const QByteArray test = R"(
- input_series: [{series: load, values: '0.1'}]
  promql_expr_test:
  - {expr: 'load + 0.2', eval_time: 0, exp_samples: [{value: 0.3}]}
)";
    QVERIFY(!run(test).passed());
    QVERIFY(run(test + "fuzzy_compare: true\n").passed());
}

void TestRuleTest::testsAreChosenByName()
{
    const QByteArray tests = R"(
- {name: good one, promql_expr_test: [{expr: '1', eval_time: 0, exp_samples: [{value: 1}]}]}
- {name: bad one, promql_expr_test: [{expr: '1', eval_time: 0, exp_samples: [{value: 2}]}]}
)";
    QVERIFY(!run(tests).passed());
    RunOptions good;
    good.run = { "^good" };
    QVERIFY(run(tests, good).passed());
    RunOptions both;
    both.run = { "good", "bad" };
    QCOMPARE(run(tests, both).tests.size(), size_t(2));
    RunOptions broken;
    broken.run = { "(" };
    QVERIFY(run(tests, broken).error.find("--run (") == 0);
}

void TestRuleTest::badFilesSayWhereAndWhat_data()
{
    QTest::addColumn<QByteArray>("tests");
    QTest::addColumn<QString>("part");
    QTest::newRow("unknown key") << QByteArray("- {inputs: []}\n")
                                 << QStringLiteral("tests.yml:3:4: field inputs not found");
    QTest::newRow("no alert name") << QByteArray("- alert_rule_test: [{eval_time: 1m}]\n")
                                   << QStringLiteral("misses required attribute alertname");
    QTest::newRow("time") << QByteArray("- {start_timestamp: soon}\n")
                          << QStringLiteral("\"soon\" is no time");
    QTest::newRow("rule file") << QByteArray("[]\n") << QStringLiteral("rules.yml:1:1: ");
    QTest::newRow("order") << QByteArray("[]\ngroup_eval_order: [a, a]\n")
                           << QStringLiteral("names \"a\" twice");
}

void TestRuleTest::badFilesSayWhereAndWhat()
{
    QFETCH(QByteArray, tests);
    QFETCH(QString, part);
    if (QLatin1String(QTest::currentDataTag()) == QLatin1String("rule file"))
        write("rules.yml", "nonsense: []\n");
    const FileReport report = run(tests);
    QVERIFY2(QString::fromStdString(report.error).contains(part), report.error.c_str());
    QVERIFY(report.tests.empty());
}

void TestRuleTest::aRuleThatFailsFailsTheTest()
{
    write("rules.yml",
        "groups: [{name: g, rules: [{record: both, expr: 'load * on () group_left () load'}]}]\n");
    const FileReport report = run(QByteArray("- interval: 1m\n") + kSeries
        + "  promql_expr_test: [{expr: '1', eval_time: 0, exp_samples: [{value: 1}]}]\n");
    QVERIFY(!report.passed());
    QVERIFY2(report.tests.at(0).failures.at(0).find("rule: both, time: 0s, error: ") == 0,
        report.tests[0].failures[0].c_str());
}

QTEST_GUILESS_MAIN(TestRuleTest)
#include "tst_rule_test.moc"
