// The one range of all pages: live and paused, zoom with undo, steps; and ranges as they are typed.
#include "ui/widgets/time_controller.h"

#include <QSignalSpy>
#include <QtTest>

using namespace fleetglass;
using namespace fleetglass::widgets;

namespace {

constexpr int64_t kNow = 1'795'182'100'000; // 2026-11-20 13:41:40 UTC, 14:41:40 in Berlin.
constexpr int64_t kHour = 3'600'000;
constexpr int64_t kMinute = 60'000;

theme::Zone berlin()
{
    theme::Zone zone;
    zone.local = QTimeZone("Europe/Berlin");
    return zone;
}

// Milliseconds from the present, as a range typed at kNow is read.
struct Span
{
    int64_t from;
    int64_t to;
};

} // namespace

class TestTimeController : public QObject
{
    Q_OBJECT

private slots:
    void liveMovesWithTime()
    {
        TimeController time;
        time.setNow(kNow);
        QCOMPARE(time.range(), (TimeRange { kNow - kHour, kNow }));
        time.setNow(kNow + 1'000);
        QCOMPARE(time.range().endMs, kNow + 1'000);
        QCOMPARE(time.behindMs(), 0);
    }

    void pausingStopsTheViewAndTellsHowFarItIsBehind()
    {
        TimeController time;
        time.setNow(kNow);
        QSignalSpy live(&time, &TimeController::liveChanged);
        time.pause();
        time.setNow(kNow + 2 * kMinute);
        QCOMPARE(time.range().endMs, kNow);
        QCOMPARE(time.behindMs(), 2 * kMinute);
        time.goLive();
        QCOMPARE(time.range().endMs, kNow + 2 * kMinute);
        QCOMPARE(live.count(), 2);
    }

    void zoomingPausesAndUndoBringsTheExactFormerViewBack()
    {
        TimeController time;
        time.setNow(kNow);
        const TimeRange spike { kNow - 20 * kMinute, kNow - 17 * kMinute };
        time.showRange(spike);
        QVERIFY(!time.isLive());
        QCOMPARE(time.range(), spike);
        time.zoom(0.5, kNow - 18 * kMinute);
        QCOMPARE(time.range().spanMs(), 90'000);
        time.undo();
        QCOMPARE(time.range(), spike);
        time.undo();
        QVERIFY(time.isLive());
        QCOMPARE(time.range(), (TimeRange { kNow - kHour, kNow }));
        QVERIFY(!time.canUndo());
        time.redo();
        QCOMPARE(time.range(), spike);
    }

    void zoomKeepsTheMomentUnderThePointer()
    {
        TimeController time;
        time.setNow(kNow);
        time.showRange({ kNow - 100'000, kNow });
        time.zoom(0.5, kNow - 75'000);
        QCOMPARE(time.range(), (TimeRange { kNow - 87'500, kNow - 37'500 }));
    }

    void zoomingOutWhileLiveStaysLive()
    {
        TimeController time;
        time.setNow(kNow);
        time.zoom(2);
        QVERIFY(time.isLive());
        QCOMPARE(time.range(), (TimeRange { kNow - 2 * kHour, kNow }));
    }

    void panningIntoThePresentGoesLive()
    {
        TimeController time;
        time.setNow(kNow);
        time.pan(-0.5);
        QCOMPARE(time.range().endMs, kNow - kHour / 2);
        QVERIFY(!time.isLive());
        time.pan(0.5);
        QVERIFY(time.isLive());
    }

    void aNewRangeForgetsWhatWasUndone()
    {
        TimeController time;
        time.setNow(kNow);
        time.showLast(2 * kHour);
        time.undo();
        QVERIFY(time.canRedo());
        time.showLast(3 * kHour);
        QVERIFY(!time.canRedo());
    }

    void theStackHasAnEnd()
    {
        TimeController time;
        time.setNow(kNow);
        for (int i = 1; i <= 500; ++i)
            time.showLast(i * kMinute);
        QCOMPARE(time.undoDepth(), 100);
    }

    void spansHaveLimits()
    {
        TimeController time;
        time.setNow(kNow);
        for (int i = 0; i < 60; ++i)
            time.zoom(0.1, kNow);
        QCOMPARE(time.range().spanMs(), kSpanMsMin);
        for (int i = 0; i < 60; ++i)
            time.zoom(10, kNow);
        QCOMPARE(time.range().spanMs(), kSpanMsMax);
    }

    void theStepFollowsTheRangeAndTheData()
    {
        TimeController time;
        time.setNow(kNow);
        QCOMPARE(time.stepMs(), 15'000);
        time.setDataIntervalMs(5'000);
        QCOMPARE(time.stepMs(), 5'000);
        QSignalSpy changed(&time, &TimeController::stepChanged);
        time.showLast(24 * kHour);
        QCOMPARE(time.stepMs(), 120'000);
        QCOMPARE(changed.count(), 1);
    }

    void timeGoingOnIsNotTheUsersDoing()
    {
        TimeController time;
        time.setNow(kNow);
        QSignalSpy changed(&time, &TimeController::rangeChanged);
        time.setNow(kNow + 1'000);
        QCOMPARE(changed.takeFirst().at(1).toBool(), false);
        time.showLast(kHour * 2);
        QCOMPARE(changed.takeFirst().at(1).toBool(), true);
    }

    void rangesAreReadAsTyped_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<qint64>("from"); // Before kNow.
        QTest::addColumn<qint64>("to");
        QTest::addColumn<bool>("rolling");
        const auto row = [](const char* typed, Span span, bool rolling = false) {
            QTest::newRow(typed) << QString::fromUtf8(typed) << qint64(span.from) << qint64(span.to)
                                 << rolling;
        };
        constexpr int64_t kDay = 24 * kHour;
        constexpr int64_t kToday = 14 * kHour + 41 * kMinute + 40'000; // Since midnight in Berlin.
        row("30d", { 30 * kDay, 0 }, true);
        row("2h30m", { 150 * kMinute, 0 }, true);
        row(" 2H 30 M ", { 150 * kMinute, 0 }, true);
        row("last 6h", { 6 * kHour, 0 }, true);
        row("now-6h", { 6 * kHour, 0 }, true);
        row("90s", { 90'000, 0 }, true);
        row("14:00-15:10", { 41 * kMinute + 40'000, -(28 * kMinute + 20'000) });
        row("14:00", { 41 * kMinute + 40'000, 0 });
        row("14:00 - now", { 41 * kMinute + 40'000, 0 });
        row("23:00-01:00", { kToday + kHour, kToday - kHour });
        row("today", { kToday, 0 });
        row("Yesterday", { kToday + kDay, kToday });
        row("2026-11-19", { kToday + kDay, kToday });
        row("2026-11-20 14:00 - 2026-11-20 14:10",
            { 41 * kMinute + 40'000, 31 * kMinute + 40'000 });
        row("2026-11-20T13:00:00Z/2026-11-20T13:10:00Z",
            { 41 * kMinute + 40'000, 31 * kMinute + 40'000 });
        row("2026-11-20T14:00:00+01:00/10m", { 41 * kMinute + 40'000, 31 * kMinute + 40'000 });
        row("2026-11-18 to 2026-11-19", { kToday + 2 * kDay, kToday });
    }

    void rangesAreReadAsTyped()
    {
        QFETCH(QString, typed);
        QFETCH(qint64, from);
        QFETCH(qint64, to);
        QFETCH(bool, rolling);
        const auto wish = parseRange(typed, kNow, berlin());
        QVERIFY2(wish.has_value(), wish ? "" : wish.error().message.c_str());
        QCOMPARE(wish->isRolling(), rolling);
        QCOMPARE(wish->endMs.value_or(kNow), kNow - to);
        QCOMPARE(wish->spanMs, from - to);
    }

    void whatIsNoRangeIsRefusedWithAReason_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("reason");
        QTest::newRow("empty") << QStringLiteral("  ")
                               << QStringLiteral("type a range: 30d, 14:00-15:10, yesterday");
        QTest::newRow("word")
            << QStringLiteral("soon")
            << QStringLiteral(
                   "\"soon\" is no range; try 30d, 2h30m, 14:00-15:10, yesterday, 2026-11-20");
        QTest::newRow("backwards")
            << QStringLiteral("2026-11-19/2026-11-01")
            << QStringLiteral("\"2026-11-19/2026-11-01\" ends before it begins");
        QTest::newRow("short") << QStringLiteral("10ms")
                               << QStringLiteral("\"10ms\" is shorter than 1 s");
        QTest::newRow("long") << QStringLiteral("50y")
                              << QStringLiteral("\"50y\" is longer than 10 years");
        QTest::newRow("endless") << QString(500, QLatin1Char('1'))
                                 << QStringLiteral("the range is longer than 128 characters");
    }

    void whatIsNoRangeIsRefusedWithAReason()
    {
        QFETCH(QString, typed);
        QFETCH(QString, reason);
        const auto wish = parseRange(typed, kNow, berlin());
        QVERIFY(!wish);
        QCOMPARE(QString::fromStdString(wish.error().message), reason);
    }

    void copiedRangesCanBePasted()
    {
        const TimeRange range { kNow - kHour, kNow - kMinute };
        const auto wish = parseRange(rangeIso(range, berlin()), kNow, berlin());
        QVERIFY(wish);
        QCOMPARE(*wish->endMs, range.endMs);
        QCOMPARE(wish->spanMs, range.spanMs());
    }

    void titlesSayWhatIsShown()
    {
        QCOMPARE(rangeTitle({ kHour, {} }, kNow, berlin()), QStringLiteral("Last 1 h"));
        QCOMPARE(rangeTitle({ 24 * kHour, {} }, kNow, berlin()), QStringLiteral("Last 24 h"));
        QCOMPARE(rangeTitle({ 15 * kMinute, {} }, kNow, berlin()), QStringLiteral("Last 15 m"));
        QCOMPARE(rangeTitle({ kMinute, kNow }, kNow, berlin()),
            QStringLiteral("14:40:40 \u2013 14:41:40"));
    }
};

QTEST_GUILESS_MAIN(TestTimeController)
#include "tst_time_controller.moc"
