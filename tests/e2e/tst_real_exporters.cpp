// Goal: what Debian's own programs serve is scraped, and each way to fail is told apart and true.
// Method: node_exporter, Pushgateway and nginx (own CA, mutual TLS, basic auth) on loopback,
// `scrape --once --json` of the built program.
#include "core/demo/certificates.h"
#include "tests/support/real_parts.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace fleetglass;
using support::Program;

namespace {

constexpr const char* kPage
    = "# HELP demo_up Whether it is.\n# TYPE demo_up gauge\ndemo_up{site=\"fra1\"} 1\n";

struct Nginx
{
    int tlsPort = support::freePort();
    int mutualPort = support::freePort();
    int passwordPort = support::freePort();
    int htmlPort = support::freePort();
    demo::KeyPair authority;
    demo::KeyPair otherAuthority;
    std::unique_ptr<Program> program;
};

} // namespace

class TestRealExporters : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void realExportersAreUp();
    void fiveFailuresHaveFiveTrueReasons();

private:
    QByteArray path(const char* name) const
    {
        return m_folder.filePath(QLatin1String(name)).toUtf8();
    }
    void startNginx();
    QJsonArray scrape(const QByteArray& config, int exitCode);

    QTemporaryDir m_folder;
    int m_nodePort = support::freePort();
    int m_pushPort = support::freePort();
    std::unique_ptr<Program> m_node;
    std::unique_ptr<Program> m_push;
    Nginx m_nginx;
};

void TestRealExporters::startNginx()
{
    const int64_t nowS = QDateTime::currentSecsSinceEpoch();
    m_nginx.authority = demo::makeAuthority("Test CA", nowS - 3600, nowS + 86400).value();
    m_nginx.otherAuthority = demo::makeAuthority("Other CA", nowS - 3600, nowS + 86400).value();
    const auto leaf = demo::makeLeaf(
        m_nginx.authority, { "localhost", "DNS:localhost,IP:127.0.0.1", nowS - 3600, nowS + 86400 })
                          .value();
    const auto client
        = demo::makeLeaf(m_nginx.authority, { "scraper", "DNS:scraper", nowS - 3600, nowS + 86400 })
              .value();
    const auto write = [&](const char* name, const std::string& text) {
        support::writeText(m_folder.filePath(QLatin1String(name)), QByteArray::fromStdString(text));
    };
    write("ca.pem", m_nginx.authority.certificatePem);
    write("other-ca.pem", m_nginx.otherAuthority.certificatePem);
    write("server.pem", leaf.certificatePem);
    write("server.key", leaf.keyPem);
    write("client.pem", client.certificatePem);
    write("client.key", client.keyPem);
    write("htpasswd", "prom:{PLAIN}correct horse\n");
    write("metrics", kPage);
    write("login.html",
        "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Hello</body></html>");
    const QByteArray tls = "ssl_certificate " + path("server.pem") + "; ssl_certificate_key "
        + path("server.key") + ";";
    const QByteArray page = "location = /metrics { default_type 'text/plain; version=0.0.4'; alias "
        + path("metrics") + "; }";
    const auto port = [](int number) { return "listen 127.0.0.1:" + QByteArray::number(number); };
    support::writeText(m_folder.filePath(QStringLiteral("nginx.conf")),
        "pid " + path("nginx.pid") + "; error_log " + path("error.log")
            + "; worker_processes 1; user root;\n"
              "events { worker_connections 64; }\n"
              "http { access_log off; client_body_temp_path "
            + path("body") + "; proxy_temp_path " + path("proxy") + "; fastcgi_temp_path "
            + path("fastcgi") + "; uwsgi_temp_path " + path("uwsgi") + "; scgi_temp_path "
            + path("scgi") + ";\n" + "server { " + port(m_nginx.tlsPort) + " ssl; " + tls + page
            + " }\n" + "server { " + port(m_nginx.mutualPort) + " ssl; " + tls
            + "ssl_client_certificate " + path("ca.pem") + "; ssl_verify_client on; " + page
            + " }\n" + "server { " + port(m_nginx.passwordPort)
            + "; auth_basic fleet; auth_basic_user_file " + path("htpasswd") + "; " + page + " }\n"
            + "server { " + port(m_nginx.htmlPort)
            + "; location = /metrics { default_type text/html; alias " + path("login.html")
            + "; } }\n}\n");
    m_nginx.program = std::make_unique<Program>(Program::find(QStringLiteral("nginx")),
        QStringList { QStringLiteral("-p"), m_folder.path(), QStringLiteral("-c"),
            m_folder.filePath(QStringLiteral("nginx.conf")), QStringLiteral("-g"),
            QStringLiteral("daemon off;") });
    QVERIFY2(
        support::waitForPort(m_nginx.tlsPort), m_nginx.program->process().readAll().constData());
}

