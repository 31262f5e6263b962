#include "core/base/duration.h"

#include <QTest>

using namespace fleetglass;

class TestDuration : public QObject
{
    Q_OBJECT

private slots:
    void durationsReadAsPrometheusReadsThem_data();
    void durationsReadAsPrometheusReadsThem();
    void malformedDurationsAreRefused_data();
    void malformedDurationsAreRefused();
    void durationsAreWrittenInTheirShortestExactForm_data();
    void durationsAreWrittenInTheirShortestExactForm();
};

void TestDuration::durationsReadAsPrometheusReadsThem_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ms");
    QTest::newRow("zero") << "0" << qint64(0);
    QTest::newRow("milliseconds") << "324ms" << qint64(324);
    QTest::newRow("several units") << "3d2h500ms" << qint64(266'400'500);
    QTest::newRow("year") << "1y" << qint64(31'536'000'000);
    QTest::newRow("week") << "2w" << qint64(1'209'600'000);
}

void TestDuration::durationsReadAsPrometheusReadsThem()
{
    QFETCH(QString, text);
    QFETCH(qint64, ms);
    const auto duration = parseDuration(text.toStdString());
    QVERIFY(duration.has_value());
    QCOMPARE(qint64(duration->count()), ms);
}

void TestDuration::malformedDurationsAreRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
        { "", "1", "1x", "1.5h", "-1m", "1m1h", "1s1s", "h", "99999999999d", "1 m" })
        QTest::newRow(text[0] ? text : "empty") << QString::fromLatin1(text);
}

void TestDuration::malformedDurationsAreRefused()
{
    QFETCH(QString, text);
    const auto duration = parseDuration(text.toStdString());
    QVERIFY(!duration.has_value());
    QVERIFY(!duration.error().message.empty());
}

void TestDuration::durationsAreWrittenInTheirShortestExactForm_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64(0) << "0s";
    QTest::newRow("mixed") << qint64(5'400'000) << "1h30m";
    QTest::newRow("milliseconds") << qint64(1'500) << "1s500ms";
    QTest::newRow("week") << qint64(1'209'600'000) << "2w";
    QTest::newRow("not a whole week") << qint64(1'296'000'000) << "15d";
}

void TestDuration::durationsAreWrittenInTheirShortestExactForm()
{
    QFETCH(qint64, ms);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(formatDuration(Millis(ms))), text);
    QCOMPARE(qint64(parseDuration(formatDuration(Millis(ms)))->count()), ms);
}

QTEST_GUILESS_MAIN(TestDuration)
#include "tst_duration.moc"
