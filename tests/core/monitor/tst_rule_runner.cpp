// Goal: groups are evaluated at their slots, once each, and keep their state through a reload.
#include "core/monitor/rule_runner.h"

#include "core/monitor/engine_options.h"
#include "core/monitor/sight.h"
#include "tests/support/fake_clock.h"
#include "tests/support/ring_fixture.h"

#include <QTest>
#include <thread>

using namespace fleetglass;
using namespace fleetglass::monitor;
using namespace std::chrono_literals;

namespace {

constexpr int64_t kStartMs = 1'700'000'000'000;

rules::GroupOptions groupOf(const std::string& name, const std::string& expression,
    rules::RuleKind kind, Millis holdFor = 0ms)
{
    rules::GroupOptions group;
    group.name = name;
    group.file = "rules.yml";
    group.interval = 60s;
    rules::RuleOptions rule;
    rule.kind = kind;
    rule.name = kind == rules::RuleKind::Alerting ? "Always" : "rec:one";
    rule.expression = expression;
    rule.holdFor = holdFor;
    group.rules = { rule };
    return group;
}

template<class TestClock>
struct RigOf
{
    TestClock clock { kStartMs };
    tsdb::RingStore store { {}, clock };
    promql::Engine engine { windowEngineOptions() };
    alerts::Book book;
    std::vector<LogEvent> log;
    RuleRunner runner { { engine, store, store }, book, clock,
        [this](LogEvent event) { log.push_back(std::move(event)); } };

    std::vector<int64_t> times(const std::string& metric) const
    {
        const auto slices = tsdb::test::selectAll(store, { tsdb::test::named(metric) });
        return slices.empty()
            ? std::vector<int64_t>()
            : std::vector<int64_t>(slices[0].timestampsMs.begin(), slices[0].timestampsMs.end());
    }

    // The loop for so long, ten times a second.
    void pass(std::chrono::seconds time)
    {
        for (std::chrono::milliseconds done { 0 }; done < time; done += 100ms) {
            clock.advance(100ms);
            runner.step();
        }
    }
    view::AlertState state() { return book.alerts(clock.wallMs()).at(0)->state; }
};

using Rig = RigOf<HeldClock>;
using TimedRig = RigOf<test::FakeClock>;

} // namespace

