// Goal: what fires, since when and what was done about it, without a click; orders go to the port
// once. Method: the page on a sample fleet; answers come when the test says so.
#include "tests/support/sample_port.h"
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/charts/lane_chart.h"
#include "ui/charts/time_chart.h"
#include "ui/main_window/main_window.h"
#include "ui/models/alert_model.h"
#include "ui/pages/alerts_page.h"
#include "ui/pages/alerts_page_timeline.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/query_limit.h"
#include "ui/widgets/search_field.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>
#include <random>

using namespace fleetglass;
using namespace fleetglass::pages;
using models::AlertKind;
using models::AlertModel;

namespace {

constexpr int64_t kNowMs = support::kSampleNowMs;

const theme::Zone kBerlin { false, QTimeZone("Europe/Berlin") };

struct Stage
{
    support::ThemeFixture theme;
    view::FleetViewPtr view = support::sampleView();
    support::SamplePort port { view };
    widgets::TimeController time;
    theme::SeriesColors colors;
    std::unique_ptr<AlertsPage> page;

    explicit Stage(view::FleetViewPtr first = support::sampleView())
        : view(std::move(first))
    {
        time.setZone(kBerlin);
        time.setNow(kNowMs);
        page = std::make_unique<AlertsPage>(port, time, colors);
        page->resize(1188, 850);
        page->showView(view);
        page->show();
        page->activateWindow(); // Shortcuts want an active window.
        static_cast<void>(QTest::qWaitForWindowActive(page.get()));
        page->setFocus();
    }

    QTableView& table() { return *page->findChild<QTableView*>(); }
    int rowOf(const QString& name)
    {
        for (int row = 0; row < page->model().rowCount(); ++row) {
            if (text(row, AlertModel::Alert) == name)
                return row;
        }
        return -1;
    }
    QString text(int row, int column) { return page->model().index(row, column).data().toString(); }
    uint64_t idOf(const QString& name) { return page->model().rowAt(rowOf(name))->key; }
    void select(const QString& name) { page->selectAlert(idOf(name)); }
    QString words()
    {
        QStringList all;
        for (const auto* label : page->findChildren<widgets::PlainLabel*>()) {
            if (label->isVisible())
                all += label->text();
        }
        return all.join(QLatin1Char('\n'));
    }
};

view::FleetViewPtr withAlerts(std::vector<std::shared_ptr<const view::AlertView>> alerts)
{
    auto fleet = std::make_shared<view::FleetView>(*support::sampleView());
    fleet->alerts = std::move(alerts);
    return fleet;
}

} // namespace

class TestAlertsPage : public QObject
{
    Q_OBJECT

private slots:
    void picturesInBothThemes_data();
    void picturesInBothThemes();
    void worstComesFirst();
    void rowSaysWhatIsMeasured();
    void tickChangesCellsAndKeepsTheSelection();
    void randomViewsKeepTheModelSound();
    void chipsAndWordsFilter();
    void acknowledgeGoesToThePortOnceAndBack();
    void snoozeNamesTheMoment();
    void enterChartsTheExpressionWithoutItsLimit();
    void limitIsTakenOffOnlyAtTheTop_data();
    void limitIsTakenOffOnlyAtTheTop();
    void historyCountsWhatFired();
    void lanesFollowTheTable();
    void curveShowsOnlyTheAlertsSeries();
    void csvCannotBecomeAFormula();
    void emptyStatesSayWhy();
    void archiveTakesNoOrders();
    void linkSelectsAndClearsTheFilter();
};

void TestAlertsPage::picturesInBothThemes_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("dark") << true;
    QTest::newRow("light") << false;
}

