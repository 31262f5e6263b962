// Goal: the ring keeps to its time and its bytes, drops what is oldest first wherever it is, and
// series die with their last block and no sooner.
#include "tests/support/ring_fixture.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::tsdb;
using namespace fleetglass::tsdb::test;
using storage::RowValue;

class TestRingRetention : public QObject
{
    Q_OBJECT

private slots:
    void oldBlocksGoWithTime();
    void endedSeriesIsDroppedWithItsLastBlock();
    void seriesThatComesBackIsNew();
    void aJumpOfTheWallClockDeletesNothing();
    void bytesStayInsideTheBudget();
    void theOldestOfAllTargetsGoesFirst();
    void aBudgetForHeadsAloneIsKept();
    void seriesWithoutASampleIsDroppedInTime();
    void looseSamplesAgeToo();
    void bytesAreCountedExactly();
    void readersKeepWhatTheyHold();
    void churnFreesTheIndex();
};

namespace {

constexpr int64_t kMinute = 60'000;

std::vector<storage::SeriesRef> manySeries(RingStore& store, const char* job, int count)
{
    std::vector<storage::SeriesRef> refs;
    for (int i = 0; i < count; ++i)
        refs.push_back(
            refFor(store, { { "__name__", "m" }, { "i", std::to_string(i) }, { "job", job } }));
    return refs;
}

std::vector<RowValue> rowOf(const std::vector<storage::SeriesRef>& refs, double value)
{
    std::vector<RowValue> row;
    for (const auto ref : refs)
        row.push_back({ ref, value });
    return row;
}

} // namespace

