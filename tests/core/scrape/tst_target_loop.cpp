// Goal: a target whose pages are compared with their last one ends up with the same samples, counts
// and words as one whose pages are all parsed. Method: two loops get the same pages, edited at
// random, with failures and strange lines among them; the second one is told another version of the
// format each time, which makes it parse every page.
#include "core/scrape/target_loop.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"
#include "tests/support/memory_appender.h"

#include <QTest>
#include <cstring>
#include <random>

namespace fleetglass::scrape {

namespace {

using test::answerStatus;
using test::answerWith;
using test::FakeClock;
using test::MemoryAppender;

relabel::Rule dropByName(const std::string& regex)
{
    relabel::RuleText text;
    text.sourceLabels = { "__name__" };
    text.regex = regex;
    text.action = "drop";
    return *relabel::makeRule(text);
}

// One target with a store of its own.
class Loop
{
public:
    explicit Loop(bool alwaysParses)
        : m_alwaysParses(alwaysParses)
    {
        auto job = std::make_shared<JobOptions>();
        job->name = "j";
        job->extraScrapeMetrics = true;
        job->limits.samplesMax = 40;
        job->metricRelabelRules.push_back(dropByName("dropped.*"));
        m_start.job = job;
        auto target = std::make_shared<Target>();
        target->url = "http://web:1/metrics";
        target->labels = { { "instance", "web:1" }, { "job", "j" } };
        m_start.target = target;
    }

    TargetStatus scrape(const std::string& page)
    {
        m_parity = !m_parity;
        const bool other = m_alwaysParses && m_parity;
        return answer(
            answerWith(page, other ? "text/plain; version=1.0.0" : "text/plain; version=0.0.4"));
    }

    TargetStatus answer(http::Exchange exchange)
    {
        m_clock.advance(std::chrono::seconds(1));
        m_start.timestampMs = m_clock.wallMs();
        return m_loop.process(m_start, std::move(exchange));
    }

    void changeRules()
    {
        auto job = std::make_shared<JobOptions>(*m_start.job);
        job->metricRelabelRules.push_back(dropByName("load1"));
        m_start.job = job;
    }

    void end() { m_loop.end(); }
    TargetDetail detail() const { return m_loop.detail(); }
    MemoryAppender& store() { return m_store; }
    size_t archived() const { return m_archive.bytes(); }

private:
    bool m_alwaysParses;
    bool m_parity = false;
    FakeClock m_clock;
    MemoryAppender m_store;
    BodyArchive m_archive { 1 << 20 };
    TargetLoop m_loop { { m_store, m_clock, m_archive, 200 }, 1 };
    ScrapeStart m_start;
};

QByteArray textOf(const TargetStatus& status)
{
    const ScrapeCounts& c = status.counts;
    QByteArray text = QByteArray::number(static_cast<int>(status.health)) + ' '
        + QByteArray::fromStdString(status.failure ? status.failure->message : status.warning);
    for (const int64_t count : { c.scraped, c.afterRelabel, c.seriesAdded, c.outOfOrder,
             c.duplicate, c.outOfBounds, c.seriesRefused })
        text += ' ' + QByteArray::number(static_cast<qlonglong>(count));
    return text;
}

// Durations are the clock's; the test's own does not move during a scrape.
QByteArray textOf(const MemoryAppender& store)
{
    QByteArray text;
    for (const std::string& selector : store.selectors()) {
        text += QByteArray::fromStdString(selector);
        for (const auto& sample : store.samples(selector)) {
            uint64_t bits = 0;
            std::memcpy(&bits, &sample.value, sizeof bits);
            text += ' ' + QByteArray::number(static_cast<qlonglong>(sample.timestampMs)) + '='
                + QByteArray::number(static_cast<qulonglong>(bits), 16);
        }
        text += '\n';
    }
    return text;
}

constexpr const char* kPage = "# HELP load1 Load.\n"
                              "# TYPE load1 gauge\n"
                              "load1 0.25\n"
                              "dropped_one 5\n"
                              "requests_total{code=\"200\"} 1027\n"
                              "requests_total{code=\"500\"} 3\n"
                              "dropped_two{a=\"b\"} 8\n"
                              "requests_total{code=\"200\"} 1028\n"
                              "temperature{instance=\"own\"} -3.5\n"
                              "last 99\n";

class Pages
{
public:
    explicit Pages(unsigned seed)
        : m_random(seed)
    {
    }

    size_t below(size_t limit)
    {
        return std::uniform_int_distribution<size_t>(0, limit - 1)(m_random);
    }

