#include "core/exposition/parser.h"
#include "tests/core/exposition/collecting_sink.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::exposition;

namespace {

QByteArrayList linesOf(std::string_view body)
{
    CollectingSink sink;
    const auto stats = parse(Format::AwxJson, body, {}, sink);
    return stats ? sink.lines : QByteArrayList { CollectingSink::text(stats.error().message) };
}

} // namespace

class AwxJsonTest : public QObject
{
    Q_OBJECT

private slots:
    void familiesBecomeSamples();
    void badPagesSayWhatIsWrong_data();
    void badPagesSayWhatIsWrong();
};

void AwxJsonTest::familiesBecomeSamples()
{
    const QByteArrayList expected { "help wait_seconds Waiting", "type wait_seconds histogram",
        R"({__name__="wait_seconds_bucket", le="1.0", node="n1"} 2)",
        R"({__name__="wait_seconds_sum", node="n1"} 1.5)" };
    QCOMPARE(linesOf(R"({"wait_seconds":{"help_text":"Waiting","type":"histogram","samples":[
        {"labels":{"node":"n1","le":"1"},"value":2,"sample_type":"bucket"},
        {"labels":{"node":"n1"},"value":1.5,"sample_type":"sum"}]}})"),
        expected);
}

void AwxJsonTest::badPagesSayWhatIsWrong_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("error");
    QTest::newRow("detail") << R"({"detail":"no permission"})"
                            << R"(the controller answers: "no permission")";
    QTest::newRow("html") << "<html>"
                          << R"(json: the page is no valid JSON: "<html>")";
    QTest::newRow("list") << "[]"
                          << "json: the page is not an object of metric families";
    QTest::newRow("deep") << QString(100'000, QLatin1Char('['))
                          << "json: nested deeper than 8 levels";
    QTest::newRow("no samples")
        << R"({"a":{}})"
        << R"(json: a metric family has no list of samples (metric family "a"))";
    QTest::newRow("no value") << R"({"a":{"samples":[{}]}})"
                              << R"(json: a sample has no value (metric family "a"))";
    QTest::newRow("value") << R"({"a":{"samples":[{"value":[]}]}})"
                           << R"(json: a sample without a number as value (metric family "a"))";
}

void AwxJsonTest::badPagesSayWhatIsWrong()
{
    QFETCH(QString, body);
    QTEST(QString::fromUtf8(linesOf(body.toStdString()).value(0)), "error");
}

QTEST_GUILESS_MAIN(AwxJsonTest)
#include "tst_awx_json.moc"
