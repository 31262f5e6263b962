// Goal: five different faults show five different, true reasons, each with what to do about it.
// Method: the whole way from a real server to the status of a target.
#include "core/scrape/discarding_appender.h"
#include "core/scrape/scrape_once.h"
#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::scrape;
using namespace fleetglass::test;

namespace {

StatusPtr scrapeOf(JobOptions job, const std::string& address)
{
    const SystemClock clock;
    DiscardingAppender store;
    LiveTransport live;
    job.name = "j";
    const OnceResult result = scrapeOnce(live.transport(), store, clock,
        { { std::make_shared<const JobOptions>(std::move(job)), { { { address }, {}, "" } } } }, {},
        {});
    return result.targets.empty() ? nullptr : result.targets.front();
}

void compare(const StatusPtr& status, Phase phase, const char* message, const char* hint)
{
    QVERIFY(status && status->failure);
    QCOMPARE(QString::fromStdString(status->failure->message), QString::fromUtf8(message));
    QCOMPARE(status->failure->phase, phase);
    QCOMPARE(QString::fromStdString(status->failure->hint), QString::fromUtf8(hint));
}

FaultHandler page(const std::string& body, const std::string& type = "text/plain",
    const std::string& status = "200 OK", const std::string& headers = {})
{
    return [=](FaultConnection& c, const ReceivedRequest&) {
        c.send(httpAnswer(body, type, status, headers));
    };
}

constexpr const char* kOpenInBrowser
    = "Open the address in a browser. Set metrics_path to the page with the metrics, and the "
      "credentials in basic_auth or authorization.";

} // namespace

class TestDiagnosis : public QObject
{
    Q_OBJECT
private slots:
    void goodPageIsUp();
    void wrongCaNamesTheIssuerPresented();
    void wrongPasswordNamesTheUser();
    void h15ControllerWantsAnAuditor();
    void closedPortIsRefused();
    void aStatusHasItsHint_data();
    void aStatusHasItsHint();
    void h18LoginPageIsHtml();
    void h18HtmlDisguisedAsTextIsSeen();
    void h18ContentTypes_data();
    void h18ContentTypes();
    void hangingServerTimesOut();
    void h12CutPageIsTruncated();
    void h19ParseErrorShowsTheLine();
    void h21SecretsOfThePageAreMaskedInTheBody();
    void placeholdersAreNoticed();
    void pushgatewayWithoutHonorLabelsIsAdvised();
    void c20MissingPasswordFileIsSaid();
    void requestSaysWhatPrometheusSays();
};

void TestDiagnosis::goodPageIsUp()
{
    FaultServer server(page("a 1\nb 2\n"));
    const StatusPtr status = scrapeOf({}, server.address());
    QCOMPARE(status->health, Health::Up);
    QCOMPARE(status->counts.scraped, int64_t(2));
    QCOMPARE(status->counts.seriesAdded, int64_t(2));
    QVERIFY(status->durationMs > 0);
}

void TestDiagnosis::wrongCaNamesTheIssuerPresented()
{
    const TestAuthority theirs("Etcha CA");
    const TestAuthority ours("Old CA");
    FaultServerOptions options;
    options.certificate = theirs.issue({});
    FaultServer server(page("a 1\n"), options);
    JobOptions job;
    job.scheme = "https";
    job.client.tls.ca = ours.pem();
    compare(scrapeOf(job, server.address()), Phase::Tls,
        "certificate signed by unknown authority (issuer CN=Etcha CA)",
        "The CA in tls_config is not the one that signed this certificate. The certificate "
        "presented "
        "was issued by CN=Etcha CA.");
}

void TestDiagnosis::wrongPasswordNamesTheUser()
{
    FaultServer server(
        page("no", "text/plain", "401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n"));
    JobOptions job;
    job.client.basicAuth = http::BasicAuth { "anna", {}, { Secret("canary-password"), {} } };
    compare(scrapeOf(job, server.address()), Phase::Http,
        "401 Unauthorized: the server asks for Basic",
        "The server refused the credentials of basic_auth (user anna). Check them.");
}

void TestDiagnosis::h15ControllerWantsAnAuditor()
{
    FaultServer server(page("{\"detail\": \"no\"}", "application/json", "403 Forbidden"));
    JobOptions job;
    job.metricsPath = "/api/v2/metrics/";
    compare(scrapeOf(job, server.address()), Phase::Http,
        "403 Forbidden: the server knows us, but does not let us read this",
        "The metrics of the controller need a token of a superuser or a system auditor.");
}

