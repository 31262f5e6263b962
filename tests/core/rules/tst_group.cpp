// Rule groups over a real store and engine, with time held: alerts from pending to resolved, the
// series they leave, recording rules, and taking up `for` after a restart.
#include "core/rules/for_state.h"
#include "core/rules/group.h"
#include "core/tsdb/ring_store.h"

#include <QTest>

#include <cmath>

using namespace fleetglass;
using namespace fleetglass::rules;

namespace {

constexpr int64_t kStartMs = 1'700'000'000'000;
constexpr int64_t kMinuteMs = 60'000;

RuleOptions alertRule(const std::string& name, const std::string& expression, Millis holdFor = {})
{
    RuleOptions rule;
    rule.name = name;
    rule.expression = expression;
    rule.holdFor = holdFor;
    return rule;
}

RuleOptions recordingRule(const std::string& name, const std::string& expression)
{
    RuleOptions rule;
    rule.kind = RuleKind::Recording;
    rule.name = name;
    rule.expression = expression;
    return rule;
}

struct Bench
{
    HeldClock clock { kStartMs };
    tsdb::RingStore store { {}, clock };
    promql::Engine engine;

    void put(const labels::Labels& labels, double value, int64_t timeMs)
    {
        const std::vector<storage::LooseSample> loose { { store.seriesFor(labels).value(), timeMs,
            value, nullptr, 0 } };
        clock.set(timeMs);
        QVERIFY(store.append({ timeMs, {}, loose, {} }));
    }
    void evaluate(Group& group, int64_t timeMs)
    {
        clock.set(timeMs);
        group.evaluate(timeMs, { engine, store, store });
    }
    // "labels value" of each series the query gives, joined.
    QString ask(const std::string& query, int64_t timeMs)
    {
        const auto result = engine.instant(store, query, timeMs);
        if (!result)
            return QString::fromStdString(result.error().message);
        QStringList lines;
        for (const auto& sample : result->vector)
            lines << QString::fromStdString(sample.labels.toString()) + QLatin1Char(' ')
                    + QString::number(sample.value, 'g', 15);
        return lines.join(QLatin1Char('\n'));
    }
};

std::unique_ptr<Group> groupOf(
    std::vector<RuleOptions> rules, int limit = 0, GroupSettings settings = {})
{
    GroupOptions options;
    options.name = "g";
    options.file = "rules.yml";
    options.limit = limit;
    options.rules = std::move(rules);
    return Group::create(std::move(options), std::move(settings)).value();
}

AlertInstance only(const Group& group)
{
    const auto statuses = group.statuses();
    return statuses.at(0).alerts.empty() ? AlertInstance {} : statuses.at(0).alerts.front();
}

} // namespace

class GroupTest : public QObject
{
    Q_OBJECT
private slots:
    void alertWaitsForItsTimeThenFiresThenResolves();
    void alertWithoutForFiresAtOnce();
    void pendingThatEndsIsForgotten();
    void resolvedIsKeptForFifteenMinutes();
    void keepFiringForBridgesGaps();
    void labelsAndAnnotationsAreTemplates();
    void aTemplateThatFailsDoesNotLoseTheAlert();
    void alertsLeaveSeriesAndStaleMarkers();
    void twoInstancesAlikeAreAnError();
    void theLimitDropsEveryInstance();
    void recordingRulesFeedTheNext();
    void recordedSeriesAlikeAreAnError();
    void recordingLimitIsNamed();
    void aTextIsNoRuleResult();
    void oneRuleThatFailsLeavesTheOthers();
    void expressionsThatDoNotParseAreRefusedWithTheirPlace();
    void forIsTakenUpAfterARestart();
    void shortForStartsAnewAfterARestart();
    void alertThatWasOverIsNotTakenUp();
    void hotReloadKeepsAlerts();
    void retiringEndsTheSeries();
    void thresholdsAreFound_data();
    void thresholdsAreFound();
};

