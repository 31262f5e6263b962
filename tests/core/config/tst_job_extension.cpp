// Goal: what only we can do stands under x-fleetglass, is checked as strictly as all else, and is
// saved back. Method: jobs read from text, and written again.
#include "core/config/job_extension.h"

#include "core/config/config.h"
#include "core/config/writer.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::config;

namespace {

Result<Config> load(const std::string& lines)
{
    LoadOptions options;
    options.fileName = "p.yml";
    options.baseDirectory = "/etc/fleet";
    return loadConfig("scrape_configs:\n- job_name: j\n" + lines, options);
}

std::string errorOf(const std::string& lines)
{
    const auto config = load(lines);
    return config ? "" : config.error().message;
}

} // namespace

class JobExtensionTest : public QObject
{
    Q_OBJECT
private slots:
    void allKeysAreRead();
    void whatIsWrittenReadsBackTheSame_data();
    void whatIsWrittenReadsBackTheSame();
    void prometheusGetsTheFileWithoutIt();
    void c16PasswordsAreMasked();
    void mistakesAreErrorsWithTheirPlace_data();
    void mistakesAreErrorsWithTheirPlace();
    void claimsKeepTheirTypes();
};

void JobExtensionTest::allKeysAreRead()
{
    const auto config
        = load("  x-fleetglass:\n"
               "    http_auth: {type: ntlm, username: 'AD\\anna', password_file: pw}\n"
               "    unix_socket: run/x.sock\n");
    QVERIFY2(config, config ? "" : config.error().message.c_str());
    const http::ClientOptions& client = config->jobs.at(0).client;
    QCOMPARE(client.challengeAuth->scheme, http::ChallengeScheme::Ntlm);
    QCOMPARE(client.challengeAuth->username, std::string("AD\\anna"));
    QCOMPARE(client.challengeAuth->password.file, std::string("/etc/fleet/pw"));
    QCOMPARE(client.unixSocket, std::string("/etc/fleet/run/x.sock"));
}

void JobExtensionTest::whatIsWrittenReadsBackTheSame_data()
{
    QTest::addColumn<QString>("lines");
    const auto row = [](const char* name, const char* lines) {
        QTest::newRow(name) << QString::fromLatin1(lines);
    };
    row("digest", "  x-fleetglass: {http_auth: {type: digest, username: a, password: b}}\n");
    row("ntlm", "  x-fleetglass: {http_auth: {type: ntlm, username: a, password_file: /b}}\n");
    row("negotiate", "  x-fleetglass: {http_auth: {type: negotiate}}\n");
    row("socket", "  x-fleetglass: {unix_socket: /run/x.sock}\n");
    row("socks4", "  x-fleetglass: {socks_proxy: 'socks4a://u@h:1'}\n  no_proxy: x.org\n");
    row("socks5 is Prometheus' too", "  proxy_url: socks5://h:1\n");
    row("empty", "  x-fleetglass:\n");
}

void JobExtensionTest::whatIsWrittenReadsBackTheSame()
{
    QFETCH(QString, lines);
    const auto config = load(lines.toStdString());
    QVERIFY2(config, config ? "" : config.error().message.c_str());
    WriteOptions options;
    options.secretText = clearSecret;
    const auto again = loadConfig(writeJobs(config->jobs, options), {});
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QVERIFY(again->jobs.at(0).client == config->jobs.at(0).client);
}

void JobExtensionTest::prometheusGetsTheFileWithoutIt()
{
    const auto config = load("  x-fleetglass: {unix_socket: /run/x.sock}\n");
    WriteOptions options;
    QVERIFY(writeJobs(config->jobs, options).find(kExtensionKey) != std::string::npos);
    options.forPrometheus = true;
    QCOMPARE(writeJobs(config->jobs, options).find(kExtensionKey), std::string::npos);
}

void JobExtensionTest::c16PasswordsAreMasked()
{
    const auto config
        = load("  x-fleetglass:\n    http_auth: {type: digest, username: a, password: canary}\n"
               "    socks_proxy: socks4://canary@h:1\n");
    QVERIFY2(config, config ? "" : config.error().message.c_str());
    const std::string text = writeJobs(config->jobs, {});
    QVERIFY2(text.find("canary") == std::string::npos, text.c_str());
}

