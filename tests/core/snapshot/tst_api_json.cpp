#include "core/snapshot/api_json.h"
#include "core/snapshot/api_number.h"

#include <QTest>

#include <limits>

using namespace fleetglass;
using namespace fleetglass::snapshot;

class TestApiJson : public QObject
{
    Q_OBJECT

private slots:
    void numbersAreWrittenAsUpstream_data();
    void numbersAreWrittenAsUpstream();
    void timesAreSeconds_data();
    void timesAreSeconds();
    void vectorIsAListOfValues();
    void matrixHasValuesAndHistograms();
    void scalarAndStringArePairs();
    void emptyResultsAreLists();
    void warningsAndInfosAreThereWhenThereAreAny();
    void histogramBucketsTellTheirBounds();
    void seriesAndLabelsAreLists();
    void errorsHaveTheirType_data();
    void errorsHaveTheirType();
    void textsAreEscaped();
};

void TestApiJson::numbersAreWrittenAsUpstream_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("whole") << 1500000.0 << "1500000";
    QTest::newRow("fraction") << 0.25 << "0.25";
    QTest::newRow("tiny") << 1e-7 << "1e-07";
    QTest::newRow("just not tiny") << 1e-6 << "0.000001";
    QTest::newRow("huge") << 1.5e21 << "1.5e+21";
    QTest::newRow("large") << 1e20 << "100000000000000000000";
    QTest::newRow("nan") << std::numeric_limits<double>::quiet_NaN() << "NaN";
    QTest::newRow("minus infinity") << -std::numeric_limits<double>::infinity() << "-Inf";
    QTest::newRow("infinity") << std::numeric_limits<double>::infinity() << "+Inf";
}

void TestApiJson::numbersAreWrittenAsUpstream()
{
    QFETCH(double, value);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(apiFloat(value)), text);
}

void TestApiJson::timesAreSeconds_data()
{
    QTest::addColumn<qlonglong>("timeMs");
    QTest::addColumn<QString>("text");
    QTest::newRow("whole") << 5000LL << "5";
    QTest::newRow("half") << 1500LL << "1.500";
    QTest::newRow("thousandth") << 1435781451001LL << "1435781451.001";
    QTest::newRow("before the epoch") << -1020LL << "-1.020";
    QTest::newRow("zero") << 0LL << "0";
    QTest::newRow("least") << static_cast<qlonglong>(INT64_MIN) << "-9223372036854775.808";
}

void TestApiJson::timesAreSeconds()
{
    QFETCH(qlonglong, timeMs);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(apiTime(timeMs)), text);
}

void TestApiJson::vectorIsAListOfValues()
{
    promql::QueryResult result;
    result.vector = { { { { "__name__", "up" }, { "job", "a\"b" } }, 1500, 1, nullptr } };
    QCOMPARE(queryJson(result),
        std::string(R"({"status":"success","data":{"resultType":"vector","result":[)"
                    R"({"metric":{"__name__":"up","job":"a\"b"},"value":[1.500,"1"]}]}})"));
}

void TestApiJson::matrixHasValuesAndHistograms()
{
    promql::QueryResult result;
    result.type = promql::ValueType::Matrix;
    auto histogram = std::make_shared<histogram::Histogram>();
    histogram->count = 4;
    histogram->sum = 2.5;
    result.matrix = { { { { "a", "b" } }, { 1000, 2000 }, { 1, 2 }, { { 3000, histogram } } },
        { {}, { 1000 }, { 7 }, {} } };
    QCOMPARE(queryJson(result),
        std::string(R"({"status":"success","data":{"resultType":"matrix","result":[)"
                    R"({"metric":{"a":"b"},"values":[[1,"1"],[2,"2"]],)"
                    R"("histograms":[[3,{"count":"4","sum":"2.5"}]]},)"
                    R"({"metric":{},"values":[[1,"7"]]}]}})"));
}

void TestApiJson::scalarAndStringArePairs()
{
    promql::QueryResult result;
    result.type = promql::ValueType::Scalar;
    result.timestampMs = 1000;
    result.scalar = 2;
    QCOMPARE(queryJson(result),
        std::string(R"({"status":"success","data":{"resultType":"scalar","result":[1,"2"]}})"));
    result.type = promql::ValueType::String;
    result.text = "hi\n";
    QCOMPARE(queryJson(result),
        std::string(R"({"status":"success","data":{"resultType":"string","result":[1,"hi\n"]}})"));
}

