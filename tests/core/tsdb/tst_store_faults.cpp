// Goal: a disk that is full, fails, is taken away, belongs to another or holds something strange
// costs no sample that was seen, and says so. The names carry the numbers of the fault list.
// Method: a disk in memory that fails as told, and a real directory for locks.
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

class TestStoreFaults : public QObject
{
    Q_OBJECT

private slots:
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

void TestStoreFaults::s5_aFullDiskIsWaitedFor()
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

void TestStoreFaults::s5_littleFreeSpaceStopsTheWritingBeforehand()
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

void TestStoreFaults::s6_aFailedSyncIsNotTriedAgain()
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

void TestStoreFaults::s7_anyFailedCallLosesNothing_data()
{
    QTest::addColumn<bool>("isFull");
    QTest::addColumn<int>("length");
    QTest::newRow("one EIO") << false << 1;
    QTest::newRow("one ENOSPC") << true << 1;
    QTest::newRow("EIO for a while") << false << 15;
    QTest::newRow("ENOSPC for a while") << true << 15;
}

void TestStoreFaults::s7_anyFailedCallLosesNothing()
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

void TestStoreFaults::s8_aSecondWriterIsRefusedAndAReaderIsNot()
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

void TestStoreFaults::s9_aRemovedDirectoryIsMadeAnew()
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

void TestStoreFaults::s10_aWrongClockAtTheStartDeletesNothing_data()
{
    QTest::addColumn<qint64>("jumpMs");
    QTest::newRow("ten years ahead") << qint64 { 315'360'000'000 };
    QTest::newRow("an hour back") << qint64 { -3'600'000 };
    QTest::newRow("back in 1970") << qint64 { -999'000'000 };
}

void TestStoreFaults::s10_aWrongClockAtTheStartDeletesNothing()
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

void TestStoreFaults::s11_aNewerFormatIsOpenedReadOnly()
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

void TestStoreFaults::s12_strangeFilesAreLeftAlone()
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

QTEST_GUILESS_MAIN(TestStoreFaults)
#include "tst_store_faults.moc"
