// Goal: what readers saw is there after a restart, however the process ended, and what is damaged
// is left out, told, and never deleted. The names carry the numbers of the fault list. Method: a
// disk in memory that is copied, cut, flipped and filled, with a printed seed.
#include <QTest>

#include "core/tsdb/record.h"
#include "core/tsdb/store_file.h"
#include "core/tsdb/system_disk.h"
#include "core/tsdb/wire.h"
#include "tests/support/store_history.h"

#include <QTemporaryDir>

using namespace fleetglass;
using namespace fleetglass::tsdb;
using namespace fleetglass::tsdb::test;
using Call = MemoryDisk::Call;

class TestStoreDisk : public QObject
{
    Q_OBJECT

private slots:
    void s1_whatWasVisibleIsThereAfterAKill();
    void s1_restartsAgreeWithTheMemory();
    void s2_whatWasFlushedIsThereAfterAPowerCut();
    void s3_aTornTailIsDroppedAndTheRestKept_data();
    void s3_aTornTailIsDroppedAndTheRestKept();
    void s4_aFlippedBitIsNeverAWrongValue();
    void s4_damageIsKeptAndTold();
    void s5_aFullDiskIsWaitedFor();
    void s5_littleFreeSpaceStopsTheWritingBeforehand();
    void s6_aFailedSyncIsNotTriedAgain();
    void s7_anyFailedCallLosesNothing_data();
    void s7_anyFailedCallLosesNothing();
    void s8_aSecondWriterIsRefusedAndAReaderIsNot();
    void s9_aRemovedDirectoryIsMadeAnew();
    void s10_aWrongClockAtTheStartDeletesNothing_data();
    void s10_aWrongClockAtTheStartDeletesNothing();
    void s11_aNewerFormatIsOpenedReadOnly();
    void s12_strangeFilesAreLeftAlone();
    void journalsGoWhenTheirRowsStandInBlocks();
    void theDiskBudgetIsKept();
    void exemplarsAndLongRowsComeBack();
};

namespace {

Error ioError()
{
    return { ErrorCode::Io, "the disk reports an error (EIO)", std::nullopt };
}

Error fullError()
{
    return { ErrorCode::Limit, "the disk is full", std::nullopt };
}

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

void TestStoreDisk::s5_aFullDiskIsWaitedFor()
{
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    const auto store = openOn(disk, clock);
    for (int round = 0; round < 6; ++round) {
        for (int i = 0; i < 150; ++i)
            scrapes.append(*store);
        disk.onCall = [](Call call, const std::string&) {
            const bool fails = call == Call::Write || call == Call::Reserve;
            return fails ? std::optional(fullError()) : std::nullopt;
        };
        for (int i = 0; i < 100; ++i) {
            scrapes.append(*store);
            if (i % 20 == 0)
                store->flush();
        }
        QVERIFY(store->diskStats().problem.find("the disk is full") != std::string::npos);
        disk.onCall = {};
        store->flush();
        QCOMPARE(store->diskStats().problem, std::string());
        DirectoryReport report;
        QVERIFY(reopened(disk, clock, &report) == historyOf(*store));
    }
}

void TestStoreDisk::s5_littleFreeSpaceStopsTheWritingBeforehand()
{
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    disk.freeBytes = uint64_t { 1 } << 30U;
    DirectoryReport report;
    const auto store = openOn(disk, clock, {}, &report);
    QCOMPARE(report.notes.size(), size_t { 1 });
    QVERIFY2(report.notes[0].ends_with("the disk has 1024 MiB left, and 52428 MiB are kept free; "
                                       "make room"),
        report.notes[0].c_str());
    scrapes.append(*store);
    QVERIFY(disk.paths("journal-").empty());
    disk.freeBytes = uint64_t { 1 } << 39U;
    store->flush();
    QVERIFY(reopened(disk, clock) == historyOf(*store));
}

void TestStoreDisk::s6_aFailedSyncIsNotTriedAgain()
{
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    const auto store = openOn(disk, clock);
    for (int i = 0; i < 2000; ++i)
        scrapes.append(*store);
    std::string failed;
    disk.onCall = [&](Call call, const std::string& path) {
        const bool fails = call == Call::Sync && failed.empty();
        if (fails)
            failed = path;
        return fails ? std::optional(ioError()) : std::nullopt;
    };
    store->flush();
    QVERIFY(!failed.empty());
    QVERIFY(store->diskStats().problem.find("EIO") != std::string::npos);
    const auto inode = disk.files[failed];
    for (int i = 0; i < 5; ++i) {
        scrapes.append(*store);
        store->flush();
    }
    QCOMPARE(store->diskStats().problem, std::string());
    QCOMPARE(inode->syncsAfterFailure, size_t { 0 });
    QVERIFY(disk.files.contains(failed + ".damaged"));
    // All of it is sure now, without that file.
    const auto cut = disk.afterPowerCut();
    QVERIFY(historyOf(*openOn(*cut, clock)) == historyOf(*store));
}

void TestStoreDisk::s7_anyFailedCallLosesNothing_data()
{
    QTest::addColumn<bool>("isFull");
    QTest::addColumn<int>("length");
    QTest::newRow("one EIO") << false << 1;
    QTest::newRow("one ENOSPC") << true << 1;
    QTest::newRow("EIO for a while") << false << 15;
    QTest::newRow("ENOSPC for a while") << true << 15;
}

void TestStoreDisk::s7_anyFailedCallLosesNothing()
{
    QFETCH(bool, isFull);
    QFETCH(int, length);
    const uint64_t seed = seeded();
    for (int at = 1; at < 200; at += 13) {
        HandClock clock;
        MemoryDisk disk;
        RandomScrapes scrapes(seed);
        const auto store = openOn(disk, clock, { .fileBytes = 1U << 13U });
        int calls = 0;
        disk.onCall = [&](Call call, const std::string&) -> std::optional<Error> {
            const bool counts = call != Call::Read && call != Call::List;
            if (!counts || ++calls < at || calls >= at + length)
                return std::nullopt;
            return isFull ? fullError() : ioError();
        };
        for (int i = 0; i < 250; ++i) {
            scrapes.append(*store);
            if (i % 25 == 0)
                store->flush();
        }
        disk.onCall = {};
        store->flush();
        store->flush();
        QCOMPARE(store->diskStats().problem, std::string());
        const auto cut = disk.afterPowerCut();
        QVERIFY(historyOf(*openOn(*cut, clock)) == historyOf(*store));
    }
}

void TestStoreDisk::s8_aSecondWriterIsRefusedAndAReaderIsNot()
{
    const QTemporaryDir place;
    const std::string path = place.path().toStdString() + "/new/data";
    HandClock clock;
    SystemDisk disk;
    RandomScrapes scrapes(seeded());
    auto store = std::make_unique<RingStore>(RingStoreOptions { .retention = {} }, clock);
    QVERIFY(store->openDirectory(disk, path).has_value());
    for (int i = 0; i < 100; ++i)
        scrapes.append(*store);
    RingStore second({ .retention = {} }, clock);
    const auto refused = second.openDirectory(disk, path);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Unavailable);
    QVERIFY2(
        refused.error().message.find("process " + std::to_string(getpid())) != std::string::npos,
        refused.error().message.c_str());
    RingStore reader({ .retention = {} }, clock);
    const auto read = reader.openDirectory(disk, path, { .readOnly = true });
    QVERIFY(read.has_value() && read->isReadOnly);
    QVERIFY(historyOf(reader) == historyOf(*store));
    const History before = historyOf(*store);
    store.reset();
    RingStore third({ .retention = {} }, clock);
    QVERIFY(third.openDirectory(disk, path).has_value());
    QVERIFY(historyOf(third) == before);
}