void TestRealExporters::initTestCase()
{
    const auto listen
        = [](int port) { return QStringLiteral("--web.listen-address=127.0.0.1:%1").arg(port); };
    m_node = std::make_unique<Program>(Program::find(QStringLiteral("prometheus-node-exporter")),
        QStringList { listen(m_nodePort) });
    m_push = std::make_unique<Program>(Program::find(QStringLiteral("prometheus-pushgateway")),
        QStringList { listen(m_pushPort) });
    startNginx();
    QVERIFY(support::waitForPort(m_nodePort));
    QVERIFY(support::waitForPort(m_pushPort));
}

QJsonArray TestRealExporters::scrape(const QByteArray& config, int exitCode)
{
    const QString file = m_folder.filePath(QStringLiteral("scrape.yml"));
    support::writeText(file, config);
    const auto outcome = support::runFleetglass(
        { QStringLiteral("scrape"), file, QStringLiteral("--once"), QStringLiteral("--json") });
    if (outcome.exitCode != exitCode)
        qWarning("exit code %d: %s", outcome.exitCode, outcome.errors.constData());
    return QJsonDocument::fromJson(outcome.output).array();
}

void TestRealExporters::realExportersAreUp()
{
    const auto job = [](const char* name, int port, const QByteArray& more) {
        return "- job_name: " + QByteArray(name) + "\n" + more
            + "  static_configs:\n  - targets: ['127.0.0.1:" + QByteArray::number(port) + "']\n";
    };
    const QByteArray ca = "    ca_file: " + path("ca.pem") + "\n";
    const QJsonArray targets = scrape("scrape_configs:\n" + job("node", m_nodePort, "")
            + job("push", m_pushPort, "  honor_labels: true\n")
            + job("tls", m_nginx.tlsPort, "  scheme: https\n  tls_config:\n" + ca)
            + job("mutual", m_nginx.mutualPort,
                "  scheme: https\n  tls_config:\n" + ca + "    cert_file: " + path("client.pem")
                    + "\n    key_file: " + path("client.key") + "\n")
            + job("password", m_nginx.passwordPort,
                "  basic_auth:\n    username: prom\n    password: correct horse\n"),
        0);
    QCOMPARE(targets.size(), 5);
    for (const auto& value : targets) {
        const QJsonObject target = value.toObject();
        QVERIFY2(target[QStringLiteral("health")].toString() == QStringLiteral("up"),
            QJsonDocument(target).toJson().constData());
        QVERIFY(target[QStringLiteral("samples_scraped")].toInt() > 0);
        QVERIFY(target[QStringLiteral("phase")].toString().isEmpty());
    }
    QVERIFY(targets[0].toObject()[QStringLiteral("samples_scraped")].toInt() > 300);
}

void TestRealExporters::fiveFailuresHaveFiveTrueReasons()
{
    const support::SilentServer silent;
    const int closedPort = support::freePort();
    const auto job = [](const char* name, int port, const QByteArray& more) {
        return "- job_name: " + QByteArray(name) + "\n  scrape_timeout: 2s\n  scrape_interval: 2s\n"
            + more + "  static_configs:\n  - targets: ['127.0.0.1:" + QByteArray::number(port)
            + "']\n";
    };
    const QJsonArray targets = scrape("scrape_configs:\n"
            + job("wrong-ca", m_nginx.tlsPort,
                "  scheme: https\n  tls_config:\n    ca_file: " + path("other-ca.pem") + "\n")
            + job("wrong-password", m_nginx.passwordPort,
                "  basic_auth:\n    username: prom\n    password: wrong-guess\n")
            + job("closed", closedPort, "") + job("html", m_nginx.htmlPort, "")
            + job("hangs", silent.port(), ""),
        1);
    struct Expected
    {
        const char* job;
        const char* phase;
        const char* words;
    };
    const Expected expected[] = {
        { "wrong-ca", "tls", "Test CA" },
        { "wrong-password", "http", "401" },
        { "closed", "tcp", "refused" },
        { "html", "http", "HTML" },
        { "hangs", "http", "no answer" },
    };
    QCOMPARE(targets.size(), 5);
    QSet<QString> reasons;
    for (int i = 0; i < 5; ++i) {
        const QJsonObject target = targets[i].toObject();
        const QString error = target[QStringLiteral("error")].toString();
        reasons.insert(error);
        QCOMPARE(target[QStringLiteral("job")].toString(), QLatin1String(expected[i].job));
        QCOMPARE(target[QStringLiteral("health")].toString(), QStringLiteral("down"));
        QVERIFY2(error.contains(QLatin1String(expected[i].words)), qPrintable(error));
        QVERIFY2(!error.contains(QStringLiteral("wrong-guess")), qPrintable(error));
        if (QLatin1String(expected[i].job) != QLatin1String("html"))
            QCOMPARE(target[QStringLiteral("phase")].toString(), QLatin1String(expected[i].phase));
    }
    QCOMPARE(reasons.size(), 5);
}

QTEST_GUILESS_MAIN(TestRealExporters)
#include "tst_real_exporters.moc"
