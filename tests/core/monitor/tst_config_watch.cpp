// Goal: a file that changes is taken in by itself; one that is broken is read once more, and then
// told of. Method: the test holds the clock and the disk's stamps.
#include "core/monitor/config_watch.h"

#include "tests/support/fake_clock.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace fleetglass;
using namespace fleetglass::monitor;
using namespace std::chrono_literals;

namespace {

struct FakeStamps : FileStamps
{
    std::optional<FileStamp> of(const std::string& path) const override
    {
        const auto found = stamps.find(path);
        return found == stamps.end() ? std::nullopt : std::optional(found->second);
    }
    std::map<std::string, FileStamp> stamps;
};

struct Rig
{
    FakeStamps disk;
    test::FakeClock clock;
    std::vector<std::string> files { "a.yml" };
    std::vector<bool> readings; // What the next readings come to; then all are good.
    size_t reloads = 0;
    std::vector<view::ConfigProblemView> told;
    std::function<void()> whileReading;
    ConfigWatch watch { disk, clock,
        { [this] { return files; },
            [this]() -> std::optional<view::ConfigProblemView> {
                if (whileReading)
                    whileReading();
                const bool good = reloads >= readings.size() || readings[reloads];
                ++reloads;
                if (good)
                    return std::nullopt;
                return view::ConfigProblemView { "a.yml", 3, 5, "a.yml:3:5: broken", 0 };
            },
            [this](const view::ConfigProblemView& problem) { told.push_back(problem); } } };

    Rig()
    {
        disk.stamps["a.yml"] = { 1, 10, 7 };
        watch.poll();
    }
    // As its thread would: it sleeps for as long as it was told.
    void pass(std::chrono::milliseconds time)
    {
        const auto end = clock.bootTime() + time;
        while (clock.bootTime() < end) {
            clock.advance(100ms);
            watch.poll();
        }
    }
};

} // namespace

class TestConfigWatch : public QObject
{
    Q_OBJECT
private slots:
    void whatDoesNotChangeIsNotRead();
    void aChangeIsSeen_data();
    void aChangeIsSeen();
    void c12ABrokenFileIsToldOfAndItsMendingToo();
    void c13AHalfWrittenFileIsReadOnceMoreAfter200Ms();
    void c13AFileIsReadWhenItStandsStill();
    void c13AFileThatNeverStandsStillIsReadAllTheSame();
    void c13AFileThatChangesWhileItIsReadIsReadAgain();
    void aFileThatIsIncludedFromNowOnIsNoChange();
    void aFileThatGoesAndOneThatComesAreChanges();
    void theDiskTellsAReplacedFileFromTheOldOne();
};

void TestConfigWatch::whatDoesNotChangeIsNotRead()
{
    Rig rig;
    rig.pass(1s);
    rig.pass(1s);
    QCOMPARE(rig.reloads, size_t(0));
    QVERIFY(rig.told.empty());
}

void TestConfigWatch::aChangeIsSeen_data()
{
    QTest::addColumn<qint64>("modified");
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<quint64>("inode");
    QTest::newRow("time") << qint64(2) << qint64(10) << quint64(7);
    QTest::newRow("size, in the same tick") << qint64(1) << qint64(11) << quint64(7);
    QTest::newRow("another file put in its place") << qint64(1) << qint64(10) << quint64(8);
}

void TestConfigWatch::aChangeIsSeen()
{
    QFETCH(qint64, modified);
    QFETCH(qint64, bytes);
    QFETCH(quint64, inode);
    Rig rig;
    rig.disk.stamps["a.yml"] = { modified, bytes, inode };
    rig.pass(1s);
    QCOMPARE(rig.reloads, size_t(1));
    rig.pass(1s);
    QCOMPARE(rig.reloads, size_t(1));
}

