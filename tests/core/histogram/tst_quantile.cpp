// Quantiles, fractions, spread and trimming of native histograms.
#include "core/histogram/format.h"
#include "core/histogram/quantile.h"
#include "core/histogram/trim.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace fleetglass::histogram;

namespace {

// Observations: 2 in (0.5, 1], 4 in (1, 2], 2 in (2, 4].
Histogram exponential()
{
    Histogram h;
    h.count = 8;
    h.sum = 12;
    h.positiveSpans = { { 0, 3 } };
    h.positiveBuckets = { 2, 4, 2 };
    return h;
}

Histogram custom()
{
    Histogram h;
    h.schema = kCustomBucketsSchema;
    h.count = 6;
    h.sum = 9;
    h.customValues = { 1, 2, 4 };
    h.positiveSpans = { { 0, 3 } };
    h.positiveBuckets = { 1, 2, 3 };
    return h;
}

} // namespace

class QuantileTest : public QObject
{
    Q_OBJECT

private slots:
    void quantileInterpolatesInsideItsBucket_data()
    {
        QTest::addColumn<bool>("isCustom");
        QTest::addColumn<double>("quantile");
        QTest::addColumn<double>("value");
        constexpr double kInfinity = std::numeric_limits<double>::infinity();
        QTest::newRow("exponential middle") << false << 0.5 << std::sqrt(2.0);
        QTest::newRow("a bucket's end") << false << 0.25 << 1.0;
        QTest::newRow("all") << false << 1.0 << 4.0;
        QTest::newRow("linear from zero") << true << 1.0 / 12 << 0.5;
        QTest::newRow("linear") << true << 1.0 / 3 << 1.5;
        QTest::newRow("below zero") << false << -1.0 << -kInfinity;
        QTest::newRow("above one") << false << 2.0 << kInfinity;
    }

    void quantileInterpolatesInsideItsBucket()
    {
        QFETCH(bool, isCustom);
        QFETCH(double, quantile);
        QFETCH(double, value);
        QCOMPARE(
            fleetglass::histogram::quantile(isCustom ? custom() : exponential(), quantile).value,
            value);
    }

    void nothingObservedIsNotANumber()
    {
        QVERIFY(std::isnan(quantile(Histogram(), 0.5).value));
        QVERIFY(std::isnan(fraction(Histogram(), 0, 1).value));
    }

    void nanObservationsAreTold()
    {
        Histogram h = exponential();
        h.count = 10;
        h.sum = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(quantile(h, 0.5).nanSkew);
        QVERIFY(quantile(h, 0.95).nanResult);
        QVERIFY(std::isnan(quantile(h, 0.95).value));
        QVERIFY(fraction(h, 0, 2).nanSkew);
    }

    void fractionIsTheReverseOfQuantile()
    {
        for (const double q : { 0.1, 0.25, 0.5, 0.8, 1.0 }) {
            const double value = quantile(exponential(), q).value;
            QCOMPARE(fraction(exponential(), 0, value).value, q);
        }
    }

    void spreadIsMeasuredFromBucketMiddles()
    {
        Histogram h;
        h.count = 2;
        h.sum = 2;
        h.schema = kCustomBucketsSchema;
        h.customValues = { -1, 1, 3 };
        h.positiveSpans = { { 1, 2 } };
        h.positiveBuckets = { 1, 1 };
        QCOMPARE(variance(h), 1.0); // Middles 0 and 2 around the mean 1.
    }

    void trimmingKeepsOneSide()
    {
        const Histogram below = trimmed(custom(), 2, Keep::Below);
        QCOMPARE(below.count, 3.0);
        QCOMPARE(below.positiveBuckets, (std::vector<double> { 1, 2 }));
        const Histogram above = trimmed(custom(), 3, Keep::Above);
        QCOMPARE(above.count, 1.5);
        QCOMPARE(above.sum, 1.5 * 3.5);
    }

    void trimmingNothingChangesNothing()
    {
        QCOMPARE(trimmed(exponential(), 100, Keep::Below).sum, 12.0);
    }

    void textListsPopulatedBuckets()
    {
        Histogram h = exponential();
        h.zeroCount = 1;
        h.zeroThreshold = 0.25;
        QCOMPARE(toText(h),
            std::string("{count:8, sum:12, [-0.25,0.25]:1, (0.5,1]:2, (1,2]:4, (2,4]:2}"));
    }
};

QTEST_GUILESS_MAIN(QuantileTest)
#include "tst_quantile.moc"
