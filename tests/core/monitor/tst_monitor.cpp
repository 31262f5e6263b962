// Goal: the whole of core runs, and starts and stops cleanly at any moment. Method: real threads
// and sockets against a server that answers, or hangs.
#include "core/monitor/monitor.h"

#include "tests/support/fake_transport.h"
#include "tests/support/fault_server.h"
#include "tests/support/instant_transport.h"

#include <QTest>
#include <atomic>
#include <future>

using namespace fleetglass;
using namespace fleetglass::monitor;
using namespace std::chrono_literals;

namespace {

constexpr int kWaitMs = 30'000;
const SystemClock kClock;

scrape::JobOptions jobOf(
    const std::string& name, std::vector<std::string> addresses, Millis interval = 100ms)
{
    scrape::JobOptions job;
    job.name = name;
    job.interval = interval;
    job.timeout = interval;
    job.discovery.statics = { { std::move(addresses), {}, "static/0" } };
    return job;
}

WatchSet setOf(std::vector<scrape::JobOptions> jobs, std::vector<rules::GroupOptions> groups = {})
{
    WatchSet set;
    set.jobs = std::move(jobs);
    set.groups = std::move(groups);
    return set;
}

rules::GroupOptions downGroup()
{
    rules::GroupOptions group;
    group.name = "hosts";
    group.file = "rules.yml";
    group.interval = Millis(1'000);
    rules::RuleOptions rule;
    rule.name = "HostDown";
    rule.expression = "up == 0";
    rule.holdFor = 60s;
    rule.annotations = { { "summary", "{{ $labels.instance }} is down" } };
    group.rules = { rule };
    return group;
}

MonitorOptions quick()
{
    MonitorOptions options;
    options.publishEvery = 5ms;
    return options;
}

// What was published, as a test looks at it.
struct Views
{
    Monitor::Publish sink()
    {
        return [this](view::FleetViewPtr view) {
            all.with([&](auto& views) { views.push_back(std::move(view)); });
            ++count;
        };
    }
    view::FleetViewPtr last() const
    {
        return all.with([](const auto& views) {
            return views.empty() ? std::make_shared<const view::FleetView>() : views.back();
        });
    }
    Guarded<std::vector<view::FleetViewPtr>> all;
    std::atomic<int> count { 0 };
};

void hang(test::FaultConnection& connection, const test::ReceivedRequest&)
{
    connection.hang();
}

void answer(test::FaultConnection& connection, const test::ReceivedRequest&)
{
    connection.send(test::httpAnswer("jobs_total 3\n"));
}

} // namespace

class TestMonitor : public QObject
{
    Q_OBJECT

private slots:
    void startsAndStopsAtAnyMomentAlsoWhileScrapesHang()
    {
        test::FaultServer hanging(hang);
        test::FaultServer good(answer);
        for (int round = 0; round < 8; ++round) {
            Views views;
            Monitor monitor(quick(), kClock, views.sink());
            if (round % 4 != 0)
                (void)monitor.watch(setOf(
                    { jobOf("h", { hanging.address() }, 10s), jobOf("g", { good.address() }) },
                    { downGroup() }));
            if (round == 1)
                continue; // Never started.
            monitor.start();
            monitor.start(); // Once is enough.
            if (round > 3) // Else it ends while it begins.
                QTRY_VERIFY_WITH_TIMEOUT(views.count >= round - 3, kWaitMs);
            if (round == 7)
                QTRY_VERIFY_WITH_TIMEOUT(hanging.connections() > 0, kWaitMs);
            if (round % 2 == 0)
                monitor.stop();
        }
    }

    void publishesViewsOfGrowingGenerationAndAnswersQueries()
    {
        test::FaultServer good(answer);
        Views views;
        Monitor monitor(quick(), kClock, views.sink());
        (void)monitor.watch(setOf({ jobOf("g", { good.address() }) }, { downGroup() }));
        monitor.start();
        QTRY_VERIFY_WITH_TIMEOUT(views.last()->status.targetsUp == 1, kWaitMs);
        std::promise<view::QueryAnswerPtr> promise;
        const int64_t nowMs = kClock.wallMs();
        monitor.queries().ask(
            { "jobs_total", nowMs, nowMs, 0 }, [&](auto told) { promise.set_value(told); });
        const auto told = promise.get_future().get();
        QCOMPARE(told->series.size(), size_t(1));
        QCOMPARE(told->series[0].values, std::vector<double> { 3 });
        QTRY_VERIFY_WITH_TIMEOUT(
            views.last()->metrics && !views.last()->metrics->metrics.empty(), kWaitMs);
        monitor.stop();
        const auto all = views.all.with([](const auto& seen) { return seen; });
        for (size_t i = 1; i < all.size(); ++i)
            QVERIFY(all[i]->generation > all[i - 1]->generation);
        QCOMPARE(all.back()->status.rules, 1);
        QVERIFY(all.back()->status.watching);
    }

    void anEmptyFleetHasAViewWithEveryPart()
    {
        Views views;
        Monitor monitor(quick(), kClock, views.sink());
        monitor.start();
        QTRY_VERIFY_WITH_TIMEOUT(views.count > 0, kWaitMs);
        monitor.stop();
        const auto view = views.last();
        QVERIFY(!view->status.watching);
        QVERIFY(view->targets.empty());
        QVERIFY(view->sessions && view->unreachable && view->ruleGroups && view->alertSpans);
        QVERIFY(view->metrics && view->changes && view->log);
    }