void GroupTest::alertWaitsForItsTimeThenFiresThenResolves()
{
    Bench bench;
    const auto group = groupOf({ alertRule("Down", "up == 0", Millis { 2 * kMinuteMs }) });
    for (int minute = 0; minute <= 2; ++minute) {
        const int64_t now = kStartMs + minute * kMinuteMs;
        bench.put({ { "__name__", "up" }, { "job", "a" } }, 0, now);
        bench.evaluate(*group, now);
        QCOMPARE(only(*group).state, minute < 2 ? AlertState::Pending : AlertState::Firing);
    }
    QCOMPARE(only(*group).activeAtMs, kStartMs);
    QCOMPARE(only(*group).firedAtMs, kStartMs + 2 * kMinuteMs);
    QCOMPARE(only(*group).labels, (labels::Labels { { "alertname", "Down" }, { "job", "a" } }));

    const int64_t over = kStartMs + 3 * kMinuteMs;
    bench.put({ { "__name__", "up" }, { "job", "a" } }, 1, over);
    bench.evaluate(*group, over);
    QCOMPARE(only(*group).state, AlertState::Inactive);
    QCOMPARE(only(*group).resolvedAtMs, over);
}

void GroupTest::alertWithoutForFiresAtOnce()
{
    Bench bench;
    const auto group = groupOf({ alertRule("Always", "vector(3)") });
    bench.evaluate(*group, kStartMs);
    QCOMPARE(only(*group).state, AlertState::Firing);
    QCOMPARE(only(*group).value, 3.0);
}

void GroupTest::pendingThatEndsIsForgotten()
{
    Bench bench;
    const auto group = groupOf({ alertRule("Down", "up == 0", Millis { 5 * kMinuteMs }) });
    bench.put({ { "__name__", "up" } }, 0, kStartMs);
    bench.evaluate(*group, kStartMs);
    bench.put({ { "__name__", "up" } }, 1, kStartMs + kMinuteMs);
    bench.evaluate(*group, kStartMs + kMinuteMs);
    QVERIFY(group->statuses().at(0).alerts.empty());
}

void GroupTest::resolvedIsKeptForFifteenMinutes()
{
    Bench bench;
    const auto group = groupOf({ alertRule("Down", "up == 0") });
    bench.put({ { "__name__", "up" } }, 0, kStartMs);
    bench.evaluate(*group, kStartMs);
    bench.put({ { "__name__", "up" } }, 1, kStartMs + kMinuteMs);
    bench.evaluate(*group, kStartMs + kMinuteMs);
    bench.evaluate(*group, kStartMs + 16 * kMinuteMs);
    QCOMPARE(group->statuses().at(0).alerts.size(), size_t { 1 });
    bench.evaluate(*group, kStartMs + 16 * kMinuteMs + 1);
    QVERIFY(group->statuses().at(0).alerts.empty());
}

void GroupTest::keepFiringForBridgesGaps()
{
    Bench bench;
    auto rule = alertRule("Down", "up == 0");
    rule.keepFiringFor = Millis { 2 * kMinuteMs };
    const auto group = groupOf({ rule });
    const double ups[] = { 0, 1, 0, 1, 1, 1 };
    const AlertState states[] = { AlertState::Firing, AlertState::Firing, AlertState::Firing,
        AlertState::Firing, AlertState::Firing, AlertState::Inactive };
    for (int minute = 0; minute < 6; ++minute) {
        const int64_t now = kStartMs + minute * kMinuteMs;
        bench.put({ { "__name__", "up" } }, ups[minute], now);
        bench.evaluate(*group, now);
        QVERIFY2(only(*group).state == states[minute], qPrintable(QString::number(minute)));
    }
    QCOMPARE(only(*group).resolvedAtMs, kStartMs + 5 * kMinuteMs);
}

void GroupTest::labelsAndAnnotationsAreTemplates()
{
    Bench bench;
    auto rule = alertRule("Low", "free < 0.2");
    rule.labels = { { "severity", "page" }, { "what", "{{ $labels.disk }}" } };
    rule.annotations = { { "summary",
        "{{ $labels.disk }} has {{ $value | humanizePercentage }} on {{ $externalLabels.site }}, "
        "{{ query \"free\" | len }} disks" } };
    GroupSettings settings;
    settings.externalLabels = { { "site", "attic" } };
    const auto group = groupOf({ rule }, 0, settings);
    bench.put({ { "__name__", "free" }, { "disk", "sda" } }, 0.125, kStartMs);
    bench.put({ { "__name__", "free" }, { "disk", "sdb" } }, 0.5, kStartMs);
    bench.evaluate(*group, kStartMs);
    QCOMPARE(QString::fromStdString(only(*group).labels.toString()),
        QStringLiteral("{alertname=\"Low\", disk=\"sda\", severity=\"page\", what=\"sda\"}"));
    QCOMPARE(QString::fromStdString(only(*group).annotations.at(0).second),
        QStringLiteral("sda has 12.5% on attic, 2 disks"));
}

