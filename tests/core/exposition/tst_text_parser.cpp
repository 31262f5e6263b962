#include "core/exposition/parser.h"
#include "tests/core/exposition/collecting_sink.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::exposition;

namespace {

QByteArrayList linesOf(std::string_view body, const ParseOptions& options = {})
{
    CollectingSink sink;
    const auto stats = parse(Format::PrometheusText004, body, options, sink);
    return stats ? sink.lines : QByteArrayList { CollectingSink::text(stats.error().at("")) };
}

} // namespace

class TextParserTest : public QObject
{
    Q_OBJECT

private slots:
    void aPageComesOutEntryByEntry();
    void boundsAreKeptInFloatForm();
    void quotedNamesAreNames();
    void badPagesSayWhatAndWhere_data();
    void badPagesSayWhatAndWhere();
    void limitsFailThePageAndNameThemselves_data();
    void limitsFailThePageAndNameThemselves();
    void numbersAreReadAsGoReadsThem_data();
    void numbersAreReadAsGoReadsThem();
    void longHelpIsClippedNotRefused();
    void emptyPagesAreGood();
    void theSinkCanStopThePage();
    void theSeriesTextNamesTheSeriesAlone();
    void typeAndUnitBecomeLabelsOnDemand();
    void classicHistogramsBecomeNative();
    void everyCutOfAPageIsHandledWithoutHarm();
};

void TextParserTest::aPageComesOutEntryByEntry()
{
    const QByteArrayList expected { "help jobs Jobs\nin all \\ here.", "type jobs gauge",
        R"({__name__="jobs", state="run \"x\""} 3)", R"({__name__="jobs"} -0.5 @1700)",
        R"({__name__="up"} NaN)" };
    QCOMPARE(linesOf("# HELP jobs Jobs\\nin all \\\\ here.\n#TYPE is a comment\n# TYPE jobs gauge\n"
                     "jobs{state=\"run \\\"x\\\"\",} 3\n\n  jobs -0.5 1700\nup nan"),
        expected);
}

void TextParserTest::boundsAreKeptInFloatForm()
{
    const QByteArrayList expected { "type h histogram", R"({__name__="h_bucket", le="1.0"} 1)",
        R"({__name__="h_bucket", le="+Inf"} 2)", R"({__name__="h_bucket", le="1e+06"} 2)" };
    QCOMPARE(linesOf("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"inf\"} 2\n"
                     "h_bucket{le=\"1000000\"} 2\n"),
        expected);
    QCOMPARE(linesOf("g{le=\"1\"} 1\n"), QByteArrayList { R"({__name__="g", le="1"} 1)" });
}

void TextParserTest::quotedNamesAreNames()
{
    QCOMPARE(linesOf("{\"http.size\", \"a b\"=\"c\"} 1\n"),
        QByteArrayList { R"({__name__="http.size", "a b"="c"} 1)" });
}

void TextParserTest::badPagesSayWhatAndWhere_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* name, const QByteArray& body, const char* error) {
        QTest::newRow(name) << body << QString::fromUtf8(error);
    };
    row("html", "<!DOCTYPE html>\n",
        R"(:1:1: expected a valid start token, got "<" ("INVALID") while parsing: "<")");
    row("second line", "a 1\nb{c=\"d\"\n",
        R"(:2:8: expected label name, got "\n" ("INVALID") while parsing: "b{c=\"d\"\n")");
    row("no value", "a\n",
        R"(:1:2: expected value after metric, got "\n" ("INVALID") while parsing: "a\n")");
    row("carriage return", "a 1\r\n",
        R"(:1:3: strconv.ParseFloat: parsing "1\r": invalid syntax while parsing: "a 1\r")");
    row("byte order mark",
        "\xEF\xBB\xBF"
        "a 1\n",
        R"(:1:1: expected a valid start token, got "\xef" ("INVALID") while parsing: "\xef")");
    row("latin 1", "a{b=\"caf\xE9\"} 1\n", R"(:1:5: invalid UTF-8 label value: "\"caf\xe9\"")");
    row("surrogate", "a{b=\"\xED\xA0\x80\"} 1\n",
        R"(:1:5: invalid UTF-8 label value: "\"\xed\xa0\x80\"")");
    row("duplicate label", "a{b=\"1\",b=\"2\"} 1\n", R"(:1:11: label name "b" is not unique)");
    row("name as label", "a{__name__=\"b\"} 1\n", R"(:1:12: label name "__name__" is not unique)");
    row("empty label name", "a{\"\"=\"1\"} 1\n", ":1:6: label name is empty");
    row("empty metric name", "{\"\"} 1\n", ":1:6: metric name is empty");
    row("unknown type", "# TYPE a meh\n", R"(:1:9: invalid metric type "meh")");
    row("timestamp", "a 1 99999999999999999999\n",
        R"(:1:5: strconv.ParseInt: parsing "99999999999999999999": value out of range while parsing: "a 1 99999999999999999999")");
    row("nul at line start", QByteArray("a 1\n\0b 2\n", 9),
        R"(:2:1: expected a valid start token, got "\x00" ("INVALID") while parsing: "\x00")");
}

void TextParserTest::badPagesSayWhatAndWhere()
{
    QFETCH(QByteArray, body);
    const auto lines = linesOf(body.toStdString());
    QTEST(QString::fromUtf8(lines.value(0)), "error");
}

