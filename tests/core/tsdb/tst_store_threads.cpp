// Goal: targets that append at once, readers, the flusher and maintenance never disturb each other,
// and what they made is there after a restart.
// Method: threads on a real directory, then a second store on a copy of it; for ThreadSanitizer
// too.
#include <QTest>

#include "core/tsdb/system_disk.h"
#include "tests/support/store_history.h"

#include <QTemporaryDir>
#include <filesystem>
#include <thread>

using namespace fleetglass;
using namespace fleetglass::tsdb;
using namespace fleetglass::tsdb::test;

class TestStoreThreads : public QObject
{
    Q_OBJECT

private slots:
    void s13_allThreadsAtOnceLoseNothing();
};

namespace {

constexpr int kTargets = 4;
constexpr int kSeries = 25;
constexpr int64_t kRows = 1600;

void appendTarget(RingStore& store, int target)
{
    const auto name = std::to_string(target);
    std::vector<storage::RowValue> values;
    for (int i = 0; i < kSeries; ++i)
        values.push_back(
            { refFor(store, { { "__name__", "m" + std::to_string(i) }, { "target", name } }), 0 });
    // All targets add to one series now and then: it has its home with one of them.
    const auto shared = refFor(store, { { "__name__", "shared" } });
    for (int64_t row = 1; row <= kRows; ++row) {
        for (size_t i = 0; i < values.size(); ++i)
            values[i].value = static_cast<double>(row / static_cast<int64_t>(i + 1));
        const storage::LooseSample loose { shared, row * 100 + target, 1.0, nullptr, 0 };
        const bool shares = row % 16 == target;
        static_cast<void>(store
                              .append({ row * 100, values,
                                  std::span(&loose, shares ? size_t { 1 } : size_t { 0 }), {} })
                              .value());
    }
}

// A target's rows are seen whole: all its series have as many samples.
bool isWhole(const RingStore& store)
{
    const auto slices = selectAll(store, { labels::Matcher::equal("target", "1") });
    return std::all_of(slices.begin(), slices.end(),
        [&](const auto& slice) { return slice.values.size() == slices.front().values.size(); });
}

} // namespace

void TestStoreThreads::s13_allThreadsAtOnceLoseNothing()
{
    const QTemporaryDir place;
    const std::string path = place.path().toStdString() + "/data";
    const SystemClock clock;
    SystemDisk disk;
    RingStore store({ .retention = {} }, clock);
    QVERIFY(store.openDirectory(disk, path, { .fileBytes = 1U << 17U }).has_value());
    std::atomic<bool> isTorn { false };
    {
        std::jthread reader([&](std::stop_token stop) {
            while (!stop.stop_requested())
                isTorn = isTorn || !isWhole(store);
        });
        std::jthread flusher([&](std::stop_token stop) {
            while (!stop.stop_requested())
                store.flush();
        });
        std::jthread keeper([&](std::stop_token stop) {
            while (!stop.stop_requested()) {
                store.maintain();
                static_cast<void>(store.stats().bytes + store.diskStats().bytes);
            }
        });
        std::vector<std::jthread> targets;
        for (int i = 0; i < kTargets; ++i)
            targets.emplace_back([&store, i] { appendTarget(store, i); });
    }
    QVERIFY(!isTorn);
    const History whole = historyOf(store);
    QCOMPARE(whole.size(), size_t { kTargets * kSeries + 1 });
    QCOMPARE(whole.begin()->second.size(), size_t { kRows });
    const std::string copy = place.path().toStdString() + "/copy";
    std::filesystem::copy(path, copy);
    RingStore again({ .retention = {} }, clock);
    const auto report = again.openDirectory(disk, copy);
    QVERIFY(report.has_value());
    QVERIFY2(report->notes.empty(), report->notes.empty() ? "" : report->notes[0].c_str());
    QVERIFY(historyOf(again) == whole);
    QCOMPARE(again.recountBytes(), again.stats().bytes);
}

QTEST_GUILESS_MAIN(TestStoreThreads)
#include "tst_store_threads.moc"