void TestConfigWatch::c12ABrokenFileIsToldOfAndItsMendingToo()
{
    Rig rig;
    rig.readings = { false, false, true };
    rig.disk.stamps["a.yml"].modifiedNs = 2;
    rig.pass(300ms);
    QCOMPARE(rig.reloads, size_t(1));
    QVERIFY(rig.told.empty()); // It may be half written.
    rig.pass(200ms);
    QCOMPARE(rig.told.size(), size_t(1));
    QCOMPARE(rig.told[0].line, 3);
    QCOMPARE(rig.told[0].message, std::string("a.yml:3:5: broken"));
    rig.pass(1s);
    QCOMPARE(rig.reloads, size_t(2)); // Not again before it changes.
    rig.disk.stamps["a.yml"].modifiedNs = 3;
    rig.pass(1s);
    QCOMPARE(rig.told.size(), size_t(2));
    QVERIFY(rig.told[1].file.empty());
}

void TestConfigWatch::c13AHalfWrittenFileIsReadOnceMoreAfter200Ms()
{
    Rig rig;
    rig.readings = { false, true };
    rig.disk.stamps["a.yml"].modifiedNs = 2;
    rig.pass(300ms);
    QCOMPARE(rig.reloads, size_t(1));
    rig.pass(100ms);
    QCOMPARE(rig.reloads, size_t(1)); // Not yet.
    rig.pass(100ms);
    QCOMPARE(rig.reloads, size_t(2));
    QVERIFY(rig.told.empty());
}

void TestConfigWatch::c13AFileIsReadWhenItStandsStill()
{
    Rig rig;
    for (int64_t bytes = 11; bytes < 16; ++bytes) {
        rig.disk.stamps["a.yml"].bytes = bytes; // It is being written.
        rig.pass(100ms);
        QCOMPARE(rig.reloads, size_t(0));
    }
    rig.pass(200ms);
    QCOMPARE(rig.reloads, size_t(1));
}

void TestConfigWatch::c13AFileThatNeverStandsStillIsReadAllTheSame()
{
    Rig rig;
    for (int64_t bytes = 11; bytes < 36; ++bytes) {
        rig.disk.stamps["a.yml"].bytes = bytes;
        rig.pass(100ms);
    }
    QCOMPARE(rig.reloads, size_t(1));
}

void TestConfigWatch::c13AFileThatChangesWhileItIsReadIsReadAgain()
{
    Rig rig;
    rig.whileReading = [&] {
        rig.disk.stamps["a.yml"].modifiedNs = 3;
        rig.whileReading = {};
    };
    rig.disk.stamps["a.yml"].modifiedNs = 2;
    rig.pass(1s);
    rig.pass(1s);
    QCOMPARE(rig.reloads, size_t(2));
}

void TestConfigWatch::aFileThatIsIncludedFromNowOnIsNoChange()
{
    Rig rig;
    rig.disk.stamps["rules.yml"] = { 1, 1, 1 };
    rig.whileReading = [&] { rig.files = { "a.yml", "rules.yml" }; };
    rig.disk.stamps["a.yml"].modifiedNs = 2;
    rig.pass(1s);
    rig.pass(1s);
    QCOMPARE(rig.reloads, size_t(1));
    rig.disk.stamps["rules.yml"].modifiedNs = 2;
    rig.pass(1s);
    QCOMPARE(rig.reloads, size_t(2));
}

void TestConfigWatch::aFileThatGoesAndOneThatComesAreChanges()
{
    Rig rig;
    rig.disk.stamps.erase("a.yml");
    rig.pass(1s);
    QCOMPARE(rig.reloads, size_t(1));
    rig.disk.stamps["a.yml"] = { 1, 10, 7 };
    rig.pass(1s);
    QCOMPARE(rig.reloads, size_t(2));
}

void TestConfigWatch::theDiskTellsAReplacedFileFromTheOldOne()
{
    QTemporaryDir folder;
    const auto path = folder.filePath(QStringLiteral("a.yml")).toStdString();
    const auto other = folder.filePath(QStringLiteral("b.yml")).toStdString();
    const DiskStamps disk;
    QVERIFY(!disk.of(path));
    std::ofstream(path) << "x: 1\n";
    std::ofstream(other) << "x: 2\n";
    const auto before = disk.of(path);
    QVERIFY(before.has_value());
    QCOMPARE(std::rename(other.c_str(), path.c_str()), 0);
    QVERIFY(!(disk.of(path) == before));
}

QTEST_GUILESS_MAIN(TestConfigWatch)
#include "tst_config_watch.moc"
