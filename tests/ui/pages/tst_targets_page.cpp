// Goal: why a target is down is one click away, and so is what helps; no secret is shown. Method:
// the page on a sample fleet; answers come when the test says so.
#include "tests/support/sample_port.h"
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/main_window/main_window.h"
#include "ui/models/attempt_model.h"
#include "ui/models/target_table_model.h"
#include "ui/pages/definition_editor.h"
#include "ui/pages/target_detail_pane.h"
#include "ui/pages/target_texts.h"
#include "ui/pages/target_verdict.h"
#include "ui/pages/targets_page.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/phase_bar.h"
#include "ui/widgets/raw_text_view.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QFileDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

using namespace fleetglass;
using namespace fleetglass::pages;
using models::TargetTableModel;

namespace {

using Detail = std::shared_ptr<const view::TargetDetailView>;

// Answers with a page that does not parse, whatever is asked.
class ParseErrorPort : public support::SamplePort
{
public:
    explicit ParseErrorPort(view::FleetViewPtr fleet)
        : SamplePort(fleet)
        , m_fleet(std::move(fleet))
    {
    }
    void targetDetail(uint64_t id, Answer<Detail> answer) override
    {
        for (const auto& target : m_fleet->targets) {
            if (target->id == id)
                answer(std::make_shared<const view::TargetDetailView>(
                    support::sampleParseErrorDetail(*target)));
        }
    }

private:
    view::FleetViewPtr m_fleet;
};

view::FleetViewPtr viewWithParseError()
{
    view::FleetView fleet = *support::sampleView();
    for (auto& target : fleet.targets) {
        auto changed = std::make_shared<view::TargetView>(*target);
        if (target->instance == "edge-02:4000") {
            changed->health = view::Health::Down;
            changed->phase = view::Phase::Parse;
            changed->error = "line 6, column 38: unescaped quote in label name";
            changed->hint = "The exporter has to be mended";
            changed->healthSinceMs = fleet.nowMs - 126'000;
            changed->failuresInARow = 9;
        } else if (target->instance == "db-04:4000") {
            changed->health = view::Health::Up;
            changed->phase = view::Phase::None;
            changed->error.clear();
        }
        target = changed;
    }
    return std::make_shared<const view::FleetView>(std::move(fleet));
}

struct Stage
{
    support::ThemeFixture theme;
    view::FleetViewPtr view = support::sampleView();
    support::SamplePort port { view };
    widgets::TimeController time;
    theme::SeriesColors colors;
    std::unique_ptr<TargetsPage> page;

    Stage()
    {
        time.setZone({ false, QTimeZone("Europe/Berlin") });
        time.setNow(view->nowMs);
        page = std::make_unique<TargetsPage>(port, time, colors);
        page->resize(1528, 884);
        page->show();
        page->showView(view);
    }

