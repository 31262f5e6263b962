// Goal: nobody is trusted by accident, and a refusal says whose certificate it was and why.
// Method: servers with certificates made on the spot, good and bad.
#include "tests/support/fault_server.h"
#include "tests/support/live_transport.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <openssl/ssl.h>

using namespace fleetglass;
using namespace fleetglass::http;
using namespace fleetglass::test;

namespace {

void serveOnePage(FaultConnection& connection, const ReceivedRequest&)
{
    connection.send(httpAnswer("up 1\n"));
    connection.keepAlive();
}

FaultServerOptions tlsWith(KeyAndCertificate certificate)
{
    FaultServerOptions options;
    options.certificate = std::move(certificate);
    return options;
}

Request requestTo(
    const FaultServer& server, const TlsOptions& tls, const std::string& host = "127.0.0.1")
{
    auto client = std::make_shared<ClientOptions>();
    client->tls = tls;
    Request request;
    request.url = "https://" + host + ':' + std::to_string(server.port()) + "/metrics";
    request.client = client;
    return request;
}

TlsOptions trusting(const TestAuthority& authority)
{
    TlsOptions tls;
    tls.ca = authority.pem();
    return tls;
}

void compareMessage(const Exchange& exchange, FailureCode code, const std::string& message)
{
    QVERIFY(exchange.failure);
    QCOMPARE(QString::fromStdString(exchange.failure->message), QString::fromStdString(message));
    QCOMPARE(exchange.failure->code, code);
    QCOMPARE(exchange.failure->phase, Phase::Tls);
}

} // namespace

class TestTls : public QObject
{
    Q_OBJECT
private slots:
    void aTrustedServerIsDescribed();
    void t1UnknownAuthorityNamesTheIssuer();
    void t1ExpiredSaysWhen();
    void t1NotYetValidSaysSince();
    void t1WrongHostSaysForWhomItIs();
    void t1CommonNameAloneIsNoHost();
    void t1SelfSignedIsSaid();
    void t1RevokedIsSaidWhereAListIsGiven();
    void t2InsecureIsHonouredAndSaid();
    void t3OldTlsIsRefusedUnlessAsked();
    void t4MaterialThatDoesNotFitIsAnError_data();
    void t4MaterialThatDoesNotFitIsAnError();
    void t5ClientCertificateIsDemanded();
    void t5ClientCertificateIsShown();
    void t5ForeignClientCertificateIsRejected();
    void t6DeepChainsAreRefused_data();
    void t6DeepChainsAreRefused();
    void t6ManySessionTicketsAreNoTrouble();
    void t7RotatedAuthorityIsPickedUp();
    void t7RotatedClientCertificateIsPickedUp();
    void t8OldConnectionsAreNotKept();
    void t9TheEndOfACertificateIsTold();
    void t10KeyLogFileStaysEmpty();
    void serverNameDecidesSniAndName();
    void fingerprintAcceptsExactlyThatCertificate();
    void trustIsNotSharedBetweenJobs();
    void plainHttpOnATlsPortIsSaid();

private:
    TestAuthority m_authority { "Test Root" };
};

void TestTls::aTrustedServerIsDescribed()
{
    FaultServer server(serveOnePage, tlsWith(m_authority.issue({})));
    LiveTransport live;
    const Exchange exchange = live.fetch(requestTo(server, trusting(m_authority)));
    QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
    QCOMPARE(exchange.body, std::string("up 1\n"));
    QCOMPARE(exchange.tls->version, std::string("TLS 1.3"));
    QVERIFY(exchange.tls->cipher.starts_with("TLS_"));
    QVERIFY(exchange.tls->verified);
    QCOMPARE(exchange.tls->trust, std::string("trusted by tls_config.ca"));
    const Certificate& leaf = exchange.tls->chain.at(0);
    QCOMPARE(leaf.subject, std::string("CN=localhost"));
    QCOMPARE(leaf.issuer, std::string("CN=Test Root"));
    QCOMPARE(leaf.altNames, (std::vector<std::string> { "DNS:localhost", "IP:127.0.0.1" }));
    QCOMPARE(leaf.key, std::string("ECDSA P-256"));
    QCOMPARE(leaf.sha256.size(), size_t(95));
    QVERIFY(leaf.pem.starts_with("-----BEGIN CERTIFICATE-----"));
    QVERIFY(leaf.notAfterMs > leaf.notBeforeMs);
    QVERIFY(exchange.times.tls.count() > 0);

    const Exchange again = live.fetch(requestTo(server, trusting(m_authority)));
    QVERIFY(again.connectionReused);
    QCOMPARE(again.tls->chain.at(0).sha256, leaf.sha256);
}