void JobExtensionTest::mistakesAreErrorsWithTheirPlace_data()
{
    QTest::addColumn<QString>("lines");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* name, const char* lines, const char* error) {
        QTest::newRow(name) << QString::fromLatin1(lines) << QString::fromLatin1(error);
    };
    row("C7 unknown key", "  x-fleetglass: {unix_sock: /x}\n",
        "p.yml:3:18: field unix_sock not found in type x-fleetglass, did you mean "
        "\"unix_socket\"?");
    row("C7 unknown key of http_auth",
        "  x-fleetglass: {http_auth: {type: digest, username: a, pasword: b}}\n",
        "p.yml:3:57: field pasword not found in type x-fleetglass.http_auth, did you mean "
        "\"password\"?");
    row("misspelt key itself", "  x-fleetglas: {}\n",
        "p.yml:3:3: field x-fleetglas not found in type config.plain, did you mean "
        "\"x-fleetglass\"?");
    row("misspelt type", "  x-fleetglass: {http_auth: {type: digets, username: a}}\n",
        "p.yml:3:30: unknown http_auth type \"digets\", did you mean \"digest\"?");
    row("no type", "  x-fleetglass: {http_auth: {username: a}}\n",
        "p.yml:3:29: unknown http_auth type \"\": digest, ntlm or negotiate is needed");
    row("no user", "  x-fleetglass: {http_auth: {type: ntlm}}\n",
        "p.yml:3:29: http_auth username must be configured");
    row("two passwords",
        "  x-fleetglass: {http_auth: {type: ntlm, username: a, password: b, password_file: c}}\n",
        "p.yml:3:29: at most one of http_auth password and password_file must be configured");
    row("negotiate with a name", "  x-fleetglass: {http_auth: {type: negotiate, username: a}}\n",
        "p.yml:3:29: http_auth of type negotiate takes no username and password: it uses the "
        "Kerberos ticket of whoever runs the program (kinit)");
    row("two ways to log in",
        "  basic_auth: {username: a}\n  x-fleetglass: {http_auth: {type: negotiate}}\n",
        "p.yml:4:3: at most one of basic_auth, oauth2, authorization & http_auth must be "
        "configured");
    row("http is no SOCKS", "  x-fleetglass: {socks_proxy: 'http://h:1'}\n",
        "p.yml:3:18: socks_proxy with scheme \"http\": socks4, socks4a, socks5 or socks5h is "
        "needed");
    row("two proxies", "  proxy_url: http://h\n  x-fleetglass: {socks_proxy: 'socks5://h:1'}\n",
        "p.yml:3:3: at most one of proxy_url & socks_proxy must be configured");
    row("a socket through a proxy", "  proxy_url: http://h\n  x-fleetglass: {unix_socket: /x}\n",
        "p.yml:4:3: a unix_socket is reached without a proxy");
    row("long socket",
        "  x-fleetglass: {unix_socket: "
        "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaa"
        "aaaaaaaaaaaaaaaaaaaa}\n",
        "p.yml:3:18: the path of unix_socket is longer than 107 bytes");
    row("a list", "  x-fleetglass: [a]\n", "p.yml:3:17: cannot unmarshal !!seq into x-fleetglass");
}

void JobExtensionTest::mistakesAreErrorsWithTheirPlace()
{
    QFETCH(QString, lines);
    QTEST(QString::fromStdString(errorOf(lines.toStdString())), "error");
}

void JobExtensionTest::claimsKeepTheirTypes()
{
    const auto config = load(
        "  oauth2:\n    client_id: a\n    token_url: http://t/\n    claims: {n: 3, f: 1.5, b: "
        "true, s: '3', t: x, l: [1, q], m: {k: null}}\n    proxy_url: http://p:1\n");
    QVERIFY2(config, config ? "" : config.error().message.c_str());
    const http::OAuth2& oauth2 = *config->jobs.at(0).client.oauth2;
    std::string text;
    for (const auto& [name, json] : oauth2.claims)
        text += name + '=' + json + ' ';
    QCOMPARE(text, std::string("n=3 f=1.5 b=true s=\"3\" t=\"x\" l=[1,\"q\"] m={\"k\":null} "));
    WriteOptions options;
    options.secretText = clearSecret;
    const auto again = loadConfig(writeJobs(config->jobs, options), {});
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QVERIFY(*again->jobs.at(0).client.oauth2 == oauth2);
}

QTEST_GUILESS_MAIN(JobExtensionTest)
#include "tst_job_extension.moc"