void TestAlertsPage::picturesInBothThemes()
{
    QFETCH(bool, dark);
    support::ThemeFixture theme;
    theme.theme.setChoice(dark ? theme::ThemeChoice::Dark : theme::ThemeChoice::Light);
    theme.theme.apply();
    const auto view = support::sampleView();
    support::SamplePort port { view };
    widgets::TimeController time;
    theme::SeriesColors colors;
    QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("settings")), QSettings::IniFormat);
    time.setZone(kBerlin);
    time.setNow(kNowMs);
    time.showLast(86'400'000);
    std::vector<std::unique_ptr<pages::Page>> all;
    all.push_back(std::make_unique<AlertsPage>(port, time, colors));
    auto* page = static_cast<AlertsPage*>(all.back().get());
    view::QueryAnswer answer;
    answer.ok = true;
    view::SeriesView series;
    series.labels = { { "instance", "synse-03:5000" }, { "template", "/v3/read" } };
    series.values = support::sampleCurve({ .points = 720,
        .level = 0.2,
        .noise = 0.03,
        .seed = 5,
        .stepUpAt = 0.985,
        .stepTo = 0.72 });
    for (size_t i = 0; i < series.values.size(); ++i)
        series.timestampsMs.push_back(kNowMs / 120'000 * 120'000 - (719 - int64_t(i)) * 120'000);
    answer.series = { series };
    for (const auto& alert : view->alerts) {
        if (alert->name == "SynseLatencyP95")
            port.setAnswer(
                widgets::withoutLimit(QString::fromStdString(alert->expression)).toStdString(),
                answer);
    }
    main_window::MainWindow window({ theme.theme, port, time, settings, std::move(all), true });
    window.resize(1600, 1000);
    window.showView(view);
    window.show();
    for (const auto& alert : view->alerts) {
        if (alert->name == "SynseLatencyP95")
            page->selectAlert(alert->id);
    }
    port.deliver();
    QTest::qWait(120);
    QVERIFY(support::saveScreen(
        window, dark ? QStringLiteral("alerts-dark") : QStringLiteral("alerts-light")));
    QCOMPARE(page->model().rowCount(), 12);
}

void TestAlertsPage::worstComesFirst()
{
    Stage stage;
    QStringList states;
    for (int row = 0; row < stage.page->model().rowCount(); ++row)
        states += stage.text(row, AlertModel::State);
    QCOMPARE(states.mid(0, 4), QStringList(4, QStringLiteral("critical")));
    QCOMPARE(states.mid(8),
        QStringList({ QStringLiteral("pending"), QStringLiteral("pending"),
            QStringLiteral("snoozed"), QStringLiteral("resolved") }));
    QCOMPARE(stage.text(0, AlertModel::Alert), QStringLiteral("StashBackupFailed"));
}

void TestAlertsPage::rowSaysWhatIsMeasured()
{
    Stage stage;
    const int disk = stage.rowOf(QStringLiteral("DiskFull24h"));
    QCOMPARE(stage.text(disk, AlertModel::Value), QStringLiteral("4.10 GiB"));
    QCOMPARE(stage.text(disk, AlertModel::Limit), QStringLiteral("< 5.03 GiB"));
    QCOMPARE(stage.text(disk, AlertModel::LabelSet),
        QStringLiteral("instance=web-03:9100 mountpoint=/var"));
    QCOMPARE(stage.text(disk, AlertModel::Since), QStringLiteral("14:22:40, 19 m"));
    QCOMPARE(stage.text(disk, AlertModel::For), QStringLiteral("10 m"));
    QCOMPARE(stage.text(stage.rowOf(QStringLiteral("StashBackupFailed")), AlertModel::Handled),
        QStringLiteral("acked 07:41"));
    QCOMPARE(stage.text(stage.rowOf(QStringLiteral("NodeLoadHigh")), AlertModel::Handled),
        QStringLiteral("until 15:30"));
    QCOMPARE(stage.text(stage.rowOf(QStringLiteral("AwxPendingJobs")), AlertModel::Handled),
        QStringLiteral("fires in 4 m"));
}

