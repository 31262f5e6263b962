// Goal: sessions and alerts on their lanes say what happened when, and never that an unreachable
// host's shell has closed. Method: view values in, lanes and pixels out.
#include "ui/charts/chart_export.h"
#include "ui/charts/lane_chart.h"
#include "ui/theme/fonts.h"

#include <QAccessible>
#include <QApplication>
#include <QDir>
#include <QSignalSpy>
#include <QTest>
#include <QTimeZone>

using namespace fleetglass;
using namespace fleetglass::charts;

namespace {

constexpr int64_t kNowMs = 1'795'182'100'000;
constexpr int64_t kMinuteMs = 60'000;
constexpr Span kDay { kNowMs - 86'400'000.0, kNowMs + 700'000.0 };

theme::Zone berlin()
{
    return { false, QTimeZone("Europe/Berlin") };
}

QString screen(const QString& name)
{
    const QString folder = qEnvironmentVariable("FLEETGLASS_BINARY_DIR", QDir::tempPath())
        + QStringLiteral("/screens");
    QDir().mkpath(folder);
    return folder + QLatin1Char('/') + name;
}

view::SessionView session(const std::string& host, const std::string& source,
    const std::string& owner, view::SessionState state, int64_t openedMinutesAgo,
    int64_t closedMinutesAgo = 0)
{
    view::SessionView view;
    view.host = host;
    view.instance = host + ":4000";
    view.source = source;
    view.keyOwner = owner;
    view.publicKey = "k-" + owner;
    view.remoteAddress = "10.0.4.7";
    view.state = state;
    view.openedLatestMs = kNowMs - openedMinutesAgo * kMinuteMs;
    view.openedEarliestMs
        = state == view::SessionState::OpenBeforeWatch ? 0 : view.openedLatestMs - 15'000;
    view.closedLatestMs = closedMinutesAgo > 0 ? kNowMs - closedMinutesAgo * kMinuteMs : 0;
    view.lastSeenMs = kNowMs - 12 * kMinuteMs;
    return view;
}

std::vector<view::SessionView> sessions()
{
    using enum view::SessionState;
    return { session("db-02", "pg-fix", "k-7f31c2", Open, 4),
        session("web-07", "debug", "ops-anna", Open, 10),
        session("build-03", "build", "ops-jon", Unknown, 44),
        session("web-03", "debug", "ops-anna", Closed, 89, 70),
        session("db-01", "pg-fix", "ops-lena", Closed, 181, 109),
        session("edge-01", "core", "ops-jon", Closed, 276, 273),
        session("build-01", "build", "jenkins-prod", BetweenScrapes, 327),
        session("web-07", "debug", "ops-anna", Closed, 351, 339),
        session("db-02", "pg-fix", "ops-lena", Closed, 931, 900),
        session("edge-02", "core", "ops-anna", Closed, 1436, 1359) };
}

std::vector<view::UnreachableView> unreachable()
{
    return { { "build-03:4000", kNowMs - 751 * kMinuteMs, kNowMs - 733 * kMinuteMs },
        { "build-03:4000", kNowMs - 12 * kMinuteMs, 0 },
        { "edge-01:4000", kNowMs - 1115 * kMinuteMs, kNowMs - 1080 * kMinuteMs } };
}

struct Alerts
{
    std::vector<std::shared_ptr<const view::AlertView>> views;
    std::vector<view::AlertSpanView> spans;
};

void addAlert(Alerts& alerts, const std::string& name, const std::string& instance,
    view::Severity severity, const std::vector<std::array<int64_t, 3>>& stretches)
{
    auto alert = std::make_shared<view::AlertView>();
    alert->id = alerts.views.size() + 1;
    alert->name = name;
    alert->severity = severity;
    alert->state = view::AlertState::Firing;
    alert->labels = { { "instance", instance } };
    for (const auto& [from, fired, to] : stretches) {
        view::AlertSpanView span;
        span.alertId = alert->id;
        span.name = name;
        span.severity = severity;
        span.text = name + " on " + instance;
        span.state = view::AlertState::Pending;
        span.startMs = kNowMs - from * kMinuteMs;
        span.endMs = kNowMs - fired * kMinuteMs;
        alerts.spans.push_back(span);
        span.state = view::AlertState::Firing;
        span.startMs = span.endMs;
        span.endMs = to == 0 ? 0 : kNowMs - to * kMinuteMs;
        alerts.spans.push_back(span);
    }
    alerts.views.push_back(alert);
}

Alerts alerts()
{
    using enum view::Severity;
    Alerts result;
    addAlert(result, "StashBackupFailed", "postgres", Critical, { { 760, 760, 0 } });
    addAlert(result, "TargetDown", "awx-02:443", Critical, { { 214, 213, 0 } });
    addAlert(result, "DiskFull24h", "web-03:9100", Warning, { { 29, 19, 0 } });
    addAlert(result, "SynseLatencyP95", "synse-03:5000", Warning,
        { { 1136, 1131, 1105 }, { 576, 574, 571 }, { 283, 278, 231 }, { 13, 8, 0 } });
    return result;
}

} // namespace

class TestLaneChart : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { theme::applyApplicationFont(1); }
    void picturesInBothThemes_data();
    void picturesInBothThemes();
    void oneLanePerHostAndSource();
    void unreachableHostsShellIsUnknownNotClosed();
    void spansFollowTheirAlert();
    void arrowsSelectLanes();
    void screenReaderHearsTheLanes();
};

