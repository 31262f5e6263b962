// Goal: axes that an operator can read at any zoom. Method: the arithmetic alone, no window.
#include "ui/charts/chart_scale.h"

#include <QTest>

using namespace fleetglass::charts;

namespace {

int utc(int64_t)
{
    return 0;
}

// Central Europe in 2026: summer time ends on 25 October at 01:00 UTC.
int berlin(int64_t timestampMs)
{
    return timestampMs < 1'792'890'000'000 ? 120 : 60;
}

} // namespace

class TestChartScale : public QObject
{
    Q_OBJECT

private slots:
    void pixelAndValueAreEachOthersInverse_data();
    void pixelAndValueAreEachOthersInverse();
    void ticksAreRoundAndFew_data();
    void ticksAreRoundAndFew();
    void logTicksAreDecades();
    void rangeKeepsZeroUnlessFarAway_data();
    void rangeKeepsZeroUnlessFarAway();
    void rangeSurvivesInfinity();
    void timeTicksAreRoundOnTheWallClock();
    void timeTicksFollowTheEndOfSummerTime();
    void neverMoreTimeTicksThanAllowed();
};

void TestChartScale::pixelAndValueAreEachOthersInverse_data()
{
    QTest::addColumn<bool>("logarithmic");
    QTest::addColumn<double>("value");
    QTest::newRow("linear") << false << 37.5;
    QTest::newRow("logarithmic") << true << 37.5;
    QTest::newRow("edge") << true << 100.0;
}

void TestChartScale::pixelAndValueAreEachOthersInverse()
{
    QFETCH(bool, logarithmic);
    QFETCH(double, value);
    const ChartScale scale { { 0.1, 100 }, { 400, 20 }, logarithmic };
    const double pixel = scale.toPixel(value);
    QVERIFY(pixel >= 19.999 && pixel <= 400.001);
    QVERIFY(qAbs(scale.toValue(pixel) - value) < 1e-9);
}

void TestChartScale::ticksAreRoundAndFew_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<QList<double>>("ticks");
    QTest::newRow("latency") << 0.0 << 0.9 << QList<double> { 0, 0.2, 0.4, 0.6, 0.8 };
    QTest::newRow("percent") << 0.0 << 100.0 << QList<double> { 0, 20, 40, 60, 80, 100 };
    QTest::newRow("around zero") << -1.0 << 1.0 << QList<double> { -1, -0.5, 0, 0.5, 1 };
    QTest::newRow("empty") << 5.0 << 5.0 << QList<double> {};
}

void TestChartScale::ticksAreRoundAndFew()
{
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(QList<double>, ticks);
    const auto got = niceTicks({ low, high }, kTicksYMax);
    QCOMPARE(static_cast<qsizetype>(got.size()), ticks.size());
    for (size_t i = 0; i < got.size(); ++i)
        QVERIFY(qAbs(got[i] - ticks[static_cast<qsizetype>(i)]) < 1e-9);
}

void TestChartScale::logTicksAreDecades()
{
    QCOMPARE(logTicks({ 1, 1000 }, 6), (std::vector<double> { 1, 10, 100, 1000 }));
    QVERIFY(logTicks({ 1e-9, 1e9 }, 6).size() <= 6);
    QVERIFY(logTicks({ -1, 10 }, 6).empty());
}

void TestChartScale::rangeKeepsZeroUnlessFarAway_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<double>("begin");
    QTest::addColumn<double>("end");
    QTest::newRow("latency") << 0.04 << 0.822 << 0.0 << 0.9;
    QTest::newRow("constant") << 20.0 << 20.0 << 0.0 << 22.5;
    QTest::newRow("all zero") << 0.0 << 0.0 << 0.0 << 1.0;
    QTest::newRow("far from zero") << 1000.0 << 1010.0 << 999.0 << 1011.0;
    QTest::newRow("negative") << -8.0 << -2.0 << -9.0 << 0.0;
}

void TestChartScale::rangeKeepsZeroUnlessFarAway()
{
    QFETCH(double, low);
    QFETCH(double, high);
    const Span range = niceRange(low, high);
    QTEST(range.begin, "begin");
    QTEST(range.end, "end");
}

void TestChartScale::rangeSurvivesInfinity()
{
    const double infinity = std::numeric_limits<double>::infinity();
    QCOMPARE(niceRange(0, infinity), (Span { 0, 1 }));
    QVERIFY(niceTicks({ 0, infinity }, 6).empty());
}

void TestChartScale::timeTicksAreRoundOnTheWallClock()
{
    // 13:41 to 14:41 UTC.
    const int64_t begin = 1'795'182'060'000;
    const auto ticks = timeTicks(begin, begin + 3'600'000, kTicksXMax, utc);
    QCOMPARE(ticks.stepMs, 600'000);
    QCOMPARE(ticks.timestampsMs.size(), size_t { 6 });
    QCOMPARE(ticks.timestampsMs.front() % 600'000, 0);
    QCOMPARE(ticks.unit, TickUnit::Minute);
}

void TestChartScale::timeTicksFollowTheEndOfSummerTime()
{
    // Midnights of 24, 25, 26 October in Berlin: the 25th has 25 hours.
    const int64_t begin = 1'792'792'800'000;
    const auto ticks = timeTicks(begin, begin + 3 * 86'400'000, 3, berlin);
    QCOMPARE(ticks.unit, TickUnit::Day);
    QCOMPARE(ticks.timestampsMs.size(), size_t { 3 });
    QCOMPARE(ticks.timestampsMs[0], begin);
    QCOMPARE(ticks.timestampsMs[2] - ticks.timestampsMs[1], 25 * 3'600'000);
}

void TestChartScale::neverMoreTimeTicksThanAllowed()
{
    const int64_t begin = 1'795'182'063'217;
    for (int64_t length = 10; length < 400'000'000'000; length = length * 7 / 4) {
        const auto ticks = timeTicks(begin, begin + length, kTicksXMax, utc);
        QVERIFY2(ticks.timestampsMs.size() <= kTicksXMax, qPrintable(QString::number(length)));
        QVERIFY2(!ticks.timestampsMs.empty() || length < 20, qPrintable(QString::number(length)));
    }
}

QTEST_GUILESS_MAIN(TestChartScale)
#include "tst_chart_scale.moc"
