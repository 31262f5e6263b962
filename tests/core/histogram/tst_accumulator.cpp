// Sums of native histograms of different layouts.
#include "core/histogram/accumulator.h"
#include "core/histogram/arithmetic.h"

#include <QTest>

#include <numeric>
#include <random>

using namespace fleetglass::histogram;

namespace {

Histogram simple(int32_t schema, int32_t offset, std::vector<double> buckets)
{
    Histogram h;
    h.schema = schema;
    h.positiveSpans = { { offset, static_cast<uint32_t>(buckets.size()) } };
    h.count = std::accumulate(buckets.begin(), buckets.end(), 0.0);
    h.sum = h.count * 2;
    h.positiveBuckets = std::move(buckets);
    return h;
}

Histogram sumOf(const Histogram& a, const Histogram& b)
{
    Accumulator sum(a);
    sum.add(b);
    return sum.total();
}

} // namespace

class AccumulatorTest : public QObject
{
    Q_OBJECT

private slots:
    void bucketsOfBothSidesAreThere()
    {
        const Histogram sum = sumOf(simple(0, 0, { 1, 2 }), simple(0, 3, { 4 }));
        QCOMPARE(sum.positiveSpans, (std::vector<Span> { { 0, 2 }, { 1, 1 } }));
        QCOMPARE(sum.positiveBuckets, (std::vector<double> { 1, 2, 4 }));
        QCOMPARE(sum.count, 7.0);
    }

    void finerSideIsReduced()
    {
        // At schema 0 two buckets of schema 1 make one: (1, 1.41] and (1.41, 2].
        const Histogram sum = sumOf(simple(1, 1, { 3, 4 }), simple(0, 1, { 10 }));
        QCOMPARE(sum.schema, 0);
        QCOMPARE(sum.positiveSpans, (std::vector<Span> { { 1, 1 } }));
        QCOMPARE(sum.positiveBuckets, std::vector<double> { 17 });
    }

    void widerZeroBucketSwallowsSmallBuckets()
    {
        Histogram wide = simple(0, 3, { 1 });
        wide.zeroThreshold = 2;
        wide.zeroCount = 5;
        const Histogram sum = sumOf(simple(0, 0, { 1, 2, 3 }), wide);
        QCOMPARE(sum.zeroThreshold, 2.0);
        QCOMPARE(sum.zeroCount, 8.0); // (0.5, 1] and (1, 2] of the first.
        QCOMPARE(sum.positiveBuckets, (std::vector<double> { 3, 1 }));
    }

    void zeroBucketThatCutsABucketGrowsToItsEnd()
    {
        Histogram wide = simple(0, 5, { 1 });
        wide.zeroThreshold = 1.5;
        const Histogram sum = sumOf(simple(0, 1, { 7 }), wide);
        QCOMPARE(sum.zeroThreshold, 2.0);
        QCOMPARE(sum.zeroCount, 7.0);
    }

    void customBoundsMeetInTheirIntersection()
    {
        Histogram a = simple(kCustomBucketsSchema, 0, { 1, 2, 3 });
        a.customValues = { 1, 5 };
        Histogram b = simple(kCustomBucketsSchema, 0, { 1, 1, 1, 1 });
        b.customValues = { 1, 2, 5 };
        Accumulator sum(a);
        const AddOutcome outcome = sum.add(b);
        QVERIFY(outcome.boundsReconciled);
        QCOMPARE(sum.total().customValues, (std::vector<double> { 1, 5 }));
        QCOMPARE(sum.total().positiveBuckets, (std::vector<double> { 2, 4, 4 }));
    }

    void exponentialAndCustomDoNotMix()
    {
        Histogram custom = simple(kCustomBucketsSchema, 0, { 1 });
        Accumulator sum(simple(0, 0, { 1 }));
        QVERIFY(sum.add(custom).incompatible);
        QCOMPARE(sum.total().count, 1.0);
    }

    void hintsFollowTheirRules_data()
    {
        QTest::addColumn<int>("a");
        QTest::addColumn<int>("b");
        QTest::addColumn<int>("sum");
        QTest::addColumn<bool>("collides");
        const auto row
            = [](const char* name, ResetHint a, ResetHint b, ResetHint sum, bool collides) {
                  QTest::newRow(name) << static_cast<int>(a) << static_cast<int>(b)
                                      << static_cast<int>(sum) << collides;
              };
        row("alike", ResetHint::NotReset, ResetHint::NotReset, ResetHint::NotReset, false);
        row("gauge wins", ResetHint::Reset, ResetHint::Gauge, ResetHint::Gauge, false);
        row("unknown", ResetHint::NotReset, ResetHint::Unknown, ResetHint::Unknown, false);
        row("collision", ResetHint::Reset, ResetHint::NotReset, ResetHint::Unknown, true);
    }

    void hintsFollowTheirRules()
    {
        QFETCH(int, a);
        QFETCH(int, b);
        QFETCH(int, sum);
        QFETCH(bool, collides);
        Histogram first = simple(0, 0, { 1 });
        Histogram second = first;
        first.resetHint = static_cast<ResetHint>(a);
        second.resetHint = static_cast<ResetHint>(b);
        Accumulator total(first);
        QCOMPARE(total.add(second).resetCollision, collides);
        QCOMPARE(static_cast<int>(total.total().resetHint), sum);
    }

    void whatRoundingLosesIsKept()
    {
        Accumulator sum(simple(0, 0, { 1e100 }));
        sum.add(simple(0, 0, { 1 }));
        sum.subtract(simple(0, 0, { 1e100 }));
        QCOMPARE(sum.total().positiveBuckets, std::vector<double> { 1 });
    }

    void addingAndTakingAwayIsNothing()
    {
        constexpr unsigned kSeed = 7;
        qInfo("seed %u", kSeed);
        std::mt19937 random(kSeed);
        std::uniform_int_distribution<int> dice(0, 9);
        for (int round = 0; round < 200; ++round) {
            const Histogram a
                = simple(dice(random) % 3, dice(random), { 1.0 * dice(random), 2, 3 });
            const Histogram b = simple(a.schema, dice(random), { 4, 1.0 * dice(random) });
            Accumulator sum(a);
            sum.add(b);
            sum.subtract(b);
            QVERIFY(equal(sum.total(), compacted(a)));
        }
    }

    void counterResetIsFound_data()
    {
        QTest::addColumn<int>("schema");
        QTest::addColumn<double>("first");
        QTest::addColumn<double>("second");
        QTest::addColumn<bool>("reset");
        QTest::newRow("goes on") << 0 << 2.0 << 3.0 << false;
        QTest::newRow("falls") << 0 << 1.0 << 5.0 << true;
        QTest::newRow("finer than before") << 1 << 2.0 << 3.0 << true;
    }

    void counterResetIsFound()
    {
        QFETCH(int, schema);
        QFETCH(double, first);
        QFETCH(double, second);
        QFETCH(bool, reset);
        const Histogram before = simple(0, 0, { 2, 2 });
        QCOMPARE(isReset(simple(schema, 0, { first, second }), before), reset);
    }

    void divisionByZeroLeavesNoBuckets()
    {
        const Histogram h = divided(simple(0, 0, { 1, 2 }), 0);
        QVERIFY(h.positiveBuckets.empty());
        QVERIFY(std::isinf(h.count));
    }
};

QTEST_GUILESS_MAIN(AccumulatorTest)
#include "tst_accumulator.moc"