void TestAlertsPage::tickChangesCellsAndKeepsTheSelection()
{
    AlertModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setZone(kBerlin);
    auto alerts = support::sampleAlerts(kNowMs);
    model.setAlerts(alerts, kNowMs);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
    model.setAlerts(alerts, kNowMs);
    QCOMPARE(changes.size(), 0);
    const QPersistentModelIndex held(model.index(4, 0));
    const uint64_t key = model.rowAt(4)->key;
    // One value is another, one alert is gone.
    auto changed = std::make_shared<view::AlertView>(*alerts[4]);
    changed->value *= 2;
    alerts[4] = changed;
    alerts.erase(alerts.begin());
    model.setAlerts(alerts, kNowMs);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(inserts.size(), 0);
    QCOMPARE(resets.size(), 0);
    QCOMPARE(model.rowAt(held.row())->key, key);
}

void TestAlertsPage::randomViewsKeepTheModelSound()
{
    AlertModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto all = support::sampleAlerts(kNowMs);
    const unsigned seed = 20'261'120;
    std::mt19937 random(seed);
    qInfo("seed %u", seed);
    for (int round = 0; round < 200; ++round) {
        std::vector<models::AlertPtr> some;
        for (const auto& alert : all) {
            if (random() % 3 == 0)
                continue;
            auto copy = std::make_shared<view::AlertView>(*alert);
            copy->state = static_cast<view::AlertState>(random() % 3);
            copy->severity = static_cast<view::Severity>(random() % 3);
            some.push_back(copy);
        }
        model.setAlerts(some, kNowMs + round);
        QCOMPARE(model.rowCount(), static_cast<int>(some.size()));
        for (int row = 1; row < model.rowCount(); ++row)
            QVERIFY(model.rowAt(row - 1)->kind <= model.rowAt(row)->kind);
    }
}

void TestAlertsPage::chipsAndWordsFilter()
{
    Stage stage;
    const auto chips = stage.page->findChildren<widgets::Chip*>();
    const auto chip = [&](const QString& name) {
        for (widgets::Chip* one : chips) {
            if (one->text() == name)
                return one;
        }
        return static_cast<widgets::Chip*>(nullptr);
    };
    QVERIFY(chip(QStringLiteral("critical")) != nullptr);
    QCOMPARE(chip(QStringLiteral("critical"))->accessibleName(), QStringLiteral("critical 4"));
    chip(QStringLiteral("critical"))->click();
    QCOMPARE(stage.page->model().rowCount(), 4);
    chip(QStringLiteral("pending"))->click();
    QCOMPARE(stage.page->model().rowCount(), 6);
    chip(QStringLiteral("critical"))->click();
    chip(QStringLiteral("pending"))->click();
    auto* search = stage.page->findChild<widgets::SearchField*>();
    search->setText(QStringLiteral("etcha web-07"));
    emit search->filterChanged(search->text());
    QCOMPARE(stage.page->model().rowCount(), 2);
}

void TestAlertsPage::acknowledgeGoesToThePortOnceAndBack()
{
    Stage stage;
    QSignalSpy notes(stage.page.get(), &Page::noted);
    stage.select(QStringLiteral("DiskFull24h"));
    const std::string id = std::to_string(stage.idOf(QStringLiteral("DiskFull24h")));
    QTest::keyClick(&stage.table(), Qt::Key_A);
    QCOMPARE(stage.port.calls().back(), "acknowledge " + id + " on");
    QCOMPARE(notes.size(), 1);
    stage.select(QStringLiteral("StashBackupFailed"));
    const std::string acked = std::to_string(stage.idOf(QStringLiteral("StashBackupFailed")));
    QTest::keyClick(&stage.table(), Qt::Key_A);
    QCOMPARE(stage.port.calls().back(), "acknowledge " + acked + " off");
    stage.select(QStringLiteral("AwxCapacityLow"));
    const auto calls = stage.port.calls();
    stage.page->acknowledge();
    QCOMPARE(stage.port.calls(), calls);
}

