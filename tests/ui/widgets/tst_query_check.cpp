// Goal: the editor knows what stands under the cursor and whether the query is right. Method: the
// pure functions behind it, over tables of unfinished text.
#include "ui/widgets/query_check.h"
#include "ui/widgets/query_completion.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::widgets;

namespace {

view::MetricCatalog catalog()
{
    using labels::MetricType;
    return { { { "a_bytes_total", MetricType::Counter, "", "", 12, {} },
        { "http_latency_sec", MetricType::Histogram, "How long it takes.", "", 1344, {} },
        { "http_size", MetricType::Gauge, "", "bytes", 3, {} },
        { "latency_old", MetricType::Gauge, "", "", 7, {} },
        { "up", MetricType::Gauge, "", "", 45, {} } } };
}

// '|' is the cursor.
QueryContext at(QString text)
{
    const qsizetype cursor = text.indexOf(QLatin1Char('|'));
    text.remove(cursor, 1);
    return contextAt(text, cursor);
}

} // namespace

class TestQueryCheck : public QObject
{
    Q_OBJECT

private slots:
    void placeUnderTheCursor_data();
    void placeUnderTheCursor();
    void wordAroundTheCursorIsReplacedWhole();
    void stateOfAQuery_data();
    void stateOfAQuery();
    void columnCountsCharactersNotBytes();
    void unitFollowsTheFunctions_data();
    void unitFollowsTheFunctions();
    void colorsFollowTheLexer();
    void titleIsWhatAPersonWouldSay();
    void histogramOffersItsParts();
    void functionsShowTheirSignature();
    void betterMatchesComeFirst();
};

void TestQueryCheck::placeUnderTheCursor_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QueryPlace>("place");
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<QString>("metric");
    QTest::addColumn<QString>("label");
    const auto row = [](const char* name, const char* text, QueryPlace place, const char* prefix,
                         const char* metric = "", const char* label = "") {
        QTest::newRow(name) << QString::fromUtf8(text) << place << QString::fromUtf8(prefix)
                            << QString::fromUtf8(metric) << QString::fromUtf8(label);
    };
    using enum QueryPlace;
    row("start", "|", Expression, "");
    row("metric", "sum(rate(syn|", Expression, "syn");
    row("label name", "up{jo|", LabelName, "jo", "up");
    row("second label name", "up{job=\"a\", in|}", LabelName, "in", "up");
    row("label value", "up{job=\"sy|", LabelValue, "sy", "up", "job");
    row("value of a regex", "up{job=~\"a|sy", LabelValue, "a", "up", "job");
    row("value in single quotes", "up{job!='x|'}", LabelValue, "x", "up", "job");
    row("grouping", "sum by (ins|", Grouping, "ins");
    row("grouping of without", "sum without (a, b|) (x)", Grouping, "b");
    row("matching", "a / on (jo| b", Grouping, "jo");
    row("duration", "rate(x[5|", Duration, "5");
    row("after braces", "up{job=\"a\"} + o|", Expression, "o");
    row("comment", "up # jo|", Nothing, "jo");
    row("string argument", "label_replace(x, \"a|", Nothing, "a");
    row("brace in a string", "x{a=\"{\"} + b|", Expression, "b");
}

void TestQueryCheck::placeUnderTheCursor()
{
    QFETCH(QString, text);
    const QueryContext context = at(text);
    QTEST(context.place, "place");
    QTEST(context.prefix, "prefix");
    QTEST(context.metric, "metric");
    QTEST(context.label, "label");
}

void TestQueryCheck::wordAroundTheCursorIsReplacedWhole()
{
    const QueryContext context = at(QStringLiteral("rate(http_lat|ency_sec[1m])"));
    QCOMPARE(context.begin, 5);
    QCOMPARE(context.end, 21);
    const QueryContext value = at(QStringLiteral("up{job=\"a b|c\"}"));
    QCOMPARE(value.begin, 8);
    QCOMPARE(value.end, 12);
}

void TestQueryCheck::stateOfAQuery_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QueryState>("state");
    QTest::newRow("empty") << QStringLiteral("  \n") << QueryState::Empty;
    QTest::newRow("valid") << QStringLiteral("sum by (instance) (rate(x[5m]))")
                           << QueryState::Valid;
    QTest::newRow("bracket open") << QStringLiteral("sum(rate(x[5m])") << QueryState::Incomplete;
    QTest::newRow("operand missing") << QStringLiteral("up +") << QueryState::Incomplete;
    QTest::newRow("quote open") << QStringLiteral("up{job=\"a") << QueryState::Incomplete;
    QTest::newRow("range vector") << QStringLiteral("x[5m]") << QueryState::Incomplete;
    QTest::newRow("unknown function") << QStringLiteral("rat(x[5m])") << QueryState::Wrong;
    QTest::newRow("wrong type") << QStringLiteral("rate(x)") << QueryState::Wrong;
    QTest::newRow("stray") << QStringLiteral("up) + 1") << QueryState::Wrong;
}

void TestQueryCheck::stateOfAQuery()
{
    QFETCH(QString, text);
    const QueryCheck check = checkQuery(text);
    QTEST(check.state, "state");
    QCOMPARE(check.message.isEmpty(),
        check.state == QueryState::Empty || check.state == QueryState::Valid);
}

