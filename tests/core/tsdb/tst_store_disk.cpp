// Goal: what readers saw is there after a restart, however the process ended, and what is damaged
// is left out, told, and never deleted. The names carry the numbers of the fault list. Method: a
// disk in memory that is copied, cut, flipped and filled, with a printed seed.
#include <QTest>

#include "tests/support/store_history.h"

using namespace fleetglass;
using namespace fleetglass::tsdb;
using namespace fleetglass::tsdb::test;

class TestStoreDisk : public QObject
{
    Q_OBJECT

private slots:
    void s1_whatWasVisibleIsThereAfterAKill();
    void s1_restartsAgreeWithTheMemory();
    void s2_whatWasFlushedIsThereAfterAPowerCut();
    void s2_whateverArrivedOfTheRestIsTrue();
    void s3_aTornTailIsDroppedAndTheRestKept_data();
    void s3_aTornTailIsDroppedAndTheRestKept();
    void s4_aFlippedBitIsNeverAWrongValue();
    void s4_damageIsKeptAndTold();
    void journalsGoWhenTheirRowsStandInBlocks();
    void theDiskBudgetIsKept();
    void exemplarsAndLongRowsComeBack();
};

namespace {

uint64_t seeded()
{
    const uint64_t seed = std::random_device()();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    return seed;
}

// The content that a new process finds on a copy of the disk.
History reopened(const MemoryDisk& disk, const Clock& clock, DirectoryReport* report = nullptr)
{
    const auto copy = disk.afterKill();
    return historyOf(*openOn(*copy, clock, {}, report));
}

} // namespace

void TestStoreDisk::s1_whatWasVisibleIsThereAfterAKill()
{
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    const auto store = openOn(disk, clock);
    for (int i = 0; i < 3000; ++i) {
        scrapes.append(*store);
        if (scrapes.random()() % 50 == 0)
            store->flush();
        if (i % 100 == 0) {
            DirectoryReport report;
            QVERIFY(reopened(disk, clock, &report) == historyOf(*store));
            QVERIFY2(report.notes.empty(), report.notes.empty() ? "" : report.notes[0].c_str());
        }
    }
    QVERIFY(reopened(disk, clock) == historyOf(*store));
}

void TestStoreDisk::s1_restartsAgreeWithTheMemory()
{
    HandClock clock;
    RandomScrapes scrapes(seeded());
    RingStore memory({ .retention = {} }, clock);
    auto disk = std::make_unique<MemoryDisk>();
    auto store = openOn(*disk, clock);
    RandomScrapes twin = scrapes;
    for (int i = 0; i < 4000; ++i) {
        scrapes.append(*store);
        twin.append(memory);
        if (scrapes.random()() % 100 == 0)
            store->maintain();
        if (scrapes.random()() % 40 == 0)
            store->flush();
        if (scrapes.random()() % 150 == 0) {
            // The process dies; another goes on.
            auto copy = disk->afterKill();
            store.reset();
            disk = std::move(copy);
            store = openOn(*disk, clock);
        }
        twin.random() = scrapes.random();
    }
    QVERIFY(historyOf(*store) == historyOf(memory));
    QCOMPARE(store->stats().samples, memory.stats().samples);
    QCOMPARE(store->recountBytes(), store->stats().bytes);
    store.reset(); // Closed well, it reads the same.
    QVERIFY(historyOf(*openOn(*disk, clock)) == historyOf(memory));
}

void TestStoreDisk::s2_whatWasFlushedIsThereAfterAPowerCut()
{
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    const auto store = openOn(disk, clock);
    History flushed;
    for (int i = 0; i < 1500; ++i) {
        scrapes.append(*store);
        if (scrapes.random()() % 20 == 0) {
            store->flush();
            flushed = historyOf(*store);
        }
        if (scrapes.random()() % 60 == 0) {
            const auto cut = disk.afterPowerCut();
            const History found = historyOf(*openOn(*cut, clock));
            QVERIFY(isInside(flushed, found));
            QVERIFY(isInside(found, historyOf(*store)));
        }
    }
}

