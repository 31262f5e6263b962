#include "tests/support/snapshot_fixture.h"

#include "core/snapshot/html_report.h"

#include <QByteArray>
#include <QRegularExpression>
#include <QTest>

using namespace fleetglass;
using namespace fleetglass::snapshot;
using namespace fleetglass::snapshot::test;

class TestHtmlReport : public QObject
{
    Q_OBJECT

private slots:
    void everythingIsShown();
    void nothingIsFetchedAndNothingRuns();
    void markupIsText();
    void picturesAreInside();
    void longTextsAreClipped();

private:
    static QByteArray report(const std::string& title = "Report", const std::string& png = "png");
};

QByteArray TestHtmlReport::report(const std::string& title, const std::string& png)
{
    const Redactor redactor;
    return QByteArray::fromStdString(
        htmlReport({ title, "Fleetglass", 1000, 0, 500, filledContent().fleet, { { "CPU", png } } },
            redactor));
}

void TestHtmlReport::everythingIsShown()
{
    const QByteArray html = report();
    for (const char* const text : { "<title>Report</title>", "HostDown", "firing",
             "certificate expired", "host:9100", "10.0.0.9", "closed", "Alerts (1)", "Shells (1)",
             "Targets (1)", "+Inf", "1970-01-01T00:00:00.500Z" })
        QVERIFY2(html.contains(text), text);
    QVERIFY(html.contains("prefers-color-scheme:dark"));
}

void TestHtmlReport::nothingIsFetchedAndNothingRuns()
{
    const QByteArray html = report();
    QVERIFY(!html.toLower().contains("<script"));
    QVERIFY(!QString::fromUtf8(html).contains(
        QRegularExpression(QStringLiteral("(src|href)=\"(?!data:image/png)"))));
    QVERIFY(!html.contains("@import"));
    QVERIFY(html.contains("default-src 'none'"));
}

void TestHtmlReport::markupIsText()
{
    const QByteArray html = report("<script>alert('x')</script>&\x01");
    QVERIFY(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp; "));
    QVERIFY(html.contains("&lt;b&gt;host&lt;/b&gt; is down"));
    QVERIFY(!html.contains("<b>host"));
}

void TestHtmlReport::picturesAreInside()
{
    for (const char* const bytes : { "", "a", "ab", "abc", "abcd" })
        QCOMPARE(QByteArray::fromStdString(base64(bytes)), QByteArray(bytes).toBase64());
    QVERIFY(report("x", "pixels").contains("src=\"data:image/png;base64,cGl4ZWxz\""));
}

void TestHtmlReport::longTextsAreClipped()
{
    QVERIFY(report(std::string(1'000'000, 'x')).size() < 20'000);
}

QTEST_GUILESS_MAIN(TestHtmlReport)
#include "tst_html_report.moc"
