// Goal: each target's cell plots the number that says most of its kind of system.
#include "core/monitor/sparks.h"

#include "core/monitor/engine_options.h"
#include "tests/support/memory_storage.h"

#include <QTest>
#include <cmath>

using namespace fleetglass;

namespace {

constexpr int64_t kNowMs = 1'700'000'040'000;

struct World
{
    test::MemoryStorage storage;
    promql::Engine engine { monitor::windowEngineOptions() };

    void add(const char* name, const char* job, const char* instance, int64_t stepMs, double slope)
    {
        for (int64_t t = kNowMs - 3'600'000; t <= kNowMs; t += stepMs)
            storage.add({ { "__name__", name }, { "job", job }, { "instance", instance } }, t,
                slope * static_cast<double>(t - kNowMs + 3'600'000) / 1000);
    }
    monitor::Spark spark(const char* job, const char* instance, int intervalMs = 15'000) const
    {
        const auto sparks
            = monitor::computeSparks(storage, engine, { { job, Millis(intervalMs) } }, kNowMs);
        const auto found = sparks.find(monitor::sparkKey(job, instance));
        return found == sparks.end() ? monitor::Spark() : found->second;
    }
};

} // namespace

class TestSparks : public QObject
{
    Q_OBJECT

private slots:
    void aKnownSystemIsPlottedByItsOwnNumber()
    {
        World world;
        world.add("etcha_commands_total", "etcha", "web:4000", 15'000, 2);
        world.add("process_cpu_seconds_total", "etcha", "web:4000", 15'000, 0.5);
        const auto spark = world.spark("etcha", "web:4000");
        QCOMPARE(spark.title, std::string("commands per second"));
        QVERIFY2(spark.text.starts_with("2") && spark.text.ends_with(" /s"), spark.text.c_str());
        QCOMPARE(spark.values->size(), size_t(61));
        QVERIFY(std::isnan(spark.values->front())); // No two samples yet: a gap.
        QVERIFY(std::fabs(spark.values->back() - 2) < 1e-9);
    }

    void anythingElseShowsItsCpuOrAtLeastItsScrapeTime()
    {
        World world;
        world.add("process_cpu_seconds_total", "app", "a:1", 15'000, 0.25);
        QVERIFY(world.spark("app", "a:1").text.starts_with("25"));
        world.add("scrape_duration_seconds", "bare", "b:1", 15'000, 0);
        QCOMPARE(world.spark("bare", "b:1").title, std::string("scrape time"));
        QCOMPARE(world.spark("none", "c:1").values, nullptr);
    }

    void slowScrapesHaveRatesAsWell()
    {
        World world;
        world.add("process_cpu_seconds_total", "slow", "s:1", 60'000, 0.5);
        const auto spark = world.spark("slow", "s:1", 60'000);
        QVERIFY2(spark.text.starts_with("50"), spark.text.c_str());
        QCOMPARE(std::count_if(spark.values->begin(), spark.values->end(),
                     [](double value) { return std::isnan(value); }),
            1);
    }

    // A push gateway shows series of other jobs; its own cell tells of itself.
    void pushedSeriesOfOtherJobsDoNotTakeTheCell()
    {
        World world;
        world.add("process_cpu_seconds_total", "gateway", "g:9091", 15'000, 0.1);
        world.add("push_time_seconds", "backup", "", 15'000, 0);
        world.add("etcha_commands_total", "backup", "web", 15'000, 3);
        QVERIFY(world.spark("gateway", "g:9091").text.starts_with("10"));
        QVERIFY(!world.spark("gateway", "web").values);
    }

    void aJobNameWithQuotesIsNoHole()
    {
        World world;
        world.add("scrape_duration_seconds", "a\"b\\c\nd", "x:1", 15'000, 0);
        QVERIFY(world.spark("a\"b\\c\nd", "x:1").values);
    }

    void stoppingEndsIt()
    {
        World world;
        world.add("scrape_duration_seconds", "j", "x:1", 15'000, 0);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(monitor::computeSparks(
            world.storage, world.engine, { { "j", Millis(1000) } }, kNowMs, stop.get_token())
                    .empty());
    }
};

QTEST_GUILESS_MAIN(TestSparks)
#include "tst_sparks.moc"
