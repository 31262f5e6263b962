// Goal: a redirect never carries a secret to another origin, and never leads where it must not.
// Method: two servers under two names, and every header the second one received.
#include "core/http/redirect.h"
#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::http;
using namespace fleetglass::test;

namespace {

Resolution everyNameIsHere(const std::string&)
{
    return { { "127.0.0.1" }, false, {} };
}

std::string redirectTo(const std::string& location, const char* status = "302 Found")
{
    return httpAnswer("moved", "text/plain", status, "Location: " + location + "\r\n");
}

Request secretRequest(const std::string& url)
{
    auto client = std::make_shared<ClientOptions>();
    client->authorization = Authorization { "Bearer", { Secret("canary-token"), {} } };
    client->headers = { { "X-Api-Key", {}, { { Secret("canary-key"), {} } } } };
    Request request;
    request.url = url;
    request.client = client;
    request.headers = { { "Accept", "text/plain" } };
    return request;
}

QString messageOf(const Exchange& exchange)
{
    return exchange.failure ? QString::fromStdString(exchange.failure->message) : QString();
}

} // namespace

class TestRedirects : public QObject
{
    Q_OBJECT
private slots:
    void h20SameOriginKeepsTheCredentials();
    void h21OtherOriginGetsNoSecret();
    void h21OtherOriginGetsNoClientCertificate();
    void h21HttpsDoesNotBecomeHttp();
    void h21NotFollowedWhereTheJobSaysSo();
    void h22OtherSchemesAreBlocked_data();
    void h22OtherSchemesAreBlocked();
    void h23LoopEndsAfterFiveHops();
    void h24NoWayToThisComputerFromElsewhere();
    void h24LocalAddressesAreKnown();
    void wayBackStaysBare();
};

void TestRedirects::h20SameOriginKeepsTheCredentials()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest& request) {
        c.send(request.path == "/metrics" ? redirectTo("other/page?x=1") : httpAnswer("a 1\n"));
        c.keepAlive();
    });
    LiveTransport live;
    const Exchange exchange = live.fetch(secretRequest(server.url()));
    QVERIFY2(!exchange.failure, qPrintable(messageOf(exchange)));
    QCOMPARE(exchange.body, std::string("a 1\n"));
    const auto requests = server.requests();
    QCOMPARE(requests[1].path, std::string("/other/page?x=1"));
    QCOMPARE(requests[1].header("Authorization"), std::string("Bearer canary-token"));
    QCOMPARE(exchange.redirects.size(), size_t(1));
    QVERIFY(!exchange.redirects[0].bare);
}

void TestRedirects::h21OtherOriginGetsNoSecret()
{
    FaultServer second(
        [](FaultConnection& c, const ReceivedRequest&) { c.send(httpAnswer("a 1\n")); });
    const std::string target
        = "http://other.test:" + std::to_string(second.port()) + "/x?key=canary-q";
    FaultServer first(
        [&](FaultConnection& c, const ReceivedRequest&) { c.send(redirectTo(target)); });
    LiveTransport live(everyNameIsHere);
    const Exchange exchange = live.fetch(secretRequest(first.url()));
    QVERIFY2(!exchange.failure, qPrintable(messageOf(exchange)));
    QVERIFY(exchange.redirects[0].bare);
    const ReceivedRequest request = second.requests().at(0);
    QVERIFY(request.head.find("canary-token") == std::string::npos);
    QVERIFY(request.head.find("canary-key") == std::string::npos);
    QCOMPARE(request.header("Accept"), std::string("text/plain"));
    QCOMPARE(first.requests().at(0).header("X-Api-Key"), std::string("canary-key"));
    for (const std::string& line : exchange.transcript)
        QVERIFY2(line.find("canary") == std::string::npos, line.c_str());
}

void TestRedirects::h21OtherOriginGetsNoClientCertificate()
{
    const TestAuthority authority("Test Root");
    CertificateWish wish;
    wish.dnsNames = { "one.test", "two.test" };
    FaultServerOptions options;
    options.certificate = authority.issue(wish);
    FaultServer second(
        [](FaultConnection& c, const ReceivedRequest&) { c.send(httpAnswer("a 1\n")); }, options);
    options.clientAuthorityPem = authority.pem();
    const std::string target = "https://two.test:" + std::to_string(second.port()) + "/x";
    FaultServer first(
        [&](FaultConnection& c, const ReceivedRequest&) { c.send(redirectTo(target)); }, options);
    LiveTransport live(everyNameIsHere);
    CertificateWish own;
    own.commonName = "canary-client";
    own.forClients = true;
    const KeyAndCertificate mine = authority.issue(own);
    auto client = std::make_shared<ClientOptions>();
    client->tls.ca = authority.pem();
    client->tls.cert = mine.certificatePem;
    client->tls.key.text = Secret(mine.keyPem);
    Request request;
    request.url = "https://one.test:" + std::to_string(first.port()) + "/metrics";
    request.client = client;
    const Exchange exchange = live.fetch(request);
    QVERIFY2(!exchange.failure, qPrintable(messageOf(exchange)));
    QCOMPARE(first.requests().at(0).clientCertificate, std::string("canary-client"));
    QCOMPARE(second.requests().at(0).clientCertificate, std::string());
}

