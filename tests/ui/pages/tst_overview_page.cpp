// Goal: down, firing and shells are seen without a click, problems never drop off, and one action
// leads to the cause. Method: the page on a sample fleet; answers come when the test says so.
#include "tests/support/sample_port.h"
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/main_window/main_window.h"
#include "ui/models/change_model.h"
#include "ui/pages/host_charts.h"
#include "ui/pages/overview_inspector.h"
#include "ui/pages/overview_page.h"
#include "ui/pages/overview_wall.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/tile.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

using namespace fleetglass;
using namespace fleetglass::pages;

namespace {

struct Stage
{
    support::ThemeFixture theme;
    view::FleetViewPtr view;
    support::SamplePort port;
    widgets::TimeController time;
    theme::SeriesColors colors;
    std::unique_ptr<OverviewPage> page;

    explicit Stage(view::FleetViewPtr fleet = support::sampleView())
        : view(std::move(fleet))
        , port(view)
    {
        time.setZone({ false, QTimeZone("Europe/Berlin") });
        time.setNow(view->nowMs);
        page = std::make_unique<OverviewPage>(port, time, colors);
        page->resize(1248, 900);
        page->show();
        page->showView(view);
        QCoreApplication::processEvents();
    }

    OverviewWall& wall() { return *page->findChild<OverviewWall*>(); }
    const view::TargetView& target(const std::string& instance) const
    {
        for (const auto& one : view->targets) {
            if (one->instance == instance)
                return *one;
        }
        qFatal("no target %s", instance.c_str());
    }
    QStringList groupNames()
    {
        QStringList names;
        for (const auto& group : wall().groups())
            names += QString::fromStdString(group.name);
        return names;
    }
    widgets::KeyButton* button(const QString& text)
    {
        for (auto* one : page->findChildren<widgets::KeyButton*>()) {
            if (one->text() == text)
                return one;
        }
        return nullptr;
    }
    bool asked(const std::string& call) const
    {
        return std::any_of(port.calls().begin(), port.calls().end(),
            [&](const std::string& one) { return one.find(call) != std::string::npos; });
    }
};

} // namespace

class TestOverviewPage : public QObject
{
    Q_OBJECT

private slots:
    void picturesInBothThemes_data();
    void picturesInBothThemes();
    void groupsAndCellsAreWorstFirst();
    void alertsAreMatchedByInstanceAndJob();
    void snoozedAlertsLeaveTheCellCalm();
    void sixtyTargetsAreMicroCells();
    void problemsNeverDropOff();
    void smallGroupsShareABand();
    void anyLabelGroups();
    void filterKeepsWhatMatches();
    void tilesCountAndLead();
    void clickOnADownCellOpensTheTarget();
    void arrowsMoveTheSelection();
    void changeRowOpensItsQuery();
    void changesFollowByKey();
    void onlyMetricsThatExistAreAsked();
    void inspectorAcknowledgesSnoozesAndNames();
    void selectionOutlivesARestart();
    void aLargeFleetIsLaidOutInBounds();
};

void TestOverviewPage::picturesInBothThemes_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestOverviewPage::picturesInBothThemes()
{
    QFETCH(bool, dark);
    support::ThemeFixture fixture;
    fixture.theme.setChoice(dark ? theme::ThemeChoice::Dark : theme::ThemeChoice::Light);
    fixture.theme.apply();
    const auto view = support::sampleView();
    support::SamplePort port { view };
    widgets::TimeController time;
    time.setZone({ false, QTimeZone("Europe/Berlin") });
    time.setNow(view->nowMs);
    theme::SeriesColors colors;
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    auto page = std::make_unique<OverviewPage>(port, time, colors);
    OverviewPage* overview = page.get();
    main_window::MainWindowParts parts { fixture.theme, port, time, settings, {}, true };
    parts.pages.push_back(std::move(page));
    main_window::MainWindow window(std::move(parts));
    window.resize(1600, 1000);
    window.show();
    window.showView(view);
    for (const auto& target : view->targets) {
        if (target->instance == "db-02:4000")
            overview->open({ .targetId = target->id });
    }
    for (int i = 0; i < 6; ++i) {
        port.deliver();
        QTest::qWait(30);
    }
    QVERIFY(support::saveScreen(
        window, dark ? QStringLiteral("overview-dark") : QStringLiteral("overview-light")));
}

