// Goal: HTTP/2 is spoken where the server can and the job lets it, and a server that breaks its
// rules ends the request in time, and the connection with it. Method: frames written by hand.
#include "tests/support/h2_frames.h"
#include "tests/support/live_transport.h"

#include <QTest>
#include <atomic>

using namespace fleetglass;
using namespace fleetglass::http;
using namespace fleetglass::test;
using namespace fleetglass::test::h2;
using std::chrono::milliseconds;

namespace {

const TestAuthority& authority()
{
    static const TestAuthority kAuthority("H2 CA");
    return kAuthority;
}

class H2Server
{
public:
    explicit H2Server(std::function<void(FaultConnection&)> answer)
        : m_server(
            [answer = std::move(answer)](FaultConnection& c, const ReceivedRequest&) {
                begin(c);
                answer(c);
                while (c.isOpen()) // A close with unread bytes would be a reset.
                    c.receive();
            },
            options())
    {
    }
    const FaultServer& server() const { return m_server; }

private:
    static FaultServerOptions options()
    {
        FaultServerOptions options;
        options.certificate = authority().issue({});
        options.alpn = { "h2", "http/1.1" };
        options.answersAfterTls = true;
        return options;
    }
    FaultServer m_server;
};

Request requestFor(const FaultServer& server, bool http2 = true)
{
    auto client = std::make_shared<ClientOptions>();
    client->tls.ca = authority().pem();
    client->enableHttp2 = http2;
    Request request;
    request.url = "https://" + server.address() + "/metrics";
    request.client = std::move(client);
    request.timeout = milliseconds(5'000);
    return request;
}

std::string headersFrame(uint8_t flags = kEndHeaders)
{
    return frame(Type::Headers, flags, 1, answerHeaders());
}

std::string endless(const std::string& one, FaultConnection& c)
{
    std::string many;
    for (int i = 0; i < 1'000; ++i)
        many += one;
    for (int i = 0; i < 1'000 && c.send(many); ++i) { }
    return many;
}

} // namespace

class TestHttp2 : public QObject
{
    Q_OBJECT
private slots:
    void pagesComeByHttp2();
    void enableHttp2FalseIsHonoured();
    void aServerWithoutItSpeaks11();
    void h25BrokenStreamsFailTheScrape_data();
    void h25BrokenStreamsFailTheScrape();
    void h25AConnectionThatBrokeIsNotUsedAgain();
};

void TestHttp2::pagesComeByHttp2()
{
    H2Server h2([](FaultConnection& c) {
        c.send(headersFrame() + frame(Type::Data, kEndStream, 1, "up 1\n"));
    });
    LiveTransport live;
    const Exchange exchange = live.fetch(requestFor(h2.server()));
    QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
    QCOMPARE(exchange.httpVersion, std::string("2"));
    QCOMPARE(exchange.body, std::string("up 1\n"));
    QVERIFY(!exchange.closeDelimited);
}

void TestHttp2::enableHttp2FalseIsHonoured()
{
    FaultServerOptions options;
    options.certificate = authority().issue({});
    options.alpn = { "h2", "http/1.1" };
    FaultServer server(
        [](FaultConnection& c, const ReceivedRequest&) { c.send(httpAnswer("up 1\n")); }, options);
    LiveTransport live;
    const Exchange exchange = live.fetch(requestFor(server, false));
    QCOMPARE(exchange.httpVersion, std::string("1.1"));
    QCOMPARE(exchange.body, std::string("up 1\n"));
    Request old = requestFor(server);
    old.http1Only = true; // After it broke HTTP/2 three times.
    QCOMPARE(live.fetch(old).httpVersion, std::string("1.1"));
}

void TestHttp2::aServerWithoutItSpeaks11()
{
    FaultServerOptions options;
    options.certificate = authority().issue({});
    FaultServer server(
        [](FaultConnection& c, const ReceivedRequest&) { c.send(httpAnswer("up 1\n")); }, options);
    LiveTransport live;
    QCOMPARE(live.fetch(requestFor(server)).httpVersion, std::string("1.1"));
}

void TestHttp2::h25BrokenStreamsFailTheScrape_data()
{
    using Answer = std::function<void(FaultConnection&)>;
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const char* code, Answer answer) {
        QTest::newRow(name) << std::move(answer) << QString::fromLatin1(code);
    };
    row("H25 RST_STREAM before the answer", "protocol",
        [](FaultConnection& c) { c.send(frame(Type::RstStream, 0, 1, bigEndian(2, 4))); });
    row("H25 RST_STREAM in the body", "protocol", [](FaultConnection& c) {
        c.send(headersFrame() + frame(Type::Data, 0, 1, "up ")
            + frame(Type::RstStream, 0, 1, bigEndian(8, 4)));
    });
    row("H25 GOAWAY in the body", "protocol", [](FaultConnection& c) {
        c.send(headersFrame() + frame(Type::Data, 0, 1, "up ")
            + frame(Type::GoAway, 0, 0, bigEndian(0, 4) + bigEndian(2, 4)));
        c.reset();
    });
    row("H25 CONTINUATION flood", "protocol", [](FaultConnection& c) {
        c.send(headersFrame(0));
        endless(frame(Type::Continuation, 0, 1, literal("x-flood", std::string(100, 'a'))), c);
    });
    row("H25 SETTINGS flood", "protocol",
        [](FaultConnection& c) { endless(frame(Type::Settings, 0, 0), c); });
    row("H25 PING flood", "protocol",
        [](FaultConnection& c) { endless(frame(Type::Ping, 0, 0, "12345678"), c); });
    row("H25 server push", "protocol", [](FaultConnection& c) {
        c.send(frame(Type::PushPromise, kEndHeaders, 1, bigEndian(2, 4) + answerHeaders()));
    });
    row("H25 silence", "timeout", [](FaultConnection&) {});
    row("H25 a body that never ends", "body_timeout",
        [](FaultConnection& c) { c.send(headersFrame() + frame(Type::Data, 0, 1, "up 1\n")); });
    row("H25 no frame at all", "protocol",
        [](FaultConnection& c) { c.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); });
}

void TestHttp2::h25BrokenStreamsFailTheScrape()
{
    QFETCH(std::function<void(FaultConnection&)>, answer);
    QFETCH(QString, code);
    H2Server h2(answer);
    LiveTransport live;
    Request request = requestFor(h2.server());
    request.timeout = milliseconds(2'000);
    const Exchange exchange = live.fetch(request);
    QVERIFY(exchange.failure);
    QVERIFY(exchange.body.empty());
    QVERIFY2(toWord(exchange.failure->code) == code.toStdString(),
        (std::string(toWord(exchange.failure->code)) + ": " + exchange.failure->message).c_str());
    QVERIFY(exchange.times.total < milliseconds(3'000));
}

void TestHttp2::h25AConnectionThatBrokeIsNotUsedAgain()
{
    std::atomic<int> count { 0 };
    H2Server h2([&count](FaultConnection& c) {
        if (++count == 1)
            c.send(headersFrame() + frame(Type::Data, 0, 1, "up ")
                + frame(Type::RstStream, 0, 1, bigEndian(2, 4))
                + frame(Type::GoAway, 0, 0, bigEndian(1, 4) + bigEndian(2, 4)));
        else
            c.send(headersFrame() + frame(Type::Data, kEndStream, 1, "up 1\n"));
    });
    LiveTransport live;
    QVERIFY(live.fetch(requestFor(h2.server())).failure);
    QCOMPARE(live.fetch(requestFor(h2.server())).body, std::string("up 1\n"));
    QCOMPARE(h2.server().connections(), 2);
}

QTEST_GUILESS_MAIN(TestHttp2)
#include "tst_http2.moc"
