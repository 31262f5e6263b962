#include "tests/support/ring_fixture.h"

#include <QTest>

#include <cmath>

using namespace fleetglass;
using namespace fleetglass::tsdb;
using namespace fleetglass::tsdb::test;
using labels::Labels;
using labels::Matcher;
using labels::MatchType;
using storage::LooseSample;
using storage::RowValue;

class TestRingStore : public QObject
{
    Q_OBJECT

private slots:
    void rowComesBackSortedByLabels();
    void seriesOfATargetShareTheirTimes();
    void aGapInsideIsNoSample();
    void staleMarkerAndNanKeepTheirBits();
    void samplesSurvivePacking();
    void rangeEndsAreInclusive();
    void badSamplesAreCounted_data();
    void badSamplesAreCounted();
    void secondRowOfTheSameTimeIsKept();
    void aSampleOlderThanRetentionIsRefused();
    void histogramsAndStartTimestampsComeBack();
    void repeatedHistogramIsHeldOnce();
    void exemplarsAreARing();
    void seriesOfTwoTargetsInOneRow();
    void seriesLimitNamesItself();
    void seriesWithoutLabelsIsRefused();
    void sameLabelsAreTheSameSeries();
    void unknownRefsAreToldApart();
    void selectStopsAtItsLimits();
    void cancelledSelectSaysSo();
    void metricCountsFollowTheSeries();
    void statsTellTimesAndRate();
};

void TestRingStore::rowComesBackSortedByLabels()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto b = refFor(store, { { "__name__", "up" }, { "job", "b" } });
    const auto a = refFor(store, { { "__name__", "up" }, { "job", "a" } });
    const auto counts = appendRow(store, 1000, { { b, 2 }, { a, 1 } });
    QCOMPARE(counts.appended, size_t { 2 });
    const auto slices = selectAll(store);
    QCOMPARE(slices.size(), size_t { 2 });
    QCOMPARE(slices[0].labels, Labels({ { "__name__", "up" }, { "job", "a" } }));
    QCOMPARE(slices[0].values[0], 1.0);
    QCOMPARE(slices[0].timestampsMs[0], int64_t { 1000 });
    QCOMPARE(slices[1].values[0], 2.0);
    QVERIFY(slices[0].startTimestampsMs.empty());
}

void TestRingStore::seriesOfATargetShareTheirTimes()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    const auto b = refFor(store, { { "__name__", "b" } });
    for (int64_t t = 1; t <= 200; ++t)
        appendRow(store, t, { { a, 1 }, { b, static_cast<double>(t) } });
    const auto slices = selectAll(store);
    QCOMPARE(slices[0].timestampsMs.size(), size_t { 200 });
    QCOMPARE(slices[0].timestampsMs.data(), slices[1].timestampsMs.data());
    QCOMPARE(slices[1].values[199], 200.0);
}

void TestRingStore::aGapInsideIsNoSample()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    const auto b = refFor(store, { { "__name__", "b" } });
    for (int64_t t = 1; t <= 300; ++t) {
        if (t % 100 < 90)
            appendRow(store, t, { { a, 1 }, { b, 7 } });
        else
            appendRow(store, t, { { a, 1 } });
    }
    const auto slices = selectAll(store, { named("b") });
    QCOMPARE(slices[0].timestampsMs.size(), size_t { 270 });
    QCOMPARE(slices[0].timestampsMs[88], int64_t { 89 });
    QCOMPARE(slices[0].timestampsMs[89], int64_t { 100 });
    QVERIFY(std::all_of(
        slices[0].values.begin(), slices[0].values.end(), [](double value) { return value == 7; }));
}

void TestRingStore::staleMarkerAndNanKeepTheirBits()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    appendRow(store, 1, { { a, std::bit_cast<double>(storage::kCanonicalNanBits) } });
    appendRow(store, 2, { { a, storage::kStaleMarker } });
    const auto slices = selectAll(store);
    QCOMPARE(std::bit_cast<uint64_t>(slices[0].values[0]), storage::kCanonicalNanBits);
    QVERIFY(storage::isStaleMarker(slices[0].values[1]));
}

void TestRingStore::samplesSurvivePacking()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    for (int64_t t = 0; t < 1000; ++t)
        appendRow(store, t * 15000 + t % 7, { { a, static_cast<double>(t * t) / 4 } });
    QVERIFY(store.stats().blocks > 1);
    const auto slices = selectAll(store);
    QCOMPARE(slices[0].values.size(), size_t { 1000 });
    for (int64_t t = 0; t < 1000; ++t) {
        QCOMPARE(slices[0].timestampsMs[static_cast<size_t>(t)], t * 15000 + t % 7);
        QCOMPARE(slices[0].values[static_cast<size_t>(t)], static_cast<double>(t * t) / 4);
    }
}