void TestTls::t1UnknownAuthorityNamesTheIssuer()
{
    const TestAuthority other("Somebody Else");
    FaultServer server(serveOnePage, tlsWith(other.issue({})));
    LiveTransport live;
    const Exchange exchange = live.fetch(requestTo(server, trusting(m_authority)));
    compareMessage(exchange, FailureCode::TlsUnknownAuthority,
        "certificate signed by unknown authority (issuer CN=Somebody Else)");
    QCOMPARE(exchange.tls->chain.at(0).issuer, std::string("CN=Somebody Else"));
    QVERIFY(!exchange.tls->verified);
    QVERIFY(server.requests().empty());
    // Without a CA of its own, the system's authorities do not know it either.
    compareMessage(live.fetch(requestTo(server, {})), FailureCode::TlsUnknownAuthority,
        "certificate signed by unknown authority (issuer CN=Somebody Else)");
}

void TestTls::t1ExpiredSaysWhen()
{
    CertificateWish wish;
    wish.validFrom = std::chrono::hours(-48);
    wish.validUntil = std::chrono::hours(-24);
    FaultServer server(serveOnePage, tlsWith(m_authority.issue(wish)));
    LiveTransport live;
    const Exchange exchange = live.fetch(requestTo(server, trusting(m_authority)));
    QVERIFY(exchange.failure);
    QCOMPARE(exchange.failure->code, FailureCode::TlsExpired);
    QVERIFY(exchange.failure->message.starts_with("certificate expired 2"));
    QVERIFY(exchange.failure->message.ends_with(" UTC"));
}

void TestTls::t1NotYetValidSaysSince()
{
    CertificateWish wish;
    wish.validFrom = std::chrono::hours(24);
    wish.validUntil = std::chrono::hours(48);
    FaultServer server(serveOnePage, tlsWith(m_authority.issue(wish)));
    LiveTransport live;
    const Exchange exchange = live.fetch(requestTo(server, trusting(m_authority)));
    QCOMPARE(exchange.failure->code, FailureCode::TlsNotYetValid);
    QVERIFY(exchange.failure->message.starts_with("certificate is not valid before 2"));
}

void TestTls::t1WrongHostSaysForWhomItIs()
{
    CertificateWish wish;
    wish.dnsNames = { "db-01", "db-02" };
    wish.addresses = {};
    FaultServer server(serveOnePage, tlsWith(m_authority.issue(wish)));
    LiveTransport live;
    const Exchange exchange = live.fetch(requestTo(server, trusting(m_authority)));
    compareMessage(exchange, FailureCode::TlsWrongHost,
        "certificate is for DNS:db-01, DNS:db-02, not for 127.0.0.1");
    QVERIFY(!exchange.tls->hostMatches);
}

void TestTls::t1CommonNameAloneIsNoHost()
{
    CertificateWish wish;
    wish.dnsNames = {};
    wish.addresses = {};
    FaultServer server(serveOnePage, tlsWith(m_authority.issue(wish)));
    LiveTransport live;
    compareMessage(live.fetch(requestTo(server, trusting(m_authority), "localhost")),
        FailureCode::TlsWrongHost,
        "certificate names no host (no subject alternative name), so it is not for localhost");
}

void TestTls::t1SelfSignedIsSaid()
{
    FaultServer server(serveOnePage, tlsWith(TestAuthority::selfSigned({})));
    LiveTransport live;
    compareMessage(live.fetch(requestTo(server, trusting(m_authority))), FailureCode::TlsSelfSigned,
        "self-signed certificate (CN=localhost)");
}

void TestTls::t2InsecureIsHonouredAndSaid()
{
    FaultServer server(serveOnePage, tlsWith(TestAuthority::selfSigned({})));
    LiveTransport live;
    TlsOptions tls;
    tls.insecureSkipVerify = true;
    const Exchange exchange = live.fetch(requestTo(server, tls));
    QVERIFY(!exchange.failure);
    QVERIFY(!exchange.tls->verified);
    QCOMPARE(exchange.tls->trust,
        std::string("not verified (insecure_skip_verify): self-signed certificate (CN=localhost)"));
}

