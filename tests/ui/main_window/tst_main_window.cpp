// Builds the window offscreen over the sample fleet, uses it as a user would, and leaves pictures
// of it in $FLEETGLASS_BINARY_DIR/screens.
#include "tests/support/sample_port.h"
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/main_window/actions.h"
#include "ui/main_window/import_flow_band.h"
#include "ui/main_window/import_flow_gaps.h"
#include "ui/main_window/main_window.h"
#include "ui/pages/first_run_page.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/live_button.h"
#include "ui/widgets/mode_rail.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/shell_strip.h"
#include "ui/widgets/status_bar.h"
#include "ui/widgets/tile.h"

#include <QClipboard>
#include <QDialog>
#include <QDropEvent>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimeZone>
#include <QVBoxLayout>
#include <QtTest>

using namespace fleetglass;
using main_window::MainWindow;
using widgets::TextRuns;

namespace {

// A page with tiles and an inspector: enough to see the frame round it.
class SamplePage : public pages::Page
{
    Q_OBJECT

public:
    SamplePage(QString id, QString title, theme::Glyph glyph, bool withInspector)
        : m_id(std::move(id))
        , m_title(std::move(title))
        , m_glyph(glyph)
    {
        using theme::Ink;
        auto* lines = new QVBoxLayout(this);
        lines->setContentsMargins(12, 0, 12, 12);
        lines->setSpacing(0);
        auto* head = new widgets::ViewHeader(m_title, this);
        head->setDetail(QStringLiteral("45 targets in 5 jobs, worst first"));
        m_filter
            = new widgets::SearchField(QStringLiteral("Filter hosts"), QStringLiteral("/"), this);
        m_filter->setFixedWidth(210);
        head->addAtRight(m_filter);
        lines->addWidget(head);
        lines->addSpacing(3);
        auto* tiles = new QHBoxLayout;
        tiles->setSpacing(8);
        auto* down = new widgets::Tile(QStringLiteral("Down"), theme::State::Critical, this);
        down->setNumber(3);
        down->setLines({ { { QStringLiteral("db-04") },
                             { QStringLiteral("TLS certificate expired, 14 m"), Ink::Muted } },
            { { QStringLiteral("build-03") },
                { QStringLiteral("no answer in 10 s, 11 m"), Ink::Muted } },
            { { QStringLiteral("awx-02") },
                { QStringLiteral("HTTP 401, 3 h 34 m"), Ink::Muted } } });
        const auto curve = std::make_shared<const std::vector<double>>(
            std::vector<double> { 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 3 });
        down->setSpark(curve, QStringLiteral("24 h"));
        auto* firing = new widgets::Tile(QStringLiteral("Firing"), theme::State::Warning, this);
        firing->setNumber(8);
        firing->setSpark(curve, QStringLiteral("24 h"));
        auto* shells = new widgets::Tile(QStringLiteral("Shells"), theme::State::Shell, this);
        shells->setNumber(0);
        for (QWidget* tile : { down, firing, shells })
            tiles->addWidget(tile);
        lines->addLayout(tiles);
        lines->addStretch(1);
        if (withInspector)
            buildInspector();
    }

    QString id() const override { return m_id; }
    QString title() const override { return m_title; }
    theme::Glyph icon() const override { return m_glyph; }
    void showView(view::FleetViewPtr view) override
    {
        shown = std::move(view);
        ++views;
    }
    void setTimeRange(const widgets::TimeRange&) override { ++ranges; }
    QWidget* inspector() override { return m_inspector; }
    void focusFilter() override { m_filter->setFocus(); }
    void open(const pages::Link& link) override { opened.append(link); }
    std::vector<uint64_t> selectedTargets() const override { return selected; }
    QJsonObject saveState() const override { return state; }
    void restoreState(const QJsonObject& given) override { state = given; }

    view::FleetViewPtr shown;
    int views = 0;
    int ranges = 0;
    QVector<pages::Link> opened;
    std::vector<uint64_t> selected;
    QJsonObject state;
    widgets::SearchField* m_filter = nullptr;

private:
    void buildInspector()
    {
        using theme::Ink;
        m_inspector = new QWidget(this);
        m_inspector->hide();
        auto* lines = new QVBoxLayout(m_inspector);
        lines->setContentsMargins(0, 0, 0, 0);
        lines->setSpacing(0);
        auto* shell
            = new widgets::InspectorSection(QStringLiteral("Live shell, 3 m 20 s"), m_inspector);
        shell->setState(theme::State::Shell);
        auto* list = new widgets::KeyValueList(92, shell);
        list->setRows({ { QStringLiteral("source"), { { QStringLiteral("pg-fix") } } },
            { QStringLiteral("from"), { { QStringLiteral("10.0.9.23") } } } });
        shell->add(list);
        lines->addWidget(shell);
        lines->addStretch(1);
    }