void TestAlertsPage::snoozeNamesTheMoment()
{
    Stage stage;
    QSignalSpy notes(stage.page.get(), &Page::noted);
    stage.select(QStringLiteral("DiskFull24h"));
    const int64_t until = kNowMs + 3'600'000;
    stage.page->snoozeUntil(until);
    QCOMPARE(stage.port.calls().back(),
        "snooze " + std::to_string(stage.idOf(QStringLiteral("DiskFull24h"))) + ' '
            + std::to_string(until));
    QCOMPARE(notes.back().front().toString(), QStringLiteral("snoozed until 15:41:40 +01:00"));
    QCOMPARE(theme::dateTimeText(tomorrowAtNine(kNowMs, kBerlin), kBerlin),
        QStringLiteral("2026-11-21 09:00:00 +01:00"));
    // The night the clocks go forward is an hour shorter.
    const int64_t beforeSpring = 1'774'735'200'000; // 2026-03-28 23:00 +01:00
    QCOMPARE(tomorrowAtNine(beforeSpring, kBerlin) - beforeSpring, 9 * 3'600'000);
}

void TestAlertsPage::enterChartsTheExpressionWithoutItsLimit()
{
    Stage stage;
    QList<Link> links;
    connect(stage.page.get(), &Page::linkActivated, this,
        [&](const Link& link) { links.append(link); });
    stage.select(QStringLiteral("AwxPendingJobs"));
    QTest::keyClick(&stage.table(), Qt::Key_Return);
    QCOMPARE(links.size(), 1);
    QCOMPARE(links[0].page, QStringLiteral("explore"));
    QCOMPARE(links[0].query, QStringLiteral("awx_pending_jobs_total"));
    QTest::keyClick(&stage.table(), Qt::Key_R);
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY2(
        copied.contains(QStringLiteral("- alert: AwxPendingJobs\n  expr: ")), qPrintable(copied));
}

void TestAlertsPage::limitIsTakenOffOnlyAtTheTop_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("measured");
    const auto row = [](const char* name, const char* query, const char* measured) {
        QTest::newRow(name) << QString::fromLatin1(query) << QString::fromLatin1(measured);
    };
    row("right", "rate(x_total[5m]) > 0.01", "rate(x_total[5m])");
    row("left", "5 < x", "x");
    row("sign and parentheses", "(x >= (-3))", "x");
    row("two series", "x > y", "x > y");
    row("inside only", "sum(x > 5)", "sum(x > 5)");
    row("and", "x > 5 and y > 3", "x > 5 and y > 3");
    row("text with the sign", "x{a=\"> 5\"} == 1", "x{a=\"> 5\"}");
    row("not a query", "rate(x", "rate(x");
}

void TestAlertsPage::limitIsTakenOffOnlyAtTheTop()
{
    QFETCH(QString, query);
    QTEST(widgets::withoutLimit(query), "measured");
}

void TestAlertsPage::historyCountsWhatFired()
{
    const auto spans = support::sampleAlertSpans(kNowMs);
    const auto alerts = support::sampleAlerts(kNowMs);
    const auto of = [&](const char* name) {
        for (const auto& alert : alerts) {
            if (alert->name == name)
                return historyText(spans, alert->id, kNowMs);
        }
        return QString();
    };
    QCOMPARE(of("SynseLatencyP95"), QStringLiteral("fired 3 times in 24 h, 1 h 22 m in all"));
    QCOMPARE(historyText({}, 1, kNowMs), QStringLiteral("has not fired in 24 h"));
    view::AlertSpanView pending;
    pending.alertId = 1;
    pending.startMs = kNowMs - 60'000;
    pending.endMs = kNowMs - 30'000;
    QCOMPARE(historyText({ pending }, 1, kNowMs),
        QStringLiteral("has not fired in 24 h; pending once without firing"));
}

void TestAlertsPage::lanesFollowTheTable()
{
    Stage stage;
    auto* lanes = stage.page->findChild<charts::LaneChart*>();
    QCOMPARE(lanes->lanes().size(), size_t { 12 });
    for (int row = 0; row < stage.page->model().rowCount(); ++row)
        QCOMPARE(lanes->lanes()[static_cast<size_t>(row)].key,
            QString::number(stage.page->model().rowAt(row)->key));
    const QString third = lanes->lanes()[2].key;
    emit lanes->laneSelected(third);
    QCOMPARE(stage.table().currentIndex().row(), 2);
    QCOMPARE(lanes->selected(), third);
}