void TestOverviewPage::groupsAndCellsAreWorstFirst()
{
    Stage stage;
    QCOMPARE(stage.groupNames().first(), QStringLiteral("etcha"));
    QCOMPARE(stage.groupNames().at(1), QStringLiteral("awx"));
    QCOMPARE(stage.groupNames().last(), QStringLiteral("stash"));
    const auto& cells = stage.wall().groups().front().cells;
    QCOMPARE(cells[0].state, models::CellState::Down);
    QCOMPARE(cells[1].state, models::CellState::Down);
    QVERIFY(std::is_sorted(cells.begin(), cells.end(),
        [](const auto& a, const auto& b) { return a.state < b.state; }));
}

void TestOverviewPage::alertsAreMatchedByInstanceAndJob()
{
    Stage stage;
    int warnings = 0;
    for (const auto& group : stage.wall().groups()) {
        for (const auto& cell : group.cells) {
            if (cell.target->instance == "web-03:9100")
                QCOMPARE(cell.state, models::CellState::Warning);
            if (cell.target->instance == "web-03:4000")
                QCOMPARE(cell.state, models::CellState::Ok);
            if (cell.target->instance == "db-02:4000")
                QVERIFY(cell.shellOpen);
            warnings += cell.state == models::CellState::Warning ? 1 : 0;
        }
    }
    QCOMPARE(warnings, 4); // DiskFull24h, SynseLatencyP95 and EtchaShellActive on two hosts.
}

void TestOverviewPage::snoozedAlertsLeaveTheCellCalm()
{
    Stage stage;
    for (const auto& group : stage.wall().groups()) {
        for (const auto& cell : group.cells) {
            if (cell.target->instance == "build-02:9100")
                QCOMPARE(cell.state, models::CellState::Ok); // NodeLoadHigh is snoozed.
        }
    }
}

void TestOverviewPage::sixtyTargetsAreMicroCells()
{
    Stage few(support::largeView(59));
    QVERIFY(few.wall().layoutOfCells().cards);
    Stage many(support::largeView(60));
    QVERIFY(!many.wall().layoutOfCells().cards);
    QCOMPARE(many.wall().layoutOfCells().cells.first().rect.size(), QSize(28, 20));
}