    QString m_id;
    QString m_title;
    theme::Glyph m_glyph;
    QWidget* m_inspector = nullptr;
};

struct Bench
{
    support::ThemeFixture themed;
    QTemporaryDir folder;
    QSettings settings { folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat };
    support::SamplePort port { support::sampleView() };
    widgets::TimeController time;
    QVector<SamplePage*> pages;
    std::unique_ptr<MainWindow> window;

    explicit Bench(bool fresh = true)
    {
        theme::Zone berlin;
        berlin.local = QTimeZone("Europe/Berlin");
        time.setZone(berlin);
        build(fresh);
    }

    void build(bool fresh)
    {
        window.reset();
        pages.clear();
        main_window::MainWindowParts parts { themed.theme, port, time, settings, {}, fresh,
            folder.filePath(QStringLiteral("prometheus.yml")) };
        const auto add
            = [&](const char* id, const char* title, theme::Glyph glyph, bool inspector) {
                  auto page = std::make_unique<SamplePage>(
                      QLatin1String(id), QLatin1String(title), glyph, inspector);
                  pages.append(page.get());
                  parts.pages.push_back(std::move(page));
              };
        add("overview", "Overview", theme::Glyph::Overview, true);
        add("explore", "Explore", theme::Glyph::Explore, true);
        add("alerts", "Alerts", theme::Glyph::Alerts, false);
        add("shells", "Shells", theme::Glyph::Shells, false);
        add("targets", "Targets", theme::Glyph::Targets, false);
        add("snapshots", "Snapshots", theme::Glyph::Snapshots, false);
        window = std::make_unique<MainWindow>(std::move(parts));
    }

    void show(view::FleetViewPtr view = support::sampleView())
    {
        window->showView(std::move(view));
        window->resize(1600, 1000);
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
    }