    void watchingMoreKeepsWhatIsWatchedUndisturbed()
    {
        test::FaultServer good(answer);
        Monitor monitor(quick(), kClock, {});
        const auto first = jobOf("g", { good.address() }, 100ms);
        (void)monitor.watch(setOf({ first }));
        monitor.start();
        QTRY_VERIFY_WITH_TIMEOUT(monitor.pool().statuses().at(0)->attempts >= 2, kWaitMs);
        const auto before = monitor.pool().statuses().at(0);
        (void)monitor.watch(setOf({ first, jobOf("other", { "127.0.0.1:1" }, 60s) }));
        const auto statuses = monitor.pool().statuses();
        QCOMPARE(statuses.size(), size_t(2));
        QCOMPARE(statuses[0]->id, before->id);
        QVERIFY(statuses[0]->attempts >= before->attempts);
        QCOMPARE(statuses[0]->health, scrape::Health::Up);
    }

    // Discovery answers while other sets are given: at the end only the last set's targets stand.
    void theLastSetWinsWhateverDiscoveryBrings()
    {
        std::atomic<int> asked { 0 };
        test::FaultServer discovery(
            [&](test::FaultConnection& connection, const test::ReceivedRequest&) {
                const int port = 1000 + ++asked % 50;
                connection.send(
                    test::httpAnswer("[{\"targets\":[\"127.0.0.1:" + std::to_string(port) + "\"]}]",
                        "application/json"));
            });
        Monitor monitor(quick(), kClock, {});
        monitor.start();
        auto found = jobOf("j", {}, 60s);
        found.discovery.statics.clear();
        found.discovery.http = { { discovery.url("/sd"), Millis(30'000), {} } };
        for (int round = 0; round < 20; ++round) {
            (void)monitor.watch(setOf({ found }));
            QTRY_VERIFY_WITH_TIMEOUT(asked > round, kWaitMs);
            (void)monitor.watch(setOf({ jobOf("j", { "127.0.0.1:9" }, 60s) }));
            const auto statuses = monitor.pool().statuses();
            QCOMPARE(statuses.size(), size_t(1));
            QCOMPARE(statuses[0]->target->instance, std::string("127.0.0.1:9"));
        }
    }

    void aRehearsalFillsTheStoreAndItsAlertsGoOnLive()
    {
        const int64_t nowMs = kClock.wallMs();
        HeldClock clock(nowMs - 600'000);
        test::InstantTransport transport([](const http::Request&) {
            return test::failWith(
                { http::Phase::Tcp, http::FailureCode::ConnectRefused, "connection refused" });
        });
        auto job = jobOf("j", { "127.0.0.1:" + std::to_string(test::closedPort()) }, 15s);
        job.timeout = 14s; // Longer than a step of the rehearsal.
        const WatchSet set = setOf({ job }, { downGroup() });
        Views views;
        Monitor monitor(quick(), kClock, views.sink());
        monitor.rehearse(set, transport, clock, nowMs, 10'000);
        const auto stats = monitor.store().stats();
        QVERIFY(stats.minTimeMs < nowMs - 580'000);
        QVERIFY(stats.maxTimeMs > nowMs - 20'000);
        const auto before = monitor.alerts().alerts(nowMs);
        QCOMPARE(before.size(), size_t(1));
        QCOMPARE(before[0]->state, view::AlertState::Firing);
        QVERIFY(before[0]->firedMs < nowMs - 500'000);

        (void)monitor.watch(set);
        monitor.start();
        QTRY_VERIFY_WITH_TIMEOUT(!views.last()->targets.empty()
                && views.last()->targets[0]->health == view::Health::Down,
            kWaitMs);
        QTRY_VERIFY_WITH_TIMEOUT(views.last()->ruleGroups->at(0).lastEvaluationMs > nowMs, kWaitMs);
        const auto after = monitor.alerts().alerts(nowMs);
        QCOMPARE(after.size(), size_t(1));
        QCOMPARE(after[0]->id, before[0]->id);
        QCOMPARE(after[0]->state, view::AlertState::Firing);
        QCOMPARE(after[0]->firedMs, before[0]->firedMs);
        QCOMPARE(monitor.alerts().spans(0).size(), size_t(2)); // Pending, then firing.
        QTRY_VERIFY_WITH_TIMEOUT(views.last()->status.missedScrapesHour > 0, kWaitMs);
        QCOMPARE(views.last()->status.alertsFiring, 1);
        QCOMPARE(views.last()->status.targetsDown, 1);
    }

    void theDetailOfATargetHoldsItsYamlWithoutSecrets()
    {
        auto job = jobOf("j", { "127.0.0.1:9" }, 60s);
        job.params = { { "key", { "hunter22" } }, { "k", { "otherword" } } };
        job.client.basicAuth = http::BasicAuth { "u", {}, { Secret("passw0rd"), {} } };
        Monitor monitor(quick(), kClock, {});
        (void)monitor.watch(setOf({ job }));
        const auto detail = monitor.targetDetail(monitor.pool().statuses().at(0)->id);
        QVERIFY(detail->configText.find("job_name: j") != std::string::npos);
        for (const auto* secret : { "hunter22", "otherword", "passw0rd" })
            QVERIFY(detail->configText.find(secret) == std::string::npos);
        QVERIFY(!monitor.targetDetail(12345));
    }

    void aRuleThatDoesNotParseIsToldAndTheOthersRun()
    {
        auto broken = downGroup();
        broken.name = "broken";
        broken.rules[0].expression = "sum(";
        Monitor monitor(quick(), kClock, {});
        const auto errors = monitor.watch(setOf({}, { broken, downGroup() }));
        QCOMPARE(errors.size(), size_t(1));
        QCOMPARE(monitor.rules().views()->size(), size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestMonitor)
#include "tst_monitor.moc"