void TestTls::t3OldTlsIsRefusedUnlessAsked()
{
    FaultServerOptions options = tlsWith(m_authority.issue({}));
    options.tlsVersionMax = TLS1_1_VERSION;
    FaultServer server(serveOnePage, options);
    LiveTransport live;
    const Exchange refused = live.fetch(requestTo(server, trusting(m_authority)));
    QCOMPARE(refused.failure->code, FailureCode::TlsVersion);
    QVERIFY(
        refused.failure->message.starts_with("the server speaks no TLS version that is allowed"));
    TlsOptions old = trusting(m_authority);
    old.minVersion = TlsVersion::Tls10;
    const Exchange taken = live.fetch(requestTo(server, old));
    QVERIFY2(!taken.failure, taken.failure ? taken.failure->message.c_str() : "");
    QCOMPARE(taken.tls->version, std::string("TLS 1.1"));
}

void TestTls::t4MaterialThatDoesNotFitIsAnError_data()
{
    QTest::addColumn<QString>("ca");
    QTest::addColumn<QString>("cert");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("message");
    CertificateWish wish;
    wish.forClients = true;
    const KeyAndCertificate one = m_authority.issue(wish);
    const KeyAndCertificate two = m_authority.issue(wish);
    const auto text = [](const std::string& s) { return QString::fromStdString(s); };
    QTest::newRow("placeholder CA") << "-----BEGIN CERTIFICATE-----\n...\n"
                                    << ""
                                    << ""
                                    << "no certificate in tls_config.ca: it still holds "
                                       "placeholder text";
    QTest::newRow("no PEM") << "hello"
                            << ""
                            << ""
                            << "no certificate in tls_config.ca: PEM text (-----BEGIN "
                               "CERTIFICATE-----) is needed";
    QTest::newRow("foreign key") << "" << text(one.certificatePem) << text(two.keyPem)
                                 << "the key in tls_config.key does not belong to the certificate "
                                    "in tls_config.cert";
    QTest::newRow("no key") << "" << text(one.certificatePem) << ""
                            << "a client certificate without its key: set key or key_file too";
    QTest::newRow("no certificate") << ""
                                    << "" << text(one.keyPem)
                                    << "a client key without its certificate: set cert or "
                                       "cert_file too";
    QTest::newRow("key is no key") << "" << text(one.certificatePem) << "nothing"
                                   << "no private key in tls_config.key: PEM text (-----BEGIN "
                                      "PRIVATE KEY-----) is needed";
}

void TestTls::t4MaterialThatDoesNotFitIsAnError()
{
    QFETCH(QString, ca);
    QFETCH(QString, cert);
    QFETCH(QString, key);
    QFETCH(QString, message);
    FaultServer server(serveOnePage, tlsWith(m_authority.issue({})));
    LiveTransport live;
    TlsOptions tls;
    tls.ca = ca.toStdString();
    tls.cert = cert.toStdString();
    tls.key.text = Secret(key.toStdString());
    compareMessage(
        live.fetch(requestTo(server, tls)), FailureCode::BadTlsOptions, message.toStdString());
    QCOMPARE(server.connections(), 0);
}

void TestTls::t5ClientCertificateIsDemanded()
{
    FaultServerOptions options = tlsWith(m_authority.issue({}));
    options.clientAuthorityPem = m_authority.pem();
    FaultServer server(serveOnePage, options);
    LiveTransport live;
    const Exchange exchange = live.fetch(requestTo(server, trusting(m_authority)));
    compareMessage(exchange, FailureCode::TlsClientCertificate,
        "the server asks for a client certificate (TLS alert: certificate required)");
    QVERIFY(exchange.tls->clientCertificateAsked);
}

void TestTls::t5ClientCertificateIsShown()
{
    FaultServerOptions options = tlsWith(m_authority.issue({}));
    options.clientAuthorityPem = m_authority.pem();
    FaultServer server(serveOnePage, options);
    LiveTransport live;
    CertificateWish wish;
    wish.commonName = "fleetglass-client";
    wish.forClients = true;
    const KeyAndCertificate own = m_authority.issue(wish);
    TlsOptions tls = trusting(m_authority);
    tls.cert = own.certificatePem;
    tls.key.text = Secret(own.keyPem);
    const Exchange exchange = live.fetch(requestTo(server, tls));
    QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
    QCOMPARE(server.requests().at(0).clientCertificate, std::string("fleetglass-client"));
}

