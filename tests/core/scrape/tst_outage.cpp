// Goal: when this computer has no network, targets are not called down, and they are asked again
// soon after it has one. Method: a clock, a transport and a store that the test holds.
#include "core/scrape/scrape_pool.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"
#include "tests/support/memory_appender.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::scrape;
using namespace fleetglass::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kInterval = 60s;

http::Exchange unreachable()
{
    return failWith(
        { http::Phase::Tcp, http::FailureCode::ConnectUnreachable, "no route to 10.0.0.9:9100" });
}

struct Rig
{
    explicit Rig(size_t targets = 1)
    {
        JobOptions job;
        job.name = "j";
        job.interval = kInterval;
        std::vector<std::string> addresses;
        for (size_t i = 0; i < targets; ++i)
            addresses.push_back("web-" + std::to_string(i) + ":1");
        pool.apply({ { std::make_shared<const JobOptions>(job),
            { { std::move(addresses), {}, "static/0" } } } });
    }

    static PoolOptions options()
    {
        PoolOptions result;
        result.quickStart = false;
        return result;
    }

    void pass(std::chrono::milliseconds time, std::chrono::milliseconds step = 1s)
    {
        for (auto passed = 0ms; passed < time; passed += step) {
            clock.advance(step);
            pool.tick();
            transport.deliver();
            while (pool.workOne()) { }
        }
    }

    FakeClock clock;
    FakeTransport transport { [](const http::Request&) { return answerWith("a 1\n"); } };
    MemoryAppender store;
    ScrapePool pool { transport, store, clock, options(), {} };
};

std::string ofWeb0(const std::string& metric)
{
    return metric + "{instance=\"web-0:1\", job=\"j\"}";
}

} // namespace

class TestOutage : public QObject
{
    Q_OBJECT
private slots:
    void k4LoadBeyondWhatFitsIsRefusedWithNumbers();
    void k5AnOutageIsAGapAndNotADownTarget();
    void k5ATargetThatAnswersBadlyIsDownAllTheSame();
    void k5WhatNeedsNoNetworkIsDownAllTheSame_data();
    void k5WhatNeedsNoNetworkIsDownAllTheSame();
    void k5ReturnIsTriedWithinTwoSecondsAndSpread();
    void k5OnlyWhatWasUnreachedIsTriedAgain();
    void k3MissedSlotsAreCountedAndThePhaseKept();
};

