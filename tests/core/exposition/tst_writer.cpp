#include "core/exposition/parser.h"
#include "core/exposition/writer.h"
#include "tests/core/exposition/collecting_sink.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::exposition;

class WriterTest : public QObject
{
    Q_OBJECT

private slots:
    void openMetricsPagesAreWholeAndStrict();
    void textPagesEscapeWhatTheyMust();
    void whatIsWrittenIsReadBack();
};

void WriterTest::openMetricsPagesAreWholeAndStrict()
{
    Writer writer(TextStyle::OpenMetrics);
    writer.family(
        "reads_bytes_total", { labels::MetricType::Counter, "All \"reads\".\n", "bytes" });
    writer.sample({ { { "__name__", "reads_bytes_total" }, { "disk", "a" } }, 1e6, 1520879607789,
        Exemplar { { { "trace", "x" } }, 0.5, 1000 } });
    const std::string page = writer.finish();
    QCOMPARE(page,
        std::string("# HELP reads_bytes All \\\"reads\\\".\\n\n# TYPE reads_bytes counter\n"
                    "# UNIT reads_bytes bytes\nreads_bytes_total{disk=\"a\"} 1e+06 1520879607.789"
                    " # {trace=\"x\"} 0.5 1\n# EOF\n"));
    CollectingSink sink;
    QVERIFY(parse(Format::OpenMetrics100, page, { .strictOpenMetrics = true }, sink));
}

void WriterTest::textPagesEscapeWhatTheyMust()
{
    Writer writer(TextStyle::PrometheusText);
    writer.family("my.metric", { labels::MetricType::Info, "a\\b \"c\"", "" });
    writer.sample({ { { "__name__", "my.metric" }, { "a b", "x\"\n\\" } }, 1, -5, std::nullopt });
    QCOMPARE(writer.take(),
        std::string("# HELP \"my.metric\" a\\\\b \"c\"\n# TYPE \"my.metric\" gauge\n"
                    "{\"my.metric\",\"a b\"=\"x\\\"\\n\\\\\"} 1 -5\n"));
    QCOMPARE(writer.finish(), std::string());
}

void WriterTest::whatIsWrittenIsReadBack()
{
    const labels::Labels labels { { "__name__", "a" }, { "b", "\\n\"\n" }, { "c.d", "é" } };
    for (const TextStyle style : { TextStyle::PrometheusText, TextStyle::OpenMetrics }) {
        Writer writer(style);
        writer.sample({ labels, -0.1, -1, std::nullopt });
        CollectingSink sink;
        const auto format
            = style == TextStyle::OpenMetrics ? Format::OpenMetrics100 : Format::PrometheusText004;
        QVERIFY(parse(format, writer.finish(), {}, sink));
        QCOMPARE(
            sink.lines, QByteArrayList { CollectingSink::text(labels.toString()) + " -0.1 @-1" });
    }
}

QTEST_GUILESS_MAIN(WriterTest)
#include "tst_writer.moc"
