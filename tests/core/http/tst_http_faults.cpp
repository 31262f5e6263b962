// Goal: whatever a server does, the request ends in time with a true reason.
// Method: a server that breaks one rule per row, and the message the user reads.
#include "core/http/header_text.h"
#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::http;
using namespace fleetglass::test;
using std::chrono::milliseconds;

namespace {

Request requestFor(const std::string& url)
{
    Request request;
    request.url = url;
    request.timeout = milliseconds(5'000);
    return request;
}

std::string endlessChunks(size_t count)
{
    std::string text;
    for (size_t i = 0; i < count; ++i)
        text += "1000\r\n" + std::string(0x1000, 'a') + "\r\n";
    return text;
}

} // namespace

class TestHttpFaults : public QObject
{
    Q_OBJECT
private slots:
    void aWholePageArrives();
    void closedPortIsRefused();
    void bytesThatBreakARule_data();
    void bytesThatBreakARule();
    void h1EndlessBodyStopsAtTheLimit();
    void h2GzipBombStopsAtTheLimit();
    void h6SlowDripEndsAtTheTimeout();
    void h7SilentServerEndsAtTheTimeout();
    void h7TlsThatNeverFinishesEnds();
    void h12CloseDelimitedBodyIsMarked();
    void h13MoreThanContentLengthIsDropped();
    void h14StatusWithoutAPageIsNamed_data();
    void h14StatusWithoutAPageIsNamed();
    void h15UnauthorizedNamesWhatIsOffered();
    void h16RetryAfterIsRead();
    void h44CutAtEachByteNeverGivesHalfAPage();
    void gzipIsDecodedOnce();
    void connectionsAreUsedAgain();
    void cancelledRequestAnswersAtOnce();
    void requestsAfterStopAnswerToo();
    void h26T10CookiesAltSvcHstsAndTheEnvironmentAreIgnored();
};

void TestHttpFaults::aWholePageArrives()
{
    FaultServer server(
        [](FaultConnection& c, const ReceivedRequest&) { c.send(httpAnswer("up 1\n")); });
    LiveTransport live;
    const Exchange exchange = live.fetch(requestFor(server.url()));
    QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
    QCOMPARE(exchange.status, 200);
    QCOMPARE(exchange.body, std::string("up 1\n"));
    QCOMPARE(exchange.remoteAddress, server.address());
    QCOMPARE(exchange.header("content-type"), std::string_view("text/plain; version=0.0.4"));
    QCOMPARE(exchange.reached, Phase::Body);
    QVERIFY(exchange.times.tcp.count() > 0);
    QVERIFY(exchange.times.total >= exchange.times.tcp + exchange.times.http);
    QVERIFY(!exchange.closeDelimited);
}

void TestHttpFaults::closedPortIsRefused()
{
    const std::string address = "127.0.0.1:" + std::to_string(closedPort());
    LiveTransport live;
    const Exchange exchange = live.fetch(requestFor("http://" + address + "/metrics"));
    QCOMPARE(exchange.failure->phase, Phase::Tcp);
    QCOMPARE(exchange.failure->message, "connection refused by " + address);
    // What was not sent is not told as if it were.
    for (const std::string& line : exchange.transcript)
        QVERIFY2(!line.starts_with("> "), line.c_str());
}

void TestHttpFaults::bytesThatBreakARule_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("phase");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("message");