void TestOutage::k4LoadBeyondWhatFitsIsRefusedWithNumbers()
{
    Rig rig(0);
    JobOptions job;
    job.name = "fast";
    job.interval = 1s;
    job.timeout = 1s;
    std::vector<std::string> addresses;
    for (int i = 0; i < 10'000; ++i)
        addresses.push_back("web-" + std::to_string(i) + ":1");
    const ApplyReport report = rig.pool.apply({ { std::make_shared<const JobOptions>(job),
        { { std::move(addresses), {}, "static/0" } } } });
    QCOMPARE(report.errors,
        std::vector<std::string> {
            "10,000 scrapes a second are more than the 2,000 that fit: only the first 2,000 of "
            "10,000 targets are scraped; raise scrape_interval" });
    QCOMPARE(rig.pool.statuses().size(), size_t(2'000));
}

void TestOutage::k5AnOutageIsAGapAndNotADownTarget()
{
    Rig rig;
    rig.pass(kInterval);
    QCOMPARE(*rig.store.last(ofWeb0("up")), 1.0);
    rig.transport.setAnswer([](const http::Request&) { return unreachable(); });
    rig.pool.setOnline(false);
    QVERIFY(!rig.pool.isBlind()); // Nobody was looked for yet.
    rig.pass(kInterval);
    const StatusPtr status = rig.pool.statuses().front();
    QVERIFY(status->observerAway);
    QVERIFY(status->attemptsRecent->back().observerAway);
    QCOMPARE(status->failure->message, std::string("no route to 10.0.0.9:9100"));
    QVERIFY(rig.store.isStale(ofWeb0("up")));
    QVERIFY(rig.store.isStale(ofWeb0("a")));
    QVERIFY(rig.pool.isBlind());
    rig.pool.setOnline(true);
    QVERIFY(!rig.pool.isBlind());
    rig.pass(kInterval); // A network, and still no answer: that is the target's own matter.
    QVERIFY(!rig.pool.statuses().front()->observerAway);
    QCOMPARE(*rig.store.last(ofWeb0("up")), 0.0);
}

void TestOutage::k5ATargetThatAnswersBadlyIsDownAllTheSame()
{
    Rig rig; // On this computer, say: it answers without a network.
    rig.pool.setOnline(false);
    rig.transport.setAnswer([](const http::Request&) { return answerStatus(500); });
    rig.pass(kInterval);
    QVERIFY(!rig.pool.statuses().front()->observerAway);
    QCOMPARE(*rig.store.last(ofWeb0("up")), 0.0);
    QVERIFY(!rig.pool.isBlind());
}

void TestOutage::k5WhatNeedsNoNetworkIsDownAllTheSame_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<bool>("outage");
    const auto row = [](const char* name, const char* url, const char* reason, bool outage) {
        QTest::newRow(name) << QString::fromLatin1(url) << QString::fromLatin1(reason) << outage;
    };
    row("K5 no route", "http://web:1/metrics", "connect_unreachable", true);
    row("K5 no answer", "http://10.0.0.9:1/", "connect_timeout", true);
    row("K5 no name server", "http://web:1/", "dns", true);
    row("K5 refused by somebody", "http://web:1/", "connect_refused", false);
    row("K5 this computer", "http://127.0.0.1:1/", "connect_timeout", false);
    row("K5 this computer by name", "http://localhost:1/", "connect_unreachable", false);
    row("K5 this computer by IPv6", "http://[::1]:1/", "connect_unreachable", false);
}

void TestOutage::k5WhatNeedsNoNetworkIsDownAllTheSame()
{
    QFETCH(QString, url);
    QFETCH(QString, reason);
    ScrapeFailure failure;
    failure.phase = reason.startsWith(QLatin1String("dns")) ? Phase::Dns : Phase::Tcp;
    failure.reason = reason.toStdString();
    QTEST(mayBeOutage(failure, url.toStdString()), "outage");
    failure.phase = Phase::Http;
    QVERIFY(!mayBeOutage(failure, url.toStdString()));
}

void TestOutage::k5ReturnIsTriedWithinTwoSecondsAndSpread()
{
    constexpr size_t kTargets = 100;
    Rig rig(kTargets);
    rig.pool.setOnline(false);
    rig.transport.setAnswer([](const http::Request&) { return unreachable(); });
    rig.pass(2 * kInterval);
    rig.transport.setAnswer([](const http::Request&) { return answerWith("a 1\n"); });
    const size_t before = rig.transport.requests().size();
    rig.pool.setOnline(true);
    rig.pool.networkReturned();
    size_t most = 0;
    size_t asked = before;
    for (int i = 0; i < 20; ++i) {
        rig.pass(100ms, 100ms);
        most = std::max(most, rig.transport.requests().size() - asked);
        asked = rig.transport.requests().size();
    }
    QVERIFY(asked - before >= kTargets);
    QVERIFY2(most < kTargets / 4, std::to_string(most).c_str());
    for (const StatusPtr& status : rig.pool.statuses())
        QCOMPARE(status->health, Health::Up);
}

void TestOutage::k5OnlyWhatWasUnreachedIsTriedAgain()
{
    Rig rig(10);
    rig.pass(kInterval);
    const size_t before = rig.transport.requests().size();
    rig.pool.networkReturned();
    rig.pass(100ms, 100ms);
    QVERIFY(rig.transport.requests().size() - before <= 1); // One whose turn it is anyway.
}

void TestOutage::k3MissedSlotsAreCountedAndThePhaseKept()
{
    Rig rig;
    rig.pass(2 * kInterval);
    const int64_t last = rig.pool.statuses().front()->lastScrapeMs;
    const size_t before = rig.transport.requests().size();
    rig.clock.advance(10 * kInterval + 30s); // SIGSTOP, SIGCONT.
    rig.pass(kInterval);
    const StatusPtr status = rig.pool.statuses().front();
    QCOMPARE(rig.transport.requests().size() - before, size_t(1));
    QCOMPARE(status->missedSlots, int64_t(1));
    const int64_t offPhase = (status->lastScrapeMs - last) % (kInterval / 1ms);
    QVERIFY(offPhase < 1'100 || offPhase > kInterval / 1ms - 1'100);
}

QTEST_GUILESS_MAIN(TestOutage)
#include "tst_outage.moc"
