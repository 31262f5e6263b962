// What the window can do: menus, keys, and what Ctrl+K finds.
#include "ui/main_window/actions.h"
#include "ui/main_window/import_flow.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/time_bar.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/mode_rail.h"
#include "ui/widgets/range_button.h"

#include <QActionGroup>
#include <QMenuBar>
#include <QMessageBox>

namespace fleetglass::main_window {

namespace {

QList<QKeySequence> keys(std::initializer_list<const char*> texts)
{
    QList<QKeySequence> list;
    for (const char* text : texts)
        list.append(QKeySequence::fromString(QLatin1String(text), QKeySequence::PortableText));
    return list;
}

QString utf8(const std::string& text)
{
    return theme::shown(std::string_view(text));
}

} // namespace

void MainWindow::addFileActions()
{
    const QString area = tr("File");
    QMenu* menu = m_menus->addMenu(tr("&File"));
    menu->addAction(m_actions->add({ .id = QStringLiteral("file.open"),
                                       .text = tr("&Open ..."),
                                       .area = area,
                                       .keys = keys({ "Ctrl+O" }) },
        [this] { m_import->askForFile(); }));
    menu->addAction(m_actions->add(
        { .id = QStringLiteral("file.watch"), .text = tr("&Watch more ..."), .area = area },
        [this] { showImport(); }));
    menu->addAction(m_actions->add(
        { .id = QStringLiteral("file.known"), .text = tr("&Add known system ..."), .area = area },
        [this] { m_import->addKnown({}); }));
    menu->addAction(m_actions->add(
        { .id = QStringLiteral("file.undo_import"), .text = tr("&Undo import"), .area = area },
        [this] { m_import->undo(); }));
    const bool snapshots = std::any_of(m_pages.begin(), m_pages.end(),
        [](const pages::Page* known) { return known->id() == QLatin1String("snapshots"); });
    if (snapshots) {
        menu->addAction(m_actions->add({ .id = QStringLiteral("file.snapshot"),
                                           .text = tr("&Snapshot ..."),
                                           .area = area,
                                           .keys = keys({ "Ctrl+S" }) },
            [this] { follow({ .page = QStringLiteral("snapshots"), .createNew = true }); }));
    }
    menu->addSeparator();
    menu->addAction(m_actions->add({ .id = QStringLiteral("file.quit"),
                                       .text = tr("&Quit"),
                                       .area = area,
                                       .keys = keys({ "Ctrl+Q" }) },
        [this] { close(); }));

    const QString editArea = tr("Edit");
    QMenu* edit = m_menus->addMenu(tr("&Edit"));
    edit->addAction(m_actions->add({ .id = QStringLiteral("edit.find"),
                                       .text = tr("&Filter this view"),
                                       .area = editArea,
                                       .keys = keys({ "/" }) },
        [this] {
            if (pages::Page* shown = shownPage())
                shown->focusFilter();
        }));
    edit->addAction(m_actions->add({ .id = QStringLiteral("edit.copy_range"),
                                       .text = tr("&Copy range"),
                                       .area = editArea,
                                       .keys = keys({ "Ctrl+Shift+C" }) },
        [this] { copyRange(); }));
    edit->addAction(m_actions->add({ .id = QStringLiteral("edit.paste_range"),
                                       .text = tr("&Paste range"),
                                       .area = editArea,
                                       .keys = keys({ "Ctrl+Shift+V" }) },
        [this] { pasteRange(); }));
}

void MainWindow::addViewActions()
{
    const QString area = tr("View");
    QMenu* menu = m_menus->addMenu(tr("&View"));
    QMenu* themes = menu->addMenu(tr("&Theme"));
    auto* group = new QActionGroup(this);
    const std::pair<theme::ThemeChoice, ActionSpec> kChoices[] = {
        { theme::ThemeChoice::System,
            { .id = QStringLiteral("view.theme_system"), .text = tr("Theme: as the system") } },
        { theme::ThemeChoice::Light,
            { .id = QStringLiteral("view.theme_light"), .text = tr("Theme: light") } },
        { theme::ThemeChoice::Dark,
            { .id = QStringLiteral("view.theme_dark"), .text = tr("Theme: dark") } },
    };
    for (const auto& [choice, given] : kChoices) {
        ActionSpec spec = given;
        spec.area = area;
        spec.checkable = true;
        QAction* action
            = m_actions->add(spec, [this, wanted = choice] { m_theme.setChoice(wanted); });
        group->addAction(action);
        themes->addAction(action);
        connect(menu, &QMenu::aboutToShow, action,
            [this, action, wanted = choice] { action->setChecked(m_theme.choice() == wanted); });
    }
    const auto add = [&](const char* id, const QString& text,
                         std::initializer_list<const char*> shortcut, std::function<void()> run) {
        menu->addAction(m_actions->add(
            { .id = QLatin1String(id), .text = text, .area = area, .keys = keys(shortcut) },
            std::move(run)));
    };
    menu->addSeparator();
    add("view.zoom_in", tr("Text &larger"), { "Ctrl+=", "Ctrl++" },
        [this] { m_theme.setTextZoom(m_theme.textZoom() * 1.1); });
    add("view.zoom_out", tr("Text &smaller"), { "Ctrl+-" },
        [this] { m_theme.setTextZoom(m_theme.textZoom() / 1.1); });
    add("view.zoom_reset", tr("Text as &designed"), { "Ctrl+0" },
        [this] { m_theme.setTextZoom(1); });
    menu->addSeparator();
    add("view.rail", tr("&Rail narrow or wide"), { "Alt+0" },
        [this] { m_rail->setNarrow(!m_rail->isNarrow()); });
    add("view.inspector", tr("&Inspector"), { "Alt+9" }, [this] {
        m_inspectorWanted = !m_inspectorWanted;
        updateInspector();
    });
    add("view.reset", tr("Reset la&yout"), {}, [this] { resetLayout(); });
    add("view.wall", tr("&Wall mode"), { "F11" }, [this] { setWallMode(!m_wall); });
}

void MainWindow::addTimeActions()
{
    const QString area = tr("Time");
    QMenu* menu = m_menus->addMenu(tr("&Time"));
    const auto add = [&](const char* id, const QString& text,
                         std::initializer_list<const char*> shortcut, std::function<void()> run) {
        menu->addAction(m_actions->add(
            { .id = QLatin1String(id), .text = text, .area = area, .keys = keys(shortcut) },
            std::move(run)));
    };
    add("time.pause", tr("&Pause or go live"), {}, [this] { m_time.togglePause(); });
    add("time.goto", tr("&Go to time ..."), { "Ctrl+G" },
        [this] { m_timeBar->rangeButton().openPopup(); });
    menu->addSeparator();
    add("time.earlier", tr("Half a range &earlier"), { "[" }, [this] { m_time.pan(-0.5); });
    add("time.later", tr("Half a range &later"), { "]" }, [this] { m_time.pan(0.5); });
    add("time.zoom_in", tr("Zoom &in"), { "+", "=" }, [this] { m_time.zoom(0.5); });
    add("time.zoom_out", tr("Zoom &out"), { "-" }, [this] { m_time.zoom(2); });
    add("time.undo", tr("&Undo range"), {}, [this] { m_time.undo(); });
    add("time.redo", tr("&Redo range"), {}, [this] { m_time.redo(); });
    menu->addSeparator();
    add("time.zone", tr("Local time or U&TC"), { "U" },
        [this] { m_time.setUtc(!m_time.zone().utc); });
    add("time.compare", tr("&Compare with another time"), { "C" }, [this] {
        constexpr int64_t kOffsets[] = { 0, 3'600'000, 86'400'000, 604'800'000 };
        const auto* at = std::find(std::begin(kOffsets), std::end(kOffsets), m_time.compareMs());
        const auto next = (at - std::begin(kOffsets) + 1) % std::ssize(kOffsets);
        m_time.setCompareMs(kOffsets[next]);
    });
}

void MainWindow::addGoActions()
{
    const QString area = tr("Go");
    QMenu* menu = m_menus->addMenu(tr("&Go"));
    const auto add = [&](const QString& id, const QString& text,
                         const QList<QKeySequence>& shortcut, std::function<void()> run) {
        QAction* action = m_actions->add(
            { .id = id, .text = text, .area = area, .keys = shortcut }, std::move(run));
        menu->addAction(action);
        return action;
    };
    for (int i = 0; i < static_cast<int>(m_pages.size()); ++i) {
        QList<QKeySequence> shortcut;
        if (i < 9)
            shortcut.append(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i)));
        add(QStringLiteral("go.") + page(i)->id(), page(i)->title(), shortcut,
            [this, i] { activatePage(i); });
    }
    menu->addSeparator();
    add(QStringLiteral("go.back"), tr("&Back"), keys({ "Alt+Left" }), [this] { goBack(); });
    add(QStringLiteral("go.forward"), tr("&Forward"), keys({ "Alt+Right" }),
        [this] { goForward(); });
    add(QStringLiteral("go.find"), tr("Find &host, metric, command ..."), keys({ "Ctrl+K" }),
        [this] { m_palette->open(); });
    menu->addSeparator();
    add(QStringLiteral("scrape.selected"), tr("&Scrape selected now"), keys({ "F5" }), [this] {
        pages::Page* shown = shownPage();
        std::vector<uint64_t> selected;
        if (shown != nullptr)
            selected = shown->selectedTargets();
        if (selected.empty())
            return showNote(tr("nothing is selected; Ctrl+F5 scrapes all"));
        showNote(tr("scraping %1 now").arg(selected.size()));
        m_port.scrapeNow(std::move(selected));
    });
    add(QStringLiteral("scrape.all"), tr("Scrape &all now"), keys({ "Ctrl+F5" }), [this] {
        m_port.scrapeNow({});
        showNote(tr("scraping all targets now"));
    });

    QMenu* alerts = m_menus->addMenu(tr("&Alerts"));
    const auto link = [&](const char* id, const QString& text, const char* target) {
        alerts->addAction(
            m_actions->add({ .id = QLatin1String(id), .text = text, .area = tr("Alerts") },
                [this, wanted = QString(QLatin1String(target))] { showPage(wanted); }));
    };
    link("alerts.show", tr("Show &alerts"), "alerts");
    link("alerts.shells", tr("Show &shells"), "shells");
    link("alerts.down", tr("Show &targets"), "targets");
}