void TestLaneChart::picturesInBothThemes_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestLaneChart::picturesInBothThemes()
{
    QFETCH(bool, dark);
    QApplication::setPalette(
        theme::paletteOf(theme::tokens(dark ? theme::Scheme::Dark : theme::Scheme::Light)));
    CrosshairGroup group;
    LaneChart shells(group);
    LaneOptions options;
    options.gutterPx = 112;
    options.rowPx = 23;
    options.barPx = 13;
    shells.setOptions(options);
    shells.setLanes(lanesOfSessions(sessions(), unreachable(), kNowMs, berlin()));
    shells.setZone(berlin());
    shells.setTimes(kDay, 120'000, kNowMs);
    shells.resize(1240, shells.sizeHint().height());
    const QString theme = dark ? QStringLiteral("dark") : QStringLiteral("light");
    QVERIFY(renderImage(shells, 1).save(screen(QStringLiteral("lanes-shells-%1.png").arg(theme))));

    LaneChart lanes(group);
    const Alerts some = alerts();
    lanes.setLanes(lanesOfAlerts(some.views, some.spans, kNowMs, berlin()));
    lanes.setZone(berlin());
    lanes.setTimes(kDay, 120'000, kNowMs);
    lanes.setSelected(QStringLiteral("4"));
    lanes.resize(1190, lanes.sizeHint().height());
    QVERIFY(renderImage(lanes, 1).save(screen(QStringLiteral("lanes-alerts-%1.png").arg(theme))));
    QApplication::setPalette(theme::paletteOf(theme::tokens(theme::Scheme::Light)));
}

void TestLaneChart::oneLanePerHostAndSource()
{
    const auto lanes = lanesOfSessions(sessions(), unreachable(), kNowMs, berlin());
    QCOMPARE(lanes.size(), size_t { 8 });
    QCOMPARE(lanes[1].title, QStringLiteral("web-07"));
    QCOMPARE(lanes[1].spans.size(), size_t { 2 });
    QCOMPARE(lanes[6].spans[0].kind, LaneKind::ShellMoment);
    QCOMPARE(lanes[5].unreachableMs.size(), size_t { 1 });
}

void TestLaneChart::unreachableHostsShellIsUnknownNotClosed()
{
    const auto lanes = lanesOfSessions(sessions(), unreachable(), kNowMs, berlin());
    const auto& spans = lanes[2].spans;
    QCOMPARE(spans.size(), size_t { 2 });
    QCOMPARE(spans[1].kind, LaneKind::ShellUnknown);
    QCOMPARE(spans[1].endMs, kOngoing);
    QCOMPARE(spans[1].beginMs, kNowMs - 12.0 * kMinuteMs);
    QCOMPARE(spans[1].label, QStringLiteral("ops-jon, unknown since 14:29:40"));
}

void TestLaneChart::spansFollowTheirAlert()
{
    Alerts some = alerts();
    some.spans.push_back({ 99, "Other", {}, {}, {}, 1, 2, {}, {}, {}, {}, false });
    const auto lanes = lanesOfAlerts(some.views, some.spans, kNowMs, berlin());
    QCOMPARE(lanes.size(), size_t { 4 });
    QCOMPARE(lanes[3].detail, QStringLiteral("synse-03"));
    QCOMPARE(lanes[3].spans.size(), size_t { 8 });
    QCOMPARE(lanes[3].spans.back().endMs, kOngoing);
    QVERIFY(
        lanes[3].spans.back().text.contains(QStringLiteral("SynseLatencyP95 on synse-03:5000")));
}

void TestLaneChart::arrowsSelectLanes()
{
    CrosshairGroup group;
    LaneChart chart(group);
    const Alerts some = alerts();
    chart.setLanes(lanesOfAlerts(some.views, some.spans, kNowMs, berlin()));
    QSignalSpy selected(&chart, &LaneChart::laneSelected);
    QTest::keyClick(&chart, Qt::Key_Down);
    QTest::keyClick(&chart, Qt::Key_Down);
    QTest::keyClick(&chart, Qt::Key_Up);
    QCOMPARE(selected.size(), 3);
    QCOMPARE(chart.selected(), QStringLiteral("1"));
}

void TestLaneChart::screenReaderHearsTheLanes()
{
    CrosshairGroup group;
    LaneChart chart(group);
    chart.setAccessibleName(QStringLiteral("Shells, last 24 h"));
    chart.setLanes(lanesOfSessions(sessions(), unreachable(), kNowMs, berlin()));
    QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(&chart);
    QVERIFY(accessible != nullptr);
    QCOMPARE(accessible->role(), QAccessible::Chart);
    const QString text = accessible->text(QAccessible::Description);
    QVERIFY2(text.contains(QStringLiteral("build-03 build: ops-jon from 10.0.4.7, last seen open "
                                          "14:29:40, host does not answer")),
        qPrintable(text));
}

QTEST_MAIN(TestLaneChart)
#include "tst_lane_chart.moc"