class TestRuleRunner : public QObject
{
    Q_OBJECT

private slots:
    void slotsAreAnIntervalApartHoweverLateTheThreadIs()
    {
        Rig rig;
        (void)rig.runner.apply({ groupOf("g", "vector(1)", rules::RuleKind::Recording) }, {});
        for (int64_t t = kStartMs; t < kStartMs + 600'000; t += 7'013)
            rig.runner.evaluateDue(t);
        const auto times = rig.times("rec:one");
        QVERIFY(times.size() >= 10);
        QCOMPARE(times[0], kStartMs); // At once, then at the slots.
        for (size_t i = 2; i < times.size(); ++i)
            QCOMPARE(times[i] - times[i - 1], int64_t(60'000));
    }

    void holdingForOneIntervalIsNotTwo()
    {
        Rig rig;
        (void)rig.runner.apply({ groupOf("g", "vector(1)", rules::RuleKind::Alerting, 120s) }, {});
        // Each time a little less late than before, as threads are.
        for (int i = 0; i < 5; ++i)
            rig.runner.evaluateDue(kStartMs + i * 60'000 + (5 - i) * 10);
        const auto alerts = rig.book.alerts(kStartMs + 300'000);
        QCOMPARE(alerts.size(), size_t(1));
        QCOMPARE(alerts[0]->state, view::AlertState::Firing);
        QVERIFY(alerts[0]->firedMs - alerts[0]->activeSinceMs < 180'000);
    }

    void afterASuspendThereIsNoBurst()
    {
        Rig rig;
        (void)rig.runner.apply({ groupOf("g", "vector(1)", rules::RuleKind::Recording) }, {});
        rig.runner.evaluateDue(kStartMs);
        rig.runner.evaluateDue(kStartMs + 86'400'000);
        rig.runner.evaluateDue(kStartMs + 86'400'001);
        QCOMPARE(rig.times("rec:one").size(), size_t(2));
    }

    void k1SuspendFiresNothingByItself()
    {
        TimedRig rig;
        (void)rig.runner.apply({ groupOf("g", "vector(1)", rules::RuleKind::Alerting, 300s) }, {});
        rig.runner.setSight({}, 30s);
        rig.pass(120s); // Pending.
        rig.clock.suspend(8h);
        rig.runner.step();
        QCOMPARE(rig.state(), view::AlertState::Pending);
        rig.pass(120s); // Slept time and the first half minute do not count for `for`.
        QCOMPARE(rig.state(), view::AlertState::Pending);
        rig.pass(180s);
        QCOMPARE(rig.state(), view::AlertState::Firing);
        QCOMPARE(rig.log.front().message,
            std::string("this computer was asleep for 8h: the rules wait"));
    }

    void k1RulesWaitForTheFirstScrapesAfterASuspend()
    {
        TimedRig rig;
        (void)rig.runner.apply({ groupOf("g", "vector(1)", rules::RuleKind::Recording) }, {});
        rig.runner.setSight({}, 75s);
        rig.pass(1s);
        rig.clock.suspend(8h);
        const int64_t returnedMs = rig.clock.wallMs();
        rig.pass(300s);
        const auto times = rig.times("rec:one");
        QVERIFY(times.size() >= 3);
        for (const int64_t time : times)
            QVERIFY(time < kStartMs + 60'000 || time >= returnedMs + 15'000);
        QVERIFY(rig.runner.views()->at(0).lastEvaluationMs >= returnedMs + 75'000);
    }

    void k2SteppedClockFiresNothing_data()
    {
        QTest::addColumn<int>("stepSeconds");
        QTest::newRow("forward") << 3'600;
        QTest::newRow("back") << -3'600;
    }

    void k2SteppedClockFiresNothing()
    {
        QFETCH(int, stepSeconds);
        TimedRig rig;
        (void)rig.runner.apply({ groupOf("g", "vector(1)", rules::RuleKind::Alerting, 300s) }, {});
        rig.pass(120s);
        rig.clock.stepWall(std::chrono::seconds(stepSeconds));
        rig.pass(60s);
        QCOMPARE(rig.state(), view::AlertState::Pending);
        rig.pass(240s);
        QCOMPARE(rig.state(), view::AlertState::Firing);
    }

    void k3StoppedProcessCountsNoTime()
    {
        TimedRig rig;
        (void)rig.runner.apply({ groupOf("g", "vector(1)", rules::RuleKind::Alerting, 300s) }, {});
        rig.runner.setSight({}, 15s);
        rig.pass(120s);
        rig.clock.advance(600s); // SIGSTOP, SIGCONT: the clocks of the computer went on.
        rig.runner.step();
        rig.pass(60s);
        QCOMPARE(rig.state(), view::AlertState::Pending);
        QCOMPARE(rig.log.front().message,
            std::string("this program stood still for 10m: the rules wait"));
    }

    void k5WithoutANetworkTheRulesWait()
    {
        TimedRig rig;
        bool blind = false;
        (void)rig.runner.apply({ groupOf("g", "vector(1)", rules::RuleKind::Alerting, 300s) }, {});
        rig.runner.setSight([&] { return blind; }, 15s);
        rig.pass(120s);
        blind = true;
        rig.pass(3'600s);
        QCOMPARE(rig.state(), view::AlertState::Pending);
        blind = false;
        rig.pass(120s);
        QCOMPARE(rig.state(), view::AlertState::Pending);
        rig.pass(180s);
        QCOMPARE(rig.state(), view::AlertState::Firing);
        QCOMPARE(
            rig.log.front().message, std::string("this computer has no network: the rules wait"));
        QCOMPARE(rig.log.size(), size_t(1));
    }

    void slowRulesAreNoAbsence()
    {
        Sight sight;
        Sight::Now now { kStartMs, 1'000s, 1'000s, false };
        QVERIFY(sight.look(now, 60s).sees);
        now = { kStartMs + 20'000, 1'020s, 1'020s, false };
        sight.looked(now.boot); // Evaluating took as long.
        QVERIFY(sight.look(now, 60s).sees);
    }

    void aClockThatStepsBackDoesNotStopTheRules()
    {
        TimedRig rig;
        (void)rig.runner.apply({ groupOf("g", "vector(1)", rules::RuleKind::Recording) }, {});
        const auto last = [&] { return rig.runner.views()->at(0).lastEvaluationMs; };
        std::jthread thread([&](std::stop_token stop) { rig.runner.run(stop); });
        QTRY_COMPARE_WITH_TIMEOUT(last(), kStartMs, 30'000);
        const int64_t backMs = kStartMs - 7'200'000;
        rig.clock.stepWall(-7'200s);
        // It needs to see the step before time goes on; then the next slot comes.
        QTRY_VERIFY_WITH_TIMEOUT((rig.clock.advance(20s), last() < kStartMs), 30'000);
        QVERIFY(last() >= backMs);
    }

    void aReloadKeepsTheStateOfTheAlerts()
    {
        Rig rig;
        auto group = groupOf("g", "vector(1)", rules::RuleKind::Alerting, 120s);
        (void)rig.runner.apply({ group }, {});
        rig.runner.evaluateDue(kStartMs);
        group.rules[0].annotations = { { "summary", "edited" } };
        (void)rig.runner.apply({ group }, {});
        rig.runner.evaluateDue(kStartMs + 60'000);
        const auto alerts = rig.book.alerts(kStartMs + 60'000);
        QCOMPARE(alerts.size(), size_t(1));
        QCOMPARE(alerts[0]->activeSinceMs, kStartMs);
        QCOMPARE(alerts[0]->annotations.size(), size_t(1));
    }

    void aGroupThatGoesEndsItsAlertsAndSeries()
    {
        Rig rig;
        (void)rig.runner.apply({ groupOf("g", "vector(1)", rules::RuleKind::Alerting) }, {});
        rig.runner.evaluateDue(kStartMs);
        rig.clock.set(kStartMs + 30'000);
        (void)rig.runner.apply({}, {});
        const auto alerts = rig.book.alerts(kStartMs + 30'000);
        QCOMPARE(alerts.size(), size_t(1));
        QCOMPARE(alerts[0]->state, view::AlertState::Resolved);
        QCOMPARE(alerts[0]->resolvedMs, kStartMs + 30'000);
        const auto slices = tsdb::test::selectAll(rig.store, { tsdb::test::named("ALERTS") });
        QVERIFY(storage::isStaleMarker(slices.at(0).values.back()));
        QVERIFY(rig.runner.views()->empty());
    }

    void ofTwoGroupsOfOneNameTheFirstCounts()
    {
        Rig rig;
        const auto errors
            = rig.runner.apply({ groupOf("g", "vector(1)", rules::RuleKind::Recording),
                                   groupOf("g", "vector(2)", rules::RuleKind::Recording) },
                {});
        QCOMPARE(errors.size(), size_t(1));
        QCOMPARE(
            errors[0].message, std::string("the group \"g\" is there twice; the first counts"));
        QCOMPARE(rig.runner.views()->at(0).rules.at(0).expression, std::string("vector(1)"));
    }

    void aRuleThatFailsIsLoggedOnceNotAtEachEvaluation()
    {
        Rig rig;
        (void)rig.runner.apply(
            { groupOf("g", "label_replace(vector(1), \"a\", \"b\", \"c\", \"(\")",
                rules::RuleKind::Recording) },
            {});
        rig.runner.evaluateDue(kStartMs);
        rig.runner.evaluateDue(kStartMs + 60'000);
        rig.runner.evaluateDue(kStartMs + 120'000);
        QCOMPARE(rig.log.size(), size_t(1));
        QVERIFY(rig.log[0].message.starts_with("g, rec:one: "));
        QCOMPARE(rig.runner.views()->at(0).rules.at(0).health, view::RuleHealth::Error);
    }
};

QTEST_GUILESS_MAIN(TestRuleRunner)
#include "tst_rule_runner.moc"
