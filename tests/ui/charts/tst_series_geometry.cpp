// Goal: the picture says what the samples say. Method: the arithmetic alone, and a slow second
// answer for the decimation on seeded random input.
#include "ui/charts/series_geometry.h"

#include <QTest>
#include <limits>
#include <map>
#include <random>

using namespace fleetglass::charts;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

} // namespace

class TestSeriesGeometry : public QObject
{
    Q_OBJECT

private slots:
    void lineBreaksWhereScrapesAreMissing();
    void loneSampleIsAPieceOfItsOwn();
    void decimationKeepsEveryPeak();
    void decimationKeepsOrder();
    void infinityAndHugeValuesDoNotMoveTheRange();
    void visiblePartReachesOverTheEdges();
    void crosshairTakesTheNearestSample_data();
    void crosshairTakesTheNearestSample();
    void crosshairMovesInSteps();
    void bandHoldsLowestAndHighest();
    void lanesNeverOverlap();
    void closeEventsCluster();
};

void TestSeriesGeometry::lineBreaksWhereScrapesAreMissing()
{
    const std::vector<Sample> samples { { 0, 1 }, { 15, 1 }, { 60, 2 }, { 75, 2 }, { 90, kNan },
        { 105, 3 }, { 120, 3 } };
    const auto pieces = piecesOf(samples, 30);
    QCOMPARE(pieces, (std::vector<Piece> { { 0, 2 }, { 2, 4 }, { 5, 7 } }));
}

void TestSeriesGeometry::loneSampleIsAPieceOfItsOwn()
{
    const std::vector<Sample> samples { { 0, kNan }, { 15, 5 }, { 30, kInf }, { 45, 1e308 } };
    QCOMPARE(piecesOf(samples, 30), (std::vector<Piece> { { 1, 2 } }));
}

void TestSeriesGeometry::decimationKeepsEveryPeak()
{
    const auto seed = std::random_device {}();
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    std::normal_distribution<double> noise(0, 1);
    std::vector<Sample> samples;
    for (int i = 0; i < 20'000; ++i)
        samples.push_back({ static_cast<double>(i), noise(random) });
    const ChartScale x { { 0, 20'000 }, { 0, 500 } };
    const ChartScale y { { -5, 5 }, { 300, 0 } };
    std::map<long, Span> wanted;
    for (const Sample& sample : samples) {
        const double pixel = y.toPixel(sample.value);
        auto& column
            = wanted.try_emplace(std::lround(x.toPixel(sample.timeMs)), Span { pixel, pixel })
                  .first->second;
        column = { std::min(column.begin, pixel), std::max(column.end, pixel) };
    }
    std::map<long, Span> got;
    const auto line = decimate(samples, x, y);
    for (const Pixel& pixel : line) {
        auto& column
            = got.try_emplace(std::lround(pixel.x), Span { pixel.y, pixel.y }).first->second;
        column = { std::min(column.begin, pixel.y), std::max(column.end, pixel.y) };
    }
    QVERIFY(line.size() <= 4 * wanted.size());
    QCOMPARE(got.size(), wanted.size());
    for (const auto& [column, span] : wanted)
        QCOMPARE(got.at(column), span);
}

void TestSeriesGeometry::decimationKeepsOrder()
{
    std::vector<Sample> samples;
    for (int i = 0; i < 1000; ++i)
        samples.push_back({ static_cast<double>(i), static_cast<double>(i * 7919 % 101) });
    const auto line = decimate(samples, { { 0, 1000 }, { 0, 50 } }, { { 0, 100 }, { 100, 0 } });
    for (size_t i = 1; i < line.size(); ++i)
        QVERIFY(line[i].x >= line[i - 1].x);
}

void TestSeriesGeometry::infinityAndHugeValuesDoNotMoveTheRange()
{
    const std::vector<Sample> samples { { 0, kInf }, { 1, 2 }, { 2, kNan }, { 3, 7 }, { 4, -1e305 },
        { 9, 99 } };
    QCOMPARE(finiteRange(samples, { 0, 5 }), (std::optional<Span> { { 2, 7 } }));
    QVERIFY(!finiteRange(samples, { 5, 8 }).has_value());
}

void TestSeriesGeometry::visiblePartReachesOverTheEdges()
{
    const std::vector<Sample> samples { { 0, 0 }, { 10, 1 }, { 20, 2 }, { 30, 3 }, { 40, 4 } };
    const auto visible = visibleOf(samples, { 15, 25 });
    QCOMPARE(visible.front().timeMs, 10.0);
    QCOMPARE(visible.back().timeMs, 30.0);
    QVERIFY(visibleOf({}, { 0, 1 }).empty());
}

void TestSeriesGeometry::crosshairTakesTheNearestSample_data()
{
    QTest::addColumn<double>("time");
    QTest::addColumn<int>("index");
    QTest::newRow("before") << -5.0 << 0;
    QTest::newRow("left") << 14.0 << 1;
    QTest::newRow("right") << 16.0 << 2;
    QTest::newRow("after") << 25.0 << 2;
    QTest::newRow("too far") << 200.0 << -1;
}

void TestSeriesGeometry::crosshairTakesTheNearestSample()
{
    QFETCH(double, time);
    const std::vector<Sample> samples { { 0, 0 }, { 10, 1 }, { 20, 2 } };
    const auto nearest = nearestSample(samples, time, 10);
    QTEST(nearest ? static_cast<int>(*nearest) : -1, "index");
}

void TestSeriesGeometry::crosshairMovesInSteps()
{
    QCOMPARE(snapToStep(1007, 15), 1005.0);
    QCOMPARE(snapToStep(1007, 0), 1007.0);
}

void TestSeriesGeometry::bandHoldsLowestAndHighest()
{
    const std::vector<Sample> a { { 0, 1 }, { 50, 9 }, { 100, kInf } };
    const std::vector<Sample> b { { 0, 4 }, { 50, 2 }, { 100, 3 } };
    const std::vector<std::span<const Sample>> lines { a, b };
    const auto band = bandOf(lines, { { 0, 100 }, { 0, 100 } }, 2);
    QCOMPARE(band.size(), size_t { 3 });
    QCOMPARE(band[0].low, 1.0);
    QCOMPARE(band[0].high, 4.0);
    QCOMPARE(band[1].high, 9.0);
    QCOMPARE(band[2].high, 3.0);
}

void TestSeriesGeometry::lanesNeverOverlap()
{
    const std::vector<LaneItem> items { { 0, 10 }, { 5, 15 }, { 11, 20 }, { 12, 13 } };
    QCOMPARE(packLanes(items, 0), (std::vector<int> { 0, 1, 0, 2 }));
    QCOMPARE(packLanes(items, 3), (std::vector<int> { 0, 1, 2, 3 }));
}

void TestSeriesGeometry::closeEventsCluster()
{
    const std::vector<double> positions { 0, 3, 5, 40, 90, 92 };
    QCOMPARE(cluster(positions, 6), (std::vector<Piece> { { 0, 3 }, { 3, 4 }, { 4, 6 } }));
}

QTEST_GUILESS_MAIN(TestSeriesGeometry)
#include "tst_series_geometry.moc"
