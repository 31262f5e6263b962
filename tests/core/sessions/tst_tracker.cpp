// Goal: who has a live shell is told from samples alone. Method: scrapes are written into a store
// one after the other, and the tracker is asked after each.
#include "core/sessions/tracker.h"

#include "core/base/clock.h"
#include "core/tsdb/ring_store.h"

#include <QTest>

using namespace fleetglass;
using view::SessionState;

namespace {

constexpr int64_t kStartMs = 1'700'000'000'000;
constexpr int64_t kIntervalMs = 15'000;

struct Fleet
{
    HeldClock clock { kStartMs };
    tsdb::RingStore store { {}, clock };
    sessions::Tracker tracker;
    int64_t nowMs = kStartMs;

    void write(const labels::Labels& labels, double value)
    {
        const auto ref = store.seriesFor(labels);
        const storage::RowValue row { ref.value(), value };
        QVERIFY(store.append({ nowMs, { &row, 1 }, {}, {} }).has_value());
    }

    // One scrape of web-07; `shell` as the page has it, nothing where the label set is not on the
    // page.
    void scrape(bool up, std::optional<double> shell = {}, const char* address = "10.0.4.7:40022")
    {
        nowMs += kIntervalMs;
        clock.set(nowMs);
        write({ { "__name__", "up" }, { "job", "etcha" }, { "instance", "web-07:4000" } },
            up ? 1 : 0);
        if (shell)
            write({ { "__name__", "etcha_sources_shells" }, { "job", "etcha" },
                      { "instance", "web-07:4000" }, { "name", "debug" },
                      { "public_key", "ops-anna" }, { "remote_addr", address } },
                *shell);
        QVERIFY(tracker.advance(store, nowMs));
    }

    view::SessionView only() const
    {
        const auto all = tracker.sessions(0);
        return all.size() == 1 ? all.front() : view::SessionView();
    }
};

} // namespace

class TestTracker : public QObject
{
    Q_OBJECT

private slots:
    void aShellOpensBetweenTwoScrapes();
    void aShellThatWasOpenAtFirstBeganBeforeWatching();
    void zeroClosesAShell();
    void aLabelSetThatVanishesClosesIt();
    void anUnreachableHostLeavesItsShellUnknown();
    void aShellMaySurviveAnOutage();
    void aLabelSetBornAsZeroWasOpenBetweenScrapes();
    void zeroOnTheFirstScrapeIsNoSession();
    void aNewAddressOfAKnownKeyIsFlagged();
    void aKeyWithAnOwnerIsNotUnknown();
    void aScrapeStoredLateIsNotMissed();
};

void TestTracker::aShellOpensBetweenTwoScrapes()
{
    Fleet fleet;
    fleet.scrape(true);
    const int64_t lastWithout = fleet.nowMs;
    fleet.scrape(true, 1);
    const auto session = fleet.only();
    QVERIFY(session.state == SessionState::Open);
    QCOMPARE(session.openedEarliestMs, lastWithout);
    QCOMPARE(session.openedLatestMs, fleet.nowMs);
    QCOMPARE(session.host, std::string("web-07"));
    QCOMPARE(session.intervalMs, kIntervalMs);
}

void TestTracker::aShellThatWasOpenAtFirstBeganBeforeWatching()
{
    Fleet fleet;
    fleet.scrape(true, 1);
    fleet.scrape(true, 1);
    QVERIFY(fleet.only().state == SessionState::OpenBeforeWatch);
    QCOMPARE(fleet.only().openedEarliestMs, int64_t(0));
}

void TestTracker::zeroClosesAShell()
{
    Fleet fleet;
    fleet.scrape(true);
    fleet.scrape(true, 1);
    const int64_t lastSeen = fleet.nowMs;
    fleet.scrape(true, 0);
    QVERIFY(fleet.only().state == SessionState::Closed);
    QCOMPARE(fleet.only().closedEarliestMs, lastSeen);
    QCOMPARE(fleet.only().closedLatestMs, fleet.nowMs);
}

void TestTracker::aLabelSetThatVanishesClosesIt()
{
    Fleet fleet;
    fleet.scrape(true);
    fleet.scrape(true, 1);
    fleet.scrape(true);
    QVERIFY(fleet.only().state == SessionState::Closed);
}

void TestTracker::anUnreachableHostLeavesItsShellUnknown()
{
    Fleet fleet;
    fleet.scrape(true);
    fleet.scrape(true, 1);
    const int64_t lastSeen = fleet.nowMs;
    fleet.scrape(false);
    fleet.scrape(false);
    QVERIFY(fleet.only().state == SessionState::Unknown);
    QCOMPARE(fleet.only().lastSeenMs, lastSeen);
    QCOMPARE(fleet.tracker.unreachable(0).size(), size_t(1));
    QCOMPARE(fleet.tracker.unreachable(0).front().endMs, int64_t(0));
}

void TestTracker::aShellMaySurviveAnOutage()
{
    Fleet fleet;
    fleet.scrape(true);
    fleet.scrape(true, 1);
    const int64_t opened = fleet.nowMs;
    fleet.scrape(false);
    fleet.scrape(true, 1);
    QVERIFY(fleet.only().state == SessionState::Open);
    QCOMPARE(fleet.only().openedLatestMs, opened);
    QCOMPARE(fleet.tracker.unreachable(0).front().endMs, fleet.nowMs);
}

void TestTracker::aLabelSetBornAsZeroWasOpenBetweenScrapes()
{
    Fleet fleet;
    fleet.scrape(true);
    fleet.scrape(true, 0);
    QVERIFY(fleet.only().state == SessionState::BetweenScrapes);
    fleet.scrape(true, 0);
    QCOMPARE(fleet.tracker.sessions(0).size(), size_t(1));
}

void TestTracker::zeroOnTheFirstScrapeIsNoSession()
{
    Fleet fleet;
    fleet.scrape(true, 0);
    fleet.scrape(true, 0);
    QVERIFY(fleet.tracker.sessions(0).empty());
}

void TestTracker::aNewAddressOfAKnownKeyIsFlagged()
{
    Fleet fleet;
    fleet.scrape(true);
    fleet.scrape(true, 1);
    QVERIFY(!fleet.only().addressNew);
    fleet.scrape(true, 1, "10.0.9.23:1");
    QVERIFY(fleet.tracker.sessions(0).front().addressNew);
    fleet.scrape(true);
    // Another port of the same host is not a new address.
    fleet.scrape(true, 1, "10.0.4.7:5");
    QVERIFY(!fleet.tracker.sessions(0).front().addressNew);
}

void TestTracker::aKeyWithAnOwnerIsNotUnknown()
{
    Fleet fleet;
    fleet.scrape(true);
    fleet.scrape(true, 1);
    QVERIFY(fleet.only().keyUnknown);
    fleet.tracker.addressBook().addText("ops-anna\tAnna Berg\n");
    QVERIFY(!fleet.only().keyUnknown);
    QCOMPARE(fleet.only().keyOwner, std::string("Anna Berg"));
}

void TestTracker::aScrapeStoredLateIsNotMissed()
{
    Fleet fleet;
    fleet.scrape(true);
    // The tracker looks again before the scrape that has begun is stored.
    QVERIFY(fleet.tracker.advance(fleet.store, fleet.nowMs + kIntervalMs + 5'000));
    fleet.scrape(true, 1);
    QVERIFY(fleet.tracker.advance(fleet.store, fleet.nowMs + 6'000));
    QVERIFY(fleet.only().state == SessionState::Open);
}

QTEST_GUILESS_MAIN(TestTracker)
#include "tst_tracker.moc"
