// The book of alerts, fed by real groups over a real store with time held.
#include "core/alerts/book.h"
#include "core/tsdb/ring_store.h"

#include <QTest>

using namespace fleetglass;
using namespace fleetglass::alerts;

namespace {

constexpr int64_t kStartMs = 1'700'000'000'000;
constexpr int64_t kMinuteMs = 60'000;

struct Bench
{
    HeldClock clock { kStartMs };
    tsdb::RingStore store { {}, clock };
    promql::Engine engine;
    Book book;
    std::unique_ptr<rules::Group> group;

    explicit Bench(std::vector<rules::RuleOptions> rules, BookOptions options = {})
        : book(options)
    {
        rules::GroupOptions groupOptions;
        groupOptions.name = "g";
        groupOptions.file = "rules.yml";
        groupOptions.rules = std::move(rules);
        group = rules::Group::create(std::move(groupOptions), {}).value();
    }
    // One minute of the life of a series x, and what the book makes of it.
    void step(int minute, double value)
    {
        const int64_t now = at(minute);
        clock.set(now);
        const auto series = store.seriesFor({ { "__name__", "x" }, { "job", "a" } }).value();
        const std::vector<storage::LooseSample> loose { { series, now, value, nullptr, 0 } };
        QVERIFY(store.append({ now, {}, loose, {} }));
        group->evaluate(now, { engine, store, store });
        book.record(*group, now);
    }
    static int64_t at(int minute) { return kStartMs + minute * kMinuteMs; }
    view::AlertView only(int minute) const
    {
        const auto alerts = book.alerts(at(minute));
        return alerts.size() == 1 ? *alerts.front() : view::AlertView {};
    }
};

rules::RuleOptions highRule(Millis holdFor = {})
{
    rules::RuleOptions rule;
    rule.name = "High";
    rule.expression = "x > 5";
    rule.holdFor = holdFor;
    rule.labels = { { "severity", "critical" } };
    rule.annotations = { { "summary", "x is {{ $value }}" } };
    return rule;
}

} // namespace

class BookTest : public QObject
{
    Q_OBJECT
private slots:
    void anAlertIsShownAsItStands();
    void spansFollowItsStates();
    void pendingThatEndsLeavesOnlyASpan();
    void aSecondTimeIsAnotherIncident();
    void acknowledgingAndSnoozingAreKept();
    void aGoneGroupEndsItsAlerts();
    void firingStandsBeforePendingAndResolved();
    void oldSpansGoFirst();
    void anUnchangedListKeepsItsGeneration();
    void severitiesComeFromTheLabel();
};

void BookTest::anAlertIsShownAsItStands()
{
    Bench bench({ highRule(Millis { kMinuteMs }) });
    bench.step(0, 7);
    auto alert = bench.only(0);
    QCOMPARE(alert.state, view::AlertState::Pending);
    QCOMPARE(QString::fromStdString(alert.name), QStringLiteral("High"));
    QCOMPARE(alert.severity, view::Severity::Critical);
    QCOMPARE(alert.value, 7.0);
    QCOMPARE(alert.activeSinceMs, Bench::at(0));
    QCOMPARE(alert.threshold.value_or(0), 5.0);
    QCOMPARE(QString::fromStdString(alert.thresholdOperator), QStringLiteral(">"));
    QVERIFY(!alert.labels.has("alertname"));
    const auto id = alert.id;

    bench.step(1, 9);
    alert = bench.only(1);
    QCOMPARE(alert.id, id);
    QCOMPARE(alert.state, view::AlertState::Firing);
    QCOMPARE(alert.firedMs, Bench::at(1));
    QCOMPARE(QString::fromStdString(alert.annotations.at(0).second), QStringLiteral("x is 9"));
    QCOMPARE(*alert.spark, (std::vector<double> { 7, 9 }));

    bench.step(2, 1);
    alert = bench.only(2);
    QCOMPARE(alert.state, view::AlertState::Resolved);
    QCOMPARE(alert.resolvedMs, Bench::at(2));
    // Shown for a day.
    QCOMPARE(bench.book.alerts(Bench::at(2) + 24 * 60 * kMinuteMs).size(), size_t { 1 });
    QCOMPARE(bench.book.alerts(Bench::at(2) + 24 * 60 * kMinuteMs + 1).size(), size_t { 0 });
}

void BookTest::spansFollowItsStates()
{
    Bench bench({ highRule(Millis { kMinuteMs }) });
    for (int minute = 0; minute < 4; ++minute)
        bench.step(minute, minute < 3 ? 6 : 1);
    const auto spans = bench.book.spans(0);
    QCOMPARE(spans.size(), size_t { 2 });
    QCOMPARE(spans[0].state, view::AlertState::Pending);
    QCOMPARE(spans[0].startMs, Bench::at(0));
    QCOMPARE(spans[0].endMs, Bench::at(1));
    QCOMPARE(spans[1].state, view::AlertState::Firing);
    QCOMPARE(spans[1].startMs, Bench::at(1));
    QCOMPARE(spans[1].endMs, Bench::at(3));
    QCOMPARE(QString::fromStdString(spans[1].text), QStringLiteral("x is 6"));
    QCOMPARE(bench.book.spans(Bench::at(3) + 1).size(), size_t { 0 });
}

