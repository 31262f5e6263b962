// Goal: what reaches the store of each scrape is what Prometheus would store.
// Method: a clock, a transport and a store that the test holds in its hands.
#include "core/scrape/scrape_once.h"
#include "core/scrape/scrape_pool.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"
#include "tests/support/memory_appender.h"

#include <QTest>
#include <set>

using namespace fleetglass;
using namespace fleetglass::scrape;
using namespace fleetglass::test;
using std::chrono::seconds;

namespace {

constexpr auto kInterval = seconds(15);

// One pool with everything it needs.
struct Rig
{
    explicit Rig(JobOptions job = {}, PoolOptions poolOptions = quietOptions())
        : pool(transport, store, clock, poolOptions,
            { [this](const ScrapeEvent& event) { events.push_back(event.status); }, {} })
    {
        apply(std::move(job));
    }

    static PoolOptions quietOptions()
    {
        PoolOptions options;
        options.quickStart = false;
        return options;
    }

    ApplyReport apply(JobOptions job, std::vector<std::string> addresses = { "web:1" })
    {
        if (job.name.empty())
            job.name = "j";
        job.interval = kInterval;
        options = std::make_shared<const JobOptions>(std::move(job));
        return pool.apply({ { options, { { std::move(addresses), {}, "static/0" } } } });
    }

    // One interval passes; every target answers with the page.
    StatusPtr scrape(const std::string& page, const std::string& type = "text/plain; version=0.0.4")
    {
        return scrape(answerWith(page, type));
    }

    StatusPtr scrape(const http::Exchange& exchange)
    {
        transport.setAnswer([exchange](const http::Request&) { return exchange; });
        passInterval();
        return pool.statuses().empty() ? nullptr : pool.statuses().front();
    }

    void passInterval()
    {
        for (auto passed = seconds(0); passed < kInterval; passed += seconds(1)) {
            clock.advance(seconds(1));
            pool.tick();
            transport.deliver();
            drain();
        }
    }

    void drain()
    {
        while (pool.workOne()) { }
    }

    uint64_t id() const { return pool.statuses().front()->id; }

    FakeClock clock;
    FakeTransport transport;
    MemoryAppender store;
    std::vector<StatusPtr> events;
    std::shared_ptr<const JobOptions> options;
    ScrapePool pool;
};

std::string web(const std::string& metric)
{
    return metric + "{instance=\"web:1\", job=\"j\"}";
}

relabel::Rule dropByName(const std::string& regex)
{
    relabel::RuleText text;
    text.sourceLabels = { "__name__" };
    text.regex = regex;
    text.action = "drop";
    return *relabel::makeRule(text);
}

relabel::Rule dropLabel(const std::string& regex)
{
    relabel::RuleText text;
    text.regex = regex;
    text.action = "labeldrop";
    return *relabel::makeRule(text);
}

} // namespace

class TestScrapePool : public QObject
{
    Q_OBJECT
private slots:
    void aScrapeBecomesOneRow();
    void reportSeriesTellOfTheScrape();
    void vanishedSeriesGoesStaleOnce();
    void vanishedSeriesThatReturnsIsAddedAgain();
    void failedScrapeMakesAllStaleAndUpZero();
    void parseErrorRollsTheWholePageBack();
    void h41ForeignJobAndInstanceAreRenamed();
    void honouredLabelsWinAndEmptyOnesRemove();
    void metricRelabellingDropsAndRenames();
    void h30FirstOfDuplicatesCounts();
    void h32StrangeTimestampsAreDroppedAndCounted();
    void honorTimestampsFalseUsesOurTime();
    void h33ForeignNanBecomesThePlainOne();
    void h27LimitsFailTheScrape_data();
    void h27LimitsFailTheScrape();
    void h29LabelBombIsRefusedPastTheBudget();
    void storeAtItsLimitKeepsTheOldSeries();
    void storeThatFailsIsSaid();
    void droppedSeriesAreMadeAnew();
    void h38EmptyPageIsASuccess();
    void removedTargetLeavesStaleMarkers();
    void pausedTargetLeavesStaleMarkersAndReturns();
    void reloadKeepsWhatDidNotChange();
    void changedRulesTakeEffectAtOnce();
    void scrapeNowDoesNotWait();
    void k1SuspendMakesNoBurst();
    void k2SteppedWallClockChangesNoSchedule();
    void k6NeverTwoScrapesOfOneTarget();
    void h16RetryAfterIsObeyed();
    void h45HangingTargetsLeaveSlotsToOthers();
    void quickStartGivesTwoSamplesAtOnce();
    void detailShowsBodiesMetadataAndNoSecret();
    void onceScrapesEachTargetInOrder();
    void extraMetricsAreThree();
};