void TestStoreDisk::s9_aRemovedDirectoryIsMadeAnew()
{
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    const auto store = openOn(disk, clock);
    for (int i = 0; i < 2500; ++i)
        scrapes.append(*store);
    store->flush();
    disk.files.clear();
    store->flush();
    QCOMPARE(store->diskStats().problem, std::string());
    scrapes.append(*store);
    QVERIFY(reopened(disk, clock) == historyOf(*store));
}

void TestStoreDisk::s10_aWrongClockAtTheStartDeletesNothing_data()
{
    QTest::addColumn<qint64>("jumpMs");
    QTest::newRow("ten years ahead") << qint64 { 315'360'000'000 };
    QTest::newRow("an hour back") << qint64 { -3'600'000 };
    QTest::newRow("back in 1970") << qint64 { -999'000'000 };
}

void TestStoreDisk::s10_aWrongClockAtTheStartDeletesNothing()
{
    QFETCH(qint64, jumpMs);
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    const RingStoreOptions ring { .retention = std::chrono::hours(1) };
    auto store = openOn(disk, clock, {}, nullptr, ring);
    for (int i = 0; i < 1500; ++i)
        scrapes.append(*store);
    const History before = historyOf(*store);
    store.reset();
    clock.jumpWall(jumpMs);
    store = openOn(disk, clock, {}, nullptr, ring);
    store->maintain();
    store->flush();
    QVERIFY(historyOf(*store) == before);
    // Time goes on at no more than twice its pace: after half an hour more than an hour is old.
    clock.advance(40 * 60'000);
    store->maintain();
    QCOMPARE(historyOf(*store) == before, jumpMs < 0);
}

void TestStoreDisk::s11_aNewerFormatIsOpenedReadOnly()
{
    HandClock clock;
    MemoryDisk disk;
    Bytes payload;
    appendVarint(payload, kFormatVersion + 1);
    appendText(payload, "what will be");
    Bytes bytes;
    appendRecord(bytes, 0x1234, RecordType::File, 0, payload);
    const FileName name { FileKind::Journal, 7, 0x1234 };
    disk.files["data/" + name.text()]
        = std::make_shared<MemoryDisk::Inode>(MemoryDisk::Inode { bytes, bytes });
    DirectoryReport report;
    const auto store = openOn(disk, clock, {}, &report);
    QVERIFY(report.isReadOnly);
    QCOMPARE(report.notes.size(), size_t { 1 });
    QVERIFY2(
        report.notes[0].ends_with(": format 2 is newer than this program's 1; the directory is "
                                  "opened read-only"),
        report.notes[0].c_str());
    QCOMPARE(disk.files.size(), size_t { 1 });
}

void TestStoreDisk::s12_strangeFilesAreLeftAlone()
{
    HandClock clock;
    MemoryDisk disk;
    RandomScrapes scrapes(seeded());
    const auto put = [&](const std::string& name, const std::string& text) {
        const Bytes bytes(text.begin(), text.end());
        disk.files["data/" + name]
            = std::make_shared<MemoryDisk::Inode>(MemoryDisk::Inode { bytes, bytes });
    };
    put("notes.txt", "mine");
    put("journal-00000003-00000000", "");
    put("blocks-00000002-abcdefab", "");
    put("blocks-1-a", "not ours");
    DirectoryReport report;
    auto store = openOn(disk, clock, {}, &report);
    for (int i = 0; i < 50; ++i)
        scrapes.append(*store);
    const History before = historyOf(*store);
    store.reset();
    QVERIFY(reopened(disk, clock) == before);
    QVERIFY(disk.files.contains("data/notes.txt") && disk.files.contains("data/blocks-1-a"));
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