void TestOverviewPage::problemsNeverDropOff()
{
    Stage stage(support::largeView(5'000));
    int down = 0;
    int shown = 0;
    int folded = 0;
    for (const WallCell& cell : stage.wall().layoutOfCells().cells) {
        folded += cell.more;
        if (cell.cell < 0)
            continue;
        ++shown;
        const auto& group = stage.wall().groups()[static_cast<size_t>(cell.group)];
        down += group.cells[static_cast<size_t>(cell.cell)].state == models::CellState::Down;
    }
    QCOMPARE(down, stage.view->status.targetsDown);
    QVERIFY(folded > 0);
    QCOMPARE(shown + folded, 5'000);
}

void TestOverviewPage::smallGroupsShareABand()
{
    Stage stage;
    QHash<QString, int> top;
    for (const WallHead& head : stage.wall().layoutOfCells().heads)
        top[QString::fromStdString(stage.wall().groups()[static_cast<size_t>(head.group)].name)]
            = head.rect.top();
    QCOMPARE(top[QStringLiteral("awx")], top[QStringLiteral("synse")]);
    QCOMPARE(top[QStringLiteral("awx")], top[QStringLiteral("stash")]);
    QVERIFY(top[QStringLiteral("etcha")] < top[QStringLiteral("awx")]);
}

void TestOverviewPage::anyLabelGroups()
{
    Stage stage;
    auto* box = stage.page->findChild<QComboBox*>();
    QVERIFY(box->findText(QStringLiteral("site")) >= 0);
    QVERIFY2(box->findText(QStringLiteral("instance")) < 0, "every target would be its own group");
    box->setCurrentText(QStringLiteral("site"));
    emit box->activated(box->currentIndex());
    QStringList names = stage.groupNames();
    names.sort();
    QCOMPARE(names, QStringList({ QStringLiteral("fra1"), QStringLiteral("ham1") }));
}

void TestOverviewPage::filterKeepsWhatMatches()
{
    Stage stage;
    stage.page->open({ .filter = QStringLiteral("down job=etcha") });
    QTRY_COMPARE(stage.groupNames(), QStringList(QStringLiteral("etcha")));
    QCOMPARE(stage.wall().groups().front().cells.size(), size_t { 2 });
    QTest::keyClick(stage.page.get(), Qt::Key_Escape);
    QCOMPARE(stage.groupNames().size(), 5);
}

void TestOverviewPage::tilesCountAndLead()
{
    Stage stage;
    const auto tiles = stage.page->findChildren<widgets::Tile*>();
    QStringList names;
    for (const auto* tile : tiles)
        names += tile->accessibleName();
    QCOMPARE(names,
        QStringList(
            { QStringLiteral("Down 3"), QStringLiteral("Firing 8"), QStringLiteral("Shells 2") }));
    QVERIFY(tiles[0]->accessibleDescription().startsWith(
        QStringLiteral("build-03 connected, then no answer within 10 s, 10 m")));
    QVERIFY(tiles[1]->accessibleDescription().contains(QStringLiteral("TargetDown × 3")));
    QVERIFY(tiles[1]->accessibleDescription().contains(QStringLiteral("2 pending, 1 snoozed")));
    QVERIFY(tiles[2]->accessibleDescription().contains(QStringLiteral("unknown key")));
    QSignalSpy links(stage.page.get(), &Page::linkActivated);
    tiles[0]->click();
    QCOMPARE(links.last().first().value<Link>().filter, QStringLiteral("down"));
    tiles[2]->click();
    QCOMPARE(links.last().first().value<Link>().page, QStringLiteral("shells"));
}

void TestOverviewPage::clickOnADownCellOpensTheTarget()
{
    Stage stage;
    QSignalSpy links(stage.page.get(), &Page::linkActivated);
    const auto& calm = stage.target("web-01:4000");
    QTest::mouseClick(&stage.wall(), Qt::LeftButton, {}, stage.wall().rectOf(calm.id).center());
    QCOMPARE(links.size(), 0);
    QCOMPARE(stage.page->selectedTargets(), std::vector<uint64_t> { calm.id });
    const auto& down = stage.target("db-04:4000");
    QTest::mouseClick(&stage.wall(), Qt::LeftButton, {}, stage.wall().rectOf(down.id).center());
    QCOMPARE(links.size(), 1);
    QCOMPARE(links.last().first().value<Link>().page, QStringLiteral("targets"));
    QCOMPARE(links.last().first().value<Link>().targetId, down.id);
}

void TestOverviewPage::arrowsMoveTheSelection()
{
    Stage stage;
    QSignalSpy links(stage.page.get(), &Page::linkActivated);
    QTest::keyClick(&stage.wall(), Qt::Key_Right);
    const auto first = stage.wall().selected();
    QCOMPARE(first, stage.wall().groups().front().cells.front().target->id);
    QTest::keyClick(&stage.wall(), Qt::Key_Right);
    QCOMPARE(stage.wall().selected(), stage.wall().groups().front().cells[1].target->id);
    QTest::keyClick(&stage.wall(), Qt::Key_Down);
    QVERIFY(stage.wall().rectOf(stage.wall().selected()).top() > stage.wall().rectOf(first).top());
    QTest::keyClick(&stage.wall(), Qt::Key_Up);
    QCOMPARE(stage.wall().selected(), stage.wall().groups().front().cells[1].target->id);
    QTest::keyClick(&stage.wall(), Qt::Key_Return);
    QCOMPARE(links.size(), 1);
}

void TestOverviewPage::changeRowOpensItsQuery()
{
    Stage stage;
    QSignalSpy links(stage.page.get(), &Page::linkActivated);
    auto* table = stage.page->findChild<QTableView*>();
    QCOMPARE(table->model()->rowCount(), 11);
    table->setCurrentIndex(table->model()->index(3, 0));
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(links.size(), 1);
    QCOMPARE(links.last().first().value<Link>().page, QStringLiteral("explore"));
    QCOMPARE(
        links.last().first().value<Link>().query, QStringLiteral("rate(etcha_commands_total[1m])"));
    const auto text = [&](int row) {
        return table->model()->index(row, models::ChangeModel::Change).data().toString();
    };
    QCOMPARE(text(0), QStringLiteral("↑ × 3.43"));
    QCOMPARE(text(3), QStringLiteral("new"));
    QVERIFY2(text(6).startsWith(QStringLiteral("↓ −")), qPrintable(text(6)));
}

void TestOverviewPage::changesFollowByKey()
{
    models::ChangeModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    const auto share = [](std::vector<view::ChangeView> changes) {
        return std::make_shared<const std::vector<view::ChangeView>>(std::move(changes));
    };
    auto changes = support::sampleChanges();
    model.setChanges(share(changes));
    const QPersistentModelIndex kept(model.index(2, 0));
    const QString name = kept.data().toString();
    changes[4].now = 7;
    model.setChanges(share(changes));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.last()[0].toModelIndex().row(), 4);
    std::reverse(changes.begin(), changes.end());
    changes.pop_back();
    model.setChanges(share(changes));
    QCOMPARE(model.rowCount(), 10);
    QCOMPARE(kept.data().toString(), name);
    QCOMPARE(kept.row(), 8);
    QCOMPARE(resets.size(), 0);
}

void TestOverviewPage::onlyMetricsThatExistAreAsked()
{
    Stage stage;
    stage.wall().select(stage.target("db-02:4000").id);
    QVERIFY(
        stage.asked("sum(rate(etcha_commands_total{job=\"etcha\",instance=\"db-02:4000\"}[1m]))"));
    QVERIFY(stage.asked("process_open_fds{job=\"etcha\",instance=\"db-02:4000\"}"));
    QVERIFY(!stage.asked("process_cpu_seconds_total"));
    QVERIFY(!stage.asked("node_load1"));
    const auto before = stage.port.calls().size();
    stage.page->showView(stage.view); // A tick within the interval asks nothing new.
    QCOMPARE(stage.port.calls().size(), before);
}

void TestOverviewPage::inspectorAcknowledgesSnoozesAndNames()
{
    Stage stage;
    const auto& host = stage.target("db-02:4000");
    stage.wall().select(host.id);
    QTest::keyClick(&stage.wall(), Qt::Key_A);
    QVERIFY(stage.asked("acknowledge "));
    QTest::keyClick(&stage.wall(), Qt::Key_Z);
    QVERIFY(stage.asked(std::to_string(support::kSampleNowMs + 3'600'000)));
    auto* name = stage.button(QStringLiteral("Name this key ..."));
    QVERIFY(name != nullptr);
    name->click();
    for (auto* field : stage.page->findChildren<QLineEdit*>()) {
        if (field->accessibleName() != QStringLiteral("owner of the key"))
            continue;
        field->setText(QStringLiteral("  lena "));
        QTest::keyClick(field, Qt::Key_Return);
    }
    QVERIFY(stage.asked("nameKey k-7f31c2 lena"));
    QSignalSpy links(stage.page.get(), &Page::linkActivated);
    stage.button(QStringLiteral("What it did"))->click();
    QCOMPARE(links.last().first().value<Link>().page, QStringLiteral("shells"));
    QCOMPARE(links.last().first().value<Link>().sessionId, uint64_t { 2 });
}

void TestOverviewPage::selectionOutlivesARestart()
{
    Stage stage;
    stage.wall().select(stage.target("web-05:9100").id);
    const QJsonObject state = stage.page->saveState();
    Stage later;
    later.page->restoreState(state);
    later.page->showView(later.view);
    QCOMPARE(
        later.page->selectedTargets(), std::vector<uint64_t> { later.target("web-05:9100").id });
}

void TestOverviewPage::aLargeFleetIsLaidOutInBounds()
{
    Stage stage(support::largeView(20'000));
    const WallLayout& layout = stage.wall().layoutOfCells();
    for (const WallCell& cell : layout.cells) {
        QVERIFY(cell.rect.left() >= 0 && cell.rect.right() < stage.wall().width());
        QVERIFY(cell.rect.bottom() < layout.height);
    }
    QVERIFY(stage.page->grab().width() > 0);
}

QTEST_MAIN(TestOverviewPage)
#include "tst_overview_page.moc"