    QTableView& table() { return *page->findChild<QTableView*>(); }
    const view::TargetView& target(const std::string& instance) const
    {
        for (const auto& one : view->targets) {
            if (one->instance == instance)
                return *one;
        }
        qFatal("no target %s", instance.c_str());
    }
    void choose(const std::string& instance)
    {
        page->select(target(instance).id);
        port.deliver();
    }
    QString cell(int row, int column)
    {
        return table().model()->index(row, column).data().toString();
    }
    widgets::KeyButton* button(const QString& start)
    {
        for (auto* one : page->findChildren<widgets::KeyButton*>()) {
            if (one->text().startsWith(start))
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

template<class T>
T* named(QWidget& parent, const QString& accessibleName)
{
    for (T* one : parent.findChildren<T*>()) {
        if (one->accessibleName() == accessibleName)
            return one;
    }
    return nullptr;
}

} // namespace

class TestTargetsPage : public QObject
{
    Q_OBJECT

private slots:
    void picturesInBothThemes_data();
    void picturesInBothThemes();
    void worstComesFirstAndIsSelected();
    void tickKeepsSelectionAndResetsNothing();
    void filterUnderstandsWordsPairsAndText_data();
    void filterUnderstandsWordsPairsAndText();
    void chipsFilter();
    void sortingTurnsWorstFirstRoundAndBack();
    void detailIsAskedOncePerScrape();
    void lateDetailOfAnotherTargetIsDropped();
    void verdictNamesCauseAndHint();
    void fixesGoThroughThePort();
    void trustedChainLeavesSetCaDisabled();
    void setCaOpensADialogWithoutBlocking();
    void parseErrorMarksTheLine();
    void tabsShowRequestHeadersRelabelAndConfig();
    void copiesAsTextAndAsCurl();
    void attemptsFollowByKey();
    void linkOpensATargetHiddenByAFilter();
    void editorNeverFillsSecretsIn();
    void editorRefusesWithTheReason();
    void editorTestsAndSaves();
    void aHundredThousandRowsAreOneTable();
};

void TestTargetsPage::picturesInBothThemes_data()
{
    QTest::addColumn<bool>("dark");
    QTest::addColumn<bool>("parse");
    QTest::newRow("light") << false << false;
    QTest::newRow("dark") << true << false;
    QTest::newRow("parse-light") << false << true;
}

void TestTargetsPage::picturesInBothThemes()
{
    QFETCH(bool, dark);
    QFETCH(bool, parse);
    support::ThemeFixture fixture;
    fixture.theme.setChoice(dark ? theme::ThemeChoice::Dark : theme::ThemeChoice::Light);
    fixture.theme.apply();
    const auto view = parse ? viewWithParseError() : support::sampleView();
    auto port = parse ? std::make_unique<ParseErrorPort>(view)
                      : std::make_unique<support::SamplePort>(view);
    widgets::TimeController time;
    time.setZone({ false, QTimeZone("Europe/Berlin") });
    time.setNow(view->nowMs);
    theme::SeriesColors colors;
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    auto page = std::make_unique<TargetsPage>(*port, time, colors);
    TargetsPage* targets = page.get();
    main_window::MainWindowParts parts { fixture.theme, *port, time, settings, {}, true };
    parts.pages.push_back(std::move(page));
    main_window::MainWindow window(std::move(parts));
    window.resize(1600, 1000);
    window.show();
    window.showView(view);
    const std::string wanted = parse ? "edge-02:4000" : "db-04:4000";
    for (const auto& target : view->targets) {
        if (target->instance == wanted)
            targets->select(target->id);
    }
    port->deliver();
    QTest::qWait(50);
    QVERIFY(support::saveScreen(
        window, QStringLiteral("targets-") + QString::fromLatin1(QTest::currentDataTag())));
    if (parse)
        return;
    emit targets->findChild<TargetDetailPane*>()->editRequested(QStringLiteral("etcha"));
    port->deliver();
    QVERIFY(targets->editor() != nullptr);
    QTest::qWait(50);
    QVERIFY(support::saveScreen(*targets->editor(),
        QStringLiteral("definition-editor-") + QString::fromLatin1(QTest::currentDataTag())));
    targets->editor()->close();
}

void TestTargetsPage::worstComesFirstAndIsSelected()
{
    Stage stage;
    QCOMPARE(stage.table().model()->rowCount(), 45);
    for (int row = 0; row < 3; ++row)
        QCOMPARE(stage.cell(row, TargetTableModel::State), QStringLiteral("DOWN"));
    QCOMPARE(stage.cell(3, TargetTableModel::State), QStringLiteral("unknown"));
    QCOMPARE(stage.cell(4, TargetTableModel::State), QStringLiteral("up"));
    QCOMPARE(stage.page->selectedTargets().size(), size_t { 1 });
    QCOMPARE(stage.table().currentIndex().row(), 0);
    QVERIFY(stage.asked("targetDetail "));
}

void TestTargetsPage::tickKeepsSelectionAndResetsNothing()
{
    Stage stage;
    stage.choose("web-05:9100");
    QAbstractItemModelTester tester(
        stage.table().model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy resets(stage.table().model(), &QAbstractItemModel::modelReset);
    view::FleetView later = *stage.view;
    later.nowMs += 1'000;
    for (auto& target : later.targets) {
        if (target->instance != "web-01:4000")
            continue;
        auto changed = std::make_shared<view::TargetView>(*target);
        changed->health = view::Health::Down;
        changed->phase = view::Phase::Tcp;
        changed->error = "connection refused";
        target = changed;
    }
    later.targets.erase(later.targets.begin()); // awx-01 is gone.
    stage.page->showView(std::make_shared<const view::FleetView>(later));
    QCOMPARE(stage.table().model()->rowCount(), 44);
    QCOMPARE(resets.size(), 0);
    int down = 0;
    for (int row = 0; row < 4; ++row)
        down += stage.cell(row, TargetTableModel::State) == QStringLiteral("DOWN") ? 1 : 0;
    QCOMPARE(down, 4);
    const int row = stage.table().currentIndex().row();
    QCOMPARE(stage.cell(row, TargetTableModel::Instance), QStringLiteral("web-05:9100"));
}

void TestTargetsPage::filterUnderstandsWordsPairsAndText_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<int>("count");
    QTest::newRow("nothing") << QString() << 45;
    QTest::newRow("down") << QStringLiteral("down") << 3;
    QTest::newRow("up") << QStringLiteral("UP") << 41;
    QTest::newRow("unknown") << QStringLiteral("unknown") << 1;
    QTest::newRow("job") << QStringLiteral("job=awx") << 3;
    QTest::newRow("phase") << QStringLiteral("phase=http") << 2;
    QTest::newRow("label") << QStringLiteral("role=\"edge\"") << 4;
    QTest::newRow("text") << QStringLiteral("build-0") << 8;
    QTest::newRow("text of an error") << QStringLiteral("certificate") << 1;
    QTest::newRow("together") << QStringLiteral("down, job=etcha") << 2;
    QTest::newRow("half typed pair") << QStringLiteral("job=") << 45;
    QTest::newRow("nobody") << QStringLiteral("job=nothing") << 0;
}

void TestTargetsPage::filterUnderstandsWordsPairsAndText()
{
    QFETCH(QString, filter);
    const models::TargetFilter wanted(filter);
    int count = 0;
    for (const auto& target : support::sampleTargets(support::kSampleNowMs))
        count += wanted.passes(*target) ? 1 : 0;
    QTEST(count, "count");
}

void TestTargetsPage::chipsFilter()
{
    Stage stage;
    widgets::Chip* tls = nullptr;
    for (auto* chip : stage.page->findChildren<widgets::Chip*>()) {
        if (chip->text() == QStringLiteral("phase TLS"))
            tls = chip;
    }
    QVERIFY(tls != nullptr);
    QCOMPARE(tls->accessibleName(), QStringLiteral("phase TLS 1"));
    tls->click();
    QCOMPARE(stage.table().model()->rowCount(), 1);
    QCOMPARE(stage.cell(0, TargetTableModel::Instance), QStringLiteral("db-04:4000"));
    tls->click();
    QCOMPARE(stage.table().model()->rowCount(), 45);
}

void TestTargetsPage::sortingTurnsWorstFirstRoundAndBack()
{
    TargetTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setFleet(support::sampleView());
    const QPersistentModelIndex kept(model.index(0, TargetTableModel::Instance));
    const QString name = kept.data().toString();
    model.sort(TargetTableModel::Samples, Qt::DescendingOrder);
    QVERIFY(model.rowAt(0).target->samplesScraped >= model.rowAt(1).target->samplesScraped);
    QCOMPARE(kept.data().toString(), name);
    model.sort(TargetTableModel::Instance, Qt::AscendingOrder);
    QVERIFY(model.rowAt(0).target->instance <= model.rowAt(1).target->instance);
    model.sort(-1);
    QCOMPARE(kept.row(), 0);
}

void TestTargetsPage::detailIsAskedOncePerScrape()
{
    Stage stage;
    const auto& target = stage.target("db-04:4000");
    stage.choose("db-04:4000");
    const std::string call = "targetDetail " + std::to_string(target.id);
    const auto count
        = [&] { return std::count(stage.port.calls().begin(), stage.port.calls().end(), call); };
    QCOMPARE(count(), 1);
    stage.page->showView(stage.view);
    QCOMPARE(count(), 1);
    view::FleetView later = *stage.view;
    for (auto& one : later.targets) {
        if (one->id == target.id) {
            auto changed = std::make_shared<view::TargetView>(*one);
            changed->lastScrapeMs += 15'000;
            one = changed;
        }
    }
    stage.page->showView(std::make_shared<const view::FleetView>(later));
    QCOMPARE(count(), 2);
    // Until it comes, what is known stays.
    QVERIFY(!stage.page->findChild<widgets::RawTextView*>()->lines().isEmpty());
}

void TestTargetsPage::lateDetailOfAnotherTargetIsDropped()
{
    Stage stage;
    stage.page->select(stage.target("db-04:4000").id);
    stage.page->select(stage.target("web-01:4000").id);
    stage.port.deliver();
    QVERIFY(stage.page->findChild<widgets::PhaseBar*>()->spokenText().contains(
        QStringLiteral("TLS passed")));
}

void TestTargetsPage::verdictNamesCauseAndHint()
{
    const auto view = support::sampleView();
    const theme::Zone zone { false, QTimeZone("Europe/Berlin") };
    for (const auto& target : view->targets) {
        const auto detail = support::sampleDetail(*target);
        const Verdict verdict = verdictOf(*target, &detail, view->nowMs, zone);
        if (target->instance == "db-04:4000") {
            QCOMPARE(verdict.cause,
                QStringLiteral("The certificate of db-04 expired at 14:28:00, 13 m 40 s ago."));
            QVERIFY(verdict.hint.startsWith(QStringLiteral("Renew it")));
        } else if (target->instance == "awx-02:443") {
            QCOMPARE(verdict.cause, QStringLiteral("401 Unauthorized: token rejected."));
        } else if (target->instance == "web-01:4000") {
            QVERIFY(verdict.cause.isEmpty());
        }
    }
    view::TargetView lax = *view->targets.front();
    lax.insecureSkipVerify = true;
    QVERIFY(!verdictOf(lax, nullptr, view->nowMs, zone).bad);
    QVERIFY(
        verdictOf(lax, nullptr, view->nowMs, zone).cause.contains(QStringLiteral("not checked")));
    view::TargetView asking;
    asking.health = view::Health::Down;
    asking.phase = view::Phase::Tcp;
    asking.error = "connection refused by 127.0.0.1:9";
    asking.hint = "is the exporter running?";
    QVERIFY(
        verdictOf(asking, nullptr, view->nowMs, zone).hint.endsWith(QStringLiteral("running?")));
}

void TestTargetsPage::fixesGoThroughThePort()
{
    Stage stage;
    stage.choose("db-04:4000");
    auto* trust = stage.button(QStringLiteral("Trust this certificate 9f4a"));
    QVERIFY(trust != nullptr);
    trust->click();
    QVERIFY(stage.asked("applyFix etcha 9F:4A:31"));
    auto* skip = stage.button(QStringLiteral("Skip verification for job etcha"));
    QVERIFY(skip != nullptr && skip->isVisible());
    skip->click();
    stage.port.deliver();
    stage.button(QStringLiteral("Scrape now"))->click();
    QVERIFY(stage.asked("scrapeNow " + std::to_string(stage.target("db-04:4000").id)));
    stage.button(QStringLiteral("Pause target"))->click();
    QVERIFY(stage.asked("pauseTarget "));
    stage.choose("awx-02:443");
    QVERIFY(!skip->isVisible());
}

void TestTargetsPage::trustedChainLeavesSetCaDisabled()
{
    Stage stage;
    stage.choose("db-04:4000");
    QVERIFY(!stage.button(QStringLiteral("Set CA"))->isEnabled());
}

void TestTargetsPage::setCaOpensADialogWithoutBlocking()
{
    Stage stage;
    stage.choose("db-04:4000");
    emit stage.page->findChild<TargetVerdict*>()->caRequested(QStringLiteral("etcha"));
    auto* dialog = stage.page->findChild<QFileDialog*>();
    QVERIFY(dialog != nullptr);
    emit dialog->fileSelected(QStringLiteral("/etc/ssl/fleet-ca.pem"));
    QVERIFY(stage.asked("applyFix etcha /etc/ssl/fleet-ca.pem"));
    dialog->close();
}

void TestTargetsPage::parseErrorMarksTheLine()
{
    view::TargetView target = *support::sampleTargets(support::kSampleNowMs)[12];
    target.error = "line 6, column 38: unescaped quote in label name";
    const auto detail = support::sampleParseErrorDetail(target);
    QVERIFY(showsBody(detail));
    const auto lines = responseLines(target, detail);
    QCOMPARE(lines[5].number, 6);
    QCOMPARE(lines[5].mark, widgets::LineMark::Error);
    QCOMPARE(lines[6].mark, widgets::LineMark::Note);
    QVERIFY(lines[6].text.contains(QStringLiteral("unescaped quote in label name")));
}

void TestTargetsPage::tabsShowRequestHeadersRelabelAndConfig()
{
    Stage stage;
    stage.choose("db-02:4000");
    auto* tabs = stage.page->findChild<QTabBar*>();
    auto* text = stage.page->findChild<widgets::RawTextView*>();
    QCOMPARE(tabs->tabText(5), QStringLiteral("Config line 14"));
    const QString wanted[]
        = { QStringLiteral("etcha_sources_shells"), QStringLiteral("Authorization: ******"),
              QStringLiteral("Content-Type"), QStringLiteral("action=replace"),
              QStringLiteral("dropped by rule 1"), QStringLiteral("job_name: etcha") };
    for (int i = 0; i < 6; ++i) {
        tabs->setCurrentIndex(i);
        stage.port.deliver();
        QVERIFY2(text->toPlainText().contains(wanted[i]), qPrintable(text->toPlainText()));
    }
    QCOMPARE(text->lines().first().number, 14); // As in the file.
}

void TestTargetsPage::copiesAsTextAndAsCurl()
{
    Stage stage;
    stage.choose("db-04:4000");
    QSignalSpy notes(stage.page.get(), &Page::noted);
    stage.button(QStringLiteral("Copy as text"))->click();
    const QString story = QGuiApplication::clipboard()->text();
    QVERIFY(story.contains(QStringLiteral("error: certificate expired 14:28:00")));
    QVERIFY(story.contains(QStringLiteral("TLS: FAILED")));
    QVERIFY(story.contains(QStringLiteral("key=******")));
    stage.button(QStringLiteral("Copy as curl"))->click();
    QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("curl -sS ")));
    QCOMPARE(notes.size(), 2);
}

void TestTargetsPage::attemptsFollowByKey()
{
    models::AttemptModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    std::vector<view::AttemptView> attempts;
    for (int i = 0; i < 25; ++i)
        attempts.push_back({ i * 15'000, i < 16, i < 16 ? view::Phase::None : view::Phase::Parse,
            52, 230, i < 16 ? "" : "line 14" });
    model.setAttempts(std::make_shared<const std::vector<view::AttemptView>>(attempts), 20);
    QCOMPARE(model.rowCount(), 20);
    QCOMPARE(model.rowAt(0).timeMs, int64_t { 24 * 15'000 });
    QCOMPARE(model.summary(), QStringLiteral("9 × PARSE, 11 × ok"));
    attempts.push_back(attempts.back());
    attempts.back().timeMs += 15'000;
    model.setAttempts(std::make_shared<const std::vector<view::AttemptView>>(attempts), 20);
    QCOMPARE(model.rowCount(), 20);
    QCOMPARE(model.rowAt(0).timeMs, int64_t { 25 * 15'000 });
    model.setAttempts(nullptr, 20);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(resets.size(), 0);
}

void TestTargetsPage::linkOpensATargetHiddenByAFilter()
{
    Stage stage;
    stage.page->open({ .filter = QStringLiteral("job=awx") });
    QCOMPARE(stage.table().model()->rowCount(), 3);
    const auto& wanted = stage.target("db-04:4000");
    stage.page->open({ .targetId = wanted.id });
    QCOMPARE(stage.page->selectedTargets(), std::vector<uint64_t> { wanted.id });
    QCOMPARE(stage.table().model()->rowCount(), 45);
}

void TestTargetsPage::editorNeverFillsSecretsIn()
{
    support::ThemeFixture fixture;
    support::SamplePort port { support::sampleView() };
    view::TargetDefinition given;
    given.job = "etcha";
    given.addresses = { "db-01:4000" };
    given.scheme = "https";
    given.authKind = "bearer";
    given.secret = "hunter2";
    given.params = { { "key", "topsecret" } };
    DefinitionEditor editor(port, given, false);
    for (const auto* field : editor.findChildren<QLineEdit*>()) {
        QVERIFY(!field->text().contains(QStringLiteral("hunter2")));
        QVERIFY(!field->text().contains(QStringLiteral("topsecret")));
    }
    const auto made = editor.definition();
    QCOMPARE(made.secret, std::string());
    QCOMPARE(made.params.size(), size_t { 1 });
    QCOMPARE(made.params[0].first, std::string("key"));
    QCOMPARE(named<QLineEdit>(editor, QStringLiteral("password or token"))->echoMode(),
        QLineEdit::Password);
}

void TestTargetsPage::editorRefusesWithTheReason()
{
    support::ThemeFixture fixture;
    support::SamplePort port { support::sampleView() };
    DefinitionEditor editor(port, {}, true);
    QCOMPARE(editor.problem(), QStringLiteral("give the job a name"));
    view::TargetDefinition given;
    given.job = "node";
    DefinitionEditor second(port, given, true);
    QVERIFY(second.problem().contains(QStringLiteral("at least one address")));
    given.addresses = { "db-01:9100" };
    given.intervalMs = 5'000;
    given.timeoutMs = 10'000;
    DefinitionEditor third(port, given, true);
    QCOMPARE(
        third.problem(), QStringLiteral("the timeout of 10 s is longer than the interval of 5 s"));
    given.timeoutMs = 5'000;
    given.certFile = "/etc/a.pem";
    DefinitionEditor fourth(port, given, true);
    QVERIFY(fourth.problem().contains(QStringLiteral("belong together")));
    given.keyFile = "/etc/a.key";
    DefinitionEditor fifth(port, given, true);
    QVERIFY(fifth.problem().isEmpty());
}

void TestTargetsPage::editorTestsAndSaves()
{
    Stage stage;
    stage.page->open({ .createNew = true });
    QPointer<DefinitionEditor> editor = stage.page->editor();
    QVERIFY(editor != nullptr);
    const auto press = [&](const QString& text) {
        for (auto* one : editor->findChildren<widgets::KeyButton*>()) {
            if (one->text() == text)
                one->click();
        }
    };
    press(QStringLiteral("Test"));
    QVERIFY2(!stage.asked("testDefinition"), "a job without a name is not tested");
    editor->findChildren<QLineEdit*>().first()->setText(QStringLiteral("web"));
    named<QPlainTextEdit>(*editor, QStringLiteral("addresses"))
        ->setPlainText(QStringLiteral(" web-01:9100 \n\nweb-02:9100\n"));
    QCOMPARE(editor->definition().addresses,
        (std::vector<std::string> { "web-01:9100", "web-02:9100" }));
    press(QStringLiteral("Test"));
    QVERIFY(stage.asked("testDefinition web"));
    stage.port.deliver();
    QVERIFY(!editor->findChild<widgets::PhaseBar*>()->spokenText().isEmpty());
    QSignalSpy saved(editor.data(), &DefinitionEditor::saved);
    press(QStringLiteral("Save"));
    stage.port.deliver();
    QVERIFY(stage.asked("saveDefinition web"));
    QCOMPARE(saved.size(), 1);
}

void TestTargetsPage::aHundredThousandRowsAreOneTable()
{
    TargetTableModel model;
    model.setFleet(support::largeView(100'000));
    QCOMPARE(model.rowCount(), 100'000);
    QCOMPARE(model.index(0, TargetTableModel::State).data().toString(), QStringLiteral("DOWN"));
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.setFleet(support::largeView(100'000));
    QCOMPARE(resets.size(), 0);
    model.setFilter(models::TargetFilter(QStringLiteral("down")));
    QCOMPARE(model.rowCount(), 2'000);
}

QTEST_MAIN(TestTargetsPage)
#include "tst_targets_page.moc"
