// Builds the window offscreen over the sample fleet, uses it as a user would, and leaves pictures
// of it in $FLEETGLASS_BINARY_DIR/screens.
#include "tests/support/sample_port.h"
#include "tests/support/sample_view.h"
#include "tests/support/theme_fixture.h"
#include "ui/main_window/actions.h"
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
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