    const auto row = [](const char* name, const std::string& bytes, Phase phase, const char* code,
                         const char* message) {
        QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()))
                            << static_cast<int>(phase) << QString::fromLatin1(code)
                            << QString::fromLatin1(message);
    };
    const std::string ok = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
    row("H3 two layers", ok + "Content-Encoding: gzip, gzip\r\nContent-Length: 1\r\n\r\na",
        Phase::Body, "encoding",
        "content encoding \"gzip, gzip\": only one layer of gzip is taken");
    row("H4 brotli", ok + "Content-Encoding: br\r\nContent-Length: 1\r\n\r\na", Phase::Body,
        "encoding", "content encoding \"br\": only one layer of gzip is taken");
    const std::string gz = gzipOf("a 1\nb 2\n");
    const auto gzipped = [&](const std::string& body) {
        return ok + "Content-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size())
            + "\r\n\r\n" + body;
    };
    row("H5 truncated gzip", gzipped(gz.substr(0, gz.size() - 3)), Phase::Body, "decode",
        "the gzip data ends early, or its checksum is missing");
    row("H5 trailing garbage", gzipped(gz + "garbage here"), Phase::Body, "decode",
        "the gzip data is damaged");
    std::string badSum = gz;
    badSum[badSum.size() - 6] = static_cast<char>(badSum[badSum.size() - 6] ^ 1);
    row("H5 bad CRC", gzipped(badSum), Phase::Body, "decode", "the gzip data is damaged");
    row(
        "H8 many headers",
        "HTTP/1.1 200 OK\r\n" +
            [] {
                std::string lines;
                for (int i = 0; i < 5000; ++i)
                    lines += "X-Flood-" + std::to_string(i) + ": aaaaaaaaaaaaaaaa\r\n";
                return lines;
            }()
            + "\r\n",
        Phase::Http, "headers_too_large", "headers too large: more than 64 KiB");
    row("H8 one huge line", "HTTP/1.1 200 OK\r\nX: " + std::string(1 << 20, 'a') + "\r\n\r\n",
        Phase::Http, "headers_too_large", "headers too large: a line of more than 100 KiB");
    row(
        "H8 early hints",
        [] {
            std::string hints;
            for (int i = 0; i < 20000; ++i)
                hints += "HTTP/1.1 103 Early Hints\r\n\r\n";
            return hints;
        }(),
        Phase::Http, "headers_too_large", "headers too large: more than 64 KiB");
    row("H9 no HTTP at all", "up 1\nup 2\n", Phase::Http, "protocol",
        "the answer is not HTTP/1.0 or newer");
    row("H10 bad chunk size", ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        Phase::Http, "protocol", "bad chunk in the answer's body");
    row("H10 chunk of 2^64", ok + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\nabc\r\n",
        Phase::Http, "protocol", "bad chunk in the answer's body");
    row("H10 no last chunk", ok + "Transfer-Encoding: chunked\r\n\r\n4\r\na 1\n\r\n", Phase::Body,
        "truncated", "the page ended early, after 4 bytes");
    row("H11 short body", ok + "Content-Length: 100\r\n\r\na 1\n", Phase::Body, "truncated",
        "the page ended after 4 of 100 bytes");
    row("closed at once", "", Phase::Http, "closed", nullptr);
    row("closed within the headers", "HTTP/1.1 200 OK\r\nContent-", Phase::Http, "protocol",
        nullptr);
}

void TestHttpFaults::bytesThatBreakARule()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, phase);
    QFETCH(QString, code);
    QFETCH(QString, message);
    FaultServer server([&](FaultConnection& c, const ReceivedRequest&) {
        c.send({ answer.constData(), static_cast<size_t>(answer.size()) });
    });
    LiveTransport live;
    const Exchange exchange = live.fetch(requestFor(server.url()));
    QVERIFY(exchange.failure);
    QCOMPARE(QString::fromStdString(std::string(toWord(exchange.failure->code))), code);
    QCOMPARE(static_cast<int>(exchange.failure->phase), phase);
    if (!message.isEmpty())
        QCOMPARE(QString::fromStdString(exchange.failure->message), message);
    QVERIFY(exchange.body.empty());
}

void TestHttpFaults::h1EndlessBodyStopsAtTheLimit()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (c.send(endlessChunks(64))) { }
    });
    LiveTransport live;
    Request request = requestFor(server.url());
    request.limits.bodyBytesMax = 1 << 20;
    const Exchange exchange = live.fetch(request);
    QCOMPARE(exchange.failure->code, FailureCode::BodyTooLarge);
    QCOMPARE(
        exchange.failure->message, std::string("the page is larger than 1 MiB (body_size_limit)"));
    QVERIFY(exchange.body.empty());
}

void TestHttpFaults::h2GzipBombStopsAtTheLimit()
{
    const std::string bomb = gzipOf(std::string(64u << 20, '\n'));
    QVERIFY(bomb.size() < 100'000);
    FaultServer server([&](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer(bomb, "text/plain", "200 OK", "Content-Encoding: gzip\r\n"));
    });
    LiveTransport live;
    Request request = requestFor(server.url());
    request.limits.bodyBytesMax = 4 << 20;
    const Exchange exchange = live.fetch(request);
    QCOMPARE(exchange.failure->code, FailureCode::BodyTooLarge);
    QVERIFY(exchange.bodyBytes <= 4u << 20);
}

