// Goal: URLs are taken apart as written, and shown without their secrets.
#include "core/http/header_text.h"
#include "core/http/masker.h"
#include "core/http/proxy.h"
#include "core/http/url.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::http;

class TestUrl : public QObject
{
    Q_OBJECT
private slots:
    void partsComeBackTogether_data();
    void partsComeBackTogether();
    void c14BadUrlsSayWhatIsWrong_data();
    void c14BadUrlsSayWhatIsWrong();
    void referencesResolve_data();
    void referencesResolve();
    void c16SecretsAreMasked_data();
    void c16SecretsAreMasked();
    void maskerTakesTheLongestFirst();
    void queryRoundTrip();
    void authSchemesAreFound();
    void proxyIsBypassedAsGoDoes_data();
    void proxyIsBypassedAsGoDoes();
};

void TestUrl::partsComeBackTogether_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("normal");
    QTest::newRow("plain") << "http://web:9100/metrics"
                           << "http://web:9100/metrics";
    QTest::newRow("case") << "HTTPS://Web/Path?Q=1#frag"
                          << "https://web/Path?Q=1";
    QTest::newRow("no path") << "http://web"
                             << "http://web/";
    QTest::newRow("query at once") << "http://web?x=1"
                                   << "http://web/?x=1";
    QTest::newRow("IPv6") << "http://[::1]:9100/m"
                          << "http://[::1]:9100/m";
    QTest::newRow("zone") << "http://[fe80::1%25eth0]/m"
                          << "http://[fe80::1%25eth0]/m";
}

void TestUrl::partsComeBackTogether()
{
    QFETCH(QString, text);
    QFETCH(QString, normal);
    const auto url = parseUrl(text.toStdString());
    QVERIFY(url.has_value());
    QCOMPARE(QString::fromStdString(url->toString()), normal);
}

void TestUrl::c14BadUrlsSayWhatIsWrong_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("scheme") << "ftp://h/"
                            << "scheme \"ftp\" is not http or https";
    QTest::newRow("none") << "web:9100"
                          << "URL without http:// or https://: \"web:9100\"";
    QTest::newRow("userinfo") << "http://u:canary@h/"
                              << "user name or password in the URL \"http://******@h/\": put them "
                                 "into basic_auth";
    QTest::newRow("port")
        << "http://h:99999/"
        << "bad port \"99999\" in \"http://h:99999/\": a number from 1 to 65535 is "
           "needed";
    QTest::newRow("host") << "http:///x"
                          << "no host in the URL \"http:///x\"";
    QTest::newRow("bare IPv6") << "http://::1:9100/"
                               << "an IPv6 address needs brackets, as in [::1]:9100: "
                                  "\"http://::1:9100/\"";
    QTest::newRow("line break")
        << "http://h/\r\nX: y"
        << "white space or a control character in the URL \"http://h/\r\nX: "
           "y\"";
}

void TestUrl::c14BadUrlsSayWhatIsWrong()
{
    QFETCH(QString, text);
    QFETCH(QString, message);
    const auto url = parseUrl(text.toStdString());
    QVERIFY(!url.has_value());
    QCOMPARE(QString::fromStdString(url.error().message), message);
}

void TestUrl::referencesResolve_data()
{
    QTest::addColumn<QString>("reference");
    QTest::addColumn<QString>("url");
    QTest::newRow("absolute") << "https://x/y"
                              << "https://x/y";
    QTest::newRow("scheme-relative") << "//x:1/y"
                                     << "http://x:1/y";
    QTest::newRow("path") << "/a/../b"
                          << "http://h:9/b";
    QTest::newRow("relative") << "c?d=1"
                              << "http://h:9/dir/c?d=1";
    QTest::newRow("up") << "../c/"
                        << "http://h:9/c/";
    QTest::newRow("query") << "?q=2"
                           << "http://h:9/dir/page?q=2";
    QTest::newRow("above the root") << "../../../x"
                                    << "http://h:9/x";
}

void TestUrl::referencesResolve()
{
    QFETCH(QString, reference);
    QFETCH(QString, url);
    const Url base = *parseUrl("http://h:9/dir/page?q=1");
    const auto resolved = resolveReference(base, reference.toStdString());
    QVERIFY(resolved.has_value());
    QCOMPARE(QString::fromStdString(resolved->toString()), url);
}

void TestUrl::c16SecretsAreMasked_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("shown");
    QTest::newRow("listed") << "http://h/m?q=canary&b=2"
                            << "http://h/m?q=******&b=2";
    QTest::newRow("sounds so") << "http://h/m?api_Key=canary"
                               << "http://h/m?api_Key=******";
    QTest::newRow("userinfo") << "http://u:p@h/m"
                              << "http://******@h/m";
    QTest::newRow("escaped key") << "http://h/?%71=canary"
                                 << "http://h/?%71=******";
    QTest::newRow("nothing") << "http://h/m?b=2"
                             << "http://h/m?b=2";
    QTest::newRow("empty") << "http://h/m?q="
                           << "http://h/m?q=";
}