void GroupTest::aTemplateThatFailsDoesNotLoseTheAlert()
{
    Bench bench;
    auto rule = alertRule("A", "vector(1)");
    rule.annotations = { { "summary", "{{ nothing }}" } };
    const auto group = groupOf({ rule });
    bench.evaluate(*group, kStartMs);
    QCOMPARE(only(*group).state, AlertState::Firing);
    QCOMPARE(QString::fromStdString(only(*group).annotations.at(0).second),
        QStringLiteral("<error expanding template: error parsing template __alert_A: template: "
                       "__alert_A:1: function \"nothing\" not defined>"));
}

void GroupTest::alertsLeaveSeriesAndStaleMarkers()
{
    Bench bench;
    const auto group = groupOf({ alertRule("Down", "up == 0", Millis { kMinuteMs }) });
    bench.put({ { "__name__", "up" } }, 0, kStartMs);
    bench.evaluate(*group, kStartMs);
    QCOMPARE(bench.ask("ALERTS", kStartMs),
        QStringLiteral("{__name__=\"ALERTS\", alertname=\"Down\", alertstate=\"pending\"} 1"));
    QCOMPARE(bench.ask("ALERTS_FOR_STATE", kStartMs),
        QStringLiteral("{__name__=\"ALERTS_FOR_STATE\", alertname=\"Down\"} 1700000000"));

    bench.put({ { "__name__", "up" } }, 0, kStartMs + kMinuteMs);
    bench.evaluate(*group, kStartMs + kMinuteMs);
    // The pending series ended with the same evaluation, by its stale marker.
    QCOMPARE(bench.ask("ALERTS", kStartMs + kMinuteMs),
        QStringLiteral("{__name__=\"ALERTS\", alertname=\"Down\", alertstate=\"firing\"} 1"));

    bench.put({ { "__name__", "up" } }, 1, kStartMs + 2 * kMinuteMs);
    bench.evaluate(*group, kStartMs + 2 * kMinuteMs);
    QCOMPARE(bench.ask("ALERTS", kStartMs + 2 * kMinuteMs), QString());
    QCOMPARE(bench.ask("ALERTS_FOR_STATE", kStartMs + 2 * kMinuteMs), QString());
}

void GroupTest::twoInstancesAlikeAreAnError()
{
    Bench bench;
    auto rule = alertRule("Down", "up == 0");
    rule.labels = { { "job", "same" } };
    const auto group = groupOf({ rule });
    bench.put({ { "__name__", "up" }, { "job", "a" } }, 0, kStartMs);
    bench.put({ { "__name__", "up" }, { "job", "b" } }, 0, kStartMs);
    bench.evaluate(*group, kStartMs);
    QCOMPARE(group->statuses().at(0).health, RuleHealth::Error);
    QVERIFY(QString::fromStdString(group->statuses().at(0).error)
                .startsWith(QLatin1String(
                    "vector contains metrics with the same labelset after applying alert "
                    "labels")));
}

void GroupTest::theLimitDropsEveryInstance()
{
    Bench bench;
    const auto group = groupOf({ alertRule("Down", "up == 0") }, 1);
    bench.put({ { "__name__", "up" }, { "job", "a" } }, 0, kStartMs);
    bench.put({ { "__name__", "up" }, { "job", "b" } }, 0, kStartMs);
    bench.evaluate(*group, kStartMs);
    QCOMPARE(QString::fromStdString(group->statuses().at(0).error),
        QStringLiteral("exceeded limit of 1 with 2 alerts"));
    QVERIFY(group->statuses().at(0).alerts.empty());
}