void MainWindow::addHelpActions()
{
    QMenu* window = m_menus->addMenu(tr("&Window"));
    const QString area = tr("Window");
    window->addAction(m_actions->add({ .id = QStringLiteral("window.next_pane"),
                                         .text = tr("&Next pane"),
                                         .area = area,
                                         .keys = keys({ "F6" }) },
        [this] { focusNextPane(true); }));
    window->addAction(m_actions->add({ .id = QStringLiteral("window.previous_pane"),
                                         .text = tr("&Previous pane"),
                                         .area = area,
                                         .keys = keys({ "Shift+F6" }) },
        [this] { focusNextPane(false); }));
    window->addAction(m_actions->add(
        { .id = QStringLiteral("window.minimise"), .text = tr("&Minimise"), .area = area },
        [this] { showMinimized(); }));

    const QString helpArea = tr("Help");
    QMenu* help = m_menus->addMenu(tr("&Help"));
    help->addAction(m_actions->add({ .id = QStringLiteral("help.keys"),
                                       .text = tr("&Keys"),
                                       .area = helpArea,
                                       .keys = keys({ "?", "F1" }) },
        [this] { showKeys(); }));
    help->addAction(m_actions->add(
        { .id = QStringLiteral("help.about"), .text = tr("&About Fleetglass"), .area = helpArea },
        [this] {
            auto* box = new QMessageBox(this);
            box->setAttribute(Qt::WA_DeleteOnClose);
            box->setWindowTitle(tr("About Fleetglass"));
            box->setTextFormat(Qt::PlainText);
            box->setText(tr("Fleetglass %1\n\nWatches a fleet from one desktop.\n"
                            "Free software under the GNU GPL, version 3 or later.")
                             .arg(QCoreApplication::applicationVersion()));
            box->open();
        }));
}

