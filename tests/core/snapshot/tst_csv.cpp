#include "tests/support/snapshot_fixture.h"

#include "core/snapshot/csv.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::snapshot;
using namespace fleetglass::snapshot::test;

class TestCsv : public QObject
{
    Q_OBJECT

private slots:
    void cellsAreQuotedAndTamed_data();
    void cellsAreQuotedAndTamed();
    void samplesAreLines();
    void matrixIsATable();
    void vectorAndScalarAreLines();
};

void TestCsv::cellsAreQuotedAndTamed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("cell");
    QTest::newRow("plain") << "node"
                           << "node";
    QTest::newRow("comma") << "a,b"
                           << "\"a,b\"";
    QTest::newRow("quote") << "a\"b"
                           << "\"a\"\"b\"";
    QTest::newRow("line") << "a\nb"
                          << "\"a\nb\"";
    QTest::newRow("equals") << "=1+2"
                            << "'=1+2";
    QTest::newRow("plus") << "+SUM(A1)"
                          << "'+SUM(A1)";
    QTest::newRow("minus") << "-x"
                           << "'-x";
    QTest::newRow("at") << "@cmd"
                        << "'@cmd";
    QTest::newRow("formula with quotes") << "=HYPERLINK(\"x\")"
                                         << "\"'=HYPERLINK(\"\"x\"\")\"";
    QTest::newRow("tab") << "\t=1"
                         << "'\t=1";
    QTest::newRow("negative number") << "-5.5"
                                     << "-5.5";
    QTest::newRow("exponent") << "+1e-3"
                              << "+1e-3";
    QTest::newRow("number and formula") << "-5+A1"
                                        << "'-5+A1";
    QTest::newRow("empty") << ""
                           << "";
}

void TestCsv::cellsAreQuotedAndTamed()
{
    QFETCH(QString, text);
    QFETCH(QString, cell);
    QCOMPARE(QString::fromStdString(csvCell(text.toStdString())), cell);
}

void TestCsv::samplesAreLines()
{
    const auto store = emptyStore();
    appendFloat(*store, { { "__name__", "b" }, { "job", "=x" } }, 1'700'000'000'001, -0.5);
    appendFloat(
        *store, { { "__name__", "b" }, { "job", "=x" } }, 1'700'000'000'002, storage::kStaleMarker);
    appendFloat(*store, { { "zone", "eu" } }, 1'700'000'000'003, 2);
    const std::vector<storage::LooseSample> loose {
        { store->seriesFor({ { "__name__", "h" } }).value(), 5, 0, someHistogram(6), 0 }
    };
    (void)store->append({ 0, {}, loose, {} });
    StringSink sink;
    const Redactor redactor;
    QVERIFY(writeSamplesCsv(*store, {}, kAlways, redactor, sink));
    QCOMPARE(sink.text(),
        std::string("time,timestamp_ms,__name__,job,zone,value,histogram_count,histogram_sum\r\n"
                    "2023-11-14T22:13:20.003Z,1700000000003,,,eu,2,,\r\n"
                    "2023-11-14T22:13:20.001Z,1700000000001,b,'=x,,-0.5,,\r\n"
                    "1970-01-01T00:00:00.005Z,5,h,,,,6,NaN\r\n"));
}

void TestCsv::matrixIsATable()
{
    promql::QueryResult result;
    result.type = promql::ValueType::Matrix;
    result.matrix = { { { { "__name__", "a" }, { "job", "x" } }, { 1000, 2000 }, { 1, 2 }, {} },
        { { { "__name__", "b" } }, { 2000, 3000 }, { 20, 30 }, {} } };
    StringSink sink;
    const Redactor redactor;
    QVERIFY(writeResultCsv(result, redactor, sink));
    QCOMPARE(sink.text(),
        std::string("time,timestamp_ms,\"a{job=\"\"x\"\"}\",b\r\n"
                    "1970-01-01T00:00:01.000Z,1000,1,\r\n"
                    "1970-01-01T00:00:02.000Z,2000,2,20\r\n"
                    "1970-01-01T00:00:03.000Z,3000,,30\r\n"));
}

void TestCsv::vectorAndScalarAreLines()
{
    promql::QueryResult vector;
    vector.vector = { { { { "job", "x" } }, 1000, 3, nullptr } };
    StringSink first;
    const Redactor redactor;
    QVERIFY(writeResultCsv(vector, redactor, first));
    QCOMPARE(first.text(),
        std::string("time,timestamp_ms,job,value,histogram_count,histogram_sum\r\n"
                    "1970-01-01T00:00:01.000Z,1000,x,3,,\r\n"));
    promql::QueryResult scalar;
    scalar.type = promql::ValueType::Scalar;
    scalar.scalar = 4;
    StringSink second;
    QVERIFY(writeResultCsv(scalar, redactor, second));
    QCOMPARE(
        second.text(), std::string("time,timestamp_ms,value\r\n1970-01-01T00:00:00.000Z,0,4\r\n"));
}

QTEST_GUILESS_MAIN(TestCsv)
#include "tst_csv.moc"