void TestScrapePool::aScrapeBecomesOneRow()
{
    Rig rig;
    const StatusPtr status = rig.scrape("# TYPE a counter\na{x=\"1\"} 5\nb 2\n");
    QCOMPARE(status->health, Health::Up);
    QCOMPARE(rig.store.rows(), size_t(1));
    QCOMPARE(rig.store.last("a{instance=\"web:1\", job=\"j\", x=\"1\"}"), std::optional(5.0));
    QCOMPARE(rig.store.last(web("b")), std::optional(2.0));
    QCOMPARE(rig.events.size(), size_t(1));
    QCOMPARE(rig.store.samples(web("b")).front().timestampMs, status->lastScrapeMs);
}

void TestScrapePool::reportSeriesTellOfTheScrape()
{
    Rig rig;
    rig.scrape("a 1\nb 2\n");
    QCOMPARE(rig.store.last(web("up")), std::optional(1.0));
    QCOMPARE(rig.store.last(web("scrape_duration_seconds")), std::optional(0.005));
    QCOMPARE(rig.store.last(web("scrape_samples_scraped")), std::optional(2.0));
    QCOMPARE(rig.store.last(web("scrape_samples_post_metric_relabeling")), std::optional(2.0));
    QCOMPARE(rig.store.last(web("scrape_series_added")), std::optional(2.0));
    rig.scrape("a 1\nb 2\n");
    QCOMPARE(rig.store.last(web("scrape_series_added")), std::optional(0.0));
}

void TestScrapePool::vanishedSeriesGoesStaleOnce()
{
    Rig rig;
    rig.scrape("a 1\nb 2\n");
    rig.scrape("a 1\n");
    QVERIFY(rig.store.isStale(web("b")));
    rig.scrape("a 1\n");
    QCOMPARE(rig.store.samples(web("b")).size(), size_t(2));
    QCOMPARE(rig.store.samples(web("a")).size(), size_t(3));
}

void TestScrapePool::vanishedSeriesThatReturnsIsAddedAgain()
{
    Rig rig;
    rig.scrape("a 1\nb 2\n");
    rig.scrape("a 1\n");
    const StatusPtr status = rig.scrape("a 1\nb 3\n");
    QCOMPARE(status->counts.seriesAdded, int64_t(1));
    QCOMPARE(rig.store.last(web("b")), std::optional(3.0));
}

void TestScrapePool::failedScrapeMakesAllStaleAndUpZero()
{
    Rig rig;
    rig.scrape("a 1\n");
    const StatusPtr status = rig.scrape(failWith({ http::Phase::Tcp,
        http::FailureCode::ConnectRefused, "connection refused by 127.0.0.1:9100" }));
    QCOMPARE(status->health, Health::Down);
    QCOMPARE(status->failure->phase, Phase::Tcp);
    QCOMPARE(status->failure->message, std::string("connection refused by 127.0.0.1:9100"));
    QVERIFY(!status->failure->hint.empty());
    QVERIFY(rig.store.isStale(web("a")));
    QCOMPARE(rig.store.last(web("up")), std::optional(0.0));
    QCOMPARE(rig.store.last(web("scrape_samples_scraped")), std::optional(0.0));
    const StatusPtr later = rig.scrape("a 1\n");
    QCOMPARE(later->health, Health::Up);
    QCOMPARE(later->failures, int64_t(1));
    QCOMPARE(later->failuresInARow, int64_t(0));
    QCOMPARE(later->attemptsRecent->size(), size_t(3));
    QCOMPARE(later->healthSinceMs, later->lastScrapeMs);
}