void TestTls::t5ForeignClientCertificateIsRejected()
{
    const TestAuthority other("Somebody Else");
    FaultServerOptions options = tlsWith(m_authority.issue({}));
    options.clientAuthorityPem = m_authority.pem();
    FaultServer server(serveOnePage, options);
    LiveTransport live;
    CertificateWish wish;
    wish.forClients = true;
    const KeyAndCertificate own = other.issue(wish);
    TlsOptions tls = trusting(m_authority);
    tls.cert = own.certificatePem;
    tls.key.text = Secret(own.keyPem);
    compareMessage(live.fetch(requestTo(server, tls)), FailureCode::TlsClientCertificate,
        "the server rejects our client certificate (TLS alert: unknown CA)");
}

void TestTls::t7RotatedAuthorityIsPickedUp()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("ca.pem"));
    const auto write = [&](const std::string& text) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.data(), static_cast<qint64>(text.size()));
    };
    FaultServer server(serveOnePage, tlsWith(m_authority.issue({})));
    LiveTransport live;
    TlsOptions tls;
    tls.caFile = path.toStdString();
    write(m_authority.pem());
    QVERIFY(!live.fetch(requestTo(server, tls)).failure);
    write(TestAuthority("New Root").pem());
    const Exchange exchange = live.fetch(requestTo(server, tls));
    QVERIFY(exchange.failure); // The connection of the old trust was not used again.
    QCOMPARE(exchange.failure->code, FailureCode::TlsUnknownAuthority);
    QVERIFY(QFile::remove(path));
    QCOMPARE(live.fetch(requestTo(server, tls)).failure->message,
        "cannot read ca_file " + tls.caFile + ": No such file or directory");
}

void TestTls::t1RevokedIsSaidWhereAListIsGiven()
{
    const KeyAndCertificate good = m_authority.issue({});
    const KeyAndCertificate bad = m_authority.issue({});
    TlsOptions tls;
    tls.ca = m_authority.pem() + m_authority.revocationList(bad);
    LiveTransport live;
    FaultServer revoked(serveOnePage, tlsWith(bad));
    compareMessage(
        live.fetch(requestTo(revoked, tls)), FailureCode::TlsRevoked, "certificate was revoked");
    FaultServer kept(serveOnePage, tlsWith(good));
    QVERIFY(!live.fetch(requestTo(kept, tls)).failure);
}

void TestTls::t6DeepChainsAreRefused_data()
{
    QTest::addColumn<int>("intermediates");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("T6 three") << 3 << true;
    QTest::newRow("T6 a hundred") << 100 << false;
    QTest::newRow("T6 more than 100 KiB") << 400 << false;
}

void TestTls::t6DeepChainsAreRefused()
{
    QFETCH(int, intermediates);
    FaultServer server(serveOnePage, tlsWith(m_authority.issueThrough(intermediates, {})));
    LiveTransport live;
    const Exchange exchange = live.fetch(requestTo(server, trusting(m_authority)));
    QTEST(!exchange.failure.has_value(), "accepted");
    if (exchange.failure)
        QCOMPARE(exchange.failure->phase, Phase::Tls);
    if (exchange.tls)
        QVERIFY(exchange.tls->chain.size() <= 21); // What is shown has an end too.
}

void TestTls::t6ManySessionTicketsAreNoTrouble()
{
    FaultServerOptions options = tlsWith(m_authority.issue({}));
    options.sessionTickets = 2'000;
    FaultServer server(serveOnePage, options);
    LiveTransport live;
    QCOMPARE(live.fetch(requestTo(server, trusting(m_authority))).body, std::string("up 1\n"));
}

void TestTls::t7RotatedClientCertificateIsPickedUp()
{
    QTemporaryDir folder;
    TlsOptions tls = trusting(m_authority);
    tls.certFile = folder.path().toStdString() + "/cert.pem";
    tls.key.file = folder.path().toStdString() + "/key.pem";
    const auto put = [](const std::string& path, const std::string& text) {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.data(), static_cast<qint64>(text.size()));
    };
    FaultServerOptions options = tlsWith(m_authority.issue({}));
    options.clientAuthorityPem = m_authority.pem();
    FaultServer server(serveOnePage, options);
    LiveTransport live;
    for (const char* name : { "first", "second" }) {
        CertificateWish wish;
        wish.commonName = name;
        wish.forClients = true;
        const KeyAndCertificate own = m_authority.issue(wish);
        put(tls.certFile, own.certificatePem);
        put(tls.key.file, own.keyPem);
        QVERIFY(!live.fetch(requestTo(server, tls)).failure);
        QCOMPARE(server.requests().back().clientCertificate, std::string(name));
    }
    QCOMPARE(server.connections(), 2); // That of the old certificate was not used again.
}