void TestHttpFaults::h6SlowDripEndsAtTheTimeout()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        c.drip(std::string(100000, 'a'), milliseconds(20));
    });
    LiveTransport live;
    Request request = requestFor(server.url());
    request.timeout = milliseconds(1'000);
    const Exchange exchange = live.fetch(request);
    QCOMPARE(exchange.failure->code, FailureCode::BodyTimeout);
    QVERIFY(exchange.failure->message.starts_with("the page was not complete after 1 s ("));
}

void TestHttpFaults::h7SilentServerEndsAtTheTimeout()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) { c.hang(); });
    LiveTransport live;
    Request request = requestFor(server.url());
    request.timeout = milliseconds(1'000);
    const Exchange exchange = live.fetch(request);
    QCOMPARE(exchange.failure->code, FailureCode::HttpTimeout);
    QCOMPARE(exchange.failure->message, std::string("no answer in 1 s after connecting"));
    QCOMPARE(exchange.reached, Phase::Http);
}

void TestHttpFaults::h7TlsThatNeverFinishesEnds()
{
    FaultServerOptions options;
    options.answersBeforeRequest = true;
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) { c.hang(); }, options);
    LiveTransport live;
    Request request = requestFor("https://" + server.address() + "/");
    request.connectTimeout = milliseconds(1'000);
    const Exchange exchange = live.fetch(request);
    QCOMPARE(exchange.failure->code, FailureCode::TlsTimeout);
    QCOMPARE(exchange.failure->message,
        "TLS handshake with " + server.address() + " not finished in 1 s");
}

void TestHttpFaults::h12CloseDelimitedBodyIsMarked()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\na 1\na 12");
    });
    LiveTransport live;
    const Exchange exchange = live.fetch(requestFor(server.url()));
    QVERIFY(!exchange.failure);
    QVERIFY(exchange.closeDelimited);
    QCOMPARE(exchange.body, std::string("a 1\na 12"));
}

void TestHttpFaults::h13MoreThanContentLengthIsDropped()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("a 1\n") + httpAnswer("smuggled 1\n"));
        c.keepAlive();
    });
    LiveTransport live;
    const Exchange first = live.fetch(requestFor(server.url()));
    const Exchange second = live.fetch(requestFor(server.url("/second")));
    QCOMPARE(first.body, std::string("a 1\n"));
    QVERIFY(second.body != "smuggled 1\n");
    QCOMPARE(server.connections(), 2);
}

void TestHttpFaults::h14StatusWithoutAPageIsNamed_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("message");
    QTest::newRow("204") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n")
                         << "server returned HTTP status 204 No Content";
    QTest::newRow("304") << QByteArray("HTTP/1.1 304 Not Modified\r\n\r\n")
                         << "server returned HTTP status 304 Not Modified";
    QTest::newRow("302 without Location")
        << QByteArray("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")
        << "server returned HTTP status 302 Found";
    QTest::newRow("404") << QByteArray("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                         << "server returned HTTP status 404 Not Found";
    QTest::newRow("H17 500") << QByteArray("HTTP/1.1 500\r\nContent-Length: 0\r\n\r\n")
                             << "server returned HTTP status 500 Internal Server Error";
    QTest::newRow("403") << QByteArray("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                         << "403 Forbidden: the server knows us, but does not let us read this";
}

void TestHttpFaults::h14StatusWithoutAPageIsNamed()
{
    QFETCH(QByteArray, answer);
    QFETCH(QString, message);
    FaultServer server(
        [&](FaultConnection& c, const ReceivedRequest&) { c.send(answer.toStdString()); });
    LiveTransport live;
    const Exchange exchange = live.fetch(requestFor(server.url()));
    QVERIFY(!exchange.failure);
    QCOMPARE(QString::fromStdString(failureUnlessOk(exchange)->message), message);
}

void TestHttpFaults::h15UnauthorizedNamesWhatIsOffered()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("no", "text/plain", "401 Unauthorized",
            "WWW-Authenticate: Bearer realm=\"api\", Basic realm=\"x, y\"\r\n"));
    });
    LiveTransport live;
    Request request = requestFor(server.url());
    auto client = std::make_shared<ClientOptions>();
    client->basicAuth = BasicAuth { "anna", {}, { Secret("hunter2-canary"), {} } };
    request.client = client;
    const Exchange exchange = live.fetch(request);
    QCOMPARE(failureUnlessOk(exchange)->message,
        std::string("401 Unauthorized: the server asks for Bearer, Basic"));
    QCOMPARE(server.requests().size(), size_t(1)); // No retry.
    QCOMPARE(server.requests()[0].header("Authorization"),
        std::string("Basic YW5uYTpodW50ZXIyLWNhbmFyeQ=="));
    for (const std::string& line : exchange.transcript) {
        QVERIFY2(line.find("canary") == std::string::npos, line.c_str());
        QVERIFY2(line.find("YW5uYT") == std::string::npos, line.c_str());
    }
}