// FLEETGLASS_CRASHES sets how many states of the disk are tried.
void TestStoreDisk::s2_whateverArrivedOfTheRestIsTrue()
{
    const int states = qEnvironmentVariableIsSet("FLEETGLASS_CRASHES")
        ? qEnvironmentVariableIntValue("FLEETGLASS_CRASHES")
        : 150;
    HandClock clock;
    RandomScrapes scrapes(seeded());
    for (int done = 0; done < states;) {
        MemoryDisk disk;
        const auto store = openOn(disk, clock, { .fileBytes = 1U << 14U });
        History flushed;
        for (int i = 0; i < 900 && done < states; ++i) {
            scrapes.append(*store);
            if (scrapes.random()() % 40 == 0) {
                store->flush();
                flushed = historyOf(*store);
            }
            if (scrapes.random()() % 20 != 0)
                continue;
            const auto torn = disk.afterTornPowerCut(scrapes.random());
            const History found = historyOf(*openOn(*torn, clock));
            QVERIFY(isInside(flushed, found));
            QVERIFY(isInside(found, historyOf(*store)));
            ++done;
        }
    }
}

void TestStoreDisk::s3_aTornTailIsDroppedAndTheRestKept_data()
{
    QTest::addColumn<QByteArray>("tail");
    QTest::addColumn<bool>("isTold");
    QTest::newRow("cut inside the last record") << QByteArray() << true;
    QTest::newRow("zeros") << QByteArray(5000, '\0') << false;
    QTest::newRow("garbage") << QByteArray(777, 'x') << true;
    QTest::newRow("the begin of a record") << QByteArray("Fgr1\x10\0\0", 7) << true;
}

void TestStoreDisk::s3_aTornTailIsDroppedAndTheRestKept()
{
    QFETCH(QByteArray, tail);
    QFETCH(bool, isTold);
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    auto store = openOn(disk, clock);
    for (int i = 0; i < 30; ++i)
        scrapes.append(*store);
    const History before = historyOf(*store);
    scrapes.append(*store);
    const History after = historyOf(*store);
    store.reset();
    Bytes& bytes = disk.files[disk.paths("journal-").front()]->written;
    if (tail.isEmpty())
        bytes.resize(bytes.size() - 3);
    else
        bytes.insert(bytes.end(), tail.begin(), tail.end());
    DirectoryReport report;
    const History found = reopened(disk, clock, &report);
    QVERIFY(found == (tail.isEmpty() ? before : after));
    QCOMPARE(report.notes.size(), isTold ? size_t { 1 } : size_t { 0 });
    if (isTold)
        QVERIFY2(report.notes[0].find("1 record (") != std::string::npos, report.notes[0].c_str());
}

void TestStoreDisk::s4_aFlippedBitIsNeverAWrongValue()
{
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    auto store = openOn(disk, clock);
    for (int i = 0; i < 2500; ++i)
        scrapes.append(*store);
    const History whole = historyOf(*store);
    store.reset();
    const auto paths = disk.paths("data/");
    size_t damaged = 0;
    for (int i = 0; i < 120; ++i) {
        auto copy = disk.afterKill();
        Bytes& bytes = copy->files[paths[scrapes.random()() % paths.size()]]->written;
        if (bytes.empty())
            continue;
        bytes[scrapes.random()() % bytes.size()]
            ^= static_cast<uint8_t>(1U << (scrapes.random()() % 8));
        DirectoryReport report;
        const History found = historyOf(*openOn(*copy, clock, {}, &report));
        QVERIFY(isInside(found, whole));
        damaged += report.notes.empty() ? 0U : 1U;
        QVERIFY(found == whole || !report.notes.empty());
    }
    QVERIFY(damaged > 60);
}