void TestRingRetention::oldBlocksGoWithTime()
{
    HandClock clock;
    RingStore store({ .retention = std::chrono::minutes(100) }, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    const int64_t start = clock.wallMs();
    for (int i = 0; i < 1000; ++i) {
        appendRow(store, clock.wallMs(), { { a, static_cast<double>(i) } });
        clock.advance(kMinute);
    }
    store.maintain();
    const auto slices = selectAll(store);
    QVERIFY(slices[0].timestampsMs.front() > start + 800 * kMinute);
    QVERIFY(slices[0].timestampsMs.size() >= 100);
    QCOMPARE(slices[0].values.back(), 999.0);
    QCOMPARE(store.stats().evictedSamplesTotal + store.stats().samples, uint64_t { 1000 });
}

void TestRingRetention::endedSeriesIsDroppedWithItsLastBlock()
{
    HandClock clock;
    RingStore store({ .retention = std::chrono::minutes(100) }, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    const auto b = refFor(store, { { "__name__", "b" } });
    for (int i = 0; i < 300; ++i) {
        if (i < 10)
            appendRow(store, clock.wallMs(), { { a, 1 }, { b, 1 } });
        else
            appendRow(store, clock.wallMs(), { { a, 1 } });
        clock.advance(kMinute);
        if (i < 100)
            QVERIFY(store.isAlive(b));
        store.maintain();
    }
    QVERIFY(store.isAlive(a));
    QVERIFY(!store.isAlive(b));
    QCOMPARE(store.stats().series, size_t { 1 });
    QCOMPARE(store.labelValues("__name__", {}, kAlways), std::vector<std::string> { "a" });
    const std::vector<RowValue> late { { b, 1 } };
    QVERIFY(store.append({ clock.wallMs(), late, {}, {} }).error().message.starts_with("unknown"));
}

void TestRingRetention::seriesThatComesBackIsNew()
{
    HandClock clock;
    RingStore store({ .retention = std::chrono::minutes(10) }, clock);
    const auto before = refFor(store, { { "__name__", "a" } });
    appendRow(store, clock.wallMs(), { { before, 1 } });
    clock.advance(3 * 60 * kMinute);
    store.maintain();
    QVERIFY(!store.isAlive(before));
    const auto after = refFor(store, { { "__name__", "a" } });
    QVERIFY(after != before);
    appendRow(store, clock.wallMs(), { { after, 2 } });
    const auto slices = selectAll(store);
    QCOMPARE(slices.size(), size_t { 1 });
    QCOMPARE(slices[0].values.size(), size_t { 1 });
    QCOMPARE(slices[0].values[0], 2.0);
}

void TestRingRetention::aJumpOfTheWallClockDeletesNothing()
{
    HandClock clock;
    RingStore store({ .retention = std::chrono::hours(1) }, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    for (int i = 0; i < 100; ++i) {
        appendRow(store, clock.wallMs(), { { a, 1 } });
        clock.advance(1000);
    }
    clock.jumpWall(int64_t { 365 } * 24 * 60 * kMinute);
    appendRow(store, clock.wallMs(), { { a, 1 } });
    store.maintain();
    QCOMPARE(store.stats().samples, size_t { 101 });
}

void TestRingRetention::bytesStayInsideTheBudget()
{
    HandClock clock;
    const size_t budget = 2'000'000;
    RingStore store({ .bytesMax = budget }, clock);
    const auto refs = manySeries(store, "a", 500);
    for (int i = 0; i < 3000; ++i) {
        appendRow(store, clock.wallMs(), rowOf(refs, 1.0 / (i + 3)));
        clock.advance(1000);
        QVERIFY2(store.stats().bytes <= budget, std::to_string(store.stats().bytes).c_str());
    }
    QVERIFY(store.stats().samples > 50'000);
    QVERIFY(store.stats().evictedSamplesTotal > 0);
    QCOMPARE(selectAll(store)[0].values.back(), 1.0 / 3002);
}

void TestRingRetention::theOldestOfAllTargetsGoesFirst()
{
    HandClock clock;
    RingStore store({ .bytesMax = 1'500'000 }, clock);
    const auto quiet = manySeries(store, "quiet", 300);
    int64_t quietEnd = 0;
    for (int i = 0; i < 200; ++i) {
        appendRow(store, clock.wallMs(), rowOf(quiet, 1.0 / (i + 3)));
        quietEnd = clock.wallMs();
        clock.advance(1000);
    }
    clock.advance(120 * kMinute);
    store.maintain(); // Packs the idle head.
    const auto busy = manySeries(store, "busy", 300);
    while (store.stats().evictedSamplesTotal < 60'000) {
        appendRow(store, clock.wallMs(), rowOf(busy, 1.0 / static_cast<double>(clock.wallMs())));
        clock.advance(1000);
        if (store.stats().evictedSamplesTotal < 60'000 - 300)
            QVERIFY(store.isAlive(quiet[0]));
    }
    QVERIFY(!store.isAlive(quiet[0]));
    QVERIFY(store.isAlive(busy[0]));
    QVERIFY(store.stats().minTimeMs > quietEnd);
}

void TestRingRetention::aBudgetForHeadsAloneIsKept()
{
    HandClock clock;
    RingStore store({ .bytesMax = 1'000'000 }, clock);
    for (int target = 0; target < 200; ++target) {
        const auto refs = manySeries(store, std::to_string(target).c_str(), 20);
        for (int i = 0; i < 10; ++i) {
            appendRow(store, clock.wallMs(), rowOf(refs, 1.0 / (i + 3)));
            clock.advance(1);
        }
    }
    QVERIFY2(store.stats().bytes <= 1'000'000, std::to_string(store.stats().bytes).c_str());
    QVERIFY(store.stats().series < 4000);
    QVERIFY(store.stats().samples > 0);
}

void TestRingRetention::seriesWithoutASampleIsDroppedInTime()
{
    HandClock clock;
    RingStore store({}, clock);
    const auto never = refFor(store, { { "__name__", "never" } });
    const auto once = refFor(store, { { "__name__", "once" } });
    appendRow(store, clock.wallMs(), { { once, 1 } });
    clock.advance(30 * kMinute);
    store.maintain();
    QVERIFY(store.isAlive(never));
    clock.advance(40 * kMinute);
    store.maintain();
    QVERIFY(!store.isAlive(never));
    QVERIFY(store.isAlive(once));
    QCOMPARE(store.stats().series, size_t { 1 });
}

void TestRingRetention::looseSamplesAgeToo()
{
    HandClock clock;
    RingStore store({ .retention = std::chrono::minutes(100) }, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    const auto b = refFor(store, { { "__name__", "b" } });
    for (int i = 0; i < 1000; ++i) {
        appendLoose(store, { { a, clock.wallMs(), 1, nullptr, 0 } });
        if (i == 0)
            appendLoose(store, { { b, clock.wallMs(), 1, nullptr, 0 } });
        clock.advance(kMinute);
    }
    store.maintain();
    QVERIFY(!store.isAlive(b));
    QVERIFY(store.stats().samples < 300);
    QCOMPARE(store.recountBytes(), store.stats().bytes);
    clock.advance(500 * kMinute);
    store.maintain();
    QCOMPARE(store.stats().samples, size_t { 0 });
    QVERIFY(!store.isAlive(a));
}

void TestRingRetention::bytesAreCountedExactly()
{
    HandClock clock;
    RingStore store({ .retention = std::chrono::minutes(60) }, clock);
    const size_t empty = store.stats().bytes;
    QCOMPARE(store.recountBytes(), empty);
    for (int round = 0; round < 20; ++round) {
        const auto refs = manySeries(store, std::to_string(round).c_str(), 50);
        for (int i = 0; i < 100; ++i) {
            appendRow(store, clock.wallMs(), rowOf(refs, i % 3 == 0 ? 1 : i / 7.0));
            clock.advance(5000);
        }
        (void)selectAll(store);
        store.maintain();
        QCOMPARE(store.recountBytes(), store.stats().bytes);
    }
    QVERIFY(store.stats().evictedSamplesTotal > 0);
}

void TestRingRetention::readersKeepWhatTheyHold()
{
    HandClock clock;
    RingStore store({ .retention = std::chrono::minutes(10) }, clock);
    const auto a = refFor(store, { { "__name__", "a" } });
    for (int i = 0; i < 200; ++i) {
        appendRow(store, clock.wallMs(), { { a, static_cast<double>(i) } });
        clock.advance(1000);
    }
    const auto slices = selectAll(store);
    clock.advance(500 * kMinute);
    store.maintain();
    QCOMPARE(store.stats().series, size_t { 0 });
    QCOMPARE(slices[0].labels.metricName(), std::string_view("a"));
    QCOMPARE(slices[0].values[199], 199.0);
}

void TestRingRetention::churnFreesTheIndex()
{
    HandClock clock;
    RingStore store({ .retention = std::chrono::minutes(10) }, clock);
    size_t most = 0;
    for (int round = 0; round < 30; ++round) {
        const auto refs = manySeries(store, std::to_string(round).c_str(), 100);
        appendRow(store, clock.wallMs(), rowOf(refs, 1));
        clock.advance(100 * kMinute);
        store.maintain();
        if (round == 5)
            most = store.stats().bytes;
        if (round > 5)
            QVERIFY(store.stats().bytes <= most);
    }
    QCOMPARE(store.stats().series, size_t { 0 });
    QVERIFY(store.labelNames({}, kAlways).empty());
    QCOMPARE(store.recountBytes(), store.stats().bytes);
}

QTEST_GUILESS_MAIN(TestRingRetention)
#include "tst_ring_retention.moc"