void TestScrapePool::parseErrorRollsTheWholePageBack()
{
    Rig rig;
    rig.scrape("a 1\n");
    const StatusPtr status = rig.scrape("a 2\nnew 1\nb{ 3\n");
    QCOMPARE(status->failure->phase, Phase::Parse);
    QCOMPARE(status->failure->line, 3);
    QVERIFY(status->failure->message.starts_with("line 3: "));
    QVERIFY(rig.store.isStale(web("a")));
    QVERIFY(rig.store.samples(web("new")).empty());
    QCOMPARE(rig.store.last(web("up")), std::optional(0.0));
}

void TestScrapePool::h41ForeignJobAndInstanceAreRenamed()
{
    Rig rig;
    rig.scrape("a{job=\"evil\",instance=\"x\",exported_job=\"y\"} 1\n");
    QCOMPARE(rig.store.last("a{exported_exported_job=\"evil\", exported_instance=\"x\", "
                            "exported_job=\"y\", instance=\"web:1\", job=\"j\"}"),
        std::optional(1.0));
}

void TestScrapePool::honouredLabelsWinAndEmptyOnesRemove()
{
    JobOptions job;
    job.honorLabels = true;
    Rig rig(job);
    rig.scrape("a{job=\"pushed\",instance=\"\"} 1\nb 2\nc{job=\"x,instance=\"} 3\n");
    QCOMPARE(rig.store.last("a{job=\"pushed\"}"), std::optional(1.0));
    QCOMPARE(rig.store.last(web("b")), std::optional(2.0));
    QCOMPARE(rig.store.last("c{instance=\"web:1\", job=\"x,instance=\"}"), std::optional(3.0));
    QCOMPARE(rig.store.last(web("up")), std::optional(1.0));
}

void TestScrapePool::metricRelabellingDropsAndRenames()
{
    JobOptions job;
    job.metricRelabelRules = { dropByName("go_.*"), dropLabel("noise") };
    Rig rig(job);
    const StatusPtr status = rig.scrape("go_x 1\na{noise=\"1\"} 2\n");
    QCOMPARE(status->counts.scraped, int64_t(2));
    QCOMPARE(status->counts.afterRelabel, int64_t(1));
    QCOMPARE(rig.store.last(web("a")), std::optional(2.0));
    QCOMPARE(rig.store.last(web("scrape_samples_post_metric_relabeling")), std::optional(1.0));
    QVERIFY(rig.store.samples(web("go_x")).empty());
}

void TestScrapePool::h30FirstOfDuplicatesCounts()
{
    Rig rig;
    const StatusPtr status = rig.scrape("a 1\na 2\na{} 3\n");
    QCOMPARE(status->health, Health::Up);
    QCOMPARE(rig.store.last(web("a")), std::optional(1.0));
    QCOMPARE(status->counts.duplicate, int64_t(2));
    QVERIFY(status->warning.find("2 duplicate samples dropped") != std::string::npos);
}

