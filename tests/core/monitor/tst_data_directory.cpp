// Goal: a monitor takes up what the last one on its data directory kept, says when it cannot, and
// keeps up to date what it appends, synced, while it runs.
#include "core/monitor/monitor.h"

#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;

class TestDataDirectory : public QObject
{
    Q_OBJECT

private slots:
    void samplesOutliveTheMonitor();
    void aSecondMonitorWatchesWithoutKeeping();
    void aPathThatIsNoDirectoryIsRefused();
};

namespace {

void append(monitor::Monitor& monitor, int64_t timeMs, double value)
{
    const auto series = monitor.store().seriesFor({ { "__name__", "m" } }).value();
    const std::vector<storage::RowValue> values { { series, value } };
    static_cast<void>(monitor.store().append({ timeMs, values, {}, {} }).value());
}

std::vector<double> values(monitor::Monitor& monitor)
{
    const auto slices = monitor.store().select({}, { INT64_MIN, INT64_MAX }, {}).value();
    return slices.empty() ? std::vector<double>()
                          : std::vector<double>(slices[0].values.begin(), slices[0].values.end());
}

} // namespace

void TestDataDirectory::samplesOutliveTheMonitor()
{
    const QTemporaryDir place;
    const std::string path = place.path().toStdString() + "/a/b";
    const SystemClock clock;
    const int64_t nowMs = clock.wallMs();
    for (int round = 0; round < 3; ++round) {
        monitor::Monitor monitor({}, clock, {});
        const auto opened = monitor.openData(path);
        QVERIFY(opened.has_value());
        QCOMPARE(opened->samples, static_cast<size_t>(round));
        QVERIFY(opened->notes.empty());
        append(monitor, nowMs + round, round);
        monitor.start();
        monitor.stop();
    }
    monitor::Monitor monitor({}, clock, {});
    QVERIFY(monitor.openData(path).has_value());
    QCOMPARE(values(monitor), (std::vector<double> { 0, 1, 2 }));
}

void TestDataDirectory::aSecondMonitorWatchesWithoutKeeping()
{
    const QTemporaryDir place;
    const std::string path = place.path().toStdString();
    const SystemClock clock;
    monitor::Monitor first({}, clock, {});
    QVERIFY(first.openData(path).has_value());
    monitor::Monitor second({}, clock, {});
    const auto refused = second.openData(path);
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.find("another Fleetglass (process ") != std::string::npos,
        refused.error().message.c_str());
    append(second, clock.wallMs(), 7);
    QCOMPARE(values(second), std::vector<double> { 7 });
    QVERIFY(values(first).empty());
}

void TestDataDirectory::aPathThatIsNoDirectoryIsRefused()
{
    const QTemporaryDir place;
    QFile file(place.filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const SystemClock clock;
    monitor::Monitor monitor({}, clock, {});
    const auto refused = monitor.openData(file.fileName().toStdString());
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.find("cannot make the directory") != std::string::npos
            || refused.error().message.find("cannot open") != std::string::npos,
        refused.error().message.c_str());
}

QTEST_GUILESS_MAIN(TestDataDirectory)
#include "tst_data_directory.moc"
