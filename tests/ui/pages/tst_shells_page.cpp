// Goal: who has a live shell, from where and since when, without a click, and never more certain
// than the scrapes are. Method: the page on a sample fleet; answers come when the test says so.
#include "tests/support/sample_port.h"
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/charts/lane_chart.h"
#include "ui/charts/time_chart.h"
#include "ui/main_window/main_window.h"
#include "ui/models/command_model.h"
#include "ui/models/session_model.h"
#include "ui/pages/shells_page.h"
#include "ui/pages/shells_page_inspector.h"
#include "ui/pages/shells_page_queries.h"
#include "ui/theme/cell.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/search_field.h"

#include <QAbstractItemModelTester>
#include <QInputDialog>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

using namespace fleetglass;
using namespace fleetglass::pages;
using models::SessionModel;
using view::SessionState;
using view::SessionView;

namespace {

constexpr int64_t kNowMs = support::kSampleNowMs;

const theme::Zone kBerlin { false, QTimeZone("Europe/Berlin") };

view::MetricView metric(const char* name)
{
    view::MetricView view;
    view.name = name;
    return view;
}

// One line from a quiet start to a busy end.
view::QueryAnswer curve(double level, double noise, double to, unsigned seed)
{
    view::QueryAnswer answer;
    answer.ok = true;
    view::SeriesView series;
    series.values = support::sampleCurve({ .points = 110,
        .level = level,
        .noise = noise,
        .seed = seed,
        .stepUpAt = 0.6,
        .stepTo = to });
    for (size_t i = 0; i < series.values.size(); ++i)
        series.timestampsMs.push_back(kNowMs / 15'000 * 15'000 - (109 - int64_t(i)) * 15'000);
    answer.series = { series };
    return answer;
}

view::SeriesView counter(
    const char* mode, const char* id, const char* error, std::vector<std::pair<int64_t, double>> at)
{
    view::SeriesView series;
    series.labels
        = { { "mode", mode }, { "id", id }, { "parent_id", "nginx" }, { "error", error } };
    for (const auto& [agoS, value] : at) {
        series.timestampsMs.push_back(kNowMs - agoS * 1000);
        series.values.push_back(value);
    }
    return series;
}

view::QueryAnswer commandsAnswer()
{
    view::QueryAnswer answer;
    answer.ok = true;
    answer.request.startMs = kNowMs - 1'500'000;
    answer.series
        = { counter("check", "copy: /etc/motd", "0", { { 1'500, 10 }, { 500, 30 }, { 30, 209 } }),
              counter("changed", "systemd: app", "0", { { 125, 1 } }),
              counter("changed", "file: /etc/nginx/conf.d/upstream.conf", "0", { { 320, 1 } }),
              counter("changed", "systemd: nginx", "1", { { 400, 1 }, { 320, 3 } }) };
    return answer;
}

struct Stage
{
    support::ThemeFixture theme;
    view::FleetViewPtr view;
    support::SamplePort port;
    widgets::TimeController time;
    theme::SeriesColors colors;
    std::unique_ptr<ShellsPage> page;

    explicit Stage(view::FleetViewPtr first = support::sampleView())
        : view(std::move(first))
        , port(view)
    {
        time.setZone(kBerlin);
        time.setNow(kNowMs);
        page = std::make_unique<ShellsPage>(port, time, colors);
        page->resize(1248, 850);
        page->showView(view);
        page->show();
    }

    QString text(int row, int column) { return page->model().index(row, column).data().toString(); }
    QStringList row(int at)
    {
        QStringList cells;
        for (int column = 0; column < SessionModel::kColumns; ++column)
            cells += text(at, column);
        return cells;
    }
    QString words()
    {
        QStringList all;
        for (const auto* label : page->findChildren<widgets::PlainLabel*>())
            all += label->isVisible() ? label->text() : QString();
        return all.join(QLatin1Char('\n'));
    }
    QVector<charts::TimeChart*> curves()
    {
        QVector<charts::TimeChart*> shown;
        for (auto* chart : page->findChildren<charts::TimeChart*>()) {
            if (chart->isVisible())
                shown += chart;
        }
        return shown;
    }
};

view::FleetViewPtr withSessions(std::vector<SessionView> sessions)
{
    auto fleet = std::make_shared<view::FleetView>(*support::sampleView());
    fleet->sessions = std::make_shared<const std::vector<SessionView>>(std::move(sessions));
    return fleet;
}

} // namespace

class TestShellsPage : public QObject
{
    Q_OBJECT

private slots:
    void picturesInBothThemes_data();
    void picturesInBothThemes();
    void statesAreSaidInWords_data();
    void statesAreSaidInWords();
    void openComesFirstAndTimesCarryTheirUncertainty();
    void unreachableHostIsNeverClosed();
    void headerSaysWhatCanBeMissed();
    void chipsAndWordsFilter();
    void tickKeepsRowsAndSelection();
    void onlyMetricsThatExistAreAsked();
    void hostWithoutValuesIsSaid();
    void bandCoversTheSession();
    void commandsCountOnlyWithinTheSession();
    void hostNamesAreQuoted();
    void laneSelectsItsSession();
    void addressBookGoesToThePort();
    void originsAreCountedByAddress();
    void emptyStatesSayWhy();
};

void TestShellsPage::picturesInBothThemes_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestShellsPage::picturesInBothThemes()
{
    QFETCH(bool, dark);
    support::ThemeFixture theme;
    theme.theme.setChoice(dark ? theme::ThemeChoice::Dark : theme::ThemeChoice::Light);
    theme.theme.apply();
    const auto view = support::sampleView();
    support::SamplePort port { view };
    const SessionView& shown = view->sessions->front();
    const auto queries = storyQueries(shown, *view->metrics, shown.intervalMs);
    QCOMPARE(queries.size(), 4);
    port.setAnswer(queries[0].query.toStdString(), curve(0.001, 0.0005, 0.35, 4));
    port.setAnswer(queries[1].query.toStdString(), curve(0.24, 0.05, 0.38, 5));
    port.setAnswer(queries[2].query.toStdString(), curve(62, 2, 184, 6));
    port.setAnswer(queries[3].query.toStdString(), curve(5.1e6, 8e5, 5.3e6, 7));
    port.setAnswer(commandsQuery(shown, *view->metrics).toStdString(), commandsAnswer());
    widgets::TimeController time;
    theme::SeriesColors colors;
    QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("settings")), QSettings::IniFormat);
    time.setZone(kBerlin);
    time.setNow(kNowMs);
    time.showLast(86'400'000);
    std::vector<std::unique_ptr<pages::Page>> all;
    all.push_back(std::make_unique<ShellsPage>(port, time, colors));
    auto* page = static_cast<ShellsPage*>(all.back().get());
    main_window::MainWindow window({ theme.theme, port, time, settings, std::move(all), true });
    window.resize(1600, 1000);
    window.showView(view);
    window.show();
    page->selectSession(shown.id);
    port.deliver();
    QTest::qWait(150);
    QVERIFY(support::saveScreen(
        window, dark ? QStringLiteral("shells-dark") : QStringLiteral("shells-light")));
    QCOMPARE(page->model().rowCount(), 10);
}

void TestShellsPage::statesAreSaidInWords_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("words");
    const auto row = [](SessionState state, const char* words) {
        QTest::newRow(words) << static_cast<int>(state) << QString::fromLatin1(words);
    };
    row(SessionState::Open, "open");
    row(SessionState::OpenBeforeWatch, "open since before watching began");
    row(SessionState::Unknown, "unknown, last seen 14:29:50");
    row(SessionState::Closed, "closed");
    row(SessionState::BetweenScrapes, "opened and closed between scrapes");
}

void TestShellsPage::statesAreSaidInWords()
{
    QFETCH(int, state);
    SessionView session = support::sampleSessions(kNowMs)[2];
    session.state = static_cast<SessionState>(state);
    QTEST(models::stateText(session, kNowMs, kBerlin), "words");
    Stage stage(withSessions({ session }));
    QCOMPARE(
        stage.page->model().index(0, SessionModel::State).data(Qt::AccessibleTextRole).toString(),
        models::stateText(session, kNowMs, kBerlin));
}

void TestShellsPage::openComesFirstAndTimesCarryTheirUncertainty()
{
    Stage stage;
    QCOMPARE(stage.row(0),
        QStringList({ QStringLiteral("open"), QStringLiteral("db-02"), QStringLiteral("pg-fix"),
            QStringLiteral("k-7f31c2"), QStringLiteral("10.0.9.23"), QStringLiteral("14:38:20"),
            QStringLiteral("\u2013"), QStringLiteral("3 m 20 s"), QStringLiteral("31"),
            QStringLiteral("unknown key, new address") }));
    QCOMPARE(stage.page->model().index(0, SessionModel::Opened).data(theme::DetailRole).toString(),
        QStringLiteral("(\u221215 s)"));
    QCOMPARE(stage.text(6, SessionModel::Opened), QStringLiteral("09:14:32 to 09:14:47"));
    QCOMPARE(stage.text(6, SessionModel::OpenFor), QStringLiteral("< 15 s"));
    QCOMPARE(stage.text(6, SessionModel::Flag), QStringLiteral("between two scrapes"));
    QCOMPARE(stage.text(9, SessionModel::Opened), QStringLiteral("before 19 Nov 14:20:00"));
    QCOMPARE(stage.text(9, SessionModel::OpenFor), QStringLiteral("> 1 h 42 m"));
    QCOMPARE(stage.text(9, SessionModel::Flag), QStringLiteral("open when watching began"));
}

void TestShellsPage::unreachableHostIsNeverClosed()
{
    Stage stage;
    QCOMPARE(stage.text(2, SessionModel::State), QStringLiteral("unknown"));
    QCOMPARE(stage.text(2, SessionModel::Closed), QStringLiteral("last seen 14:29:50"));
    QCOMPARE(stage.text(2, SessionModel::OpenFor), QStringLiteral("at least 31 m 40 s"));
    QCOMPARE(stage.text(2, SessionModel::Flag), QStringLiteral("host unreachable 10 m"));
}

void TestShellsPage::headerSaysWhatCanBeMissed()
{
    Stage stage;
    QVERIFY2(stage.words().contains(QStringLiteral("10 session(s) in 24 h, detection window 15 "
                                                   "s: a shorter shell can be missed")),
        qPrintable(stage.words()));
    QVERIFY(!stage.words().contains(QStringLiteral("root shell")));
}

void TestShellsPage::chipsAndWordsFilter()
{
    Stage stage;
    for (auto* chip : stage.page->findChildren<widgets::Chip*>()) {
        if (chip->text() == QStringLiteral("unknown key"))
            chip->click();
    }
    QCOMPARE(stage.page->model().rowCount(), 1);
    for (auto* chip : stage.page->findChildren<widgets::Chip*>()) {
        if (chip->text() == QStringLiteral("unknown key"))
            chip->click();
    }
    auto* search = stage.page->findChild<widgets::SearchField*>();
    search->setText(QStringLiteral("10.0.4.7 web"));
    emit search->filterChanged(search->text());
    QCOMPARE(stage.page->model().rowCount(), 3);
    QCOMPARE(stage.page->findChild<charts::LaneChart*>()->lanes().size(), size_t { 2 });
}

void TestShellsPage::tickKeepsRowsAndSelection()
{
    SessionModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setZone(kBerlin);
    auto sessions = support::sampleSessions(kNowMs);
    const auto give = [&](int64_t nowMs) {
        model.setSessions(
            std::make_shared<const std::vector<SessionView>>(sessions), nullptr, nowMs);
    };
    give(kNowMs);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    give(kNowMs);
    QCOMPARE(changes.size(), 0);
    give(kNowMs + 1'000); // Two open shells are a second older.
    QCOMPARE(changes.size(), 1);
    const QPersistentModelIndex open(model.index(0, 0));
    const uint64_t key = model.rowAt(0)->key;
    for (SessionView& session : sessions) {
        if (session.id == key) {
            session.state = SessionState::Closed;
            session.closedLatestMs = kNowMs + 1'000;
        }
    }
    give(kNowMs + 2'000);
    QCOMPARE(removed.size(), 0);
    QCOMPARE(resets.size(), 0);
    QCOMPARE(model.rowAt(open.row())->key, key);
    QCOMPARE(model.rowCount(), 10);
}

void TestShellsPage::onlyMetricsThatExistAreAsked()
{
    SessionView session;
    session.instance = "web-07:4000";
    session.host = "web-07";
    view::MetricCatalog catalog;
    QVERIFY(storyQueries(session, catalog, 15'000).isEmpty());
    QVERIFY(commandsQuery(session, catalog).isEmpty());
    catalog.metrics = { metric("process_open_fds") };
    const auto queries = storyQueries(session, catalog, 15'000);
    QCOMPARE(queries.size(), 1);
    QCOMPARE(queries[0].query, QStringLiteral("max(process_open_fds{instance=\"web-07:4000\"})"));
    catalog.metrics = { metric("node_cpu_seconds_total"), metric("process_open_fds") };
    QCOMPARE(storyQueries(session, catalog, 60'000)[0].query,
        QStringLiteral("1 - avg(rate(node_cpu_seconds_total{mode=\"idle\",instance=~\"web-07(:[0-9]"
                       "+)?\"}[240s]))"));
}

void TestShellsPage::hostWithoutValuesIsSaid()
{
    Stage stage;
    const SessionView& session = stage.page->model().rowAt(0)->session;
    view::QueryAnswer empty;
    empty.ok = true;
    for (const StoryQuery& query : storyQueries(session, *stage.view->metrics, session.intervalMs))
        stage.port.setAnswer(query.query.toStdString(), empty);
    stage.page->selectSession(stage.page->model().rowAt(1)->key);
    stage.page->selectSession(session.id);
    stage.port.deliver();
    QVERIFY(stage.curves().isEmpty());
    QVERIFY2(stage.words().contains(QStringLiteral("No metric of this host tells")),
        qPrintable(stage.words()));
}

void TestShellsPage::bandCoversTheSession()
{
    Stage stage;
    stage.page->selectSession(3); // Unknown since its host does not answer.
    stage.port.deliver();
    QCOMPARE(stage.curves().size(), 4);
    const auto& bands = stage.curves().front()->content().shells;
    QCOMPARE(bands.size(), size_t { 2 });
    QVERIFY(bands[0].known);
    QVERIFY(!bands[1].known);
    QCOMPARE(bands[1].beginMs, static_cast<double>(kNowMs - 710'000));
    stage.page->selectSession(4);
    stage.port.deliver();
    const auto& closed = stage.curves().front()->content().shells;
    QCOMPARE(closed.size(), size_t { 1 });
    QCOMPARE(closed[0].endMs, static_cast<double>(kNowMs - 4'190'000));
    const widgets::TimeRange range = storyRange(stage.page->model().rowAt(3)->session, kNowMs);
    QVERIFY(range.startMs < kNowMs - 5'345'000 && range.endMs > kNowMs - 4'190'000);
}

void TestShellsPage::commandsCountOnlyWithinTheSession()
{
    const auto commands = models::commandCounts(commandsAnswer(), kNowMs - 575'000, kNowMs);
    QCOMPARE(commands.size(), size_t { 4 });
    QCOMPARE(commands[0].id, std::string("copy: /etc/motd"));
    QCOMPARE(commands[0].count, 199.0);
    QVERIFY(commands[0].isCheck());
    QCOMPARE(commands[1].id, std::string("systemd: app"));
    QCOMPARE(commands[3].id, std::string("systemd: nginx"));
    QCOMPARE(commands[3].count, 3.0);
    QVERIFY(commands[3].hasError());
    // A counter that begins anew, and one from before the session.
    view::QueryAnswer answer;
    answer.request.startMs = kNowMs - 1'000'000;
    answer.series = { counter("changed", "a", "0", { { 1'000, 7 }, { 100, 2 } }),
        counter("changed", "b", "0", { { 900, 5 } }) };
    const auto after = models::commandCounts(answer, kNowMs - 575'000, kNowMs);
    QCOMPARE(after.size(), size_t { 1 });
    QCOMPARE(after[0].count, 2.0);
    models::CommandModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setCommands(commands, kNowMs, kBerlin);
    QCOMPARE(model.index(3, models::CommandModel::Count).data().toString(), QStringLiteral("+3"));
    model.setCommands(after, kNowMs, kBerlin);
    QCOMPARE(model.rowCount(), 1);
}

void TestShellsPage::hostNamesAreQuoted()
{
    QCOMPARE(promqlString("a\"b\\c\n"), QStringLiteral("\"a\\\"b\\\\c\\n\""));
    QCOMPARE(hostMatcher("web.example.org"),
        QStringLiteral("instance=~\"web\\\\.example\\\\.org(:[0-9]+)?\""));
}

void TestShellsPage::laneSelectsItsSession()
{
    Stage stage;
    auto* lanes = stage.page->findChild<charts::LaneChart*>();
    QCOMPARE(lanes->lanes().size(), size_t { 8 });
    emit lanes->laneSelected(lanes->lanes()[2].key);
    QCOMPARE(stage.page->findChild<QTableView*>()->currentIndex().row(), 2);
    QCOMPARE(
        stage.page->saveState().value(QStringLiteral("session")).toString(), QStringLiteral("3"));
}

void TestShellsPage::addressBookGoesToThePort()
{
    Stage stage;
    stage.page->selectSession(2);
    stage.page->editAddressBook();
    auto* dialog = stage.page->findChild<QInputDialog*>();
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->textValue(), QString());
    dialog->setTextValue(QStringLiteral("  Piet Blom "));
    dialog->accept();
    QCOMPARE(stage.port.calls().back(), std::string("nameKey k-7f31c2 Piet Blom"));
    auto archive = std::make_shared<view::FleetView>(*support::sampleView());
    archive->status.archive = true;
    Stage later(archive);
    later.page->selectSession(2);
    later.page->editAddressBook();
    QVERIFY(later.page->findChild<QInputDialog*>() == nullptr);
}

void TestShellsPage::originsAreCountedByAddress()
{
    const auto origins = originsOf(support::sampleSessions(kNowMs));
    QCOMPARE(origins.size(), 5);
    QCOMPARE(origins[0].address, QStringLiteral("10.0.4.7"));
    QCOMPARE(origins[0].sessions, 4);
    QVERIFY(!origins[0].odd);
    QVERIFY(std::any_of(origins.begin(), origins.end(), [](const Origin& origin) {
        return origin.key == QStringLiteral("k-7f31c2") && origin.odd;
    }));
}

void TestShellsPage::emptyStatesSayWhy()
{
    Stage calm(withSessions({}));
    QVERIFY2(calm.words().contains(QStringLiteral("no live shell in the last 24 h")),
        qPrintable(calm.words()));
    Stage none(support::emptyView());
    QVERIFY(none.words().contains(QStringLiteral("no target tells of shells")));
    Stage filtered;
    auto* search = filtered.page->findChild<widgets::SearchField*>();
    search->setText(QStringLiteral("nobody"));
    emit search->filterChanged(search->text());
    QVERIFY(filtered.words().contains(QStringLiteral("no session fits the filter")));
}

QTEST_MAIN(TestShellsPage)
#include "tst_shells_page.moc"