void MainWindow::buildMenus()
{
    addFileActions();
    addViewActions();
    addTimeActions();
    addGoActions();
    addHelpActions();
}

QVector<widgets::PaletteItem> MainWindow::paletteItems()
{
    using widgets::PaletteItem;
    using widgets::PaletteKind;
    QVector<PaletteItem> items;
    for (int i = 0; i < static_cast<int>(m_pages.size()); ++i)
        items.append({ .kind = PaletteKind::View,
            .text = page(i)->title(),
            .detail = tr("view"),
            .keys = i < 9 ? tr("Ctrl+%1").arg(i + 1) : QString(),
            .glyph = page(i)->icon(),
            .run = [this, i] { activatePage(i); } });
    if (pages::Page* shown = shownPage())
        items += shown->paletteItems();
    if (m_view) {
        for (const auto& target : m_view->targets)
            items.append({ .kind = PaletteKind::Host,
                .text = utf8(target->instance),
                .detail = utf8(target->job),
                .glyph = theme::Glyph::Targets,
                .run = [this, id = target->id] {
                    follow({ .page = QStringLiteral("targets"), .targetId = id });
                } });
        for (const auto& alert : m_view->alerts)
            items.append({ .kind = PaletteKind::Alert,
                .text = utf8(alert->name),
                .detail = utf8(alert->labels.toSelector()),
                .glyph = theme::Glyph::Alerts,
                .run = [this, id = alert->id] {
                    follow({ .page = QStringLiteral("alerts"), .alertId = id });
                } });
    }
    if (m_view && m_view->metrics) {
        for (const view::MetricView& metric : m_view->metrics->metrics)
            items.append({ .kind = PaletteKind::Metric,
                .text = utf8(metric.name),
                .detail = utf8(metric.help),
                .glyph = theme::Glyph::Explore,
                .run = [this, name = QString::fromStdString(metric.name)] {
                    follow({ .page = QStringLiteral("explore"), .query = name });
                } });
    }
    return items + m_actions->paletteItems();
}

} // namespace fleetglass::main_window