void TestDiagnosis::closedPortIsRefused()
{
    const std::string address = "127.0.0.1:" + std::to_string(closedPort());
    compare(scrapeOf({}, address), Phase::Tcp, ("connection refused by " + address).c_str(),
        "Nothing listens on this port: is the exporter running, and the port right?");
}

void TestDiagnosis::aStatusHasItsHint_data()
{
    QTest::addColumn<QString>("status");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("hint");
    const auto row = [](const char* name, const char* status, const char* path, const char* hint) {
        QTest::newRow(name) << QString::fromLatin1(status) << QString::fromLatin1(path)
                            << QString::fromLatin1(hint);
    };
    row("h17 the exporter's own fault", "503 Service Unavailable", "/metrics",
        "The exporter itself failed: its own log says why.");
    row("h16 too often", "429 Too Many Requests", "/metrics",
        "The server asks for fewer requests: raise scrape_interval.");
    row("another path", "404 Not Found", "/metrics", "Check metrics_path.");
    row("another path of the controller", "404 Not Found", "/api/v2/metrics/",
        "From version 2.5 on the controller's metrics are at /api/controller/v2/metrics/, before "
        "that at /api/v2/metrics/: set metrics_path.");
    row("plain HTTP to TLS", "400 Bad Request", "/metrics",
        "Perhaps the server expects https: set scheme: https.");
}

void TestDiagnosis::aStatusHasItsHint()
{
    QFETCH(QString, status);
    QFETCH(QString, path);
    QFETCH(QString, hint);
    FaultServer server(page("no", "text/plain", status.toStdString()));
    JobOptions job;
    job.metricsPath = path.toStdString();
    const auto scraped = scrapeOf(job, server.address());
    QVERIFY(scraped && scraped->failure);
    QCOMPARE(QString::fromStdString(scraped->failure->hint), hint);
}

void TestDiagnosis::h18LoginPageIsHtml()
{
    FaultServer server(
        page("<!DOCTYPE html><html><head><title> Login </title></head></html>", "text/html"));
    compare(scrapeOf({}, server.address()), Phase::Parse,
        "the page is HTML (title: Login), not metrics: a login page or the wrong path",
        kOpenInBrowser);
}

void TestDiagnosis::h18HtmlDisguisedAsTextIsSeen()
{
    FaultServer server(page("<html><body>hello</body></html>"));
    compare(scrapeOf({}, server.address()), Phase::Parse,
        "the page is HTML, not metrics: a login page or the wrong path", kOpenInBrowser);
}

void TestDiagnosis::h18ContentTypes_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("fallback");
    QTest::addColumn<bool>("up");
    QTest::newRow("text") << "text/plain; version=0.0.4; charset=utf-8"
                          << "" << true;
    QTest::newRow("missing") << ""
                             << "" << false;
    QTest::newRow("missing, with fallback") << ""
                                            << "PrometheusText0.0.4" << true;
    QTest::newRow("json") << "application/json"
                          << "" << false;
    QTest::newRow("unknown, with fallback") << "application/x"
                                            << "PrometheusText0.0.4" << true;
}

void TestDiagnosis::h18ContentTypes()
{
    QFETCH(QString, type);
    QFETCH(QString, fallback);
    QFETCH(bool, up);
    FaultServer server(page("a 1\n", type.toStdString()));
    JobOptions job;
    job.fallbackProtocol = fallback.toStdString();
    const StatusPtr status = scrapeOf(job, server.address());
    QCOMPARE(status->health == Health::Up, up);
    if (!up)
        QCOMPARE(status->failure->reason, std::string("content_type"));
}

void TestDiagnosis::hangingServerTimesOut()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) { c.hang(); });
    JobOptions job;
    job.timeout = Millis(1'000);
    compare(scrapeOf(job, server.address()), Phase::Http, "no answer in 1 s after connecting",
        "The server is slow or stuck; raise scrape_timeout if it needs longer.");
}

void TestDiagnosis::h12CutPageIsTruncated()
{
    FaultServer server([](FaultConnection& c, const ReceivedRequest&) {
        c.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\na 123\na 12");
    });
    const StatusPtr status = scrapeOf({}, server.address());
    QCOMPARE(status->failure->reason, std::string("truncated"));
    QCOMPARE(status->failure->phase, Phase::Body);
}

