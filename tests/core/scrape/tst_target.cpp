// Goal: addresses become targets as Prometheus makes them, and problems are said in its words.
#include "core/scrape/schedule.h"
#include "core/scrape/target.h"

#include <QTest>
#include <set>

using namespace fleetglass;
using namespace fleetglass::scrape;

namespace {

JobOptions someJob()
{
    JobOptions job;
    job.name = "j";
    return job;
}

relabel::Rule replaceRule(const std::string& source, const std::string& target)
{
    relabel::RuleText text;
    text.sourceLabels = { source };
    text.targetLabel = target;
    return *relabel::makeRule(text);
}

relabel::Rule setRule(const std::string& target, const std::string& value)
{
    relabel::RuleText text;
    text.targetLabel = target;
    text.replacement = value;
    return *relabel::makeRule(text);
}

BuiltTargets build(const JobOptions& job, const std::vector<std::string>& addresses,
    const discovery::LabelPairs& labels = {})
{
    return buildTargets(job, { { addresses, labels, "static/0" } });
}

} // namespace

class TestTarget : public QObject
{
    Q_OBJECT
private slots:
    void defaultsOfAPlainTarget();
    void groupLabelsOverrideTheJob();
    void paramsGoIntoTheUrlAndAreMasked();
    void relabellingMayChangeEverything();
    void c16CopiedSecretsStayMaskedInTheTrace();
    void droppedTargetsAreCounted();
    void duplicatesAreRemoved();
    void problemsAreSaid_data();
    void problemsAreSaid();
    void targetLimitGivesNone();
    void idsDependOnLabelsAndUrl();
    void k4OffsetsSpreadEvenly();
    void slotsOfManyTargetsCoincide();
    void slotsStayOnTheirPhase();
    void timestampsSnapToTheInterval();
};

