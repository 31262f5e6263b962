// Goal: a silent name server holds up only who asks for that name (H42).
// Method: a name server whose answers the test holds back.
#include "core/http/resolver.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"

#include <QTest>
#include <atomic>
#include <condition_variable>
#include <mutex>

using namespace fleetglass;
using namespace fleetglass::http;
using namespace fleetglass::test;

namespace {

// Lets lookups of "silent..." wait until the gate opens. It outlives the resolver's threads.
struct Gate
{
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    std::atomic<int> lookups { 0 };

    void release()
    {
        const std::lock_guard lock(mutex);
        open = true;
        changed.notify_all();
    }

    Resolution lookup(const std::string& host)
    {
        ++lookups;
        if (host.starts_with("silent")) {
            std::unique_lock lock(mutex);
            changed.wait(lock, [this] { return open; });
        }
        if (host == "missing")
            return { {}, true, "no such host" };
        return { { "127.0.0.1" }, false, {} };
    }
};

Resolution ask(Resolver& resolver, const std::string& host)
{
    auto promise = std::make_shared<std::promise<Resolution>>();
    auto answer = promise->get_future();
    resolver.resolve(host, [promise](Resolution r) { promise->set_value(std::move(r)); });
    return answer.get();
}

} // namespace

class TestResolver : public QObject
{
    Q_OBJECT
private slots:
    void h42SilentNamesFailAloneAndInTime();
    void h42MissingNameIsNamed();
    void h42AnswersAreKeptForAWhile();
    void h42SlowNamesLeaveThreadsToTheOthers();
    void h43LiteralAddressesNeedNoLookup();
};

void TestResolver::h42SilentNamesFailAloneAndInTime()
{
    const auto gate = std::make_shared<Gate>();
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("a 1\n"));
        c.keepAlive();
    });
    LiveTransport live([gate](const std::string& host) { return gate->lookup(host); });
    std::promise<Exchange> silent;
    Request request;
    request.url = "http://silent.test:1/";
    request.connectTimeout = std::chrono::milliseconds(400);
    live.transport().start(request, [&](Exchange e) { silent.set_value(std::move(e)); });
    Request healthy;
    healthy.url = "http://web.test:" + std::to_string(server.port()) + "/";
    QCOMPARE(live.fetch(healthy).status, 200);
    const Exchange exchange = silent.get_future().get();
    QCOMPARE(exchange.failure->phase, Phase::Dns);
    QCOMPARE(exchange.failure->message,
        std::string("silent.test: the name server did not answer in 400 ms"));
    gate->release();
}

void TestResolver::h42MissingNameIsNamed()
{
    const auto gate = std::make_shared<Gate>();
    LiveTransport live([gate](const std::string& host) { return gate->lookup(host); });
    Request request;
    request.url = "http://missing:9100/metrics";
    const Exchange exchange = live.fetch(request);
    QCOMPARE(exchange.failure->code, FailureCode::DnsNotFound);
    QCOMPARE(exchange.failure->message, std::string("missing: no such host"));
}

void TestResolver::h42AnswersAreKeptForAWhile()
{
    const auto gate = std::make_shared<Gate>();
    FakeClock clock;
    SystemResolver resolver(
        clock, {}, [gate](const std::string& host) { return gate->lookup(host); });
    ask(resolver, "web");
    ask(resolver, "web");
    QCOMPARE(gate->lookups.load(), 1);
    clock.advance(std::chrono::seconds(11));
    ask(resolver, "web");
    QCOMPARE(gate->lookups.load(), 2);
    ask(resolver, "missing");
    clock.advance(std::chrono::seconds(4));
    QVERIFY(ask(resolver, "missing").notFound);
    QCOMPARE(gate->lookups.load(), 3);
    clock.advance(std::chrono::seconds(2));
    ask(resolver, "missing");
    QCOMPARE(gate->lookups.load(), 4);
}

void TestResolver::h42SlowNamesLeaveThreadsToTheOthers()
{
    const auto gate = std::make_shared<Gate>();
    gate->release();
    FakeClock clock;
    ResolverOptions options;
    options.slowAfter = std::chrono::seconds(0); // Every name counts as slow.
    SystemResolver resolver(
        clock, options, [gate](const std::string& host) { return gate->lookup(host); });
    for (int i = 0; i < 20; ++i)
        ask(resolver, "silent" + std::to_string(i));
    clock.advance(std::chrono::seconds(60));
    {
        const std::lock_guard lock(gate->mutex);
        gate->open = false;
    }
    std::atomic<int> answered { 0 };
    for (int i = 0; i < 20; ++i)
        resolver.resolve("silent" + std::to_string(i), [&](const Resolution&) { ++answered; });
    QCOMPARE(ask(resolver, "web").addresses.size(), size_t(1));
    QCOMPARE(answered.load(), 0);
    gate->release();
    QTRY_COMPARE(answered.load(), 20);
}

void TestResolver::h43LiteralAddressesNeedNoLookup()
{
    QCOMPARE(literalAddress("127.0.0.1"), std::string("127.0.0.1"));
    QCOMPARE(literalAddress("[::1]"), std::string("::1"));
    QCOMPARE(literalAddress("fe80::1%eth0"), std::string("fe80::1%eth0"));
    QCOMPARE(literalAddress("web-07"), std::string());
    QCOMPARE(literalAddress("1.2.3"), std::string());
}

QTEST_GUILESS_MAIN(TestResolver)
#include "tst_resolver.moc"