void TestStoreDisk::s4_damageIsKeptAndTold()
{
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    auto store = openOn(disk, clock, { .fileBytes = 1U << 13U });
    for (int i = 0; i < 400; ++i)
        scrapes.append(*store);
    store.reset();
    const std::string hurt = disk.paths("journal-").front();
    Bytes& bytes = disk.files[hurt]->written;
    bytes[bytes.size() / 2] ^= 1U;
    DirectoryReport report;
    store = openOn(disk, clock, { .fileBytes = 1U << 13U }, &report);
    QVERIFY(!report.notes.empty());
    QVERIFY2(report.notes[0].find("1 damaged place") != std::string::npos, report.notes[0].c_str());
    QVERIFY(report.notes[0].starts_with(hurt));
    const History found = historyOf(*store);
    // Its rows move on into blocks; the file itself is set aside.
    for (int i = 0; i < 3000; ++i) {
        scrapes.append(*store);
        if (i % 50 == 0)
            store->flush();
    }
    QVERIFY(disk.files.contains(hurt + ".damaged"));
    QVERIFY(isInside(found, reopened(disk, clock)));
}

void TestStoreDisk::journalsGoWhenTheirRowsStandInBlocks()
{
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    const auto store = openOn(disk, clock, { .fileBytes = 1U << 14U });
    for (int i = 0; i < 8000; ++i) {
        scrapes.append(*store);
        if (i % 100 == 0)
            store->flush();
    }
    store->flush();
    QVERIFY(disk.paths("journal-").size() <= 4);
    QVERIFY(disk.paths("blocks-").size() >= 1);
    QVERIFY(disk.paths(".damaged").empty());
    QCOMPARE(store->diskStats().bytes, disk.bytes());
    QVERIFY(reopened(disk, clock) == historyOf(*store));
}

void TestStoreDisk::theDiskBudgetIsKept()
{
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    const uint64_t budget = 150'000;
    const auto store = openOn(disk, clock, { .bytesMax = budget, .fileBytes = 1U << 14U });
    for (int i = 0; i < 6000; ++i) {
        scrapes.append(*store);
        if (i % 100 == 0) {
            store->flush();
            QVERIFY2(disk.bytes() <= budget, std::to_string(disk.bytes()).c_str());
        }
    }
    QVERIFY(store->stats().evictedSamplesTotal > 0);
    QVERIFY(store->stats().samples > 10'000);
    const History found = reopened(disk, clock);
    QVERIFY(found.size() > 10);
    QVERIFY(isInside(historyOf(*store), found));
}

void TestStoreDisk::exemplarsAndLongRowsComeBack()
{
    HandClock clock;
    MemoryDisk disk;
    auto store = openOn(disk, clock, { .fileBytes = 1U << 20U });
    std::vector<storage::RowValue> values;
    for (int i = 0; i < 30'000; ++i)
        values.push_back({ refFor(*store, { { "__name__", "wide" }, { "i", std::to_string(i) } }),
            static_cast<double>(i) * 1.000001 });
    const storage::LooseExemplar exemplar { values[3].series,
        { { { "trace_id", "abc" } }, 0.25, 999 } };
    for (int64_t time = 1000; time < 1005; ++time) {
        for (auto& value : values)
            value.value *= 1.25;
        QVERIFY(store->append({ time, values, {}, std::span(&exemplar, 1) }).has_value());
    }
    const auto copy = disk.afterKill();
    const auto again = openOn(*copy, clock);
    QVERIFY(historyOf(*again) == historyOf(*store));
    const auto exemplars = again->exemplars({}, kAlways).value();
    QCOMPARE(exemplars.size(), size_t { 1 });
    QCOMPARE(exemplars[0].exemplars[0].labels.get("trace_id"), std::string_view("abc"));
    QCOMPARE(exemplars[0].exemplars[0].timestampMs, int64_t { 999 });
}

QTEST_GUILESS_MAIN(TestStoreDisk)
#include "tst_store_disk.moc"