void GroupTest::recordingRulesFeedTheNext()
{
    Bench bench;
    auto first = recordingRule("job:up:sum", "sum by (job) (up)");
    first.labels = { { "team", "x" } };
    const auto group
        = groupOf({ first, recordingRule("twice", "2 * job:up:sum"), recordingRule("five", "5") });
    bench.put({ { "__name__", "up" }, { "job", "a" }, { "instance", "1" } }, 1, kStartMs);
    bench.put({ { "__name__", "up" }, { "job", "a" }, { "instance", "2" } }, 1, kStartMs);
    bench.evaluate(*group, kStartMs);
    QCOMPARE(bench.ask("{__name__=\"twice\"}", kStartMs),
        QStringLiteral("{__name__=\"twice\", job=\"a\", team=\"x\"} 4"));
    QCOMPARE(bench.ask("five", kStartMs), QStringLiteral("{__name__=\"five\"} 5"));
    QCOMPARE(group->lastEvaluationMs(), kStartMs);
}

void GroupTest::recordedSeriesAlikeAreAnError()
{
    Bench bench;
    auto rule = recordingRule("r", "up");
    rule.labels = { { "job", "" } };
    const auto group = groupOf({ rule });
    bench.put({ { "__name__", "up" }, { "job", "a" } }, 1, kStartMs);
    bench.put({ { "__name__", "up" }, { "job", "b" } }, 1, kStartMs);
    bench.evaluate(*group, kStartMs);
    QVERIFY(QString::fromStdString(group->statuses().at(0).error)
                .startsWith(QLatin1String(
                    "vector contains metrics with the same labelset after applying rule "
                    "labels")));
}

void GroupTest::recordingLimitIsNamed()
{
    Bench bench;
    const auto group = groupOf({ recordingRule("r", "up") }, 1);
    bench.put({ { "__name__", "up" }, { "job", "a" } }, 1, kStartMs);
    bench.put({ { "__name__", "up" }, { "job", "b" } }, 1, kStartMs);
    bench.evaluate(*group, kStartMs);
    QCOMPARE(QString::fromStdString(group->statuses().at(0).error),
        QStringLiteral("exceeded limit of 1 with 2 series"));
    QCOMPARE(bench.ask("r", kStartMs), QString());
}

void GroupTest::aTextIsNoRuleResult()
{
    Bench bench;
    const auto group = groupOf({ recordingRule("r", "\"text\"") });
    bench.evaluate(*group, kStartMs);
    QCOMPARE(QString::fromStdString(group->statuses().at(0).error),
        QStringLiteral("rule result is not a vector or scalar"));
}

void GroupTest::oneRuleThatFailsLeavesTheOthers()
{
    Bench bench;
    const auto group = groupOf({ recordingRule("bad", "up + on () up"), recordingRule("ok", "1") });
    bench.put({ { "__name__", "up" }, { "job", "a" } }, 1, kStartMs);
    bench.put({ { "__name__", "up" }, { "job", "b" } }, 1, kStartMs);
    bench.evaluate(*group, kStartMs);
    QCOMPARE(group->statuses().at(0).health, RuleHealth::Error);
    QCOMPARE(group->statuses().at(1).health, RuleHealth::Ok);
    QCOMPARE(bench.ask("ok", kStartMs), QStringLiteral("{__name__=\"ok\"} 1"));
}

void GroupTest::expressionsThatDoNotParseAreRefusedWithTheirPlace()
{
    GroupOptions options;
    options.file = "rules.yml";
    options.rules = { alertRule("A", "up ==") };
    options.rules[0].line = 7;
    const auto group = Group::create(options, {});
    QVERIFY(!group);
    QVERIFY2(
        QString::fromStdString(group.error().message).startsWith(QLatin1String("rules.yml:7: ")),
        group.error().message.c_str());
}

void GroupTest::forIsTakenUpAfterARestart()
{
    Bench bench;
    const auto rule = alertRule("Down", "up == 0", Millis { 30 * kMinuteMs });
    const auto before = groupOf({ rule });
    for (int minute = 0; minute <= 10; ++minute) {
        bench.put({ { "__name__", "up" } }, 0, kStartMs + minute * kMinuteMs);
        bench.evaluate(*before, kStartMs + minute * kMinuteMs);
    }
    // Five minutes away: ten were spent pending, so twenty are left.
    const int64_t back = kStartMs + 15 * kMinuteMs;
    const auto after = groupOf({ rule });
    bench.put({ { "__name__", "up" } }, 0, back);
    bench.evaluate(*after, back);
    QCOMPARE(only(*after).activeAtMs, kStartMs + 5 * kMinuteMs);

    // What is left is never less than ten minutes.
    for (int minute = 16; minute <= 30; ++minute) {
        bench.put({ { "__name__", "up" } }, 0, kStartMs + minute * kMinuteMs);
        bench.evaluate(*after, kStartMs + minute * kMinuteMs);
    }
    QCOMPARE(only(*after).state, AlertState::Pending);
    const auto again = groupOf({ rule });
    const int64_t late = kStartMs + 31 * kMinuteMs;
    bench.put({ { "__name__", "up" } }, 0, late);
    bench.evaluate(*again, late);
    QCOMPARE(only(*again).activeAtMs, late + 10 * kMinuteMs - 30 * kMinuteMs);
}

