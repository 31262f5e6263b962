// Goal: whatever stands in a page, it is read whole or not at all, and the reason is said.
// Method: one page a row through the whole path from answer to store; the ids are those of the list
// in tests/reliability.
#include "core/scrape/scrape_pool.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"
#include "tests/support/memory_appender.h"

#include <QTest>
#include <cmath>

using namespace fleetglass;
using namespace fleetglass::scrape;
using namespace fleetglass::test;
using std::chrono::seconds;

namespace {

const char* const kText = "text/plain; version=0.0.4";
const char* const kProto = "application/vnd.google.protobuf; "
                           "proto=io.prometheus.client.MetricFamily; encoding=delimited";

struct Rig
{
    explicit Rig(JobOptions job = {})
    {
        job.name = "j";
        job.interval = seconds(15);
        pool.apply({ { std::make_shared<const JobOptions>(std::move(job)),
            { { { "web:1" }, {}, "static/0" } } } });
    }
    static PoolOptions options()
    {
        PoolOptions result;
        result.quickStart = false;
        return result;
    }
    StatusPtr scrape(const std::string& page, const std::string& type)
    {
        return scrape(answerWith(page, type));
    }
    StatusPtr scrape(const http::Exchange& exchange)
    {
        transport.setAnswer([exchange](const http::Request&) { return exchange; });
        for (int i = 0; i < 15; ++i) {
            clock.advance(seconds(1));
            pool.tick();
            transport.deliver();
            while (pool.workOne()) { }
        }
        return pool.statuses().front();
    }

    FakeClock clock;
    FakeTransport transport;
    MemoryAppender store;
    ScrapePool pool { transport, store, clock, options(), {} };
};

std::string web(const std::string& metric)
{
    return metric + "{instance=\"web:1\", job=\"j\"}";
}

std::string varint(uint64_t value)
{
    std::string text;
    for (; value >= 0x80; value >>= 7)
        text += static_cast<char>(value | 0x80);
    return text + static_cast<char>(value);
}

} // namespace

class TestBadPages : public QObject
{
    Q_OBJECT
private slots:
    void badPagesFailTheScrape_data();
    void badPagesFailTheScrape();
    void strangePagesAreTaken_data();
    void strangePagesAreTaken();
    void h25ThreeBrokenAnswersAndHttp11IsTried();
    void h34NumbersAreThoseOfGo_data();
    void h34NumbersAreThoseOfGo();
};