void TestTarget::defaultsOfAPlainTarget()
{
    const Target target = build(someJob(), { "web:9100" }).targets.at(0);
    QCOMPARE(target.url, std::string("http://web:9100/metrics"));
    QCOMPARE(target.instance, std::string("web:9100"));
    QCOMPARE(target.labels.toString(), std::string("{instance=\"web:9100\", job=\"j\"}"));
    QCOMPARE(target.interval, Millis(60'000));
    QCOMPARE(target.timeout, Millis(10'000));
    QCOMPARE(target.discovered.toString(),
        std::string(
            "{__address__=\"web:9100\", __metrics_path__=\"/metrics\", __scheme__=\"http\", "
            "__scrape_interval__=\"1m\", __scrape_timeout__=\"10s\", job=\"j\"}"));
    // The port is not filled in.
    QCOMPARE(build(someJob(), { "web" }).targets.at(0).url, std::string("http://web/metrics"));
}

void TestTarget::groupLabelsOverrideTheJob()
{
    const Target target = build(someJob(), { "a:1" },
        { { "job", "other" }, { "__metrics_path__", "/x" }, { "env", "lab" },
            { "__meta_a",
                "b" } }).targets.at(0);
    QCOMPARE(
        target.labels.toString(), std::string("{env=\"lab\", instance=\"a:1\", job=\"other\"}"));
    QCOMPARE(target.url, std::string("http://a:1/x"));
}

void TestTarget::paramsGoIntoTheUrlAndAreMasked()
{
    JobOptions job = someJob();
    job.params = { { "module", { "icmp", "dns" } }, { "key", { "canary" } } };
    const Target target = build(job, { "a:1" }).targets.at(0);
    QCOMPARE(target.url, std::string("http://a:1/metrics?key=canary&module=icmp&module=dns"));
    QCOMPARE(
        target.shownUrl, std::string("http://a:1/metrics?key=******&module=******&module=******"));
    QCOMPARE(target.discovered.get("__param_module"), std::string_view("icmp"));
}

void TestTarget::relabellingMayChangeEverything()
{
    JobOptions job = someJob();
    job.relabelRules
        = { replaceRule("__address__", "__param_target"), replaceRule("__param_target", "instance"),
              setRule("__address__", "probe:9115"), setRule("__scheme__", "https"),
              setRule("__scrape_interval__", "5s"), setRule("__scrape_timeout__", "2s") };
    const Target target = build(job, { "web:80" }).targets.at(0);
    QCOMPARE(target.url, std::string("https://probe:9115/metrics?target=web%3A80"));
    QCOMPARE(target.shownUrl, target.url); // Not from the job's params: no secret.
    QCOMPARE(target.instance, std::string("web:80"));
    QCOMPARE(target.interval, Millis(5'000));
    QCOMPARE(traceTarget(job, target).size(), size_t(6));
}

void TestTarget::c16CopiedSecretsStayMaskedInTheTrace()
{
    JobOptions job = someJob();
    job.params = { { "key", { "canary" } } };
    job.relabelRules = { setRule("a", "b") };
    const Target target = build(job, { "web:80" }).targets.at(0);
    for (const auto& step : traceTarget(job, target)) {
        QVERIFY(step.before.toString().find("canary") == std::string::npos);
        QVERIFY(step.after.toString().find("canary") == std::string::npos);
    }
}

void TestTarget::droppedTargetsAreCounted()
{
    JobOptions job = someJob();
    job.limits.keepDroppedTargets = 1;
    relabel::RuleText text;
    text.sourceLabels = { "__address__" };
    text.regex = "a.*";
    text.action = "keep";
    job.relabelRules = { *relabel::makeRule(text) };
    const BuiltTargets built = build(job, { "a:1", "b:1", "c:1" });
    QCOMPARE(built.targets.size(), size_t(1));
    QCOMPARE(built.droppedCount, size_t(2));
    QCOMPARE(built.dropped.size(), size_t(1));
    QCOMPARE(built.dropped[0].discovered.get("__address__"), std::string_view("b:1"));
}

void TestTarget::duplicatesAreRemoved()
{
    QCOMPARE(build(someJob(), { "a:1", "b:1", "a:1" }).targets.size(), size_t(2));
}

void TestTarget::problemsAreSaid_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("message");
    QTest::newRow("path in address") << "a:1/metrics"
                                     << ""
                                     << ""
                                     << "\"a:1/metrics\" is not a valid hostname: only host:port "
                                        "belongs here; the path goes into metrics_path";
    QTest::newRow("empty") << ""
                           << ""
                           << ""
                           << "no address";
    QTest::newRow("C9 zero") << "a:1"
                             << "__scrape_interval__"
                             << "0s"
                             << "scrape interval cannot be 0";
    QTest::newRow("C9 timeout over interval")
        << "a:1"
        << "__scrape_interval__"
        << "5s"
        << "scrape timeout cannot be greater than scrape interval (\"10s\" > \"5s\")";
    QTest::newRow("scheme") << "a:1"
                            << "__scheme__"
                            << "ftp"
                            << "scheme \"ftp\" is not http or https";
    QTest::newRow("H43 bare IPv6")
        << "::1:9100"
        << ""
        << ""
        << "an IPv6 address needs brackets, as in [::1]:9100: \"http://::1:9100/metrics\"";
}

void TestTarget::problemsAreSaid()
{
    QFETCH(QString, address);
    QFETCH(QString, label);
    QFETCH(QString, value);
    QFETCH(QString, message);
    discovery::LabelPairs labels;
    if (!label.isEmpty())
        labels.emplace_back(label.toStdString(), value.toStdString());
    const BuiltTargets built = build(someJob(), { address.toStdString() }, labels);
    QCOMPARE(built.problems.size(), size_t(1));
    QCOMPARE(QString::fromStdString(built.problems[0].message), message);
}

void TestTarget::targetLimitGivesNone()
{
    JobOptions job = someJob();
    job.limits.targetsMax = 1;
    const BuiltTargets built = build(job, { "a:1", "b:1" });
    QVERIFY(built.targets.empty());
    QCOMPARE(built.limitError,
        std::string("job \"j\": target_limit exceeded (number of targets: 2, limit: 1)"));
}

void TestTarget::idsDependOnLabelsAndUrl()
{
    JobOptions job = someJob();
    const uint64_t id = build(job, { "a:1" }).targets[0].id;
    QCOMPARE(build(job, { "a:1" }).targets[0].id, id);
    QVERIFY(build(job, { "a:1" }, { { "env", "x" } }).targets[0].id != id);
    job.params = { { "key", { "x" } } };
    QVERIFY(build(job, { "a:1" }).targets[0].id != id);
}

void TestTarget::k4OffsetsSpreadEvenly()
{
    const BootTime interval = std::chrono::seconds(15);
    std::vector<int> perSecond(15);
    for (uint64_t i = 0; i < 15'000; ++i)
        ++perSecond[static_cast<size_t>(slotOffset(i, 7, interval) / std::chrono::seconds(1))];
    for (const int count : perSecond)
        QVERIFY(count > 850 && count < 1150);
}

void TestTarget::slotsOfManyTargetsCoincide()
{
    using namespace std::chrono_literals;
    QCOMPARE(slotGrid(1s).count(), BootTime(25ms).count());
    QCOMPARE(slotGrid(1min).count(), BootTime(25ms).count());
    QCOMPARE(slotGrid(100ms).count(), BootTime(2500us).count());
    for (const BootTime interval : { BootTime(1s), BootTime(5s), BootTime(15s) }) {
        for (uint64_t target = 0; target < 100; ++target)
            QCOMPARE((slotOffset(target, 7, interval) % slotGrid(interval)).count(), int64_t(0));
    }
    QCOMPARE(slotOffset(5, 7, BootTime(1)).count(), int64_t(0));
}

void TestTarget::slotsStayOnTheirPhase()
{
    const BootTime interval = std::chrono::seconds(10);
    const BootTime offset = std::chrono::seconds(3);
    const auto at = [](int s) { return BootTime(std::chrono::seconds(s)); };
    QCOMPARE(nextSlot(at(0), offset, interval).count(), at(3).count());
    QCOMPARE(nextSlot(at(3), offset, interval).count(), at(13).count());
    QCOMPARE(nextSlot(at(12), offset, interval).count(), at(13).count());
    QCOMPARE(nextSlot(at(12345), offset, interval).count(), at(12353).count());
}

void TestTarget::timestampsSnapToTheInterval()
{
    QCOMPARE(alignedTimestampMs(15'002, 0, 15'000), int64_t(15'002)); // The first one.
    QCOMPARE(alignedTimestampMs(30'003, 15'002, 15'000), int64_t(30'002));
    QCOMPARE(alignedTimestampMs(30'009, 15'002, 15'000), int64_t(30'009));
}

QTEST_GUILESS_MAIN(TestTarget)
#include "tst_target.moc"