    template<class T>
    T& find()
    {
        return *window->findChild<T*>();
    }
};

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT

private slots:
    void everyPictureCanBeTaken_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("watching");
        QTest::newRow("frame-dark") << true << true;
        QTest::newRow("frame-light") << false << true;
        QTest::newRow("first-run-light") << false << false;
        QTest::newRow("first-run-dark") << true << false;
    }

    void everyPictureCanBeTaken()
    {
        QFETCH(bool, dark);
        QFETCH(bool, watching);
        Bench bench;
        bench.themed.theme.setChoice(dark ? theme::ThemeChoice::Dark : theme::ThemeChoice::Light);
        bench.show(watching ? support::sampleView() : support::emptyView());
        QVERIFY(support::saveScreen(*bench.window, QString::fromLatin1(QTest::currentDataTag())));
    }

    void thePaletteAndTheKeysCanBeSeen()
    {
        Bench bench;
        bench.themed.theme.setChoice(theme::ThemeChoice::Dark);
        bench.show();
        bench.find<widgets::CommandPalette>().open(QStringLiteral("etcha"));
        QVERIFY(support::saveScreen(*bench.window, QStringLiteral("palette-dark")));
        QTest::keyClick(&bench.find<QLineEdit>(), Qt::Key_Escape);
        bench.window->actions().find(QStringLiteral("help.keys"))->trigger();
        auto* keys = bench.window->findChild<QDialog*>();
        QVERIFY(keys != nullptr);
        QVERIFY(support::saveScreen(*keys, QStringLiteral("keys-dark")));
        keys->close();
    }

    void theThemeSwitchesWhileTheWindowIsOpen()
    {
        Bench bench;
        bench.themed.theme.setChoice(theme::ThemeChoice::Light);
        bench.show();
        bench.window->actions().find(QStringLiteral("view.theme_dark"))->trigger();
        QTRY_COMPARE(theme::schemeOf(bench.window->palette()), theme::Scheme::Dark);
        const QColor ground = bench.window->grab().toImage().pixelColor(700, 600);
        QCOMPARE(ground, theme::tokens(theme::Scheme::Dark).window);
    }

    void anEmptyWindowAsksWhatToWatch()
    {
        Bench bench;
        bench.show(support::emptyView());
        QVERIFY(bench.find<pages::FirstRunPage>().isVisible());
        QCOMPARE(bench.pages[0]->views, 0);
        bench.show();
        QVERIFY(!bench.find<pages::FirstRunPage>().isVisible());
        QVERIFY(bench.pages[0]->views > 0);
    }

    void aPastedAddressIsWatchedWithEnter()
    {
        Bench bench;
        bench.show(support::emptyView());
        auto& field = *bench.find<pages::FirstRunPage>().findChild<QPlainTextEdit*>();
        QTest::keyClicks(&field, QStringLiteral("db-01:9100"));
        QTest::keyClick(&field, Qt::Key_Return);
        bench.port.deliver(); // First it is looked at, then taken.
        QCOMPARE(bench.port.calls().back(), std::string("importText db-01:9100 take"));
        QCOMPARE(bench.find<pages::FirstRunPage>().text(), QString());
    }

    void enterInAPastedFileIsANewLine()
    {
        Bench bench;
        bench.show(support::emptyView());
        auto& field = *bench.find<pages::FirstRunPage>().findChild<QPlainTextEdit*>();
        field.setPlainText(QStringLiteral("- job_name: a\n  static_configs:"));
        const size_t before = bench.port.calls().size();
        QTest::keyClick(&field, Qt::Key_Return);
        QCOMPARE(bench.port.calls().size(), before);
        QTest::keyClick(&field, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(bench.port.calls().size(), before + 1);
    }

    void aRefusedTextSaysWhyAndOffersTheCorrection()
    {
        Bench bench;
        bench.show(support::emptyView());
        auto& page = bench.find<pages::FirstRunPage>();
        page.setText(QStringLiteral("scrape_configs\n- job_name: a"));
        view::ImportSummary refused;
        refused.error = "pasted text:1:1: \"scrape_configs\" needs a colon";
        refused.suggestion = "scrape_configs:\n- job_name: a";
        page.showResult(refused);
        QVERIFY(support::saveScreen(*bench.window, QStringLiteral("first-run-refused")));
        QPushButton* again = nullptr;
        for (QPushButton* button : page.findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Try the corrected text"))
                again = button;
        }
        QVERIFY(again != nullptr && again->isVisible());
        again->click();
        QCOMPARE(bench.port.calls().back(),
            std::string("importText scrape_configs:\n- job_name: a check"));
    }

    void whatADocumentLeavesOpenIsAskedFor()
    {
        Bench bench;
        bench.show(support::emptyView());
        view::ImportSummary preview;
        preview.ok = true;
        preview.insecureJobs = { "awx" };
        using Kind = view::GapView::Kind;
        preview.gaps = { { "scrape_configs[0].bearer_token", "<token_value>", Kind::Secret, 4, 19 },
            { "scrape_configs[0].tls_config.ca", "<ca>", Kind::Certificate, 6, 11 },
            { "scrape_configs[0].static_configs[0].targets[0]", "<awx_host>", Kind::Host, 9, 13 } };
        bench.port.setImport(preview);
        emit bench.find<pages::FirstRunPage>().importRequested(QStringLiteral("doc"));
        bench.port.deliver();
        auto* dialog = bench.window->findChild<main_window::ImportGaps*>();
        QVERIFY(dialog != nullptr);
        const auto fields = dialog->findChildren<QLineEdit*>();
        QCOMPARE(fields.size(), 3);
        QCOMPARE(fields[0]->echoMode(), QLineEdit::Password);
        QPushButton* take = nullptr;
        for (auto* button : dialog->findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Watch"))
                take = button;
        }
        QVERIFY(!take->isEnabled());
        fields[0]->setText(QStringLiteral("t0ken"));
        fields[2]->setText(QStringLiteral("awx:443"));
        QVERIFY(take->isEnabled()); // A certificate may be left out.
        QVERIFY(support::saveScreen(*dialog, QStringLiteral("import-gaps")));
        take->click();
        QVERIFY(bench.port.calls().back().starts_with(
            "importFilled doc scrape_configs[0].bearer_token=t0ken"));
    }

    void anImportCanBeTakenBackFromItsBand()
    {
        Bench bench;
        bench.show();
        emit bench.find<pages::FirstRunPage>().importRequested(QStringLiteral("db-01:9100"));
        bench.port.deliver();
        const auto bands = bench.window->findChildren<main_window::NoticeBand*>();
        auto* undo = bands.last();
        QVERIFY(undo->isVisible());
        QVERIFY(undo->text().contains(QStringLiteral("4 jobs, 21 targets")));
        QVERIFY(support::saveScreen(*bench.window, QStringLiteral("import-undo")));
        emit undo->acted();
        bench.port.deliver();
        QVERIFY(bench.port.calls().back() == "undoImport take");
    }

    void c12ABrokenFileIsToldInABandUntilItIsMended()
    {
        Bench bench;
        view::FleetView fleet = *support::sampleView();
        fleet.status.configProblem
            = { "/etc/p.yml", 12, 3, "p.yml:12:3: unknown key \"job_nam\"", 0 };
        bench.show(std::make_shared<const view::FleetView>(fleet));
        auto* band = bench.window->findChildren<main_window::NoticeBand*>().first();
        QVERIFY(band->isVisible());
        QVERIFY(band->text().startsWith(QStringLiteral("p.yml:12:3: unknown key")));
        QVERIFY(support::saveScreen(*bench.window, QStringLiteral("config-broken")));
        band->hide(); // By its cross; it does not come back by itself.
        bench.window->showView(std::make_shared<const view::FleetView>(fleet));
        QVERIFY(!band->isVisible());
        bench.window->showView(support::sampleView());
        bench.window->showView(std::make_shared<const view::FleetView>(fleet));
        QVERIFY(band->isVisible());
    }

    void theSystemsOwnFileIsOfferedButOnlyRead()
    {
        Bench bench;
        QFile file(bench.folder.filePath(QStringLiteral("prometheus.yml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("scrape_configs: []\n");
        file.close();
        bench.build(true);
        const std::string path = file.fileName().toStdString();
        QCOMPARE(bench.port.calls().back(), "importFile " + path + " check");
        bench.port.deliver();
        bench.show(support::emptyView());
        QVERIFY(support::saveScreen(*bench.window, QStringLiteral("first-run-offer")));
    }

    void filesCanBeDroppedAnywhere()
    {
        Bench bench;
        bench.show();
        QMimeData data;
        data.setUrls({ QUrl::fromLocalFile(QStringLiteral("/tmp/a.yml")),
            QUrl::fromLocalFile(QStringLiteral("/tmp/b.fgsnap")) });
        QSignalSpy archives(bench.window.get(), &MainWindow::archiveChosen);
        QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(bench.window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(bench.window.get(), &drop);
        bench.port.deliver();
        QCOMPARE(bench.port.calls().back(), std::string("importFile /tmp/a.yml take"));
        QCOMPARE(archives.takeFirst().at(0).toString(), QStringLiteral("/tmp/b.fgsnap"));
    }

    void keysLeadToTheModes()
    {
        Bench bench;
        bench.show();
        QTest::keyClick(bench.window.get(), Qt::Key_3, Qt::ControlModifier);
        QCOMPARE(bench.window->currentPage(), QStringLiteral("alerts"));
        QTest::keyClick(bench.window.get(), Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(bench.window->currentPage(), QStringLiteral("overview"));
        QTest::keyClick(bench.window.get(), Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(bench.window->currentPage(), QStringLiteral("alerts"));
    }

    void theWayBackBringsViewAndRange()
    {
        Bench bench;
        bench.show();
        bench.time.showLast(6 * 3'600'000);
        bench.window->showPage(QStringLiteral("explore"));
        bench.time.showLast(60'000);
        auto* back = bench.window->actions().find(QStringLiteral("go.back"));
        back->trigger();
        QCOMPARE(bench.time.wish().spanMs, 6 * 3'600'000);
        QCOMPARE(bench.window->currentPage(), QStringLiteral("explore"));
        back->trigger();
        QCOMPARE(bench.window->currentPage(), QStringLiteral("overview"));
        back->trigger();
        QCOMPARE(bench.time.wish().spanMs, 3'600'000);
    }

    void spacePausesOutsideOfTextFieldsOnly()
    {
        Bench bench;
        bench.show();
        QTest::keyClick(bench.window->focusWidget(), Qt::Key_Space);
        QVERIFY(!bench.time.isLive());
        QTest::keyClick(bench.window->focusWidget(), Qt::Key_End);
        QVERIFY(bench.time.isLive());
        QTest::keyClick(bench.window.get(), Qt::Key_Slash);
        QVERIFY(bench.pages[0]->m_filter->hasFocus());
        QTest::keyClicks(bench.pages[0]->m_filter, QStringLiteral("u [-] "));
        QCOMPARE(bench.pages[0]->m_filter->text(), QStringLiteral("u [-] "));
        QVERIFY(bench.time.isLive());
        QVERIFY(!bench.time.zone().utc);
    }

    void singleKeysMoveTheRange()
    {
        Bench bench;
        bench.show();
        QTest::keyClick(bench.window.get(), Qt::Key_BracketLeft);
        QCOMPARE(bench.time.behindMs(), 1'800'000);
        QTest::keyClick(bench.window.get(), Qt::Key_BracketRight);
        QVERIFY(bench.time.isLive());
        QTest::keyClick(bench.window.get(), Qt::Key_Minus);
        QCOMPARE(bench.time.wish().spanMs, 7'200'000);
        QTest::keyClick(bench.window.get(), Qt::Key_U);
        QVERIFY(bench.time.zone().utc);
    }

    void aScrapeIsOrderedForWhatIsSelected()
    {
        Bench bench;
        bench.show();
        QTest::keyClick(bench.window.get(), Qt::Key_F5);
        QCOMPARE(bench.port.calls().back(), std::string("presets"));
        bench.pages[0]->selected = { 3, 4 };
        QTest::keyClick(bench.window.get(), Qt::Key_F5);
        QTest::keyClick(bench.window.get(), Qt::Key_F5, Qt::ControlModifier);
        QCOMPARE(bench.port.calls(),
            (std::vector<std::string> { "presets", "scrapeNow 3 4", "scrapeNow" }));
    }

    void whatThePaletteFindsIsOpened()
    {
        Bench bench;
        bench.show();
        auto& palette = bench.find<widgets::CommandPalette>();
        palette.open(QStringLiteral("@db-02 etcha"));
        QCOMPARE(palette.shownCount(), 1);
        palette.activate();
        QCOMPARE(bench.window->currentPage(), QStringLiteral("targets"));
        QVERIFY(bench.pages[4]->opened.back().targetId != 0);
        palette.open(QStringLiteral("#node_load1"));
        palette.activate();
        QCOMPARE(bench.pages[1]->opened.back().query, QStringLiteral("node_load1"));
    }

    void badgesTellWhatIsWrongWhere()
    {
        Bench bench;
        bench.show();
        auto& rail = bench.find<widgets::ModeRail>();
        QCOMPARE(rail.count(), 6); // Only what there is.
        QCOMPARE(rail.badge(2).count, 8);
        QCOMPARE(rail.badge(3), (widgets::RailBadge { 2, theme::State::Shell }));
        QCOMPARE(rail.badge(4).count, 3);
    }

    void onlyTheShownPageIsFed()
    {
        Bench bench;
        bench.show();
        const int before = bench.pages[2]->views;
        bench.window->showView(support::sampleView(support::kSampleNowMs + 1'000));
        QCOMPARE(bench.pages[2]->views, before);
        bench.window->showPage(QStringLiteral("alerts"));
        QCOMPARE(bench.pages[2]->shown->nowMs, support::kSampleNowMs + 1'000);
    }

    void inspectorsStayTheirPages()
    {
        Bench bench;
        bench.show();
        auto& pane = bench.find<widgets::InspectorPane>();
        QVERIFY(pane.isVisible());
        bench.window->showPage(QStringLiteral("alerts"));
        QVERIFY(!pane.isVisible());
        QCOMPARE(bench.pages[0]->inspector()->parentWidget(), bench.pages[0]);
        bench.window->showPage(QStringLiteral("explore"));
        QCOMPARE(pane.content(), bench.pages[1]->inspector());
    }

    void theWindowComesBackAsItWas()
    {
        Bench bench;
        bench.show();
        bench.window->showPage(QStringLiteral("shells"));
        bench.themed.theme.setChoice(theme::ThemeChoice::Dark);
        bench.time.setUtc(true);
        bench.time.showLast(21'600'000);
        bench.pages[3]->state = { { QStringLiteral("sort"), 2 } };
        bench.window->close();
        bench.time.setUtc(false);
        bench.time.showLast(3'600'000);
        bench.themed.theme.setChoice(theme::ThemeChoice::Light);
        bench.build(false);
        QCOMPARE(bench.window->currentPage(), QStringLiteral("shells"));
        QCOMPARE(bench.themed.theme.choice(), theme::ThemeChoice::Dark);
        QVERIFY(bench.time.zone().utc);
        QCOMPARE(bench.time.wish().spanMs, 21'600'000);
        QCOMPARE(bench.pages[3]->state.value(QStringLiteral("sort")).toInt(), 2);
        bench.build(true);
        QCOMPARE(bench.window->currentPage(), QStringLiteral("overview"));
    }

    void damagedSettingsAreSurvived()
    {
        Bench bench;
        bench.settings.setValue(QStringLiteral("window/geometry"), QByteArray("rubbish"));
        bench.settings.setValue(QStringLiteral("window/theme"), 77);
        bench.settings.setValue(QStringLiteral("window/text_zoom"), QStringLiteral("nan"));
        bench.settings.setValue(QStringLiteral("window/span_ms"), -5);
        bench.settings.setValue(QStringLiteral("pages/overview"), QByteArray("{{{"));
        bench.build(false);
        bench.show();
        QCOMPARE(bench.time.wish().spanMs, 3'600'000);
        QCOMPARE(bench.themed.theme.textZoom(), 1.0);
    }

    void keysCanBeRebound()
    {
        Bench bench;
        bench.settings.setValue(QStringLiteral("keys/time.zone"), QStringLiteral("Ctrl+Alt+U"));
        bench.build(true);
        QCOMPARE(bench.window->actions().find(QStringLiteral("time.zone"))->shortcut(),
            QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_U));
    }

    void rangesTravelByClipboard()
    {
        Bench bench;
        bench.show();
        bench.window->actions().find(QStringLiteral("edit.copy_range"))->trigger();
        QCOMPARE(QApplication::clipboard()->text(),
            QStringLiteral("2026-11-20T13:41:40+01:00/2026-11-20T14:41:40+01:00"));
        QApplication::clipboard()->setText(QStringLiteral("yesterday"));
        bench.window->actions().find(QStringLiteral("edit.paste_range"))->trigger();
        QCOMPARE(bench.time.range().spanMs(), 86'400'000);
    }

    void wallModeHidesTheFrameAndComesBack()
    {
        Bench bench;
        bench.show();
        bench.window->setWallMode(true);
        QVERIFY(!bench.find<widgets::ModeRail>().isVisible());
        QCOMPARE(bench.themed.theme.textZoom(), 1.35);
        QTest::keyClick(bench.window.get(), Qt::Key_Escape);
        QVERIFY(bench.find<widgets::ModeRail>().isVisible());
        QCOMPARE(bench.themed.theme.textZoom(), 1.0);
    }

    void anArchiveIsMarkedAsNotLive()
    {
        Bench bench;
        view::FleetView archive = *support::sampleView();
        archive.status.archive = true;
        archive.status.archiveTitle = "incident.fgsnap, 20 Nov 14:00 to 14:41";
        bench.show(std::make_shared<const view::FleetView>(archive));
        QVERIFY(support::saveScreen(*bench.window, QStringLiteral("archive-light")));
        QCOMPARE(bench.find<widgets::LiveButton>().spokenText(), QStringLiteral("not live"));
    }

    void closingWithAnswersUnderWayIsClean()
    {
        Bench bench;
        bench.show(support::emptyView());
        emit bench.find<pages::FirstRunPage>().importRequested(QStringLiteral("db-01:9100"));
        bench.window.reset();
        bench.port.deliver(); // Must find nobody.
    }

    void everythingThatTakesTheKeyboardHasAName()
    {
        Bench bench;
        bench.show();
        for (QWidget* widget : bench.window->findChildren<QWidget*>()) {
            if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isVisible())
                continue;
            const auto* button = qobject_cast<QAbstractButton*>(widget);
            const QString name = !widget->accessibleName().isEmpty() || button == nullptr
                ? widget->accessibleName()
                : button->text();
            if (qobject_cast<pages::Page*>(widget) != nullptr)
                continue;
            QVERIFY2(!name.isEmpty(), widget->metaObject()->className());
        }
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