void TestAlertsPage::curveShowsOnlyTheAlertsSeries()
{
    Stage stage;
    stage.select(QStringLiteral("SynseLatencyP95"));
    stage.port.deliver();
    const auto& content = stage.page->findChild<charts::TimeChart*>()->content();
    QVERIFY(!content.series.empty());
    for (const charts::Series& series : content.series)
        QCOMPARE(series.labels.get("instance"), std::string_view("synse-03:5000"));
    QCOMPARE(content.thresholds.size(), size_t { 1 });
    QCOMPARE(content.thresholds[0].text, QStringLiteral("limit 500 ms"));
}

void TestAlertsPage::csvCannotBecomeAFormula()
{
    QCOMPARE(models::csvField(QStringLiteral("=1+1")), QStringLiteral("'=1+1"));
    QCOMPARE(models::csvField(QStringLiteral("-0.5")), QStringLiteral("-0.5"));
    QCOMPARE(models::csvField(QStringLiteral("a,\"b\"")), QStringLiteral("\"a,\"\"b\"\"\""));
    Stage stage;
    stage.select(QStringLiteral("DiskFull24h"));
    const QString csv = stage.page->model().csv({ stage.rowOf(QStringLiteral("DiskFull24h")) });
    QCOMPARE(csv.section(QStringLiteral("\r\n"), 1, 1).section(QLatin1Char(','), 0, 1),
        QStringLiteral("warning,DiskFull24h"));
    view::QueryAnswer answer;
    answer.series
        = { { { { "a", "1" } }, { 1'000 }, { 2.5 } }, { { { "a", "2" } }, { 2'000 }, { 3 } } };
    QCOMPARE(csvOf(answer, { true }),
        QStringLiteral(
            "time,\"{a=\"\"1\"\"}\",\"{a=\"\"2\"\"}\"\r\n1970-01-01T00:00:01+00:00,2.5,\r\n"
            "1970-01-01T00:00:02+00:00,,3\r\n"));
}

void TestAlertsPage::emptyStatesSayWhy()
{
    Stage calm(withAlerts({}));
    QVERIFY2(calm.words().contains(QStringLiteral("nothing is firing; 14 rule(s) evaluated")),
        qPrintable(calm.words()));
    Stage none(support::emptyView());
    QVERIFY2(none.words().contains(QStringLiteral("no rules yet: drop a rule file")),
        qPrintable(none.words()));
    Stage filtered;
    auto* search = filtered.page->findChild<widgets::SearchField*>();
    emit search->filterChanged(QStringLiteral("no such alert"));
    QVERIFY(filtered.words().contains(QStringLiteral("no alert fits the filter")));
}

void TestAlertsPage::archiveTakesNoOrders()
{
    auto fleet = std::make_shared<view::FleetView>(*support::sampleView());
    fleet->status.archive = true;
    Stage stage(fleet);
    stage.select(QStringLiteral("DiskFull24h"));
    stage.page->acknowledge();
    stage.page->snoozeUntil(kNowMs + 1);
    for (const std::string& call : stage.port.calls())
        QVERIFY2(call.rfind("query", 0) == 0, call.c_str());
}

void TestAlertsPage::linkSelectsAndClearsTheFilter()
{
    Stage stage;
    const uint64_t id = stage.idOf(QStringLiteral("NodeLoadHigh"));
    auto* search = stage.page->findChild<widgets::SearchField*>();
    search->setText(QStringLiteral("etcha"));
    emit search->filterChanged(search->text());
    QCOMPARE(stage.rowOf(QStringLiteral("NodeLoadHigh")), -1);
    stage.page->open({ .page = QStringLiteral("alerts"), .alertId = id });
    QCOMPARE(stage.page->model().rowAt(stage.table().currentIndex().row())->key, id);
    const QJsonObject state = stage.page->saveState();
    Stage later(support::sampleView());
    later.page->restoreState(state);
    later.page->showView(support::sampleView());
    QCOMPARE(later.page->model().rowAt(later.table().currentIndex().row())->key, id);
}

QTEST_MAIN(TestAlertsPage)
#include "tst_alerts_page.moc"
