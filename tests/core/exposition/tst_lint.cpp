#include "core/exposition/lint.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::exposition;

class LintTest : public QObject
{
    Q_OBJECT

private slots:
    void eachHabitHasItsWord_data();
    void eachHabitHasItsWord();
    void problemsAreSortedAndKnowTheirLine();
    void anUnreadablePageSaysWhere_data();
    void anUnreadablePageSaysWhere();
};

void LintTest::eachHabitHasItsWord_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("series");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* type, const char* series, const char* expected) {
        QTest::newRow(series) << type << series << expected;
    };
    row("counter", "reads_total", "");
    row("counter", "reads", "counter metrics should have \"_total\" suffix");
    row("gauge", "reads_total", "non-counter metrics should not have \"_total\" suffix");
    row("gauge", "size_kilobytes", "use base unit \"bytes\" instead of \"kilobytes\"");
    row("gauge", "age_hours", "use base unit \"seconds\" instead of \"hours\"");
    row("gauge", "wait_ms", "metric names should not contain abbreviated units");
    row("gauge", "open_gauge", "metric name should not include type 'gauge'");
    row("gauge", "job:up", "metric names should not contain ':'");
    row("gauge", "openFiles", "metric names should be written in 'snake_case' not 'camelCase'");
    row("gauge", "open{jobName=\"a\"}",
        "label names should be written in 'snake_case' not 'camelCase'");
    row("gauge", "open{le=\"1\"}", "non-histogram metrics should not have \"le\" label");
    row("gauge", "open{quantile=\"1\"}", "non-summary metrics should not have \"quantile\" label");
    row("gauge", "open_count",
        "non-histogram and non-summary metrics should not have \"_count\" suffix");
    row("untyped", "open_bucket", "");
}

void LintTest::eachHabitHasItsWord()
{
    QFETCH(QString, type);
    QFETCH(QString, series);
    const QString name = series.section(QLatin1Char('{'), 0, 0);
    const QString page
        = QStringLiteral("# HELP %1 x\n# TYPE %1 %2\n%3 1\n").arg(name, type, series);
    const auto problems = lint(page.toStdString());
    QVERIFY(problems);
    QTEST(
        problems->empty() ? QString() : QString::fromStdString(problems->front().text), "expected");
    QVERIFY(problems->size() < 2);
}

void LintTest::problemsAreSortedAndKnowTheirLine()
{
    const auto problems = lint("b 1\n\na 1\n");
    QVERIFY(problems);
    QCOMPARE(problems->size(), size_t { 2 });
    QCOMPARE(problems->front().metric, std::string("a"));
    QCOMPARE(problems->front().text, std::string("no help text"));
    QCOMPARE(problems->front().line, 3);
}

void LintTest::anUnreadablePageSaysWhere_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("error");
    QTest::newRow("end") << "a 1"
                         << "text format parsing error in line 1: unexpected end of input stream";
    QTest::newRow("help twice")
        << "# HELP a x\n# HELP a y\na 1\n"
        << R"(text format parsing error in line 2: second HELP line for metric name "a")";
    QTest::newRow("label")
        << "a{b} 1\n"
        << "text format parsing error in line 1: expected '=' after label name, found '}'";
    QTest::newRow("bound")
        << "# TYPE a histogram\na_bucket{le=\"x\"} 1\n"
        << R"(text format parsing error in line 2: expected float as value for 'le' label, got "x")";
}

void LintTest::anUnreadablePageSaysWhere()
{
    QFETCH(QString, page);
    const auto problems = lint(page.toStdString());
    QVERIFY(!problems);
    QTEST(QString::fromStdString(problems.error().message), "error");
}

QTEST_GUILESS_MAIN(LintTest)
#include "tst_lint.moc"
