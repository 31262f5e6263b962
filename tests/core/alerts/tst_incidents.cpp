// Goal: the list of alerts and the ribbons tell each incident once, and as it was. Method: a group
// is evaluated over a store that a test writes, and recorded each time.
#include "core/alerts/book.h"

#include "core/base/clock.h"
#include "core/tsdb/ring_store.h"

#include <QTest>

using namespace fleetglass;
using view::AlertState;

namespace {

constexpr int64_t kStartMs = 1'700'000'000'000;
constexpr int64_t kStepMs = 60'000;

rules::RuleOptions ruleOf(const std::string& expression, int64_t holdForMs)
{
    rules::RuleOptions rule;
    rule.name = "Hot";
    rule.expression = expression;
    rule.holdFor = Millis(holdForMs);
    rule.annotations = { { "summary", "{{ $value }} degrees" } };
    return rule;
}

struct Rig
{
    HeldClock clock { kStartMs };
    tsdb::RingStore store { {}, clock };
    promql::Engine engine;
    alerts::Book book;
    std::unique_ptr<rules::Group> group;
    int64_t nowMs = kStartMs;

    explicit Rig(std::vector<rules::RuleOptions> rules)
    {
        rules::GroupOptions options;
        options.name = "g";
        options.file = "rules.yml";
        options.rules = std::move(rules);
        group = std::move(rules::Group::create(std::move(options), {}).value());
    }
    void step(double value)
    {
        nowMs += kStepMs;
        clock.set(nowMs);
        const storage::RowValue row { store.seriesFor({ { "__name__", "heat" } }).value(), value };
        QVERIFY(store.append({ nowMs, { &row, 1 }, {}, {} }).has_value());
        group->evaluate(nowMs, { engine, store, store });
        book.record(*group, nowMs);
    }
    view::AlertView only() const
    {
        const auto alerts = book.alerts(nowMs);
        return alerts.size() == 1 ? *alerts[0] : view::AlertView();
    }
};

} // namespace

class TestIncidents : public QObject
{
    Q_OBJECT

private slots:
    void anIncidentIsPendingThenFiringThenResolved()
    {
        Rig rig({ ruleOf("heat > 5", kStepMs) });
        rig.step(9);
        QCOMPARE(rig.only().state, AlertState::Pending);
        rig.step(9);
        QCOMPARE(rig.only().state, AlertState::Firing);
        rig.step(1);
        QCOMPARE(rig.only().state, AlertState::Resolved);
        QCOMPARE(rig.only().resolvedMs, rig.nowMs);
        const auto spans = rig.book.spans(0);
        QCOMPARE(spans.size(), size_t(2));
        QCOMPARE(spans[0].state, AlertState::Pending);
        QCOMPARE(spans[0].endMs, spans[1].startMs);
        QCOMPARE(spans[1].endMs, rig.nowMs);
        QCOMPARE(spans[1].text, std::string("9 degrees"));
        QCOMPARE(spans[1].threshold, std::optional<double>(5));
    }

    void pendingThatNeverFiredIsInTheSpansAlone()
    {
        Rig rig({ ruleOf("heat > 5", 5 * kStepMs) });
        rig.step(9);
        rig.step(1);
        QVERIFY(rig.book.alerts(rig.nowMs).empty());
        QCOMPARE(rig.book.spans(0).size(), size_t(1));
        QCOMPARE(rig.book.spans(0)[0].endMs, rig.nowMs);
    }

    void anAlertThatOnlyThreatensAgainStaysTheResolvedOneItWas()
    {
        Rig rig({ ruleOf("heat > 5", kStepMs) });
        rig.step(9);
        rig.step(9);
        rig.step(1);
        const auto resolved = rig.only();
        rig.step(9);
        QCOMPARE(rig.only().state, AlertState::Pending);
        rig.step(1);
        QCOMPARE(rig.only().state, AlertState::Resolved);
        QCOMPARE(rig.only().firedMs, resolved.firedMs);
        QCOMPARE(rig.only().resolvedMs, resolved.resolvedMs);
    }

    void acknowledgementEndsWithItsIncidentAndSnoozeDoesNot()
    {
        Rig rig({ ruleOf("heat > 5", 0) });
        rig.step(9);
        rig.book.acknowledge(rig.only().id, rig.nowMs);
        rig.book.snooze(rig.only().id, rig.nowMs + 3'600'000);
        QVERIFY(rig.book.spans(0)[0].snoozed);
        rig.step(1);
        rig.step(9);
        QCOMPARE(rig.only().acknowledgedMs, int64_t(0));
        QVERIFY(rig.only().snoozedUntilMs > rig.nowMs);
        QVERIFY(rig.book.spans(0)[1].snoozed);
    }

    // Two rules of one name and labels are one alert: it lasts as long as one of them holds.
    void twoRulesOfTheSameLabelsDoNotFlap()
    {
        Rig rig({ ruleOf("heat > 5", 0), ruleOf("heat > 8", 0) });
        rig.step(9);
        rig.step(7);
        rig.step(7);
        QCOMPARE(rig.only().state, AlertState::Firing);
        QCOMPARE(rig.book.spans(0).size(), size_t(1));
        rig.step(1);
        QCOMPARE(rig.only().state, AlertState::Resolved);
    }

    void whatWasResolvedLongAgoIsForgotten()
    {
        Rig rig({ ruleOf("heat > 5", 0) });
        rig.step(9);
        rig.step(1);
        QCOMPARE(rig.book.alerts(rig.nowMs).size(), size_t(1));
        rig.nowMs += 25 * 3'600'000;
        QVERIFY(rig.book.alerts(rig.nowMs).empty());
        rig.step(1);
        QVERIFY(rig.book.spans(0).empty());
    }

    void severityIsReadFromTheLabel()
    {
        QCOMPARE(alerts::severityOf({ { "severity", "page" } }), view::Severity::Critical);
        QCOMPARE(alerts::severityOf({ { "severity", "info" } }), view::Severity::Info);
        QCOMPARE(alerts::severityOf({}), view::Severity::Warning);
    }
};

QTEST_GUILESS_MAIN(TestIncidents)
#include "tst_incidents.moc"