void TestDiagnosis::h19ParseErrorShowsTheLine()
{
    FaultServer server(page("a 1\nthis is no metric\n"));
    const StatusPtr status = scrapeOf({}, server.address());
    QCOMPARE(status->failure->phase, Phase::Parse);
    QCOMPARE(status->failure->line, 2);
    QVERIFY2(status->failure->message.ends_with(": this is no metric"),
        status->failure->message.c_str());
}

void TestDiagnosis::h21SecretsOfThePageAreMaskedInTheBody()
{
    // A page that repeats the request, as error pages do.
    FaultServer server([](FaultConnection& c, const ReceivedRequest& request) {
        c.send(httpAnswer(
            "# HELP a " + request.header("Authorization") + ' ' + request.path + "\na 1\n"));
    });
    JobOptions job;
    job.name = "j";
    job.params = { { "key", { "canary-param" } } };
    job.client.authorization = http::Authorization { "Bearer", { Secret("canary-token"), {} } };
    const SystemClock clock;
    DiscardingAppender store;
    LiveTransport live;
    ScrapePool pool(live.transport(), store, clock, {}, {});
    pool.apply(
        { { std::make_shared<const JobOptions>(job), { { { server.address() }, {}, "" } } } });
    const uint64_t id = pool.statuses().front()->id;
    pool.scrapeNow({ &id, 1 });
    while (pool.statuses().front()->attempts == 0) {
        if (!pool.workOne())
            pool.waitForWork({}, std::chrono::milliseconds(100));
    }
    const auto detail = pool.detail(id);
    QVERIFY(detail->lastBody->text->find("# HELP a Bearer ******") != std::string::npos);
    QVERIFY(detail->lastBody->text->find("canary") == std::string::npos);
    for (const std::string& line : detail->exchange.transcript)
        QVERIFY2(line.find("canary") == std::string::npos, line.c_str());
    for (const http::HeaderLine& header : detail->exchange.requestHeaders)
        QVERIFY(header.value.find("canary") == std::string::npos);
    QVERIFY(detail->exchange.url.find("canary") == std::string::npos);
}

void TestDiagnosis::placeholdersAreNoticed()
{
    FaultServer server(page("no", "text/plain", "401 Unauthorized"));
    JobOptions job;
    job.client.authorization = http::Authorization { "Bearer", { Secret("<token_value>"), {} } };
    compare(scrapeOf(job, server.address()), Phase::Http, "401 Unauthorized",
        "The token still holds placeholder text such as <token_value>: put the real token there.");
}

void TestDiagnosis::pushgatewayWithoutHonorLabelsIsAdvised()
{
    FaultServer server(page("# TYPE push_time_seconds gauge\npush_time_seconds{job=\"x\"} 1\n"));
    JobOptions job;
    QVERIFY(scrapeOf(job, server.address())->warning.starts_with("This is a Pushgateway: set "));
    job.honorLabels = true;
    QVERIFY(scrapeOf(job, server.address())->warning.empty());
}

void TestDiagnosis::c20MissingPasswordFileIsSaid()
{
    FaultServer server(page("a 1\n"));
    JobOptions job;
    job.client.basicAuth = http::BasicAuth { "anna", {}, { {}, "/nonexistent/password" } };
    const StatusPtr status = scrapeOf(job, server.address());
    QCOMPARE(status->failure->reason, std::string("credentials"));
    QCOMPARE(status->failure->message,
        std::string("cannot read password_file /nonexistent/password: No such file or directory"));
    QCOMPARE(server.connections(), 0);
}

void TestDiagnosis::requestSaysWhatPrometheusSays()
{
    FaultServer server(page("a 1\n"));
    JobOptions job;
    job.timeout = Millis(2'500);
    scrapeOf(job, server.address());
    const ReceivedRequest request = server.requests().at(0);
    QCOMPARE(request.header("X-Prometheus-Scrape-Timeout-Seconds"), std::string("2.5"));
    QCOMPARE(request.header("Accept-Encoding"), std::string("gzip"));
    QCOMPARE(request.header("User-Agent"), std::string("fleetglass"));
    QVERIFY(request.header("Accept").starts_with("application/openmetrics-text;version=1.0.0"));
    QVERIFY(request.header("Accept").find("*/*") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestDiagnosis)
#include "tst_diagnosis.moc"