    std::string next()
    {
        for (size_t times = 1 + below(4); times > 0; --times)
            edit();
        if (below(30) == 0)
            m_page = kPage;
        return m_page;
    }

private:
    void edit()
    {
        static const std::vector<std::string> kValues { "0", "1", "-1", "10", "1e3", "0.5", "NaN",
            "+Inf", "7 1700000000000", "7 -1", "x", "1000000" };
        const size_t at = below(m_page.size() + 1);
        const size_t start = at == 0 ? 0 : m_page.rfind('\n', at - 1) + 1;
        const size_t end = std::min(m_page.find('\n', start), m_page.size());
        const std::string line = m_page.substr(start, end - start);
        const size_t space = line.rfind(' ');
        switch (below(20)) {
        case 0:
            m_page.erase(start, std::min(end + 1, m_page.size()) - start);
            return;
        case 1:
            m_page.insert(start, "new_" + std::to_string(below(20)) + " 4\n");
            return;
        case 2:
            m_page.insert(start, line + "\n");
            return;
        default:
            if (space != std::string::npos && !line.starts_with('#'))
                m_page.replace(start + space + 1, line.size() - space - 1,
                    kValues[below(below(4) == 0 ? kValues.size() : 8)]);
        }
    }

    std::mt19937 m_random;
    std::string m_page = kPage;
};

} // namespace

class TargetLoopTest : public QObject
{
    Q_OBJECT

private slots:
    void comparingEndsUpWhereParsingDoes();
    void aRepeatedPageIsStoredWhole();
    void aPageAfterAFailureBringsItsSeriesBack();
    void changedRulesHoldForARepeatedPage();
    void seriesThatTheStoreDroppedAreAskedForAnew();
    void oneCopyOfThePageIsKept();
};

void TargetLoopTest::comparingEndsUpWhereParsingDoes()
{
    const unsigned seed = std::random_device()();
    qInfo("seed %u", seed);
    for (unsigned round = 0; round < 40; ++round) {
        Pages pages(seed + round);
        Loop comparing(false);
        Loop parsing(true);
        for (int step = 0; step < 60; ++step) {
            TargetStatus compared;
            TargetStatus parsed;
            if (pages.below(25) == 0) {
                compared = comparing.answer(answerStatus(503));
                parsed = parsing.answer(answerStatus(503));
            } else {
                const std::string page = pages.next();
                compared = comparing.scrape(page);
                parsed = parsing.scrape(page);
            }
            QCOMPARE(textOf(compared), textOf(parsed));
            if (pages.below(50) == 0) {
                comparing.changeRules();
                parsing.changeRules();
            }
        }
        comparing.end();
        parsing.end();
        QCOMPARE(textOf(comparing.store()), textOf(parsing.store()));
    }
}

void TargetLoopTest::aRepeatedPageIsStoredWhole()
{
    Loop loop(false);
    loop.scrape("a 1\nb 2\n");
    const auto again = loop.scrape("a 1\nb 3\n");
    QCOMPARE(again.counts.scraped, 2);
    QCOMPARE(again.counts.seriesAdded, 0);
    const auto a = loop.store().samples("a{instance=\"web:1\", job=\"j\"}");
    const auto b = loop.store().samples("b{instance=\"web:1\", job=\"j\"}");
    QCOMPARE(a.size(), size_t { 2 });
    QCOMPARE(a[1].value, 1.0);
    QCOMPARE(b[1].value, 3.0);
    QCOMPARE(a[1].timestampMs - a[0].timestampMs, 1000);
    QCOMPARE(loop.store().samples("up{instance=\"web:1\", job=\"j\"}").size(), size_t { 2 });
}

void TargetLoopTest::aPageAfterAFailureBringsItsSeriesBack()
{
    Loop loop(false);
    loop.scrape("a 1\n");
    loop.scrape("a 1\n");
    loop.answer(answerStatus(500));
    QVERIFY(loop.store().isStale("a{instance=\"web:1\", job=\"j\"}"));
    QCOMPARE(loop.scrape("a 1\n").counts.seriesAdded, 1);
    QCOMPARE(loop.store().last("a{instance=\"web:1\", job=\"j\"}"), std::optional(1.0));
}

void TargetLoopTest::changedRulesHoldForARepeatedPage()
{
    Loop loop(false);
    loop.scrape("load1 1\na 1\n");
    loop.changeRules();
    QCOMPARE(loop.scrape("load1 1\na 1\n").counts.afterRelabel, 1);
    QVERIFY(loop.store().isStale("load1{instance=\"web:1\", job=\"j\"}"));
}

void TargetLoopTest::seriesThatTheStoreDroppedAreAskedForAnew()
{
    Loop loop(false);
    loop.scrape("a 1\nb 2\n");
    loop.store().drop("a{instance=\"web:1\", job=\"j\"}");
    loop.scrape("a 1\nb 2\n"); // Learns of it.
    loop.scrape("a 1\nb 2\n");
    QCOMPARE(loop.store().samples("a{instance=\"web:1\", job=\"j\"}").size(), size_t { 1 });
    QCOMPARE(loop.store().samples("b{instance=\"web:1\", job=\"j\"}").size(), size_t { 3 });
}

void TargetLoopTest::oneCopyOfThePageIsKept()
{
    Loop loop(false);
    loop.scrape("a 1\n");
    loop.scrape("a 2\n");
    QCOMPARE(loop.archived(), size_t { 8 });
    const TargetDetail detail = loop.detail(); // Names it three times: bodies, last, last good.
    QCOMPARE(detail.lastBody->text.use_count(), 3L + 2L);
}

} // namespace fleetglass::scrape

QTEST_GUILESS_MAIN(fleetglass::scrape::TargetLoopTest)
#include "tst_target_loop.moc"
