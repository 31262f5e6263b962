// Goal: the list "changed most" holds what an operator would point at, and stays cheap.
#include "core/monitor/changes.h"

#include "tests/support/memory_storage.h"

#include <QTest>

using namespace fleetglass;
using labels::MetricType;

namespace {

constexpr int64_t kNowMs = 1'700'000'000'000;
constexpr int64_t kStepMs = 15'000;

struct World
{
    test::MemoryStorage storage;
    view::MetricCatalog catalog;

    // `value(minute)`: minutes from the start of the hour.
    void add(const std::string& name, MetricType type, const std::function<double(double)>& value,
        const std::string& host = "a")
    {
        for (int64_t t = kNowMs - 3'600'000; t <= kNowMs; t += kStepMs)
            storage.add({ { "__name__", name }, { "host", host } }, t,
                value(static_cast<double>(t - kNowMs + 3'600'000) / 60'000));
        for (auto& metric : catalog.metrics) {
            if (metric.name == name) {
                ++metric.series;
                return;
            }
        }
        view::MetricView metric;
        metric.name = name;
        metric.type = type;
        metric.series = 1;
        catalog.metrics.push_back(metric);
    }

    std::vector<view::ChangeView> changes(size_t most = 10, size_t seriesMax = 1000) const
    {
        return monitor::changedMost(storage, catalog, kNowMs, most, seriesMax, {});
    }
};

} // namespace

class TestChanges : public QObject
{
    Q_OBJECT

private slots:
    void theLargestChangeComesFirstAndStillThingsAreLeftOut()
    {
        World world;
        world.add("flat", MetricType::Gauge, [](double) { return 7; });
        world.add("doubled", MetricType::Gauge, [](double m) { return m < 50 ? 10 : 20; });
        world.add("tenfold", MetricType::Gauge, [](double m) { return m < 50 ? 10 : 100; });
        world.add("zero", MetricType::Gauge, [](double) { return 0; });
        const auto changes = world.changes();
        QCOMPARE(changes.size(), size_t(2));
        QCOMPARE(changes[0].metric, std::string("tenfold"));
        QCOMPARE(changes[0].before, 10.0);
        QCOMPARE(changes[0].now, 100.0);
        QCOMPARE(changes[0].query, std::string("tenfold{host=\"a\"}"));
        QCOMPARE(changes[1].metric, std::string("doubled"));
    }

    void countersAreComparedByRateAndAResetIsNoChange()
    {
        World world;
        world.add("steady_total", MetricType::Counter,
            [](double m) { return m < 57 ? 60 * m : 60 * (m - 57); });
        world.add("faster_total", MetricType::Counter,
            [](double m) { return m < 50 ? 60 * m : 3000 + 600 * (m - 50); });
        const auto changes = world.changes();
        QCOMPARE(changes.size(), size_t(1));
        QCOMPARE(changes[0].kind, std::string("rate"));
        QCOMPARE(changes[0].query, std::string("rate(faster_total{host=\"a\"}[5m])"));
        QVERIFY(std::fabs(changes[0].before - 1) < 0.01);
        QVERIFY(std::fabs(changes[0].now - 10) < 0.01);
    }

    void onlyTheBestAreKept()
    {
        World world;
        for (int i = 1; i <= 20; ++i)
            world.add("m" + std::to_string(i), MetricType::Gauge,
                [i](double m) { return m < 50 ? 10 : 10 + i; });
        const auto changes = world.changes(3);
        QCOMPARE(changes.size(), size_t(3));
        QCOMPARE(changes[0].metric, std::string("m20"));
        QCOMPARE(changes[2].metric, std::string("m18"));
        QVERIFY(world.changes(0).empty());
    }

    void aMetricWithTooManySeriesIsPassedOverForTheOthers()
    {
        World world;
        for (int i = 0; i < 5; ++i)
            world.add(
                "large", MetricType::Gauge, [](double m) { return m < 50 ? 1 : 9; },
                std::to_string(i));
        world.add("small", MetricType::Gauge, [](double m) { return m < 50 ? 1 : 2; });
        const auto changes = world.changes(10, 3);
        QCOMPARE(changes.size(), size_t(1));
        QCOMPARE(changes[0].metric, std::string("small"));
    }

    void timesAndOurOwnBookkeepingAreNotRanked()
    {
        World world;
        const auto jump = [](double m) { return m < 50 ? 1.0 : 9.0; };
        world.add("ALERTS", MetricType::Gauge, jump);
        world.add("backup_timestamp", MetricType::Gauge, jump);
        world.add("process_start_time_seconds", MetricType::Gauge, jump);
        world.add("hits_created", MetricType::Unknown, jump);
        world.add("lat", MetricType::Histogram, jump);
        QVERIFY(world.changes().empty());
    }

    void stoppingEndsIt()
    {
        World world;
        world.add("m", MetricType::Gauge, [](double m) { return m < 50 ? 1 : 9; });
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(
            monitor::changedMost(world.storage, world.catalog, kNowMs, 10, 100, stop.get_token())
                .empty());
    }
};

QTEST_GUILESS_MAIN(TestChanges)
#include "tst_changes.moc"