void TestBadPages::badPagesFailTheScrape_data()
{
    QTest::addColumn<QByteArray>("page");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const std::string& page, const char* reason,
                         const char* type = kText) {
        QTest::newRow(name) << QByteArray::fromStdString(page) << QString::fromLatin1(type)
                            << QString::fromLatin1(reason);
    };
    row(
        "H27 too many labels",
        [] {
            std::string labels;
            for (int i = 0; i < 100'000; ++i)
                labels += 'l' + std::to_string(i) + "=\"x\",";
            return "a{" + labels + "} 1\n";
        }(),
        "label_limit");
    row("H28 value of 10 MB", "a{l=\"" + std::string(10 << 20, 'x') + "\"} 1\n",
        "label_value_length_limit");
    row("H28 value of 100 kB", "a{l=\"" + std::string(100 << 10, 'x') + "\"} 1\n",
        "label_value_length_limit");
    row("H28 name of 10 MB", std::string(10 << 20, 'a') + " 1\n", "label_name_length_limit");
    row("H28 name of 100 kB", std::string(100 << 10, 'a') + " 1\n", "label_name_length_limit");
    row("H28 no line end for 32 MiB", "# " + std::string(32 << 20, 'a'), "line_length");
    row("H31 label twice", "b 1\na{l=\"1\",l=\"2\"} 1\n", "parse");
    row("H31 label without a name", "b 1\na{=\"1\"} 1\n", "parse");
    row("H34 words", "b 1\na one\n", "parse");
    row("H34 thousands", "a 1,000\n", "parse");
    row("H34 hexadecimal exponent", "a 0x1p3\n", "parse");
    row("H34 underscore", "a 1_000\n", "parse");
    row("H34 comma", "a 1,5\n", "parse");
    row("H35 invalid UTF-8", "b 1\na{l=\"\xff\"} 1\n", "parse");
    row("H35 overlong", "a{l=\"\xc0\xaf\"} 1\n", "parse");
    row("H35 surrogate", "a{l=\"\xed\xa0\x80\"} 1\n", "parse");
    row("H36 unknown TYPE", "# TYPE a strange\na 1\n", "parse");
    row("H39 CRLF", "a 1\r\nb 2\r\n", "parse");
    row("H39 lone CR", "a 1\rb 2\n", "parse");
    row("H39 byte order mark",
        "\xef\xbb\xbf"
        "a 1\n",
        "parse");
    row("H40 endless varint", std::string(12, '\xff'), "parse", kProto);
    row("H40 length past the end",
        varint(1'000)
            + "\x0a\x01"
              "a",
        "parse", kProto);
    row("H40 length of 2^63", varint(uint64_t(1) << 63) + "a", "parse", kProto);
    row("H40 field past its message",
        "\x03\x0a\x7f"
        "a",
        "parse", kProto);
    row("H40 nested groups", varint(20'000) + std::string(20'000, '\x0b'), "parse", kProto);
    row("H40 no metric at all", "this is text, not protobuf\n", "parse", kProto);
}

void TestBadPages::badPagesFailTheScrape()
{
    QFETCH(QByteArray, page);
    QFETCH(QString, type);
    Rig rig;
    const StatusPtr status = rig.scrape(page.toStdString(), type.toStdString());
    QVERIFY(status->failure);
    const std::string shown = status->failure->reason + ": " + status->failure->message;
    QFETCH(QString, reason);
    // The message names the limit by its setting.
    const std::string wanted = reason.toStdString();
    const bool isLimit = status->failure->reason == "limit"
        && status->failure->message.find(' ' + wanted + ": ") != std::string::npos;
    QVERIFY2(isLimit || status->failure->reason == wanted, shown.substr(0, 300).c_str());
    QVERIFY(shown.size() < 600); // A message is for the eyes.
    QCOMPARE(*rig.store.last(web("up")), 0.0);
    QVERIFY(!rig.store.last(web("a")) && !rig.store.last(web("b"))); // Nothing of it is kept.
}

void TestBadPages::strangePagesAreTaken_data()
{
    QTest::addColumn<QByteArray>("page");
    QTest::addColumn<QString>("type");
    QTest::addColumn<int>("samples");
    const auto row
        = [](const char* name, const std::string& page, int samples, const char* type = kText) {
              QTest::newRow(name) << QByteArray::fromStdString(page) << QString::fromLatin1(type)
                                  << samples;
          };
    row("H35 NUL in a value, as Prometheus", std::string("b{l=\"x\0y\"} 1\na 1\n", 17), 2);
    row("H36 TYPE twice", "# TYPE a counter\n# TYPE a gauge\na 1\n", 1);
    row("H36 TYPE after its samples", "a 1\n# TYPE a gauge\n", 1);
    row("H36 HELP of half a megabyte", "# HELP a " + std::string(500 << 10, 'x') + "\na 1\n", 1);
    row("H37 buckets in disorder",
        "# TYPE h histogram\nh_bucket{le=\"5\"} 1\nh_bucket{le=\"1\"} 2\nh_sum 1\nh_count 1\na 1\n",
        5);
    row("H37 no +Inf and negative counts",
        "# TYPE h histogram\nh_bucket{le=\"1\"} -2\nh_count -1\na 1\n", 3);
    row("H37 le twice", "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"1\"} 2\na 1\n", 3);
    row("H37 le that is no number", "# TYPE h histogram\nh_bucket{le=\"x\"} 1\na 1\n", 2);
    row(
        "H37 100,000 buckets",
        [] {
            std::string page = "a 1\n";
            for (int i = 0; i < 100'000; ++i)
                page += "h_bucket{le=\"" + std::to_string(i) + "\"} 1\n";
            return page;
        }(),
        100'001);
    row("H38 empty", "", 0);
    row("H38 only comments", "# a\n#\n# HELP b c\n", 0);
    row("H39 no last line end", "b 1\na 1", 2);
    row("H40 a million empty families", std::string(1'000'000, '\0'), 0, kProto);
}

void TestBadPages::strangePagesAreTaken()
{
    QFETCH(QByteArray, page);
    QFETCH(QString, type);
    QFETCH(int, samples);
    Rig rig;
    const StatusPtr status = rig.scrape(page.toStdString(), type.toStdString());
    QVERIFY2(!status->failure, status->failure ? status->failure->message.c_str() : "");
    QCOMPARE(static_cast<int>(status->counts.scraped), samples);
    QCOMPARE(*rig.store.last(web("up")), 1.0);
    if (samples > 0)
        QCOMPARE(*rig.store.last(web("a")), 1.0);
}

void TestBadPages::h25ThreeBrokenAnswersAndHttp11IsTried()
{
    Rig rig;
    const auto broken = failWith({ http::Phase::Http, http::FailureCode::HttpProtocol, "broken" });
    for (int i = 0; i < 4; ++i)
        rig.scrape(broken);
    const auto& requests = rig.transport.requests();
    QVERIFY(!requests.at(2).http1Only);
    QVERIFY(requests.at(3).http1Only);
    rig.scrape("a 1\n", kText);
    rig.scrape("a 1\n", kText);
    QVERIFY(!requests.back().http1Only); // It may try again.
}

void TestBadPages::h34NumbersAreThoseOfGo_data()
{
    QTest::addColumn<QByteArray>("number");
    QTest::addColumn<double>("value");
    QTest::newRow("H34 +Inf") << QByteArray("+Inf") << HUGE_VAL;
    QTest::newRow("H34 -inf") << QByteArray("-inf") << -HUGE_VAL;
    QTest::newRow("H34 too large") << QByteArray("1e999") << HUGE_VAL;
    QTest::newRow("H34 too small") << QByteArray("1e-999") << 0.0;
    QTest::newRow("H34 10,000 digits") << QByteArray(10'000, '1') << HUGE_VAL;
    QTest::newRow("H34 10,000 decimals") << QByteArray("0.") + QByteArray(10'000, '1') << 1.0 / 9.0;
}

void TestBadPages::h34NumbersAreThoseOfGo()
{
    QFETCH(QByteArray, number);
    Rig rig;
    const StatusPtr status = rig.scrape("a " + number.toStdString() + '\n', kText);
    QVERIFY2(!status->failure, status->failure ? status->failure->message.c_str() : "");
    QTEST(*rig.store.last(web("a")), "value");
}

QTEST_GUILESS_MAIN(TestBadPages)
#include "tst_bad_pages.moc"
