// Goal: a request takes the way its proxy settings say, and a proxy that fails is told apart from
// a target that fails. Method: proxies of our own that write down whom they were asked for.
#include "tests/support/live_transport.h"
#include "tests/support/proxy_server.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::http;
using namespace fleetglass::test;

namespace {

Request requestThrough(const std::string& proxy, const std::string& url)
{
    auto client = std::make_shared<ClientOptions>();
    client->proxy.url = Secret(proxy);
    Request request;
    request.url = url;
    request.client = std::move(client);
    request.timeout = std::chrono::seconds(5);
    return request;
}

void change(Request& request, const std::function<void(ClientOptions&)>& how)
{
    auto client = std::make_shared<ClientOptions>(*request.client);
    how(*client);
    request.client = std::move(client);
}

std::string messageOf(const Exchange& exchange)
{
    return exchange.failure ? exchange.failure->message : "";
}

// Only "web" has an address.
Resolution knowsOnlyWeb(const std::string& host)
{
    if (host == "web")
        return { { "10.9.8.7" }, false, {} };
    return { {}, true, "no such host" };
}

FaultServerOptions speakingTls(KeyAndCertificate certificate)
{
    FaultServerOptions options;
    options.certificate = std::move(certificate);
    return options;
}

void answerPage(FaultConnection& c, const ReceivedRequest&)
{
    c.send(httpAnswer("up 1\n"));
}

} // namespace

class TestProxy : public QObject
{
    Q_OBJECT
private slots:
    void plainTargetsAreAskedOfTheProxyWhole();
    void secureTargetsGetATunnel();
    void connectHeadersReachOnlyTheProxy();
    void targetsHeadersStayInsideTheTunnel();
    void aRefusedTunnelIsTheProxysFault();
    void aClosedProxyIsNamed();
    void socksTakesTheNameAlong_data();
    void socksTakesTheNameAlong();
    void socksLogsIn();
    void socksRefusalIsTheProxysFault_data();
    void socksRefusalIsTheProxysFault();
    void aProxyBehindTlsIsVerified();
    void aProxyBehindTlsCarriesATunnel();
    void noProxyGoesStraight();
    void theEnvironmentCountsOnlyWhereAsked();
    void passwordsOfTheProxyAreNotShown();
};

void TestProxy::plainTargetsAreAskedOfTheProxyWhole()
{
    FaultServer target(answerPage);
    ProxyServer proxy({ ProxyKind::Http, target.port(), false, {}, {}, {} });
    LiveTransport live(knowsOnlyWeb);
    const Exchange exchange
        = live.fetch(requestThrough("http://anna:pw@" + proxy.address(), "http://far:9100/m?a=1"));
    QCOMPARE(messageOf(exchange), std::string());
    QCOMPARE(exchange.body, std::string("up 1\n"));
    QCOMPARE(proxy.asked(), std::vector<std::string> { "GET http://far:9100/m?a=1" });
    QCOMPARE(proxy.requests()[0].header("Proxy-Authorization"), std::string("Basic YW5uYTpwdw=="));
    QCOMPARE(target.requests()[0].path, std::string("/m?a=1"));
}

void TestProxy::secureTargetsGetATunnel()
{
    const TestAuthority authority("CA");
    CertificateWish wish;
    wish.dnsNames = { "far" };
    FaultServer target(answerPage, speakingTls(authority.issue(wish)));
    ProxyServer proxy({ ProxyKind::Http, target.port(), false, {}, {}, {} });
    Request request = requestThrough("http://" + proxy.address(), "https://far/metrics");
    change(request, [&](ClientOptions& client) { client.tls.ca = authority.pem(); });
    LiveTransport live(knowsOnlyWeb);
    const Exchange exchange = live.fetch(request);
    QCOMPARE(messageOf(exchange), std::string());
    QCOMPARE(proxy.asked(), std::vector<std::string> { "CONNECT far:443" });
    QCOMPARE(target.requests()[0].sni, std::string("far"));
    QVERIFY(exchange.tls->verified);
}

void TestProxy::connectHeadersReachOnlyTheProxy()
{
    const TestAuthority authority("CA");
    FaultServer target(answerPage, speakingTls(authority.issue({})));
    ProxyServer proxy({ ProxyKind::Http, target.port(), false, {}, {}, {} });
    Request request = requestThrough("http://" + proxy.address(), "https://localhost/metrics");
    change(request, [&](ClientOptions& client) {
        client.tls.ca = authority.pem();
        client.proxy.connectHeaders
            = { { "X-Way", {}, { { Secret("one"), {} }, { Secret("two"), {} } } } };
    });
    LiveTransport live;
    QCOMPARE(messageOf(live.fetch(request)), std::string());
    QVERIFY(proxy.requests()[0].head.find("X-Way: one\r\nX-Way: two\r\n") != std::string::npos);
    QCOMPARE(target.requests()[0].header("X-Way"), std::string());
}

