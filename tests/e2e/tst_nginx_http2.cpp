// Goal: HTTP/2 with a server that is not of our own making. Method: Debian's nginx on loopback,
// with a certificate made on the spot, asked by the real transport.
#include "tests/support/live_transport.h"
#include "tests/support/real_parts.h"
#include "tests/support/test_certificates.h"

#include <QTemporaryDir>
#include <QTest>

using namespace fleetglass;
using support::Program;

class TestNginxHttp2 : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void pagesComeByHttp2AndGzip();
    void manyRequestsShareAFewConnections();
    void enableHttp2FalseIsHonoured();

private:
    QByteArray path(const char* name) const
    {
        return m_folder.filePath(QLatin1String(name)).toUtf8();
    }
    http::Request request(bool http2 = true) const;

    QTemporaryDir m_folder;
    test::TestAuthority m_authority { "Nginx CA" };
    int m_port = support::freePort();
    std::unique_ptr<Program> m_nginx;
    QByteArray m_page;
};

void TestNginxHttp2::initTestCase()
{
    const QString nginx = Program::find(QStringLiteral("nginx"));
    if (nginx.isEmpty())
        QSKIP("nginx is not installed");
    for (int i = 0; i < 5'000; ++i)
        m_page += "demo_total{n=\"" + QByteArray::number(i) + "\"} 1\n";
    const test::KeyAndCertificate own = m_authority.issue({});
    const auto write = [&](const char* name, const QByteArray& text) {
        support::writeText(m_folder.filePath(QLatin1String(name)), text);
    };
    write("server.pem", QByteArray::fromStdString(own.certificatePem));
    write("server.key", QByteArray::fromStdString(own.keyPem));
    write("metrics", m_page);
    QByteArray folders;
    for (const char* what : { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" })
        folders += QByteArray(what) + "_temp_path " + path(what) + "; ";
    write("nginx.conf",
        "pid " + path("nginx.pid") + "; error_log " + path("error.log")
            + "; worker_processes 1; user root;\nevents { worker_connections 64; }\n"
              "http { access_log off; gzip on; gzip_types *; "
            + folders + "\nserver { listen 127.0.0.1:" + QByteArray::number(m_port)
            + " ssl http2; ssl_certificate " + path("server.pem") + "; ssl_certificate_key "
            + path("server.key")
            + ";\nlocation = /metrics { default_type 'text/plain; version=0.0.4'; alias "
            + path("metrics") + "; } } }\n");
    m_nginx = std::make_unique<Program>(nginx,
        QStringList { QStringLiteral("-p"), m_folder.path(), QStringLiteral("-c"),
            m_folder.filePath(QStringLiteral("nginx.conf")), QStringLiteral("-g"),
            QStringLiteral("daemon off;") });
    QVERIFY2(support::waitForPort(m_port), m_nginx->process().readAll().constData());
}

http::Request TestNginxHttp2::request(bool http2) const
{
    auto client = std::make_shared<http::ClientOptions>();
    client->tls.ca = m_authority.pem();
    client->enableHttp2 = http2;
    http::Request request;
    request.url = "https://127.0.0.1:" + std::to_string(m_port) + "/metrics";
    request.client = std::move(client);
    return request;
}

void TestNginxHttp2::pagesComeByHttp2AndGzip()
{
    test::LiveTransport live;
    const http::Exchange exchange = live.fetch(request());
    QVERIFY2(!exchange.failure, exchange.failure ? exchange.failure->message.c_str() : "");
    QCOMPARE(exchange.httpVersion, std::string("2"));
    QCOMPARE(exchange.body, m_page.toStdString());
    QVERIFY(exchange.wireBytes < exchange.bodyBytes / 4);
    QVERIFY(!exchange.closeDelimited);
}

void TestNginxHttp2::manyRequestsShareAFewConnections()
{
    test::LiveTransport live;
    int reused = 0;
    for (int i = 0; i < 20; ++i)
        reused += live.fetch(request()).connectionReused ? 1 : 0;
    QCOMPARE(reused, 19);
}

void TestNginxHttp2::enableHttp2FalseIsHonoured()
{
    test::LiveTransport live;
    const http::Exchange exchange = live.fetch(request(false));
    QCOMPARE(exchange.httpVersion, std::string("1.1"));
    QCOMPARE(exchange.body, m_page.toStdString());
}

QTEST_GUILESS_MAIN(TestNginxHttp2)
#include "tst_nginx_http2.moc"