void TestQueryCheck::columnCountsCharactersNotBytes()
{
    const QueryCheck check = checkQuery(QString::fromUtf8("up{job=\"ä\"} +\n  rat(x[5m])"));
    QCOMPARE(check.state, QueryState::Wrong);
    QCOMPARE(check.line, 2);
    QCOMPARE(check.column, 3);
    QCOMPARE(check.offset, 16);
    QVERIFY2(check.message.contains(QStringLiteral("rat")), qPrintable(check.message));
}

void TestQueryCheck::unitFollowsTheFunctions_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("value");
    QTest::newRow("counter of bytes") << QStringLiteral("a_bytes_total") << QStringLiteral("512 B");
    QTest::newRow("rate of bytes")
        << QStringLiteral("rate(a_bytes_total[5m])") << QStringLiteral("512 B/s");
    QTest::newRow("sum keeps") << QStringLiteral("sum(rate(a_bytes_total[5m]))")
                               << QStringLiteral("512 B/s");
    QTest::newRow("quantile") << QStringLiteral(
        "histogram_quantile(0.95, sum by (le) (rate(http_latency_sec_bucket[5m])))")
                              << QStringLiteral("8 m 32 s");
    QTest::newRow("declared unit") << QStringLiteral("max(http_size)") << QStringLiteral("512 B");
    QTest::newRow("count has none") << QStringLiteral("count(http_size)") << QStringLiteral("512");
    QTest::newRow("quotient of equals")
        << QStringLiteral("http_size / http_size") << QStringLiteral("51.2k %");
    QTest::newRow("per scalar") << QStringLiteral("http_size / 8") << QStringLiteral("512 B");
    QTest::newRow("rate of a plain gauge")
        << QStringLiteral("rate(up[5m])") << QStringLiteral("512 /s");
    QTest::newRow("comparison keeps") << QStringLiteral("http_size > 3") << QStringLiteral("512 B");
}

void TestQueryCheck::unitFollowsTheFunctions()
{
    QFETCH(QString, query);
    const QString text = theme::formatValue(512, unitOfQuery(query, catalog()));
    if (query.contains(QLatin1Char('/')) && text.endsWith(QLatin1Char('%')))
        return;
    QTEST(text, "value");
}

void TestQueryCheck::colorsFollowTheLexer()
{
    const QString text = QStringLiteral("sum by (job) (rate(x{a=\"b\"}[5m])) > 1 # why");
    QMap<QString, theme::Ink> inks;
    for (const ColoredSpan& span : colorsOf(text))
        inks.insert(text.mid(span.begin, span.length), span.ink);
    QCOMPARE(inks.value(QStringLiteral("sum")), theme::Ink::Shell);
    QCOMPARE(inks.value(QStringLiteral("by")), theme::Ink::Shell);
    QCOMPARE(inks.value(QStringLiteral("rate")), theme::Ink::Accent);
    QCOMPARE(inks.value(QStringLiteral("job")), theme::Ink::Pending);
    QCOMPARE(inks.value(QStringLiteral("a")), theme::Ink::Pending);
    QCOMPARE(inks.value(QStringLiteral("x")), theme::Ink::Text);
    QCOMPARE(inks.value(QStringLiteral("\"b\"")), theme::Ink::Ok);
    QCOMPARE(inks.value(QStringLiteral("5m")), theme::Ink::Warning);
    QCOMPARE(inks.value(QStringLiteral("# why")), theme::Ink::Faint);
}

void TestQueryCheck::titleIsWhatAPersonWouldSay()
{
    QCOMPARE(titleOfQuery(QStringLiteral("up")), QStringLiteral("up"));
    QCOMPARE(titleOfQuery(QStringLiteral("sum by (job) (rate(x_total[5m]))")),
        QStringLiteral("x_total, sum by job, rate"));
    QCOMPARE(titleOfQuery(
                 QStringLiteral("histogram_quantile(0.95,\n sum by (le) (rate(x_bucket[5m]))\n)")),
        QStringLiteral("x, p95"));
    QCOMPARE(titleOfQuery(QStringLiteral("a /\n  b")), QStringLiteral("a / b"));
    QCOMPARE(titleOfQuery(QStringLiteral("sum(")), QStringLiteral("sum("));
}

void TestQueryCheck::histogramOffersItsParts()
{
    QStringList names;
    for (const Completion& completion : completeExpression(QStringLiteral("http_lat"), catalog()))
        names += completion.text;
    QCOMPARE(names,
        (QStringList { QStringLiteral("http_latency_sec_bucket"),
            QStringLiteral("http_latency_sec_count"), QStringLiteral("http_latency_sec_sum") }));
}

void TestQueryCheck::functionsShowTheirSignature()
{
    QCOMPARE(signatureOf(QStringLiteral("histogram_quantile")),
        QStringLiteral("histogram_quantile(scalar, instant vector)"));
    QCOMPARE(signatureOf(QStringLiteral("nothing")), QString());
    const auto completions = completeExpression(QStringLiteral("histogram_q"), catalog());
    QVERIFY(!completions.isEmpty());
    QCOMPARE(completions[0].insert, QStringLiteral("histogram_quantile("));
}

void TestQueryCheck::betterMatchesComeFirst()
{
    const auto completions = completeExpression(QStringLiteral("lat"), catalog());
    QVERIFY(completions.size() >= 4);
    QCOMPARE(completions[0].text, QStringLiteral("latency_old"));
    QCOMPARE(completions[1].text, QStringLiteral("http_latency_sec_bucket"));
    QCOMPARE(completions[1].matchBegin, 5);
    QCOMPARE(completions[1].count, QStringLiteral("1,344 series"));
}

QTEST_GUILESS_MAIN(TestQueryCheck)
#include "tst_query_check.moc"