void TestProxy::targetsHeadersStayInsideTheTunnel()
{
    const TestAuthority authority("CA");
    FaultServer target(answerPage, speakingTls(authority.issue({})));
    ProxyServer proxy({ ProxyKind::Http, target.port(), false, {}, {}, {} });
    Request request = requestThrough("http://" + proxy.address(), "https://localhost/metrics");
    change(request, [&](ClientOptions& client) {
        client.tls.ca = authority.pem();
        client.authorization = Authorization { "Bearer", { Secret("canary-token"), {} } };
    });
    LiveTransport live;
    QCOMPARE(messageOf(live.fetch(request)), std::string());
    QVERIFY(proxy.requests()[0].head.find("canary") == std::string::npos);
    QCOMPARE(target.requests()[0].header("Authorization"), std::string("Bearer canary-token"));
}

void TestProxy::aRefusedTunnelIsTheProxysFault()
{
    ProxyServer proxy({ ProxyKind::Http, 1, true, {}, {}, {} });
    LiveTransport live;
    const Exchange exchange
        = live.fetch(requestThrough("http://" + proxy.address(), "https://far:8443/metrics"));
    QCOMPARE(messageOf(exchange),
        "the proxy http://" + proxy.address()
            + " opened no tunnel to far:8443: 407 Proxy Authentication Required");
    QCOMPARE(exchange.failure->code, FailureCode::Proxy);
}

void TestProxy::aClosedProxyIsNamed()
{
    const std::string address = "127.0.0.1:" + std::to_string(closedPort());
    LiveTransport live;
    QCOMPARE(messageOf(live.fetch(requestThrough("http://" + address, "http://far/metrics"))),
        "connection refused by the proxy " + address);
    QCOMPARE(messageOf(live.fetch(requestThrough("http://nowhere.invalid:3128", "http://far/"))),
        std::string("the proxy nowhere.invalid: no such host"));
}

void TestProxy::socksTakesTheNameAlong_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("asked");
    const int four = static_cast<int>(ProxyKind::Socks4);
    const int five = static_cast<int>(ProxyKind::Socks5);
    QTest::newRow("socks4 looks up here")
        << QStringLiteral("socks4") << four << QStringLiteral("http://web/metrics")
        << QStringLiteral("4 10.9.8.7:80");
    QTest::newRow("socks4 with an address")
        << QStringLiteral("socks4") << four << QStringLiteral("http://10.1.2.3:9100/")
        << QStringLiteral("4 10.1.2.3:9100");
    QTest::newRow("socks4a") << QStringLiteral("socks4a") << four
                             << QStringLiteral("http://far:81/") << QStringLiteral("4a far:81");
    QTest::newRow("socks5 as in Go")
        << QStringLiteral("socks5") << five << QStringLiteral("http://far:81/")
        << QStringLiteral("5 far:81");
    QTest::newRow("socks5h") << QStringLiteral("socks5h") << five
                             << QStringLiteral("http://far:81/") << QStringLiteral("5 far:81");
}

void TestProxy::socksTakesTheNameAlong()
{
    QFETCH(QString, scheme);
    QFETCH(int, kind);
    QFETCH(QString, url);
    QFETCH(QString, asked);
    FaultServer target(answerPage);
    ProxyServer proxy({ static_cast<ProxyKind>(kind), target.port(), false, {}, {}, {} });
    LiveTransport live(knowsOnlyWeb);
    const Exchange exchange = live.fetch(
        requestThrough(scheme.toStdString() + "://" + proxy.address(), url.toStdString()));
    QCOMPARE(messageOf(exchange), std::string());
    QCOMPARE(exchange.body, std::string("up 1\n"));
    QCOMPARE(proxy.asked(), std::vector<std::string> { asked.toStdString() });
}

void TestProxy::socksLogsIn()
{
    FaultServer target(answerPage);
    ProxyServer proxy({ ProxyKind::Socks5, target.port(), false, "anna", "p@ss", {} });
    LiveTransport live;
    const Exchange exchange
        = live.fetch(requestThrough("socks5://anna:p%40ss@" + proxy.address(), "http://far:81/"));
    QCOMPARE(messageOf(exchange), std::string());
    QCOMPARE(proxy.asked(), std::vector<std::string> { "5 far:81 anna" });
    const Exchange refused
        = live.fetch(requestThrough("socks5://anna:wrong@" + proxy.address(), "http://far:81/"));
    QCOMPARE(refused.failure->code, FailureCode::Proxy);
    QVERIFY(messageOf(refused).starts_with("the proxy socks5://" + proxy.address() + " refused: "));
}