void TestApiJson::emptyResultsAreLists()
{
    QCOMPARE(queryJson({}),
        std::string(R"({"status":"success","data":{"resultType":"vector","result":[]}})"));
    QCOMPARE(seriesJson({}), std::string(R"({"status":"success","data":[]})"));
}

void TestApiJson::warningsAndInfosAreThereWhenThereAreAny()
{
    promql::QueryResult result;
    result.warnings = { "w" };
    result.infos = { "i", "j" };
    QCOMPARE(queryJson(result),
        std::string(R"({"status":"success","data":{"resultType":"vector","result":[]},)"
                    R"("warnings":["w"],"infos":["i","j"]})"));
}

void TestApiJson::histogramBucketsTellTheirBounds()
{
    histogram::Histogram histogram;
    histogram.schema = 0;
    histogram.count = 10;
    histogram.sum = 3;
    histogram.zeroThreshold = 0.5;
    histogram.zeroCount = 1;
    histogram.positiveSpans = { { 1, 2 } };
    histogram.positiveBuckets = { 4, 0 };
    histogram.negativeSpans = { { 1, 1 } };
    histogram.negativeBuckets = { 5 };
    QCOMPARE(apiHistogram(histogram),
        std::string(R"({"count":"10","sum":"3","buckets":[[1,"-2","-1","5"],[3,"-0.5","0.5","1"],)"
                    R"([0,"1","2","4"]]})"));
    histogram::Histogram custom;
    custom.schema = histogram::kCustomBucketsSchema;
    custom.count = 3;
    custom.customValues = { 1, 2 };
    custom.positiveSpans = { { 0, 3 } };
    custom.positiveBuckets = { 1, 1, 1 };
    QCOMPARE(apiHistogram(custom),
        std::string(R"({"count":"3","sum":"0","buckets":[[3,"-Inf","1","1"],[0,"1","2","1"],)"
                    R"([0,"2","+Inf","1"]]})"));
}

void TestApiJson::seriesAndLabelsAreLists()
{
    const std::vector<labels::Labels> series { { { "a", "1" } }, { { "b", "2" } } };
    QCOMPARE(
        seriesJson(series), std::string(R"({"status":"success","data":[{"a":"1"},{"b":"2"}]})"));
    const std::vector<std::string> texts { "x", "y" };
    QCOMPARE(labelsJson(texts), std::string(R"({"status":"success","data":["x","y"]})"));
}

void TestApiJson::errorsHaveTheirType_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("type");
    const auto row = [](ErrorCode code, const char* type) {
        QTest::newRow(type) << static_cast<int>(code) << type;
    };
    row(ErrorCode::Invalid, "bad_data");
    row(ErrorCode::Limit, "execution");
    row(ErrorCode::Timeout, "timeout");
    row(ErrorCode::Cancelled, "canceled");
    row(ErrorCode::NotFound, "not_found");
    row(ErrorCode::Unavailable, "unavailable");
    row(ErrorCode::Internal, "internal");
}

void TestApiJson::errorsHaveTheirType()
{
    QFETCH(int, code);
    QFETCH(QString, type);
    const std::string json
        = errorJson({ static_cast<ErrorCode>(code), "1:3: what is \"this\"?", {} });
    QCOMPARE(json,
        "{\"status\":\"error\",\"errorType\":\"" + type.toStdString()
            + "\",\"error\":\"1:3: what is \\\"this\\\"?\"}");
}

void TestApiJson::textsAreEscaped()
{
    const std::vector<std::string> texts { std::string("\0\x1f\t\r\\ü", 7), "\xff!" };
    QCOMPARE(labelsJson(texts),
        std::string(
            "{\"status\":\"success\",\"data\":[\"\\u0000\\u001f\\t\\r\\\\\u00fc\",\"\uFFFD!\"]}"));
}

QTEST_GUILESS_MAIN(TestApiJson)
#include "tst_api_json.moc"