void TextParserTest::limitsFailThePageAndNameThemselves_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<QString>("setting");
    std::string labels = "a{";
    for (int i = 0; i < 64; ++i)
        labels += "l" + std::to_string(i) + "=\"\",";
    QTest::newRow("labels") << labels
            + "} 1\n" << QStringLiteral("label_limit: a sample has 65 labels, the limit is 64");
    QTest::newRow("label name") << "a{" + std::string(513, 'x') + "=\"\"} 1\n"
                                << QStringLiteral("label_name_length_limit: label name");
    QTest::newRow("metric name") << std::string(513, 'x') + " 1\n"
                                 << QStringLiteral("label_name_length_limit: metric name");
    QTest::newRow("label value")
        << "a{b=\"" + std::string(8193, 'x') + "\"} 1\n"
        << QStringLiteral("label_value_length_limit: the value of label \"b\" has 8193 bytes");
    QTest::newRow("line") << "# " + std::string(1 << 20, 'x') + "\n"
                          << QStringLiteral("line_length: a line has 1048579 bytes");
    std::string samples;
    for (int i = 0; i < 200'001; ++i)
        samples += "a 1\n";
    QTest::newRow("samples") << samples
                             << QStringLiteral(
                                    "sample_limit: the page has more samples, the limit is 200000");
}

void TextParserTest::limitsFailThePageAndNameThemselves()
{
    QFETCH(std::string, body);
    QFETCH(QString, setting);
    CollectingSink sink;
    const auto stats = parse(Format::PrometheusText004, body, {}, sink);
    QVERIFY(!stats);
    QVERIFY2(
        stats.error().message.starts_with(setting.toStdString()), stats.error().message.c_str());
    QCOMPARE(stats.error().code, ErrorCode::Limit);
}

void TextParserTest::numbersAreReadAsGoReadsThem_data()
{
    QTest::addColumn<std::string>("written");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* written, const char* expected) {
        QTest::newRow(written) << std::string(written) << QString::fromUtf8(expected);
    };
    row("+Inf", "+Inf");
    row("infinity", "+Inf");
    row("1e999", "+Inf");
    row("1e-999", "0");
    row(".5", "0.5");
    row("5.", "5");
    row("1_000", ":1:3: unsupported character in float while parsing: \"a 1_000\"");
    row("0x1p3", ":1:3: unsupported character in float while parsing: \"a 0x1p3\"");
    row("1,5",
        ":1:3: strconv.ParseFloat: parsing \"1,5\": invalid syntax while parsing: \"a 1,5\"");
}

void TextParserTest::numbersAreReadAsGoReadsThem()
{
    QFETCH(std::string, written);
    QFETCH(QString, expected);
    const auto line = QString::fromUtf8(linesOf("a " + written + "\n").value(0));
    const QString series = QStringLiteral("{__name__=\"a\"} ");
    QCOMPARE(line, expected.startsWith(QLatin1Char(':')) ? expected : series + expected);
}

void TextParserTest::longHelpIsClippedNotRefused()
{
    CollectingSink sink;
    const auto stats = parse(
        Format::PrometheusText004, "# HELP a " + std::string(5000, 'x') + "\na 1\n", {}, sink);
    QVERIFY(stats);
    QCOMPARE(stats->helpClipped, size_t { 1 });
    QCOMPARE(sink.lines[0].size(), 7 + 4096 + 3); // "help a ", the text, "…".
}

void TextParserTest::emptyPagesAreGood()
{
    QCOMPARE(linesOf(""), QByteArrayList());
    QCOMPARE(linesOf("\n\n# nothing\n"), QByteArrayList());
}

void TextParserTest::theSinkCanStopThePage()
{
    CollectingSink sink;
    sink.stopAfter = 2;
    const auto stats = parse(Format::PrometheusText004, "a 1\nb 2\nc 3\n", {}, sink);
    QVERIFY(!stats);
    QCOMPARE(stats.error().code, ErrorCode::Cancelled);
    QCOMPARE(sink.lines.size(), 2);
}

void TextParserTest::theSeriesTextNamesTheSeriesAlone()
{
    class Texts : public CollectingSink
    {
    public:
        bool sample(const ParsedSample& sample, const SeriesSource&) override
        {
            lines << text(sample.seriesText) + ':' + QByteArray::number(sample.line);
            return true;
        }
    } sink;
    QVERIFY(parse(Format::PrometheusText004, "a 1\nb{c=\"d\"} 2 3\n", {}, sink));
    const QByteArrayList expected { "a:1", "b{c=\"d\"}:2" };
    QCOMPARE(sink.lines, expected);
}

void TextParserTest::typeAndUnitBecomeLabelsOnDemand()
{
    QCOMPARE(
        linesOf("# TYPE a counter\na_total{__type__=\"x\"} 1\nb 2\n", { .typeAndUnitLabels = true })
            .mid(1),
        QByteArrayList({ R"({__name__="a_total", __type__="counter"} 1)", R"({__name__="b"} 2)" }));
}

void TextParserTest::classicHistogramsBecomeNative()
{
    const std::string body
        = "# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_sum 4\n"
          "h_count 3\nh_bucket{x=\"y\",le=\"1\"} 2\nh_bucket{x=\"y\",le=\"2\"} 1\nother 1\n";
    const QByteArrayList expected { "type h histogram", R"({__name__="h"} histogram count 3)",
        R"({__name__="other"} 1)" };
    QCOMPARE(linesOf(body, { .convertClassicToNhcb = true }), expected);
}

void TextParserTest::everyCutOfAPageIsHandledWithoutHarm()
{
    const std::string page = "# HELP a b\\n\n# TYPE a summary\na{quantile=\"0.5\",b=\"\\\"\"} 1 2\n"
                             "{\"x.y\",z=\"1\"} +Inf\n# end\n";
    for (size_t size = 0; size <= page.size(); ++size) {
        CollectingSink sink;
        const auto stats = parse(Format::PrometheusText004, std::string(page, 0, size), {}, sink);
        QVERIFY(stats || !stats.error().message.empty());
    }
}

QTEST_GUILESS_MAIN(TextParserTest)
#include "tst_text_parser.moc"