void TestProxy::socksRefusalIsTheProxysFault_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<int>("kind");
    QTest::newRow("4a") << QStringLiteral("socks4a") << static_cast<int>(ProxyKind::Socks4);
    QTest::newRow("5") << QStringLiteral("socks5") << static_cast<int>(ProxyKind::Socks5);
}

void TestProxy::socksRefusalIsTheProxysFault()
{
    QFETCH(QString, scheme);
    QFETCH(int, kind);
    ProxyServer proxy({ static_cast<ProxyKind>(kind), 1, true, {}, {}, {} });
    LiveTransport live;
    const Exchange exchange
        = live.fetch(requestThrough(scheme.toStdString() + "://" + proxy.address(), "http://far/"));
    QCOMPARE(exchange.failure->code, FailureCode::Proxy);
    QVERIFY2(
        messageOf(exchange).find(" refused: ") != std::string::npos, messageOf(exchange).c_str());
}

void TestProxy::aProxyBehindTlsIsVerified()
{
    const TestAuthority authority("Proxy CA");
    FaultServer target(answerPage);
    ProxyServer proxy({ ProxyKind::Http, target.port(), false, {}, {}, authority.issue({}) });
    Request request = requestThrough("https://" + proxy.address(), "http://far/metrics");
    LiveTransport live;
    const Exchange refused = live.fetch(request);
    QCOMPARE(messageOf(refused),
        "the proxy https://" + proxy.address()
            + ": certificate signed by unknown authority (issuer CN=Proxy CA)");
    QVERIFY(proxy.asked().empty());
    change(request, [&](ClientOptions& client) { client.tls.ca = authority.pem(); });
    QCOMPARE(live.fetch(request).body, std::string("up 1\n"));
}

void TestProxy::aProxyBehindTlsCarriesATunnel()
{
    const TestAuthority authority("CA");
    CertificateWish wish;
    wish.dnsNames = { "far" };
    FaultServer target(answerPage, speakingTls(authority.issue(wish)));
    ProxyServer proxy({ ProxyKind::Http, target.port(), false, {}, {}, authority.issue({}) });
    Request request = requestThrough("https://" + proxy.address(), "https://far/metrics");
    change(request, [&](ClientOptions& client) { client.tls.ca = authority.pem(); });
    LiveTransport live;
    const Exchange exchange = live.fetch(request);
    QCOMPARE(messageOf(exchange), std::string());
    QCOMPARE(proxy.asked(), std::vector<std::string> { "CONNECT far:443" });
    QCOMPARE(exchange.tls->chain.at(0).altNames.at(0), std::string("DNS:far"));
}

void TestProxy::noProxyGoesStraight()
{
    FaultServer target(answerPage);
    ProxyServer proxy({ ProxyKind::Http, target.port(), false, {}, {}, {} });
    Request request = requestThrough("http://" + proxy.address(),
        "http://near.example:" + std::to_string(target.port()) + "/metrics");
    change(request, [&](ClientOptions& client) { client.proxy.noProxy = "example"; });
    LiveTransport live([](const std::string&) {
        return Resolution { { "127.0.0.1" }, false, {} };
    });
    QCOMPARE(live.fetch(request).body, std::string("up 1\n"));
    QVERIFY(proxy.asked().empty());
}

void TestProxy::theEnvironmentCountsOnlyWhereAsked()
{
    FaultServer target(answerPage);
    ProxyServer proxy({ ProxyKind::Http, target.port(), false, {}, {}, {} });
    CurlOptions options;
    options.environmentHttpProxy = "http://" + proxy.address();
    options.environmentNoProxy = "skipped";
    LiveTransport live(knowsOnlyWeb, options);
    Request request = requestThrough({}, "http://far/metrics");
    QCOMPARE(live.fetch(request).failure->code, FailureCode::DnsNotFound);
    change(request, [](ClientOptions& client) { client.proxy.fromEnvironment = true; });
    QCOMPARE(live.fetch(request).body, std::string("up 1\n"));
    request.url = "http://skipped/metrics";
    QCOMPARE(live.fetch(request).failure->code, FailureCode::DnsNotFound);
    QCOMPARE(proxy.asked().size(), size_t(1));
}

void TestProxy::passwordsOfTheProxyAreNotShown()
{
    ProxyServer proxy({ ProxyKind::Http, 1, true, {}, {}, {} });
    LiveTransport live;
    const Exchange exchange
        = live.fetch(requestThrough("http://anna:canary@" + proxy.address(), "https://far/"));
    QVERIFY(messageOf(exchange).find("canary") == std::string::npos);
    for (const std::string& line : exchange.transcript)
        QVERIFY2(line.find("canary") == std::string::npos, line.c_str());
}

QTEST_GUILESS_MAIN(TestProxy)
#include "tst_proxy.moc"
