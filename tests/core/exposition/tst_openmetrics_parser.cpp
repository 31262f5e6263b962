#include "core/exposition/parser.h"
#include "tests/core/exposition/collecting_sink.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::exposition;

namespace {

QByteArrayList linesOf(std::string_view body, const ParseOptions& options = {})
{
    CollectingSink sink;
    const auto stats = parse(Format::OpenMetrics100, body, options, sink);
    return stats ? sink.lines : QByteArrayList { CollectingSink::text(stats.error().at("")) };
}

} // namespace

class OpenMetricsParserTest : public QObject
{
    Q_OBJECT

private slots:
    void timesAreSecondsAndExemplarsComeAlong();
    void createdLinesGiveStartTimes();
    void badPagesSayWhatAndWhere_data();
    void badPagesSayWhatAndWhere();
    void strictPagesMustBeWhole_data();
    void strictPagesMustBeWhole();
    void aScrapeIsLax();
};

void OpenMetricsParserTest::timesAreSecondsAndExemplarsComeAlong()
{
    const QByteArrayList expected { "type reads_bytes counter", "unit reads_bytes bytes",
        R"({__name__="reads_bytes_total"} 7 @1520879607789 # {trace="a"} 2)" };
    QCOMPARE(linesOf("# TYPE reads_bytes counter\n# UNIT reads_bytes bytes\n"
                     "reads_bytes_total 7 1520879607.789 # {trace=\"a\"} 2 1520879607\n# EOF\n"),
        expected);
}

void OpenMetricsParserTest::createdLinesGiveStartTimes()
{
    const std::string body = "# TYPE c counter\nc_total{a=\"1\"} 5\nc_total{a=\"2\"} 6\n"
                             "c_created{a=\"1\"} 10\nc_created{a=\"2\"} 20\n# EOF\n";
    const QByteArrayList expected { "type c counter",
        R"({__name__="c_total", a="1"} 5 since 10000)",
        R"({__name__="c_total", a="2"} 6 since 20000)" };
    QCOMPARE(linesOf(body, { .createdAsStartTimestamp = true }), expected);
    QCOMPARE(linesOf(body).size(), 5);
}

void OpenMetricsParserTest::badPagesSayWhatAndWhere_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("error");
    QTest::newRow("no end") << "a 1\n"
                            << ":2:1: data does not end with # EOF";
    QTest::newRow("cut") << "a 1"
                         << ":1:2: data does not end with # EOF";
    QTest::newRow("more") << "# EOF\na 1\n"
                          << ":2:1: unexpected data after # EOF";
    QTest::newRow("unit") << "# UNIT a_s m\n# EOF\n"
                          << R"(:1:11: unit "m" not a suffix of metric "a_s")";
    QTest::newRow("blank line")
        << "a 1\n\n# EOF\n"
        << R"(:2:1: expected a valid start token, got "\n" ("INVALID") while parsing: "\n")";
    QTest::newRow("timestamp") << "a 1 NaN\n# EOF\n"
                               << ":1:4: invalid timestamp NaN";
}

void OpenMetricsParserTest::badPagesSayWhatAndWhere()
{
    QFETCH(QString, body);
    QTEST(QString::fromUtf8(linesOf(body.toStdString()).value(0)), "error");
}

void OpenMetricsParserTest::strictPagesMustBeWhole_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* name, const char* body, const char* error) {
        QTest::newRow(name) << QString(QString::fromUtf8(body) + QStringLiteral("# EOF\n"))
                            << QString::fromUtf8(error);
    };
    row("good histogram", "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_count 1\nh_sum 2\n", "");
    row("no +Inf", "# TYPE h histogram\nh_bucket{le=\"1\"} 1\n", "+Inf bucket missing: h");
    row("count without sum", "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_count 1\n",
        "_sum must be present if _count is present: h");
    row("count mismatch", "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_count 2\nh_sum 1\n",
        "count does not match +Inf value: h");
    row("clash", "# TYPE a counter\n# TYPE a_created gauge\na_created 1\n",
        "clashing name: \"a_created\"");
    row("late metadata", "a 1\n# HELP a x\n", "metadata of \"a\" comes after its samples");
    row("second help", "# HELP a x\n# HELP a x\n", "second HELP line for metric name \"a\"");
    row("negative counter", "# TYPE a counter\na_total -1\n",
        "counter-like samples cannot be negative, got -1 for \"a_total\"");
    row("stateset value", "# TYPE a stateset\na{a=\"x\"} 2\n",
        "stateset samples can only have values zero and one, got 2 for \"a\"");
    row("info unit", "# TYPE a_s info\n# UNIT a_s s\n",
        "metric \"a_s\" of type info cannot have a unit");
    row("interleaved", "# TYPE a gauge\na{b=\"1\"} 1\na{b=\"2\"} 1\na{b=\"1\"} 1\n",
        "invalid metric grouping: the samples of \"a\" are interleaved");
    row("time backwards", "# TYPE a gauge\na 1 2\na 1 1\n",
        "timestamps went backwards within a group of \"a\"");
    row("exemplar", "# TYPE a gauge\na 1 # {b=\"c\"} 1\n",
        "only histogram buckets and counters can have exemplars, not \"a\"");
}

void OpenMetricsParserTest::strictPagesMustBeWhole()
{
    QFETCH(QString, body);
    CollectingSink sink;
    const auto stats
        = parse(Format::OpenMetrics100, body.toStdString(), { .strictOpenMetrics = true }, sink);
    QTEST(stats ? QString() : QString::fromStdString(stats.error().message), "error");
}

void OpenMetricsParserTest::aScrapeIsLax()
{
    QCOMPARE(linesOf("# TYPE a counter\na_total -1\na_total 1 # {b=\"c\"} 1\n# EOF").size(), 3);
}

QTEST_GUILESS_MAIN(OpenMetricsParserTest)
#include "tst_openmetrics_parser.moc"