void TestUrl::c16SecretsAreMasked()
{
    QFETCH(QString, url);
    QFETCH(QString, shown);
    const std::vector<std::string> masked { "q" };
    QCOMPARE(QString::fromStdString(maskUrl(url.toStdString(), masked)), shown);
}

void TestUrl::maskerTakesTheLongestFirst()
{
    Masker masker;
    masker.add("canary");
    masker.add("canary-long");
    masker.add("abc"); // Too short to be told from a word.
    QCOMPARE(masker.mask("canary-long canary abc"), std::string("****** ****** abc"));
}

void TestUrl::queryRoundTrip()
{
    const std::string text = "a b&c=d/ä%+";
    QCOMPARE(decodeQuery(encodeQuery(text)), text);
    const std::vector<std::pair<std::string, std::string>> pairs { { "match[]", "{a=\"b\"}" },
        { "x", "1" } };
    QCOMPARE(makeQuery(pairs), std::string("match%5B%5D=%7Ba%3D%22b%22%7D&x=1"));
}

void TestUrl::authSchemesAreFound()
{
    using List = std::vector<std::string>;
    QCOMPARE(authSchemesOf("Basic realm=\"a, Bearer b\""), List { "Basic" });
    QCOMPARE(authSchemesOf("Bearer"), List { "Bearer" });
    QCOMPARE(authSchemesOf("Digest realm=\"x\", nonce=\"y\", Basic realm=\"z\""),
        (List { "Digest", "Basic" }));
    QCOMPARE(authSchemesOf(""), List {});
}

void TestUrl::proxyIsBypassedAsGoDoes_data()
{
    QTest::addColumn<QString>("noProxy");
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("bypassed");
    QTest::newRow("all") << "*"
                         << "http://a/" << true;
    QTest::newRow("domain") << "x.org"
                            << "http://x.org/" << true;
    QTest::newRow("its subdomain") << "x.org"
                                   << "http://a.x.org/" << true;
    QTest::newRow("only subdomains") << ".x.org"
                                     << "http://x.org/" << false;
    QTest::newRow("another") << "x.org"
                             << "http://ax.org/" << false;
    QTest::newRow("port") << "x.org:81"
                          << "http://x.org:82/" << false;
    QTest::newRow("address") << "1.2.3.4, 10.0.0.0/8"
                             << "http://10.9.9.9/" << true;
    QTest::newRow("outside") << "10.0.0.0/8"
                             << "http://11.0.0.1/" << false;
    QTest::newRow("none") << ""
                          << "http://a/" << false;
    QTest::newRow("any case") << "X.Org"
                              << "http://a.x.org/" << true;
    QTest::newRow("star and domain") << "*.x.org"
                                     << "http://a.x.org/" << true;
    QTest::newRow("star is for subdomains") << "*.x.org"
                                            << "http://x.org/" << false;
    QTest::newRow("standard port") << "x.org:80"
                                   << "http://x.org/" << true;
    QTest::newRow("standard port of https") << "x.org:443"
                                            << "https://x.org/" << true;
    QTest::newRow("address and port") << "10.0.0.1:81"
                                      << "http://10.0.0.1:81/" << true;
    QTest::newRow("another spelling of an address") << "2001:DB8:0:0::1"
                                                    << "http://[2001:db8::1]/" << true;
    QTest::newRow("IPv6 and port") << "[2001:db8::1]:81"
                                   << "http://[2001:db8::1]:82/" << false;
    QTest::newRow("IPv6 and its port") << "[2001:db8::1]:81"
                                       << "http://[2001:db8::1]:81/" << true;
    QTest::newRow("IPv6 range") << "2001:db8::/32"
                                << "http://[2001:db8::9]/" << true;
    QTest::newRow("mapped address") << "10.0.0.0/8"
                                    << "http://[::ffff:10.1.1.1]/" << true;
    QTest::newRow("a port alone") << ":80"
                                  << "http://a/" << false;
    QTest::newRow("a name is no range") << "10.0.0.0/8"
                                        << "http://ten.example/" << false;
    QTest::newRow("localhost always") << "x.org"
                                      << "http://localhost/" << true;
    QTest::newRow("loopback always") << "x.org"
                                     << "http://127.9.9.9/" << true;
    QTest::newRow("IPv6 loopback always") << "x.org"
                                          << "http://[::1]/" << true;
}

void TestUrl::proxyIsBypassedAsGoDoes()
{
    QFETCH(QString, noProxy);
    QFETCH(QString, url);
    QFETCH(bool, bypassed);
    QCOMPARE(bypassesProxy(noProxy.toStdString(), *parseUrl(url.toStdString())), bypassed);
}

QTEST_GUILESS_MAIN(TestUrl)
#include "tst_url.moc"
