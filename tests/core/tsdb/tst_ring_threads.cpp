// Goal: readers see a scrape whole or not at all, also one that reaches two targets, while others
// append, series come and go, and blocks are evicted. Runs under TSan.
#include "tests/support/ring_fixture.h"

#include <QTest>

#include <thread>

using namespace fleetglass;
using namespace fleetglass::tsdb;
using namespace fleetglass::tsdb::test;
using storage::RowValue;

class TestRingThreads : public QObject
{
    Q_OBJECT

private slots:
    void aScrapeIsSeenWholeOrNotAtAll();
    void aRowAcrossTwoTargetsIsSeenWhole();
    void whatWasAppendedIsSeenByTheAppender();
    void evictionAndChurnDoNotDisturbReaders();
};

namespace {

constexpr int kSeries = 20;

std::vector<storage::SeriesRef> target(RingStore& store, const std::string& name)
{
    std::vector<storage::SeriesRef> refs;
    for (int i = 0; i < kSeries; ++i)
        refs.push_back(
            refFor(store, { { "__name__", "m" }, { "i", std::to_string(i) }, { "target", name } }));
    return refs;
}

std::vector<RowValue> rowOf(const std::vector<storage::SeriesRef>& refs, double value)
{
    std::vector<RowValue> row;
    for (const auto ref : refs)
        row.push_back({ ref, value });
    return row;
}

// All slices end with the same sample and have as many.
bool endAlike(const std::vector<storage::SeriesSlice>& slices)
{
    return std::all_of(slices.begin(), slices.end(), [&](const storage::SeriesSlice& slice) {
        return slice.timestampsMs.size() == slices[0].timestampsMs.size()
            && slice.timestampsMs.back() == slices[0].timestampsMs.back()
            && slice.values.back() == slices[0].values.back();
    });
}

} // namespace

void TestRingThreads::aScrapeIsSeenWholeOrNotAtAll()
{
    HandClock clock;
    RingStore store({ .retention = {} }, clock);
    std::atomic<bool> broken = false;
    std::vector<std::jthread> writers;
    for (int w = 0; w < 3; ++w) {
        writers.emplace_back([&store, w] {
            const auto refs = target(store, std::to_string(w));
            for (int64_t t = 1; t <= 600; ++t)
                (void)appendRow(store, t, rowOf(refs, static_cast<double>(t)));
        });
    }
    std::jthread reader([&] {
        for (int i = 0; i < 150; ++i) {
            for (const char* name : { "0", "1", "2" }) {
                const auto slices = selectAll(store, { labels::Matcher::equal("target", name) });
                const bool isWhole
                    = slices.empty() || (slices.size() == kSeries && endAlike(slices));
                broken = broken || !isWhole;
            }
        }
    });
    reader.join();
    writers.clear();
    QVERIFY(!broken);
    QCOMPARE(store.stats().samples, size_t { 3 * 600 * kSeries });
}

void TestRingThreads::aRowAcrossTwoTargetsIsSeenWhole()
{
    HandClock clock;
    RingStore store({ .retention = {} }, clock);
    const auto a = target(store, "a");
    const auto b = target(store, "b");
    appendRow(store, 1, rowOf(a, 1));
    appendRow(store, 1, rowOf(b, 1));
    std::atomic<bool> broken = false;
    std::jthread writer([&] {
        for (int64_t t = 2; t <= 800; ++t) {
            auto row = rowOf(a, static_cast<double>(t));
            const auto rest = rowOf(b, static_cast<double>(t));
            row.insert(row.end(), rest.begin(), rest.end());
            appendRow(store, t, row);
        }
    });
    std::jthread other([&] {
        const auto c = target(store, "c");
        for (int64_t t = 1; t <= 800; ++t)
            appendRow(store, t, rowOf(c, 0));
    });
    for (int i = 0; i < 150; ++i) {
        const auto matcher = labels::Matcher::create(labels::MatchType::Regex, "target", "a|b");
        const auto slices = selectAll(store, { *matcher });
        broken = broken || slices.size() != 2 * kSeries || !endAlike(slices);
    }
    writer.join();
    other.join();
    QVERIFY(!broken);
}

void TestRingThreads::whatWasAppendedIsSeenByTheAppender()
{
    HandClock clock;
    RingStore store({ .retention = {} }, clock);
    std::atomic<bool> broken = false;
    std::vector<std::jthread> threads;
    for (int w = 0; w < 4; ++w) {
        threads.emplace_back([&, w] {
            const auto own = refFor(store, { { "__name__", "own" }, { "w", std::to_string(w) } });
            const auto matcher = labels::Matcher::equal("w", std::to_string(w));
            for (int64_t t = 1; t <= 200; ++t) {
                (void)appendRow(store, t, { { own, static_cast<double>(t) } });
                const auto slices = selectAll(store, { matcher });
                broken = broken || slices.size() != 1 || slices[0].timestampsMs.back() != t;
            }
        });
    }
    threads.clear();
    QVERIFY(!broken);
}

void TestRingThreads::evictionAndChurnDoNotDisturbReaders()
{
    HandClock clock;
    RingStore store({ .retention = std::chrono::seconds(100), .bytesMax = 700'000 }, clock);
    std::atomic<bool> isDone = false;
    std::atomic<int> writing = 3;
    std::vector<std::jthread> threads;
    for (int w = 0; w < 3; ++w) {
        threads.emplace_back([&, w] {
            for (int life = 0; life < 30; ++life) {
                const auto refs = target(store, std::to_string(w) + "-" + std::to_string(life));
                for (int i = 0; i < 40; ++i) {
                    (void)store.append({ clock.wallMs(), rowOf(refs, 1.0 / (i + 3)), {}, {} });
                    clock.advance(50);
                }
            }
            --writing;
        });
    }
    threads.emplace_back([&] {
        while (!isDone) {
            store.maintain();
            (void)store.stats();
            (void)store.metricCounts();
        }
    });
    size_t read = 0;
    while (writing > 0) {
        for (const auto& slice : selectAll(store)) {
            QVERIFY(std::is_sorted(slice.timestampsMs.begin(), slice.timestampsMs.end()));
            QVERIFY(!slice.labels.empty());
            read += slice.values.size();
        }
        (void)store.labelValues("target", {}, kAlways);
    }
    for (int w = 0; w < 3; ++w)
        threads[static_cast<size_t>(w)].join();
    isDone = true;
    threads.clear();
    QVERIFY(read > 0);
    QCOMPARE(store.recountBytes(), store.stats().bytes);
    QVERIFY(store.stats().bytes <= 700'000);
}

QTEST_GUILESS_MAIN(TestRingThreads)
#include "tst_ring_threads.moc"
