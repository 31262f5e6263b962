#include "core/exposition/format.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::exposition;

class FormatTest : public QObject
{
    Q_OBJECT

private slots:
    void theHeaderChoosesTheFormat_data();
    void theHeaderChoosesTheFormat();
    void theAcceptHeaderFallsInOrder();
    void wordsGoThereAndBack();
};

void FormatTest::theHeaderChoosesTheFormat_data()
{
    QTest::addColumn<QString>("header");
    QTest::addColumn<bool>("fallback");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* header, bool fallback, const char* expected) {
        QTest::addRow("%s%s", header, fallback ? " +" : "") << header << fallback << expected;
    };
    row("text/plain; version=0.0.4; charset=utf-8", false, "PrometheusText0.0.4");
    row("Text/Plain;version=1.0.0", false, "PrometheusText1.0.0");
    row("application/openmetrics-text; version=0.0.1", false, "OpenMetricsText0.0.1");
    row("application/vnd.google.protobuf", false, "PrometheusProto");
    row("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text",
        true, "encoding=delimited only");
    row("text/html", false,
        "received unsupported Content-Type \"text/html\" and no fallback_scrape_protocol specified "
        "for target");
    row("application/json", true, "PrometheusText0.0.4");
    row("", false,
        "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol "
        "specified for target");
    row("text/plain; =", false, "mime: invalid media parameter");
}

void FormatTest::theHeaderChoosesTheFormat()
{
    QFETCH(QString, header);
    QFETCH(bool, fallback);
    QFETCH(QString, expected);
    ContentTypeRules rules;
    if (fallback)
        rules.fallback = Format::PrometheusText004;
    const auto choice = chooseFormat(header.toStdString(), rules);
    const std::string got = choice ? std::string(toWord(choice->format)) : choice.error().message;
    QVERIFY2(got.find(expected.toStdString()) != std::string::npos, got.c_str());
    const auto awx
        = chooseFormat("application/json", { .fallback = std::nullopt, .acceptAwxJson = true });
    QVERIFY(awx && awx->format == Format::AwxJson && awx->warning.empty());
}

void FormatTest::theAcceptHeaderFallsInOrder()
{
    QCOMPARE(acceptHeader(defaultProtocols(), Escaping::AllowUtf8),
        std::string("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                    "application/openmetrics-text;version=0.0.1;q=0.5,"
                    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"));
}

void FormatTest::wordsGoThereAndBack()
{
    for (int i = 0; i < 6; ++i)
        QCOMPARE(formatFromWord(toWord(static_cast<Format>(i))), static_cast<Format>(i));
    QCOMPARE(escapingFromWord("values"), Escaping::Values);
    QVERIFY(!formatFromWord("PrometheusText"));
}

QTEST_GUILESS_MAIN(FormatTest)
#include "tst_format.moc"