void TestRingStore::rangeEndsAreInclusive()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    for (int64_t t = 1; t <= 100; ++t)
        appendRow(store, t, { { a, 1 } });
    const auto slices = selectAll(store, {}, { 10, 80 });
    QCOMPARE(slices[0].timestampsMs.front(), int64_t { 10 });
    QCOMPARE(slices[0].timestampsMs.back(), int64_t { 80 });
    QVERIFY(selectAll(store, {}, { 101, 200 }).empty());
    QVERIFY(selectAll(store, {}, { 80, 10 }).empty());
}

void TestRingStore::badSamplesAreCounted_data()
{
    QTest::addColumn<int64_t>("timeMs");
    QTest::addColumn<double>("value");
    QTest::addColumn<size_t>("appended");
    QTest::addColumn<size_t>("outOfOrder");
    QTest::addColumn<size_t>("duplicate");
    QTest::newRow("newer") << int64_t { 101 } << 9.0 << size_t { 1 } << size_t { 0 }
                           << size_t { 0 };
    QTest::newRow("older") << int64_t { 99 } << 5.0 << size_t { 0 } << size_t { 1 } << size_t { 0 };
    QTest::newRow("same time, other value")
        << int64_t { 100 } << 6.0 << size_t { 0 } << size_t { 0 } << size_t { 1 };
    QTest::newRow("the same again")
        << int64_t { 100 } << 5.0 << size_t { 1 } << size_t { 0 } << size_t { 0 };
}

void TestRingStore::badSamplesAreCounted()
{
    QFETCH(int64_t, timeMs);
    QFETCH(double, value);
    QFETCH(size_t, appended);
    QFETCH(size_t, outOfOrder);
    QFETCH(size_t, duplicate);
    HandClock clock;
    for (const bool isRow : { true, false }) {
        RingStore store({}, clock);
        const auto a = refFor(store, { { "__name__", "a" } });
        appendRow(store, 100, { { a, 5 } });
        const auto counts = isRow ? appendRow(store, timeMs, { { a, value } })
                                  : appendLoose(store, { { a, timeMs, value, nullptr, 0 } });
        QCOMPARE(counts.appended, appended);
        QCOMPARE(counts.outOfOrder, outOfOrder);
        QCOMPARE(counts.duplicate, duplicate);
        const size_t held = timeMs > 100 ? 2 : 1;
        QCOMPARE(store.stats().samples, held);
        QCOMPARE(selectAll(store)[0].values.size(), held);
    }
}

void TestRingStore::secondRowOfTheSameTimeIsKept()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    const auto b = refFor(store, { { "__name__", "b" } });
    appendRow(store, 10, { { a, 1 }, { b, 1 } });
    appendRow(store, 20, { { a, 2 } });
    appendRow(store, 20, { { b, 2 } });
    appendRow(store, 30, { { a, 3 }, { b, 3 } });
    const auto slices = selectAll(store, { named("b") });
    QCOMPARE(slices[0].values.size(), size_t { 3 });
    QCOMPARE(slices[0].timestampsMs[1], int64_t { 20 });
    QCOMPARE(slices[0].values[1], 2.0);
}

void TestRingStore::aSampleOlderThanRetentionIsRefused()
{
    HandClock clock;
    RingStore store({ .retention = std::chrono::hours(1) }, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    const int64_t tooOld = clock.wallMs() - 3'600'000;
    QCOMPARE(appendRow(store, tooOld, { { a, 1 } }).tooOld, size_t { 1 });
    QCOMPARE(appendLoose(store, { { a, tooOld, 1, nullptr, 0 } }).tooOld, size_t { 1 });
    QCOMPARE(appendRow(store, tooOld + 1, { { a, 1 } }).appended, size_t { 1 });
    QCOMPARE(store.stats().tooOldTotal, uint64_t { 2 });
}

void TestRingStore::histogramsAndStartTimestampsComeBack()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    for (int64_t t = 1; t <= 400; ++t) {
        if (t % 3 == 0) {
            auto value = std::make_shared<histogram::Histogram>();
            value->count = static_cast<double>(t);
            appendLoose(store, { { a, t, 0, value, 5 } });
        } else {
            appendLoose(store, { { a, t, static_cast<double>(t), nullptr, 7 } });
        }
    }
    const auto slice = selectAll(store, {}, { 10, 390 })[0];
    QCOMPARE(slice.histograms.size(), size_t { 127 });
    QCOMPARE(slice.values.size(), size_t { 254 });
    QCOMPARE(slice.startTimestampsMs.size(), size_t { 254 });
    QCOMPARE(slice.startTimestampsMs[100], int64_t { 7 });
    QCOMPARE(slice.histograms[0].timestampMs, int64_t { 12 });
    QCOMPARE(slice.histograms[0].startTimestampMs, int64_t { 5 });
    QCOMPARE(slice.histograms.back().histogram->count, 390.0);
    QCOMPARE(slice.values[0], 10.0);
}

