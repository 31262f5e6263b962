// Goal: a body can be taken piece by piece while it arrives, and given up in the middle.
#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"

#include <QTest>
#include <atomic>
#include <future>
#include <mutex>

using namespace fleetglass;
using namespace fleetglass::http;
using namespace fleetglass::test;

class TestStreaming : public QObject
{
    Q_OBJECT
private slots:
    void piecesArriveBeforeTheEnd();
    void enoughEndsAsCancelled();
    void anErrorPageStaysInTheExchange();
};

void TestStreaming::piecesArriveBeforeTheEnd()
{
    std::promise<void> seen;
    auto waited = std::make_shared<std::shared_future<void>>(seen.get_future().share());
    FaultServer server([waited](FaultConnection& c, const ReceivedRequest&) {
        c.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\none\n");
        waited->wait(); // The first piece must be there while the answer goes on.
        c.send("two\n");
    });
    LiveTransport live;
    std::string got;
    Request request;
    request.url = server.url("/stream");
    request.onBody = [&](std::string_view bytes) {
        if (got.empty())
            seen.set_value();
        got += bytes;
        return true;
    };
    const Exchange exchange = live.fetch(std::move(request));
    QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
    QCOMPARE(got, std::string("one\ntwo\n"));
    QVERIFY(exchange.body.empty());
    QCOMPARE(exchange.wireBytes, size_t(8));
}

void TestStreaming::enoughEndsAsCancelled()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\none\n");
        c.hang();
    });
    LiveTransport live;
    Request request;
    request.url = server.url("/stream");
    request.onBody = [](std::string_view) { return false; };
    const Exchange exchange = live.fetch(std::move(request));
    QVERIFY(exchange.failure.has_value());
    QCOMPARE(exchange.failure->code, FailureCode::Cancelled);
}

void TestStreaming::anErrorPageStaysInTheExchange()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    });
    LiveTransport live;
    bool called = false;
    Request request;
    request.url = server.url("/stream");
    request.onBody = [&](std::string_view) { return called = true; };
    const Exchange exchange = live.fetch(std::move(request));
    QCOMPARE(exchange.status, 403);
    QCOMPARE(exchange.body, std::string("no"));
    QVERIFY(!called);
}

QTEST_GUILESS_MAIN(TestStreaming)
#include "tst_streaming.moc"
