#include "core/promql/parser.h"
#include "core/promql/prettifier.h"

#include <QtTest>

using namespace fleetglass::promql;

class PrettifierTest : public QObject
{
    Q_OBJECT

private slots:
    void splitsOnlyWhatIsTooLong_data();
    void splitsOnlyWhatIsTooLong();
};

void PrettifierTest::splitsOnlyWhatIsTooLong_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("text");
    QTest::newRow("short stays") << QByteArray("a+b") << "a + b";
    QTest::newRow("operator on its own line")
        << QByteArray("first_one + second") << "  first_one\n+\n  second";
    QTest::newRow("matching beside the operator") << QByteArray(
        "first_one * on(a) group_left second") << "  first_one\n* on (a) group_left ()\n  second";
    QTest::newRow("aggregation with parameter")
        << QByteArray("topk(3,some_metric)by(a)") << "topk by (a) (\n  3,\n  some_metric\n)";
    QTest::newRow("call") << QByteArray("clamp_min(some_metric, 1)")
                          << "clamp_min(\n  some_metric,\n  1\n)";
    QTest::newRow("sign") << QByteArray("-abs(some_metric)") << "-abs(\n  some_metric\n)";
    QTest::newRow("subquery suffix")
        << QByteArray("(some_metric + 1)[1h:5m]") << "(\n    some_metric\n  +\n    1\n)[1h:5m]";
    QTest::newRow("no arguments") << QByteArray("time()") << "time()";
}

void PrettifierTest::splitsOnlyWhatIsTooLong()
{
    QFETCH(QByteArray, query);
    const auto parsed = parseExpr(query.toStdString());
    QVERIFY(parsed.ok());
    QTEST(QString::fromStdString(prettify(*parsed.value, 12)), "text");
}

QTEST_GUILESS_MAIN(PrettifierTest)
#include "tst_prettifier.moc"