void TestTls::t8OldConnectionsAreNotKept()
{
    FaultServer server(serveOnePage, tlsWith(m_authority.issue({})));
    CurlOptions options;
    QCOMPARE(options.connectionLifeMax, std::chrono::seconds(600));
    options.connectionLifeMax = std::chrono::seconds(1);
    LiveTransport live({}, options);
    QVERIFY(!live.fetch(requestTo(server, trusting(m_authority))).failure);
    // libcurl has the clock: the certificate is looked at again once the connection is too old.
    const auto connections = [&] {
        live.fetch(requestTo(server, trusting(m_authority)));
        return server.connections();
    };
    QTRY_COMPARE_WITH_TIMEOUT(connections(), 2, 30'000);
}

void TestTls::t9TheEndOfACertificateIsTold()
{
    CertificateWish wish;
    wish.validUntil = std::chrono::hours(24 * 13);
    FaultServer server(serveOnePage, tlsWith(m_authority.issue(wish)));
    LiveTransport live;
    const Exchange exchange = live.fetch(requestTo(server, trusting(m_authority)));
    QVERIFY(!exchange.failure);
    const int64_t leftMs = exchange.tls->chain.at(0).notAfterMs - SystemClock().wallMs();
    QVERIFY(leftMs > 86'400'000LL * 12 && leftMs <= 86'400'000LL * 13);
}

void TestTls::t10KeyLogFileStaysEmpty()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("keys.log"));
    qputenv("SSLKEYLOGFILE", path.toLocal8Bit());
    FaultServer server(serveOnePage, tlsWith(m_authority.issue({})));
    LiveTransport live;
    QVERIFY(!live.fetch(requestTo(server, trusting(m_authority))).failure);
    qunsetenv("SSLKEYLOGFILE");
    QCOMPARE(QFile(path).size(), qint64(0));
}

void TestTls::serverNameDecidesSniAndName()
{
    CertificateWish wish;
    wish.dnsNames = { "etcha.example" };
    wish.addresses = {};
    FaultServer server(serveOnePage, tlsWith(m_authority.issue(wish)));
    LiveTransport live;
    TlsOptions tls = trusting(m_authority);
    tls.serverName = "etcha.example";
    const Exchange exchange = live.fetch(requestTo(server, tls));
    QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
    QCOMPARE(server.requests().at(0).sni, std::string("etcha.example"));
    QCOMPARE(server.requests().at(0).header("Host"), server.address());
}

void TestTls::fingerprintAcceptsExactlyThatCertificate()
{
    const KeyAndCertificate chosen = TestAuthority::selfSigned({ .dnsNames = { "elsewhere" } });
    LiveTransport live;
    TlsOptions tls;
    tls.trustedSha256 = chosen.sha256;
    FaultServer server(serveOnePage, tlsWith(chosen));
    const Exchange exchange = live.fetch(requestTo(server, tls));
    QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
    QCOMPARE(exchange.tls->trust, std::string("trusted by its fingerprint, chosen for this job"));
    FaultServer other(serveOnePage, tlsWith(TestAuthority::selfSigned({})));
    QCOMPARE(live.fetch(requestTo(other, tls)).failure->code, FailureCode::TlsSelfSigned);
}

void TestTls::trustIsNotSharedBetweenJobs()
{
    FaultServer server(serveOnePage, tlsWith(TestAuthority::selfSigned({})));
    LiveTransport live;
    TlsOptions careless;
    careless.insecureSkipVerify = true;
    QVERIFY(!live.fetch(requestTo(server, careless)).failure);
    QVERIFY(live.fetch(requestTo(server, careless)).connectionReused);
    QVERIFY(live.fetch(requestTo(server, {})).failure);
}

void TestTls::plainHttpOnATlsPortIsSaid()
{
    FaultServerOptions options;
    options.answersBeforeRequest = true;
    FaultServer server(
        [](FaultConnection& c, const ReceivedRequest&) {
            c.send("HTTP/1.1 400 Bad Request\r\n\r\n");
            c.hang();
        },
        options);
    LiveTransport live;
    QCOMPARE(live.fetch(requestTo(server, {})).failure->message,
        server.address() + " does not speak TLS: is the scheme https right?");
}

QTEST_GUILESS_MAIN(TestTls)
#include "tst_tls.moc"