void BookTest::pendingThatEndsLeavesOnlyASpan()
{
    Bench bench({ highRule(Millis { 5 * kMinuteMs }) });
    bench.step(0, 6);
    QCOMPARE(bench.book.spans(0).at(0).endMs, int64_t { 0 });
    bench.step(1, 1);
    QVERIFY(bench.book.alerts(Bench::at(1)).empty());
    QCOMPARE(bench.book.spans(0).at(0).endMs, Bench::at(1));
}

void BookTest::aSecondTimeIsAnotherIncident()
{
    Bench bench({ highRule() });
    bench.step(0, 6);
    bench.book.acknowledge(bench.only(0).id, Bench::at(0));
    bench.step(1, 1);
    QCOMPARE(bench.only(1).acknowledgedMs, Bench::at(0));
    bench.step(2, 6);
    const auto alert = bench.only(2);
    QCOMPARE(alert.state, view::AlertState::Firing);
    QCOMPARE(alert.acknowledgedMs, int64_t { 0 });
    QCOMPARE(alert.resolvedMs, int64_t { 0 });
    QCOMPARE(bench.book.spans(0).size(), size_t { 2 });
}

void BookTest::acknowledgingAndSnoozingAreKept()
{
    Bench bench({ highRule() });
    bench.step(0, 6);
    const auto id = bench.only(0).id;
    bench.book.acknowledge(id, Bench::at(0) + 5);
    bench.book.snooze(id, Bench::at(30));
    bench.step(1, 6);
    QCOMPARE(bench.only(1).acknowledgedMs, Bench::at(0) + 5);
    QCOMPARE(bench.only(1).snoozedUntilMs, Bench::at(30));
    QVERIFY(bench.book.spans(0).at(0).snoozed);
    bench.book.acknowledge(id, 0);
    bench.book.snooze(id, 0);
    QCOMPARE(bench.only(1).acknowledgedMs, int64_t { 0 });
    QVERIFY(!bench.book.spans(0).at(0).snoozed);
    bench.book.acknowledge(12345, 1); // Unknown: nothing happens.
}

void BookTest::aGoneGroupEndsItsAlerts()
{
    Bench bench({ highRule() });
    bench.step(0, 6);
    bench.book.forget("other.yml", "g", Bench::at(1));
    QCOMPARE(bench.only(1).state, view::AlertState::Firing);
    bench.book.forget("rules.yml", "g", Bench::at(1));
    QCOMPARE(bench.only(1).state, view::AlertState::Resolved);
    QCOMPARE(bench.book.spans(0).at(0).endMs, Bench::at(1));
}

void BookTest::firingStandsBeforePendingAndResolved()
{
    auto waiting = highRule(Millis { 60 * kMinuteMs });
    waiting.name = "Waiting";
    auto mild = highRule();
    mild.name = "Mild";
    mild.labels = { { "severity", "info" } };
    auto over = highRule();
    over.name = "Over";
    over.expression = "x > 7";
    Bench bench({ over, waiting, mild, highRule() });
    bench.step(0, 9);
    bench.step(1, 6);
    QStringList names;
    for (const auto& alert : bench.book.alerts(Bench::at(1)))
        names << QString::fromStdString(alert->name);
    QCOMPARE(names, QStringLiteral("High Mild Waiting Over").split(QLatin1Char(' ')));
}

void BookTest::oldSpansGoFirst()
{
    Bench bench({ highRule() }, { .historyMs = 1000 * kMinuteMs, .spansMax = 2 });
    for (int minute = 0; minute < 8; ++minute)
        bench.step(minute, minute % 2 == 0 ? 6 : 1);
    const auto spans = bench.book.spans(0);
    QCOMPARE(spans.size(), size_t { 2 });
    QCOMPARE(spans[0].startMs, Bench::at(4));
    QCOMPARE(spans[1].endMs, Bench::at(7));
}

void BookTest::anUnchangedListKeepsItsGeneration()
{
    Bench bench({ highRule() });
    bench.step(0, 1);
    const auto before = bench.book.generation();
    bench.step(1, 1);
    QCOMPARE(bench.book.generation(), before);
    bench.step(2, 6);
    QVERIFY(bench.book.generation() > before);
}

void BookTest::severitiesComeFromTheLabel()
{
    QCOMPARE(severityOf({ { "severity", "page" } }), view::Severity::Critical);
    QCOMPARE(severityOf({ { "severity", "none" } }), view::Severity::Info);
    QCOMPARE(severityOf({ { "severity", "ticket" } }), view::Severity::Warning);
    QCOMPARE(severityOf({}), view::Severity::Warning);
}

QTEST_GUILESS_MAIN(BookTest)
#include "tst_book.moc"
