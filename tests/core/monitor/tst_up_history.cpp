#include "core/monitor/up_history.h"

#include "core/base/clock.h"
#include "core/monitor/sparks.h"
#include "core/tsdb/ring_store.h"

#include <QTest>

using namespace fleetglass;

namespace {

constexpr int64_t kNowMs = 1'700'000'010'000;

struct Store
{
    HeldClock clock { kNowMs };
    tsdb::RingStore ring { {}, clock };

    void up(int64_t secondsAgo, double value)
    {
        const auto ref
            = ring.seriesFor({ { "__name__", "up" }, { "job", "a" }, { "instance", "h:1" } });
        const storage::RowValue row { ref.value(), value };
        QVERIFY(ring.append({ kNowMs - secondsAgo * 1000, { &row, 1 }, {}, {} }).has_value());
    }
    monitor::UpHistory history() const
    {
        const auto all = monitor::upHistories(ring, kNowMs);
        const auto found = all.find(monitor::sparkKey("a", "h:1"));
        return found == all.end() ? monitor::UpHistory() : found->second;
    }
};

} // namespace

class TestUpHistory : public QObject
{
    Q_OBJECT

private slots:
    void sinceIsTheFirstSampleOfTheRunThatGoesOn();
    void aHalfMinuteIsGoodOnlyWhereEveryScrapeWas();
    void whatIsOlderThanAnHourIsNotInTheRibbon();
    void aTargetThatIsGoneHasNone();
};

void TestUpHistory::sinceIsTheFirstSampleOfTheRunThatGoesOn()
{
    Store store;
    store.up(500, 1);
    store.up(400, 0);
    store.up(300, 0);
    QCOMPARE(store.history().sinceMs, kNowMs - 400'000);
    QVERIFY(!store.history().isUp);
}

void TestUpHistory::aHalfMinuteIsGoodOnlyWhereEveryScrapeWas()
{
    Store store;
    store.up(65, 1);
    store.up(50, 0);
    store.up(45, 1);
    store.up(10, 1);
    const auto hour = *store.history().hour;
    QCOMPARE(hour.size(), size_t(3));
    QVERIFY(hour[0].ok);
    QVERIFY(!hour[1].ok);
    QVERIFY(hour[2].ok);
}

void TestUpHistory::whatIsOlderThanAnHourIsNotInTheRibbon()
{
    Store store;
    store.up(5000, 0);
    store.up(10, 0);
    QCOMPARE(store.history().hour->size(), size_t(1));
    QCOMPARE(store.history().sinceMs, kNowMs - 5'000'000);
}

void TestUpHistory::aTargetThatIsGoneHasNone()
{
    Store store;
    store.up(20, 1);
    store.up(10, storage::kStaleMarker);
    QVERIFY(!store.history().hour);
}

QTEST_GUILESS_MAIN(TestUpHistory)
#include "tst_up_history.moc"