void TestRedirects::h21HttpsDoesNotBecomeHttp()
{
    const TestAuthority authority("Test Root");
    FaultServerOptions options;
    options.certificate = authority.issue({});
    FaultServer server([](FaultConnection& c,
                           const ReceivedRequest&) { c.send(redirectTo("http://127.0.0.1:1/")); },
        options);
    LiveTransport live;
    Request request;
    request.url = "https://" + server.address() + "/";
    auto client = std::make_shared<ClientOptions>();
    client->tls.ca = authority.pem();
    request.client = client;
    QCOMPARE(messageOf(live.fetch(request)),
        QStringLiteral(
            "redirect to http://127.0.0.1:1/ was not followed: it leads from https to http"));
}

void TestRedirects::h21NotFollowedWhereTheJobSaysSo()
{
    FaultServer server(
        [](FaultConnection& c, const ReceivedRequest&) { c.send(redirectTo("/elsewhere")); });
    LiveTransport live;
    Request request;
    request.url = server.url();
    auto client = std::make_shared<ClientOptions>();
    client->followRedirects = false;
    request.client = client;
    const Exchange exchange = live.fetch(request);
    QCOMPARE(QString::fromStdString(failureUnlessOk(exchange)->message),
        QStringLiteral("302 Found: leads to /elsewhere, and follow_redirects is off"));
}

void TestRedirects::h22OtherSchemesAreBlocked_data()
{
    QTest::addColumn<QString>("location");
    QTest::addColumn<QString>("reason");
    QTest::newRow("file") << "file:///etc/passwd"
                          << "scheme \"file\" is not http or https";
    QTest::newRow("ftp") << "ftp://h/x"
                         << "scheme \"ftp\" is not http or https";
    QTest::newRow("gopher") << "gopher://h/"
                            << "scheme \"gopher\" is not http or https";
    QTest::newRow("data") << "data:text/plain,x"
                          << "scheme \"data\" is not http or https";
    QTest::newRow("userinfo") << "http://u:canary@h/"
                              << "user name or password in the URL \"http://******@h/\": put them "
                                 "into basic_auth";
}

void TestRedirects::h22OtherSchemesAreBlocked()
{
    QFETCH(QString, location);
    QFETCH(QString, reason);
    FaultServer server([&](FaultConnection& c, const ReceivedRequest&) {
        c.send(redirectTo(location.toStdString()));
    });
    LiveTransport live;
    Request request;
    request.url = server.url();
    const Exchange exchange = live.fetch(request);
    QCOMPARE(exchange.failure->code, FailureCode::RedirectBlocked);
    QVERIFY2(messageOf(exchange).endsWith(reason), qPrintable(messageOf(exchange)));
    QVERIFY(!messageOf(exchange).contains(QStringLiteral("canary")));
}

void TestRedirects::h23LoopEndsAfterFiveHops()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send(redirectTo("/metrics"));
        c.keepAlive();
    });
    LiveTransport live;
    Request request;
    request.url = server.url();
    const Exchange exchange = live.fetch(request);
    QCOMPARE(exchange.failure->code, FailureCode::RedirectLimit);
    QCOMPARE(messageOf(exchange), QStringLiteral("more than 5 redirects"));
    QCOMPARE(server.requests().size(), size_t(6));
}

void TestRedirects::h24NoWayToThisComputerFromElsewhere()
{
    // The first hop cannot be elsewhere in a test, so the policy's pieces are asked.
    const Url origin = *parseUrl("http://target.example:9100/metrics");
    const auto step = nextHop(origin, origin, "http://169.254.169.254/latest", 0);
    QVERIFY(std::holds_alternative<RedirectStep>(step));
    QVERIFY(std::get<RedirectStep>(step).bare);
    QVERIFY(isLocalAddress("169.254.169.254"));
}

void TestRedirects::h24LocalAddressesAreKnown()
{
    for (const char* address : { "127.0.0.1", "127.9.9.9", "0.0.0.0", "169.254.1.1", "::1",
             "::", "fe80::1", "fe80::1%eth0", "::ffff:127.0.0.1" })
        QVERIFY2(isLocalAddress(address), address);
    for (const char* address : { "10.0.0.1", "192.168.1.1", "8.8.8.8", "2001:db8::1", "host" })
        QVERIFY2(!isLocalAddress(address), address);
}

void TestRedirects::wayBackStaysBare()
{
    std::string back;
    FaultServer second(
        [&](FaultConnection& c, const ReceivedRequest&) { c.send(redirectTo(back)); });
    const std::string out = "http://other.test:" + std::to_string(second.port()) + "/";
    FaultServer first([&](FaultConnection& c, const ReceivedRequest& request) {
        c.send(request.path == "/metrics" ? redirectTo(out) : httpAnswer("a 1\n"));
    });
    back = first.url("/steered");
    LiveTransport live(everyNameIsHere);
    QVERIFY(!live.fetch(secretRequest(first.url())).failure);
    QVERIFY(first.requests().at(1).header("Authorization").empty());
}

QTEST_GUILESS_MAIN(TestRedirects)
#include "tst_redirects.moc"