void TestRingStore::repeatedHistogramIsHeldOnce()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    auto value = std::make_shared<histogram::Histogram>();
    value->positiveSpans = { { 0, 1 } };
    value->positiveBuckets = { 3 };
    auto same = std::make_shared<histogram::Histogram>(*value);
    auto other = std::make_shared<histogram::Histogram>(*value);
    other->positiveBuckets = { 4 };
    appendLoose(store, { { a, 10, 0, value, 0 } });
    QCOMPARE(appendLoose(store, { { a, 10, 0, same, 0 } }).appended, size_t { 1 });
    QCOMPARE(appendLoose(store, { { a, 10, 0, other, 0 } }).duplicate, size_t { 1 });
    QCOMPARE(appendLoose(store, { { a, 10, 3, nullptr, 0 } }).duplicate, size_t { 1 });
    QCOMPARE(store.stats().samples, size_t { 1 });
}

void TestRingStore::exemplarsAreARing()
{
    HandClock clock;
    RingStore store({ .exemplarsPerSeriesMax = 3 }, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    for (int64_t t = 1; t <= 5; ++t) {
        const std::vector<RowValue> values { { a, 1 } };
        const std::vector<storage::LooseExemplar> exemplars {
            { a, { { { "trace_id", "x" } }, static_cast<double>(t), t } },
            { a, { {}, 99, t } }, // Not newer than the one before: left out.
        };
        QVERIFY(store.append({ t, values, {}, exemplars }));
    }
    const auto found = store.exemplars(std::vector { named("a") }, { 4, 100 }).value();
    QCOMPARE(found.size(), size_t { 1 });
    QCOMPARE(found[0].exemplars.size(), size_t { 2 });
    QCOMPARE(found[0].exemplars[0].timestampMs, int64_t { 4 });
    QCOMPARE(found[0].exemplars[1].value, 5.0);
    QCOMPARE(found[0].exemplars[1].labels.get("trace_id"), std::string_view("x"));
    QCOMPARE(store.exemplars({}, kAlways).value()[0].exemplars.size(), size_t { 3 });
    const std::vector<storage::LooseExemplar> alone { { a, { {}, 1, 9 } } };
    QVERIFY(store.append({ 9, {}, {}, alone }));
    QCOMPARE(store.exemplars({}, { 9, 9 }).value().size(), size_t { 1 });
}

void TestRingStore::seriesOfTwoTargetsInOneRow()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    const auto b = refFor(store, { { "__name__", "b" } });
    appendRow(store, 10, { { a, 1 } });
    appendRow(store, 11, { { b, 1 } });
    QCOMPARE(appendRow(store, 20, { { a, 2 }, { b, 2 } }).appended, size_t { 2 });
    appendRow(store, 31, { { b, 3 } });
    const auto slices = selectAll(store, { named("b") });
    QCOMPARE(slices[0].values.size(), size_t { 3 });
    QCOMPARE(slices[0].timestampsMs[1], int64_t { 20 });
    QCOMPARE(slices[0].values[1], 2.0);
}

void TestRingStore::seriesLimitNamesItself()
{
    HandClock clock;
    RingStore store({ .seriesMax = 2 }, clock);
    (void)refFor(store, { { "__name__", "a" } });
    (void)refFor(store, { { "__name__", "b" } });
    const auto refused = store.seriesFor({ { "__name__", "c" }, { "job", "x" } });
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Limit);
    QCOMPARE(refused.error().message,
        std::string("the store holds 2 series, its limit; series refused: c{job=\"x\"} (raise the "
                    "series limit, or drop labels by relabelling)"));
    QVERIFY(store.seriesFor({ { "__name__", "a" } }));
}