void GroupTest::shortForStartsAnewAfterARestart()
{
    Bench bench;
    const auto rule = alertRule("Down", "up == 0", Millis { 5 * kMinuteMs });
    const auto before = groupOf({ rule });
    bench.put({ { "__name__", "up" } }, 0, kStartMs);
    bench.evaluate(*before, kStartMs);
    const auto after = groupOf({ rule });
    bench.put({ { "__name__", "up" } }, 0, kStartMs + kMinuteMs);
    bench.evaluate(*after, kStartMs + kMinuteMs);
    QCOMPARE(only(*after).activeAtMs, kStartMs + kMinuteMs);
}

void GroupTest::alertThatWasOverIsNotTakenUp()
{
    Bench bench;
    const auto rule = alertRule("Down", "up == 0", Millis { 30 * kMinuteMs });
    const auto before = groupOf({ rule });
    bench.put({ { "__name__", "up" } }, 0, kStartMs);
    bench.evaluate(*before, kStartMs);
    bench.put({ { "__name__", "up" } }, 1, kStartMs + kMinuteMs);
    bench.evaluate(*before, kStartMs + kMinuteMs);
    const int64_t back = kStartMs + 2 * kMinuteMs;
    const auto after = groupOf({ rule });
    bench.put({ { "__name__", "up" } }, 0, back);
    bench.evaluate(*after, back);
    QCOMPARE(only(*after).activeAtMs, back);
}

void GroupTest::hotReloadKeepsAlerts()
{
    Bench bench;
    const auto rule = alertRule("Down", "up == 0", Millis { 5 * kMinuteMs });
    const auto older = groupOf({ rule });
    bench.put({ { "__name__", "up" } }, 0, kStartMs);
    bench.evaluate(*older, kStartMs);
    const auto newer = groupOf({ recordingRule("r", "1"), rule });
    newer->adoptState(*older);
    bench.put({ { "__name__", "up" } }, 0, kStartMs + kMinuteMs);
    bench.evaluate(*newer, kStartMs + kMinuteMs);
    QCOMPARE(newer->statuses().at(1).alerts.at(0).activeAtMs, kStartMs);
}

void GroupTest::retiringEndsTheSeries()
{
    Bench bench;
    const auto group = groupOf({ recordingRule("r", "1") });
    bench.evaluate(*group, kStartMs);
    bench.clock.set(kStartMs + kMinuteMs);
    group->retire(kStartMs + kMinuteMs, bench.store);
    QCOMPARE(bench.ask("r", kStartMs + kMinuteMs), QString());
}

void GroupTest::thresholdsAreFound_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* expression, const char* expected) {
        QTest::newRow(name) << QString::fromUtf8(expression) << QString::fromUtf8(expected);
    };
    row("right", "rate(x[5m]) > 5", "rate(x[5m]) > 5");
    row("left", "5 < x", "x > 5");
    row("negative", "x <= -(2.5)", "x <= -2.5");
    row("parentheses", "((x == (1)))", "x == 1");
    row("two series", "x > y", "");
    row("no comparison", "x + 5", "");
    row("inside only", "sum(x > 5)", "");
}

void GroupTest::thresholdsAreFound()
{
    QFETCH(QString, expression);
    QFETCH(QString, expected);
    const auto parsed = promql::parse(expression.toStdString());
    QVERIFY(parsed);
    const auto threshold = thresholdOf(**parsed);
    const QString got = threshold ? QString::fromStdString(threshold->expression) + QLatin1Char(' ')
            + QString::fromStdString(threshold->comparison) + QLatin1Char(' ')
            + QString::number(threshold->value)
                                  : QString();
    QCOMPARE(got, expected);
}

QTEST_GUILESS_MAIN(GroupTest)
#include "tst_group.moc"
