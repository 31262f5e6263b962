// Goal: the pool holds its promises with all its threads at work, and closes at any moment.
// Method: a real transport and server, workers, and somebody who reloads, pauses and asks; the
// value is under ThreadSanitizer.
#include "core/scrape/scrape_pool.h"
#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"
#include "tests/support/memory_appender.h"

#include <QTest>
#include <atomic>
#include <thread>

using namespace fleetglass;
using namespace fleetglass::scrape;
using namespace fleetglass::test;

namespace {

JobWithTargets jobOf(const std::string& address, int targets)
{
    auto job = std::make_shared<JobOptions>();
    job->name = "j";
    job->interval = Millis(100);
    job->timeout = Millis(100);
    std::vector<discovery::TargetGroup> groups;
    for (int i = 0; i < targets; ++i)
        groups.push_back({ { address }, { { "n", std::to_string(i) } }, {} });
    return { job, groups };
}

} // namespace

class TestPoolThreads : public QObject
{
    Q_OBJECT
private slots:
    void everythingAtOnce();
    void closesWhileServersHang();
};

void TestPoolThreads::everythingAtOnce()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("# TYPE a counter\na 1\nb{x=\"1\"} 2\n"));
        c.keepAlive();
    });
    LiveTransport live;
    const SystemClock clock;
    MemoryAppender store;
    std::atomic<int> scraped { 0 };
    ScrapePool pool(
        live.transport(), store, clock, {}, { [&](const ScrapeEvent&) { ++scraped; }, {} });
    pool.apply({ jobOf(server.address(), 8) });
    {
        std::jthread schedule([&](std::stop_token stop) { pool.run(stop); });
        std::jthread worker([&](std::stop_token stop) { pool.work(stop); });
        std::jthread another([&](std::stop_token stop) { pool.work(stop); });
        for (int round = 0; scraped < 40; ++round) {
            pool.apply({ jobOf(server.address(), 4 + round % 5) });
            const auto statuses = pool.statuses();
            const uint64_t id = statuses.front()->id;
            pool.pause(id, round % 2 == 0);
            pool.scrapeNow({ &id, 1 });
            QVERIFY(pool.detail(statuses.back()->id));
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
    QVERIFY(store.rows() >= 20);
    QVERIFY(pool.generation() > 40);
}

void TestPoolThreads::closesWhileServersHang()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) { c.hang(); });
    LiveTransport live;
    const SystemClock clock;
    MemoryAppender store;
    {
        ScrapePool pool(live.transport(), store, clock, {}, {});
        auto job = jobOf(server.address(), 4);
        auto slow = std::make_shared<JobOptions>(*job.options);
        slow->interval = slow->timeout = Millis(600'000);
        pool.apply({ { slow, job.groups } });
        std::vector<uint64_t> ids;
        for (const StatusPtr& status : pool.statuses())
            ids.push_back(status->id);
        std::jthread worker([&](std::stop_token stop) { pool.work(stop); });
        pool.scrapeNow(ids);
        QTRY_COMPARE(pool.load().inFlight, size_t(4));
    }
    QCOMPARE(store.rows(), size_t(0));
}

QTEST_GUILESS_MAIN(TestPoolThreads)
#include "tst_pool_threads.moc"