void TestRingStore::seriesWithoutLabelsIsRefused()
{
    HandClock clock;
    RingStore store({}, clock);
    QCOMPARE(store.seriesFor({}).error().message, std::string("a series needs at least one label"));
}

void TestRingStore::sameLabelsAreTheSameSeries()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto first = refFor(store, { { "__name__", "a" }, { "x", "1" } });
    QCOMPARE(refFor(store, { { "x", "1" }, { "__name__", "a" } }), first);
    QVERIFY(store.isAlive(first));
    QVERIFY(first != 0);
}

void TestRingStore::unknownRefsAreToldApart()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    for (const storage::SeriesRef bogus : { storage::SeriesRef { 0 }, storage::SeriesRef { 1 },
             storage::SeriesRef { 5 }, UINT64_MAX, a + 1, a + (uint64_t { 1 } << 32U) }) {
        QVERIFY(!store.isAlive(bogus));
        const std::vector<RowValue> values { { bogus, 1 } };
        const auto refused = store.append({ 10, values, {}, {} });
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NotFound);
        QVERIFY(refused.error().message.starts_with("unknown series"));
        QCOMPARE(appendRow(store, 10, { { a, 1 }, { bogus, 1 } }).unknownSeries, size_t { 1 });
    }
    QVERIFY(store.append({ 10, {}, {}, {} }));
}

void TestRingStore::selectStopsAtItsLimits()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    const auto b = refFor(store, { { "__name__", "b" } });
    for (int64_t t = 1; t <= 10; ++t)
        appendRow(store, t, { { a, 1 }, { b, 1 } });
    QVERIFY(store.select({}, kAlways, { .seriesMax = 2, .samplesMax = 20, .stop = {} }));
    const auto tooMany
        = store.select({}, kAlways, { .seriesMax = 2, .samplesMax = 19, .stop = {} });
    QCOMPARE(tooMany.error().code, ErrorCode::Limit);
    QCOMPARE(tooMany.error().message,
        std::string("the selection has more than 19 samples, the limit; narrow the matchers or the "
                    "time range"));
    const auto tooWide
        = store.select({}, kAlways, { .seriesMax = 1, .samplesMax = 99, .stop = {} });
    QCOMPARE(tooWide.error().message,
        std::string("the selection has more than 1 series, the limit; narrow the matchers"));
    QCOMPARE(
        store.series({}, kAlways, { .seriesMax = 1, .samplesMax = 99, .stop = {} }).error().code,
        ErrorCode::Limit);
}

void TestRingStore::cancelledSelectSaysSo()
{
    HandClock clock;
    RingStore store({}, clock);
    appendRow(store, 1, { { refFor(store, { { "__name__", "a" } }), 1 } });
    std::stop_source source;
    source.request_stop();
    storage::SelectLimits limits;
    limits.stop = source.get_token();
    QCOMPARE(store.select({}, kAlways, limits).error().code, ErrorCode::Cancelled);
    QCOMPARE(store.series({}, kAlways, limits).error().code, ErrorCode::Cancelled);
}

void TestRingStore::metricCountsFollowTheSeries()
{
    HandClock clock;
    RingStore store({}, clock);
    (void)refFor(store, { { "__name__", "a" }, { "x", "1" } });
    (void)refFor(store, { { "__name__", "a" }, { "x", "2" } });
    (void)refFor(store, { { "__name__", "b" } });
    const std::map<std::string, size_t> expected { { "a", 2 }, { "b", 1 } };
    QVERIFY(store.metricCounts() == expected);
}

void TestRingStore::statsTellTimesAndRate()
{
    HandClock clock;
    RingStore store({}, clock);
    QCOMPARE(store.stats().minTimeMs, int64_t { 0 });
    const auto a = refFor(store, { { "__name__", "a" } });
    const int64_t start = clock.wallMs();
    for (int i = 0; i < 20; ++i) {
        appendRow(store, clock.wallMs(), { { a, 1 } });
        clock.advance(500);
    }
    const StoreStats stats = store.stats();
    QCOMPARE(stats.minTimeMs, start);
    QCOMPARE(stats.maxTimeMs, start + 9500);
    QCOMPARE(stats.samples, size_t { 20 });
    QCOMPARE(stats.appendedTotal, uint64_t { 20 });
    QCOMPARE(stats.appendedPerSecond, 2.0);
    QCOMPARE(stats.series, size_t { 1 });
    clock.advance(60'000);
    QCOMPARE(store.stats().appendedPerSecond, 0.0);
}

QTEST_GUILESS_MAIN(TestRingStore)
#include "tst_ring_store.moc"