void TestHttpFaults::h16RetryAfterIsRead()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("", "", "429 Too Many Requests", "Retry-After: 120\r\n"));
    });
    LiveTransport live;
    const Exchange exchange = live.fetch(requestFor(server.url()));
    QCOMPARE(exchange.retryAfter->count(), 120);
    QCOMPARE(failureUnlessOk(exchange)->message,
        std::string("429 Too Many Requests, try again in 120 s"));
    QCOMPARE(parseRetryAfter("Fri, 20 Nov 2026 09:31:00 GMT", 1795167000000)->count(), 60);
    QVERIFY(!parseRetryAfter("soon", 0));
}

void TestHttpFaults::h44CutAtEachByteNeverGivesHalfAPage()
{
    const std::string answer = httpAnswer("a 1\nb 2\n");
    std::atomic<size_t> cut { 0 };
    FaultServer server([&](FaultConnection& c, const ReceivedRequest&) {
        c.send(answer.substr(0, cut));
        c.reset();
    });
    LiveTransport live;
    for (cut = 0; cut < answer.size(); ++cut) {
        const Exchange exchange = live.fetch(requestFor(server.url()));
        QVERIFY2(exchange.failure, std::to_string(cut).c_str());
        QVERIFY(exchange.body.empty());
    }
}

void TestHttpFaults::gzipIsDecodedOnce()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest& request) {
        const bool gzip = request.header("Accept-Encoding") == "gzip";
        c.send(gzip
                ? httpAnswer(gzipOf("a 1\n"), "text/plain", "200 OK", "Content-Encoding: gzip\r\n")
                : httpAnswer("b 1\n"));
    });
    LiveTransport live;
    Request request = requestFor(server.url());
    QCOMPARE(live.fetch(request).body, std::string("a 1\n"));
    request.compression = false;
    QCOMPARE(live.fetch(request).body, std::string("b 1\n"));
    QCOMPARE(server.requests()[1].header("Accept-Encoding"), std::string("identity"));
}

void TestHttpFaults::connectionsAreUsedAgain()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("a 1\n"));
        c.keepAlive();
    });
    LiveTransport live;
    QVERIFY(!live.fetch(requestFor(server.url())).connectionReused);
    QVERIFY(live.fetch(requestFor(server.url())).connectionReused);
    QCOMPARE(server.connections(), 1);
}

void TestHttpFaults::cancelledRequestAnswersAtOnce()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) { c.hang(); });
    LiveTransport live;
    std::promise<Exchange> answer;
    const RequestId id = live.transport().start(requestFor(server.url()),
        [&](Exchange exchange) { answer.set_value(std::move(exchange)); });
    live.transport().cancel(id);
    QCOMPARE(answer.get_future().get().failure->code, FailureCode::Cancelled);
}

void TestHttpFaults::requestsAfterStopAnswerToo()
{
    LiveTransport live;
    live.stop();
    QCOMPARE(live.fetch(requestFor("http://127.0.0.1:1/")).failure->code, FailureCode::Cancelled);
}

void TestHttpFaults::h26T10CookiesAltSvcHstsAndTheEnvironmentAreIgnored()
{
    // A proxy in the environment must not be asked.
    qputenv("http_proxy", "http://127.0.0.1:1");
    qputenv("ALL_PROXY", "http://127.0.0.1:1");
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer("a 1\n", "text/plain", "200 OK",
            "Set-Cookie: id=1\r\nAlt-Svc: h2=\":1\"\r\nStrict-Transport-Security: max-age=9\r\n"));
        c.keepAlive();
    });
    LiveTransport live;
    QCOMPARE(live.fetch(requestFor(server.url())).status, 200);
    QCOMPARE(live.fetch(requestFor(server.url())).status, 200);
    QVERIFY(server.requests()[1].header("Cookie").empty());
    forgetNetworkEnvironment();
    QVERIFY(!qEnvironmentVariableIsSet("http_proxy"));
    QVERIFY(!qEnvironmentVariableIsSet("ALL_PROXY"));
}

QTEST_GUILESS_MAIN(TestHttpFaults)
#include "tst_http_faults.moc"
