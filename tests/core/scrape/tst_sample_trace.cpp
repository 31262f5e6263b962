// Goal: "which rule dropped this series" is answered on the page that was really scraped.
#include "core/scrape/sample_trace.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::scrape;

namespace {

relabel::Rule rule(const char* action, const char* regex, std::vector<std::string> sources = {},
    const char* target = "", const char* replacement = "$1")
{
    relabel::RuleText text;
    text.action = action;
    text.regex = regex;
    text.sourceLabels = std::move(sources);
    text.targetLabel = target;
    text.replacement = replacement;
    return *relabel::makeRule(text);
}

KeptBody bodyOf(const std::string& text, const char* type = "text/plain; version=0.0.4")
{
    KeptBody body;
    body.timeMs = 1'000;
    body.ok = true;
    body.text = std::make_shared<const std::string>(text);
    body.bytes = text.size();
    body.contentType = type;
    return body;
}

SampleTrace traceOf(
    const JobOptions& job, const KeptBody& body, const std::string& filter = {}, size_t max = 200)
{
    Target target;
    target.labels = { { "instance", "web:1" }, { "job", "j" } };
    return traceSamples(std::make_shared<const JobOptions>(job),
        std::make_shared<const Target>(target), body, { filter, max });
}

constexpr const char* kPage = "# TYPE go_goroutines gauge\n"
                              "go_goroutines 7\n"
                              "http_requests_total{code=\"200\",id=\"a\"} 1\n"
                              "http_requests_total{code=\"500\",id=\"b\"} 2\n"
                              "build_info{job=\"theirs\"} 1\n";

} // namespace

class TestSampleTrace : public QObject
{
    Q_OBJECT
private slots:
    void theRuleThatDropsASeriesIsNamed();
    void eachRuleTellsHowManyItDroppedAndChanged();
    void stepsGoFromTheLabelsOfThePageToThoseOfTheStore();
    void conflictsAreSettledBeforeTheRules_data();
    void conflictsAreSettledBeforeTheRules();
    void aFilterAsksForDroppedChangedOrWords();
    void onlySoManyAreShownButAllAreCounted();
    void aPageThatBreaksIsTracedUpToTheBreak();
    void aClippedPageIsNoBrokenOne();
    void aPageThatIsNoMetricsSaysWhy();
};

void TestSampleTrace::theRuleThatDropsASeriesIsNamed()
{
    JobOptions job;
    job.metricRelabelRules = { rule("drop", "nothing", { "__name__" }),
        rule("drop", "go_.*", { "__name__" }), rule("labeldrop", "id") };
    const auto trace = traceOf(job, bodyOf(kPage), "go_goroutines");
    QCOMPARE(trace.matching, size_t(1));
    const auto& series = trace.shown.front();
    QVERIFY(!series.stored);
    QCOMPARE(series.droppedBy.value(), size_t(1));
    QCOMPARE(series.line, 2);
    QCOMPARE(series.steps.size(), size_t(2)); // The third never saw it.
    QVERIFY(series.steps.back().dropped);
}

void TestSampleTrace::eachRuleTellsHowManyItDroppedAndChanged()
{
    JobOptions job;
    job.metricRelabelRules = { rule("drop", "go_.*", { "__name__" }), rule("labeldrop", "id") };
    const auto trace = traceOf(job, bodyOf(kPage));
    QCOMPARE(trace.series, size_t(4));
    QCOMPARE(trace.dropped, size_t(1));
    QCOMPARE(trace.rules[0].dropped, size_t(1));
    QCOMPARE(trace.rules[0].changed, size_t(0));
    QCOMPARE(trace.rules[1].dropped, size_t(0));
    QCOMPARE(trace.rules[1].changed, size_t(2));
    QVERIFY(trace.problem.empty());
}

void TestSampleTrace::stepsGoFromTheLabelsOfThePageToThoseOfTheStore()
{
    JobOptions job;
    job.metricRelabelRules = { rule("replace", "5..", { "code" }, "class", "error") };
    const auto trace = traceOf(job, bodyOf(kPage), "code=\"500\"");
    QCOMPARE(trace.shown.size(), size_t(1));
    const auto& series = trace.shown.front();
    QCOMPARE(series.scraped.get("instance"), std::string_view());
    QCOMPARE(series.settled.get("instance"), std::string_view("web:1"));
    QCOMPARE(series.steps.front().before, series.settled);
    QCOMPARE(series.steps.front().after.get("class"), std::string_view("error"));
    QCOMPARE(series.stored.value(), series.steps.front().after);
}

void TestSampleTrace::conflictsAreSettledBeforeTheRules_data()
{
    QTest::addColumn<bool>("honor");
    QTest::addColumn<QString>("job");
    QTest::addColumn<QString>("exported");
    QTest::newRow("renamed") << false << "j"
                             << "theirs";
    QTest::newRow("honoured") << true << "theirs"
                              << "";
}

void TestSampleTrace::conflictsAreSettledBeforeTheRules()
{
    QFETCH(bool, honor);
    QFETCH(QString, job);
    QFETCH(QString, exported);
    JobOptions options;
    options.honorLabels = honor;
    const auto trace = traceOf(options, bodyOf(kPage), "build_info");
    const auto& settled = trace.shown.front().settled;
    QCOMPARE(QString::fromStdString(std::string(settled.get("job"))), job);
    QCOMPARE(QString::fromStdString(std::string(settled.get("exported_job"))), exported);
}

void TestSampleTrace::aFilterAsksForDroppedChangedOrWords()
{
    JobOptions job;
    job.metricRelabelRules = { rule("drop", "go_.*", { "__name__" }), rule("labeldrop", "id") };
    QCOMPARE(traceOf(job, bodyOf(kPage), "dropped").matching, size_t(1));
    QCOMPARE(traceOf(job, bodyOf(kPage), "changed").matching, size_t(2));
    QCOMPARE(traceOf(job, bodyOf(kPage), "changed 500").matching, size_t(1));
    QCOMPARE(traceOf(job, bodyOf(kPage), "nowhere").matching, size_t(0));
}

void TestSampleTrace::onlySoManyAreShownButAllAreCounted()
{
    const auto trace = traceOf({}, bodyOf(kPage), {}, 2);
    QCOMPARE(trace.matching, size_t(4));
    QCOMPARE(trace.shown.size(), size_t(2));
}

void TestSampleTrace::aPageThatBreaksIsTracedUpToTheBreak()
{
    const auto trace = traceOf({}, bodyOf("a 1\nb{ 2\n"));
    QCOMPARE(trace.series, size_t(1));
    QVERIFY2(trace.problem.starts_with("line 2: "), trace.problem.c_str());
}

void TestSampleTrace::aClippedPageIsNoBrokenOne()
{
    auto body = bodyOf("a 1\nb{x=\"");
    body.bytes = 5'000'000;
    const auto trace = traceOf({}, body);
    QVERIFY(trace.clipped);
    QVERIFY2(trace.problem.empty(), trace.problem.c_str());
    QCOMPARE(trace.series, size_t(1));
}

void TestSampleTrace::aPageThatIsNoMetricsSaysWhy()
{
    const auto trace = traceOf({}, bodyOf("<html><title>Sign in</title>", "text/html"));
    QVERIFY2(
        trace.problem.find("HTML (title: Sign in)") != std::string::npos, trace.problem.c_str());
}

QTEST_GUILESS_MAIN(TestSampleTrace)
#include "tst_sample_trace.moc"