void TestScrapePool::h32StrangeTimestampsAreDroppedAndCounted()
{
    Rig rig;
    const std::string ahead = std::to_string(rig.clock.wallMs() + 3'600'000);
    const std::string past = std::to_string(rig.clock.wallMs() - 5'000);
    const std::string page = "a 1 " + ahead + "\nb 1 -5\nc 1 " + past + "\n";
    StatusPtr status = rig.scrape(page);
    QCOMPARE(status->counts.outOfBounds, int64_t(2));
    QCOMPARE(rig.store.samples(web("c")).front().timestampMs,
        rig.clock.wallMs() > 0 ? std::stoll(past) : 0);
    status = rig.scrape(page); // The same time again.
    QCOMPARE(status->counts.duplicate, int64_t(1));
    QCOMPARE(status->health, Health::Up);
    rig.scrape("x 1\n");
    QVERIFY(!rig.store.isStale(web("c"))); // Own timestamps: no stale marker.
}

void TestScrapePool::honorTimestampsFalseUsesOurTime()
{
    JobOptions job;
    job.honorTimestamps = false;
    Rig rig(job);
    const StatusPtr status = rig.scrape("a 1 1000\n");
    QCOMPARE(rig.store.samples(web("a")).front().timestampMs, status->lastScrapeMs);
}

void TestScrapePool::h33ForeignNanBecomesThePlainOne()
{
    Rig rig;
    rig.scrape("a NaN\n");
    QCOMPARE(std::bit_cast<uint64_t>(*rig.store.last(web("a"))), storage::kCanonicalNanBits);
}

void TestScrapePool::h27LimitsFailTheScrape_data()
{
    QTest::addColumn<int>("limit");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("message");
    QTest::newRow("samples") << 0 << "sample_limit"
                             << "more than 2 samples on the page (sample_limit)";
    QTest::newRow("labels")
        << 1 << "label_limit"
        << "label_limit exceeded (metric: \"a\", number of labels: 4, limit: 3)";
    QTest::newRow("label name") << 2 << "label_name_length_limit"
                                << "label_name_length_limit exceeded (metric: \"a\", label name: "
                                   "\"long_name\", length: 9, limit: 8)";
    QTest::newRow("label value")
        << 3 << "label_value_length_limit"
        << "label_value_length_limit exceeded (metric: \"a\", label name: \"long_name\", value: "
           "\"long value\", length: 10, limit: 9)";
}

void TestScrapePool::h27LimitsFailTheScrape()
{
    QFETCH(int, limit);
    QFETCH(QString, reason);
    QFETCH(QString, message);
    JobOptions job;
    job.limits.samplesMax = limit == 0 ? 2 : 0;
    job.limits.labelsMax = limit == 1 ? 3 : 0;
    job.limits.labelNameBytesMax = limit == 2 ? 8 : 0;
    job.limits.labelValueBytesMax = limit == 3 ? 9 : 0;
    Rig rig(job);
    for (int round = 0; round < 3; ++round) { // A page that failed is judged anew.
        const StatusPtr status = rig.scrape("a{long_name=\"long value\"} 1\nb 2\nc 3\nd 4\n");
        QVERIFY(status->failure);
        QCOMPARE(status->failure->phase, Phase::Limits);
        QCOMPARE(QString::fromStdString(status->failure->reason), reason);
        QCOMPARE(QString::fromStdString(status->failure->message), message);
        QCOMPARE(rig.store.last(web("up")), std::optional(0.0));
        QVERIFY(rig.store.samples(web("b")).empty());
        // Past sample_limit the page is still counted; a broken label ends it (as upstream).
        const double counted = limit == 0 ? 4 : 1;
        QCOMPARE(rig.store.last(web("scrape_samples_scraped")), std::optional(counted));
        if (limit == 0)
            QCOMPARE(rig.store.last(web("scrape_samples_post_metric_relabeling")),
                std::optional(counted));
    }
}

void TestScrapePool::h29LabelBombIsRefusedPastTheBudget()
{
    PoolOptions options = Rig::quietOptions();
    options.newSeriesPerHourMax = 5;
    Rig rig({}, options);
    const auto page = [](int round) {
        std::string text = "steady 1\n";
        for (int i = 0; i < 3; ++i)
            text += "a{id=\"" + std::to_string(round * 3 + i) + "\"} 1\n";
        return text;
    };
    rig.scrape(page(0));
    const StatusPtr status = rig.scrape(page(1));
    QCOMPARE(status->health, Health::Up);
    QCOMPARE(status->counts.seriesRefused, int64_t(2));
    QVERIFY2(status->warning.find("2 new series refused (the label id has the most values)")
            != std::string::npos,
        status->warning.c_str());
    QCOMPARE(rig.store.samples(web("steady")).size(), size_t(2));
    rig.clock.advance(std::chrono::hours(1));
    QCOMPARE(rig.scrape(page(1))->counts.seriesRefused, int64_t(0));
}

void TestScrapePool::storeAtItsLimitKeepsTheOldSeries()
{
    Rig rig;
    rig.scrape("a 1\n");
    rig.store.limitSeries(rig.store.selectors().size());
    const StatusPtr status = rig.scrape("a 2\nb 1\n");
    QCOMPARE(status->health, Health::Up);
    QCOMPARE(status->counts.seriesRefused, int64_t(1));
    QCOMPARE(rig.store.last(web("a")), std::optional(2.0));
}

void TestScrapePool::storeThatFailsIsSaid()
{
    Rig rig;
    rig.store.failAppends(true);
    const StatusPtr status = rig.scrape("a 1\n");
    QCOMPARE(status->failure->reason, std::string("store"));
    QCOMPARE(
        status->failure->message, std::string("the store could not take the scrape: disk full"));
}

void TestScrapePool::droppedSeriesAreMadeAnew()
{
    Rig rig;
    rig.scrape("a 1\n");
    rig.pool.pause(rig.id(), true);
    rig.drain();
    rig.store.drop(web("a"));
    rig.clock.advance(std::chrono::hours(2));
    rig.pool.pause(rig.id(), false);
    rig.scrape("a 2\n");
    QCOMPARE(rig.store.last(web("a")), std::optional(2.0));
}

void TestScrapePool::h38EmptyPageIsASuccess()
{
    Rig rig;
    QCOMPARE(rig.scrape("# nothing here\n")->health, Health::Up);
    QCOMPARE(rig.scrape("")->health, Health::Up);
    QCOMPARE(rig.store.last(web("scrape_samples_scraped")), std::optional(0.0));
}

void TestScrapePool::removedTargetLeavesStaleMarkers()
{
    Rig rig;
    rig.scrape("a 1\n");
    rig.clock.advance(seconds(1));
    const ApplyReport report = rig.apply({}, { "other:1" });
    QCOMPARE(report.removed, size_t(1));
    QCOMPARE(report.added, size_t(1));
    rig.drain();
    QVERIFY(rig.store.isStale(web("a")));
    QVERIFY(rig.store.isStale(web("up")));
    QCOMPARE(rig.pool.statuses().size(), size_t(1));
}

void TestScrapePool::pausedTargetLeavesStaleMarkersAndReturns()
{
    Rig rig;
    rig.scrape("a 1\n");
    rig.clock.advance(seconds(1));
    rig.pool.pause(rig.id(), true);
    rig.drain();
    QVERIFY(rig.store.isStale(web("a")));
    const size_t before = rig.transport.requests().size();
    QVERIFY(rig.scrape("a 1\n")->paused);
    QCOMPARE(rig.transport.requests().size(), before);
    rig.pool.pause(rig.id(), false);
    rig.scrape("a 2\n");
    QCOMPARE(rig.store.last(web("a")), std::optional(2.0));
}

void TestScrapePool::reloadKeepsWhatDidNotChange()
{
    Rig rig;
    const StatusPtr before = rig.scrape("a 1\nb 1\n");
    const ApplyReport report = rig.apply({}, { "web:1", "db:1" });
    QCOMPARE(report.kept, size_t(1));
    QCOMPARE(report.added, size_t(1));
    QCOMPARE(rig.pool.statuses().front()->attempts, before->attempts);
    QVERIFY(!rig.store.isStale(web("a")));
    rig.scrape("a 1\n");
    QVERIFY(rig.store.isStale(web("b"))); // Still known from before the reload.
}

void TestScrapePool::changedRulesTakeEffectAtOnce()
{
    Rig rig;
    rig.scrape("a 1\nb 1\n");
    JobOptions job;
    job.metricRelabelRules = { dropByName("b") };
    rig.apply(job);
    rig.scrape("a 1\nb 1\n");
    QVERIFY(rig.store.isStale(web("b")));
    QCOMPARE(rig.store.last(web("a")), std::optional(1.0));
}

void TestScrapePool::scrapeNowDoesNotWait()
{
    Rig rig;
    const std::vector<uint64_t> ids { rig.id(), 12345 };
    rig.pool.scrapeNow(ids);
    QCOMPARE(rig.transport.waiting(), size_t(1));
    rig.pool.scrapeNow(ids); // Already on its way.
    QCOMPARE(rig.transport.waiting(), size_t(1));
}

void TestScrapePool::k1SuspendMakesNoBurst()
{
    Rig rig;
    std::vector<std::string> addresses;
    for (int i = 0; i < 100; ++i)
        addresses.push_back("h" + std::to_string(i) + ":1");
    rig.apply({}, addresses);
    rig.passInterval();
    const size_t before = rig.transport.requests().size();
    rig.clock.advance(std::chrono::hours(8));
    rig.pool.tick();
    QVERIFY2(rig.transport.waiting() < 15, std::to_string(rig.transport.waiting()).c_str());
    rig.passInterval();
    QCOMPARE(rig.transport.requests().size(), before + 100);
    QVERIFY(rig.pool.load().missedSlots > 80);
}

void TestScrapePool::k2SteppedWallClockChangesNoSchedule()
{
    Rig rig;
    rig.scrape("a 1\n");
    const size_t before = rig.transport.requests().size();
    rig.clock.stepWall(std::chrono::hours(-5));
    rig.passInterval();
    QCOMPARE(rig.transport.requests().size(), before + 1);
    rig.clock.stepWall(std::chrono::hours(50));
    rig.passInterval();
    QCOMPARE(rig.transport.requests().size(), before + 2);
}

void TestScrapePool::k6NeverTwoScrapesOfOneTarget()
{
    Rig rig;
    for (int i = 0; i < 60; ++i) {
        rig.clock.advance(seconds(1));
        rig.pool.tick();
    }
    QCOMPARE(rig.transport.waiting(), size_t(1));
    QVERIFY(rig.pool.statuses().front()->missedSlots >= 2);
}

void TestScrapePool::h16RetryAfterIsObeyed()
{
    Rig rig;
    http::Exchange busy = answerStatus(429);
    busy.retryAfter = seconds(40);
    rig.scrape(busy);
    QCOMPARE(rig.pool.statuses().front()->failure->reason, std::string("too_many_requests"));
    const size_t before = rig.transport.requests().size();
    rig.scrape("a 1\n");
    rig.scrape("a 1\n");
    QCOMPARE(rig.transport.requests().size(), before);
    rig.scrape("a 1\n");
    rig.scrape("a 1\n");
    QVERIFY(rig.transport.requests().size() > before);
}

void TestScrapePool::h45HangingTargetsLeaveSlotsToOthers()
{
    PoolOptions options = Rig::quietOptions();
    options.concurrentMax = 8;
    Rig rig({}, options);
    std::vector<std::string> addresses;
    for (int i = 0; i < 40; ++i)
        addresses.push_back("hung" + std::to_string(i) + ":1");
    addresses.push_back("good:1");
    rig.apply({}, addresses);
    const auto hang = [](const http::Request& request) {
        return request.url.find("good") != std::string::npos
            ? answerWith("a 1\n")
            : failWith({ http::Phase::Http, http::FailureCode::HttpTimeout, "no answer" });
    };
    rig.transport.setAnswer(hang);
    rig.passInterval(); // Now all the hanging ones are suspects.
    rig.passInterval();
    const std::string up = "up{instance=\"good:1\", job=\"j\"}";
    const size_t before = rig.store.samples(up).size();
    // From here nothing answers any more, but the good one.
    for (int i = 0; i < 15; ++i) {
        rig.clock.advance(seconds(1));
        rig.pool.tick();
        QVERIFY(rig.pool.load().inFlight <= 8);
    }
    bool goodIsOnItsWay = false;
    for (size_t i = rig.transport.requests().size(); i-- > rig.transport.requests().size() - 8;)
        goodIsOnItsWay |= rig.transport.requests()[i].url.find("good") != std::string::npos;
    QVERIFY(before > 0);
    QVERIFY(goodIsOnItsWay);
}

void TestScrapePool::quickStartGivesTwoSamplesAtOnce()
{
    Rig rig({}, PoolOptions {});
    rig.transport.setAnswer([](const http::Request&) { return answerWith("a 1\n"); });
    for (int i = 0; i < 30; ++i) {
        rig.clock.advance(std::chrono::milliseconds(100));
        rig.pool.tick();
        rig.transport.deliver();
        rig.drain();
    }
    QCOMPARE(rig.store.samples(web("a")).size(), size_t(2));
}

void TestScrapePool::detailShowsBodiesMetadataAndNoSecret()
{
    JobOptions job;
    job.params = { { "key", { "canary-1234" } } };
    job.client.authorization = http::Authorization { "Bearer", { Secret("canary-5678"), {} } };
    Rig rig(job);
    rig.scrape("# HELP a Some help.\n# TYPE a gauge\na 1\n");
    rig.scrape("a 2\n");
    const auto detail = rig.pool.detail(rig.id());
    QVERIFY(detail);
    QCOMPARE(*detail->lastGoodBody->text, std::string("a 2\n"));
    QCOMPARE(
        *detail->previousGoodBody->text, std::string("# HELP a Some help.\n# TYPE a gauge\na 1\n"));
    QCOMPARE(detail->metadata->at("a").help, std::string("Some help."));
    QCOMPARE(detail->discovered.get("__param_key"), std::string_view("******"));
    QCOMPARE(detail->status->target->shownUrl, std::string("http://web:1/metrics?key=******"));
    QVERIFY(detail->curl.find("canary") == std::string::npos);
    QVERIFY(detail->curl.find("Authorization: Bearer ******") != std::string::npos);
    QVERIFY(rig.transport.requests().front().url.find("key=canary-1234") != std::string::npos);
    QVERIFY(!rig.pool.detail(99));
}

void TestScrapePool::onceScrapesEachTargetInOrder()
{
    FakeClock clock;
    MemoryAppender store;
    struct Prompt : FakeTransport
    {
        using FakeTransport::FakeTransport;
        http::RequestId start(http::Request request, Done done) override
        {
            const auto id = FakeTransport::start(std::move(request), std::move(done));
            deliver();
            return id;
        }
    } transport([](const http::Request& request) {
        return request.url.find("bad") != std::string::npos
            ? failWith({ http::Phase::Dns, http::FailureCode::DnsNotFound, "bad: no such host" })
            : answerWith("a 1\n");
    });
    auto job = std::make_shared<JobOptions>();
    job->name = "j";
    const OnceResult result = scrapeOnce(transport, store, clock,
        { { job, { { { "z:1", "bad:1", "a:1" }, {}, "static/0" } } } }, {}, {});
    QCOMPARE(result.targets.size(), size_t(3));
    QCOMPARE(result.targets[0]->target->instance, std::string("z:1"));
    QCOMPARE(result.targets[1]->failure->message, std::string("bad: no such host"));
    QCOMPARE(result.targets[2]->counts.scraped, int64_t(1));
    for (const StatusPtr& status : result.targets)
        QCOMPARE(status->attempts, int64_t(1));
}

void TestScrapePool::extraMetricsAreThree()
{
    JobOptions job;
    job.extraScrapeMetrics = true;
    job.limits.samplesMax = 100;
    Rig rig(job);
    rig.scrape("a 1\n");
    QCOMPARE(rig.store.last(web("scrape_timeout_seconds")), std::optional(10.0));
    QCOMPARE(rig.store.last(web("scrape_sample_limit")), std::optional(100.0));
    QCOMPARE(rig.store.last(web("scrape_body_size_bytes")), std::optional(4.0));
    rig.scrape(failWith({ http::Phase::Body, http::FailureCode::BodyTooLarge, "too large" }));
    QCOMPARE(rig.store.last(web("scrape_body_size_bytes")), std::optional(-1.0));
}

QTEST_GUILESS_MAIN(TestScrapePool)
#include "tst_scrape_pool.moc"
