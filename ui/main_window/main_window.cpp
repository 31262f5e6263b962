#include "ui/main_window/main_window.h"

#include "ui/main_window/actions.h"
#include "ui/main_window/import_flow.h"
#include "ui/main_window/import_flow_band.h"
#include "ui/main_window/time_bar.h"
#include "ui/pages/first_run_page.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/key_help.h"
#include "ui/widgets/mode_rail.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/range_button.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/shell_strip.h"
#include "ui/widgets/status_bar.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QDragEnterEvent>
#include <QJsonDocument>
#include <QMimeData>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QUrl>

namespace fleetglass::main_window {

namespace {

constexpr double kWallZoom = 1.35;

QString key(const char* name)
{
    return QStringLiteral("window/") + QLatin1String(name);
}

} // namespace

MainWindow::MainWindow(MainWindowParts parts)
    : m_theme(parts.theme)
    , m_port(parts.port)
    , m_time(parts.time)
    , m_settings(parts.settings)
    , m_systemConfig(parts.systemConfig)
{
    setWindowTitle(tr("Fleetglass"));
    setAcceptDrops(true);
    setMinimumSize(800, 500);
    m_actions = new Actions(*this, m_settings);
    buildMenuRow();
    buildBody();
    addPages(std::move(parts.pages));
    buildMenus();

    connect(m_timeBar, &TimeBar::backRequested, this, &MainWindow::goBack);
    connect(m_timeBar, &TimeBar::forwardRequested, this, &MainWindow::goForward);
    connect(m_timeBar, &TimeBar::keysRequested, this, &MainWindow::showKeys);
    connect(m_rail, &widgets::ModeRail::activated, this, &MainWindow::activatePage);
    connect(m_strip, &widgets::ShellStrip::sessionActivated, this, [this](quint64 id) {
        pages::Link link;
        link.page = QStringLiteral("shells");
        link.sessionId = id;
        follow(link);
    });
    connect(m_status, &widgets::StatusBar::activated, this, &MainWindow::showPage);
    connect(&m_time, &widgets::TimeController::stackChanged, this, [this] {
        m_history.rangeDepthChanged(m_time.undoDepth());
        m_timeBar->setHistory(m_history.canGoBack(), m_history.canGoForward());
    });
    connect(&m_time, &widgets::TimeController::rangeChanged, this, [this] {
        if (pages::Page* shown = shownPage())
            shown->setTimeRange(m_time.range());
    });
    connect(&m_time, &widgets::TimeController::zoneChanged, this, [this] {
        if (m_view)
            showView(m_view);
    });
    connect(m_import, &ImportFlow::imported, this, [this](const QString& note) {
        m_importing = false;
        showNote(note);
        updateShown();
    });
    connect(m_import, &ImportFlow::refused, this, [this](const QString& reason) {
        showNote(reason);
        if (m_stack->currentWidget() != m_firstRun)
            showImport();
    });
    connect(m_import, &ImportFlow::archiveChosen, this, &MainWindow::archiveChosen);
    connect(m_import, &ImportFlow::undoOffered, this, [this](const QString& what) {
        m_undoBand->setVisible(!what.isEmpty());
        if (!what.isEmpty())
            m_undoBand->say(tr("Watching %1").arg(what));
    });
    connect(m_import, &ImportFlow::otherRequested, this,
        [this] { follow({ .page = QStringLiteral("targets"), .createNew = true }); });
    connect(m_undoBand, &NoticeBand::acted, m_import, &ImportFlow::undo);
    connect(m_configBand, &NoticeBand::acted, this, [this] {
        if (m_view)
            QDesktopServices::openUrl(
                QUrl::fromLocalFile(QString::fromStdString(m_view->status.configProblem.file)));
    });
    connect(m_firstRun, &pages::FirstRunPage::dismissed, this, [this] {
        m_importing = false;
        updateShown();
    });

    resize(1600, 1000);
    if (!parts.fresh)
        restore();
    m_import->offerSystemConfig(m_systemConfig);
    updateShown();
}

MainWindow::~MainWindow()
{
    // Pages may be asked for their inspector while children go; give it back first.
    m_inspector->showContent(nullptr);
}

void MainWindow::addPages(std::vector<std::unique_ptr<pages::Page>> pages)
{
    for (std::unique_ptr<pages::Page>& owned : pages) {
        pages::Page* page = owned.release(); // The stack owns it from here.
        page->setFocusPolicy(Qt::ClickFocus);
        m_stack->addWidget(page);
        m_pages.push_back(page);
        m_rail->addMode(page->icon(), page->title());
        connect(page, &pages::Page::linkActivated, this, &MainWindow::follow);
        connect(page, &pages::Page::noted, this, &MainWindow::showNote);
        connect(page, &pages::Page::inspectorChanged, this, [this, page] {
            if (page == shownPage())
                updateInspector();
        });
    }
    m_current = m_pages.empty() ? -1 : 0;
}

pages::Page* MainWindow::page(int index) const
{
    const bool known = index >= 0 && static_cast<size_t>(index) < m_pages.size();
    return known ? m_pages[static_cast<size_t>(index)] : nullptr;
}

pages::Page* MainWindow::shownPage() const
{
    return m_stack->currentWidget() == m_firstRun ? nullptr : page(m_current);
}

void MainWindow::showView(view::FleetViewPtr view)
{
    if (!view)
        return;
    const bool first = !m_view;
    const bool watchedBefore = m_view && m_view->status.watching;
    m_view = std::move(view);
    const view::StatusView& status = m_view->status;
    m_time.setDataIntervalMs(status.shortestIntervalMs > 0 ? status.shortestIntervalMs : 15'000);
    m_time.setNow(m_view->nowMs);
    m_strip->showSessions(m_view->sessions, m_view->nowMs, m_time.zone());
    m_status->showView(*m_view, m_time.zone());
    using Source = widgets::LiveButton::Source;
    m_timeBar->setSource(status.archive ? Source::Archive
            : status.watching           ? Source::Live
                                        : Source::Nothing);
    m_archiveBand->setVisible(status.archive);
    if (status.archive)
        m_archiveBand->setText(
            tr("Not live: %1").arg(theme::shown(std::string_view(status.archiveTitle))));
    updateBadges();
    updateConfigBand();
    if (first || watchedBefore != status.watching)
        updateShown();
    else
        updatePage();
}

void MainWindow::updateShown()
{
    const bool any = m_view && (m_view->status.watching || m_view->status.archive);
    const bool ask = m_importing || !any || m_pages.empty();
    m_firstRun->setAdditional(any && !m_pages.empty());
    QWidget* wanted = ask ? static_cast<QWidget*>(m_firstRun) : page(m_current);
    m_stack->setCurrentWidget(wanted);
    if (ask)
        m_firstRun->focusField();
    else
        wanted->setFocus(); // Not in a field: single keys work at once.
    updateInspector();
    updatePage();
}

void MainWindow::updatePage()
{
    pages::Page* shown = shownPage();
    if (shown != nullptr && m_view)
        shown->showView(m_view);
}

void MainWindow::updateInspector()
{
    pages::Page* shown = shownPage();
    QWidget* content = shown != nullptr && m_inspectorWanted ? shown->inspector() : nullptr;
    m_inspector->showContent(content);
    m_inspector->setVisible(content != nullptr);
    if (content == nullptr)
        return;
    const int width
        = m_settings.value(key("inspector_") + shown->id(), shown->inspectorWidth()).toInt();
    const int whole = m_splitter->width();
    m_splitter->setSizes({ std::max(400, whole - width - 1), width });
}

void MainWindow::updateBadges()
{
    for (int i = 0; i < static_cast<int>(m_pages.size()); ++i) {
        const QString id = page(i)->id();
        widgets::RailBadge badge;
        if (id == QLatin1String("alerts"))
            badge = { m_view->status.alertsFiring, theme::State::Critical };
        else if (id == QLatin1String("shells"))
            badge = { m_view->status.shellsOpen, theme::State::Shell };
        else if (id == QLatin1String("targets"))
            badge = { m_view->status.targetsDown, theme::State::Critical };
        m_rail->setBadge(i, badge);
    }
}

void MainWindow::updateConfigBand()
{
    const view::ConfigProblemView& problem = m_view->status.configProblem;
    if (problem.file.empty())
        return m_configBand->clear();
    const QString message = theme::shown(std::string_view(problem.message));
    const QString end = message.endsWith(QLatin1Char('?')) ? QString() : QStringLiteral(".");
    const QString text = tr("%1 What was read before goes on.").arg(message + end);
    if (text != m_configBand->text())
        m_configBand->say(text); // Closed by hand, it comes back with another problem only.
}

void MainWindow::activatePage(int index)
{
    if (page(index) == nullptr)
        return;
    const bool leaving = index != m_current;
    if (leaving)
        m_history.pageLeft(m_current);
    m_current = index;
    m_importing = false;
    m_rail->setCurrent(index);
    m_timeBar->setHistory(m_history.canGoBack(), m_history.canGoForward());
    updateShown();
    if (pages::Page* shown = shownPage())
        shown->setTimeRange(m_time.range());
}

bool MainWindow::showPage(const QString& id)
{
    for (int i = 0; i < static_cast<int>(m_pages.size()); ++i) {
        if (page(i)->id() != id)
            continue;
        activatePage(i);
        return true;
    }
    return false;
}

QString MainWindow::currentPage() const
{
    return page(m_current) != nullptr ? page(m_current)->id() : QString();
}

void MainWindow::follow(const pages::Link& link)
{
    if (!showPage(link.page))
        return;
    if (link.range)
        m_time.showRange(*link.range);
    page(m_current)->open(link);
}

void MainWindow::showImport()
{
    m_importing = true;
    updateShown();
}

void MainWindow::goBack()
{
    if (const auto step = m_history.back(m_current)) {
        step->isRange ? m_time.undo() : activatePage(step->page);
        finishStep();
    }
}

void MainWindow::goForward()
{
    if (const auto step = m_history.forward(m_current)) {
        step->isRange ? m_time.redo() : activatePage(step->page);
        finishStep();
    }
}

void MainWindow::finishStep()
{
    m_history.settle(m_time.undoDepth());
    m_timeBar->setHistory(m_history.canGoBack(), m_history.canGoForward());
}

void MainWindow::showKeys()
{
    QVector<widgets::KeyHint> hints;
    if (pages::Page* shown = shownPage()) {
        hints = shown->keys();
        for (widgets::KeyHint& hint : hints) {
            if (hint.area.isEmpty())
                hint.area = shown->title();
        }
    }
    hints += m_actions->hints();
    hints.append({ tr("Space"), tr("Pause or go live"), tr("Time") });
    hints.append({ tr("End"), tr("Go live"), tr("Time") });
    auto* dialog = new widgets::KeyHelp(hints, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showNote(const QString& text)
{
    m_status->showNote(text);
}

void MainWindow::focusNextPane(bool forward)
{
    QVector<QWidget*> panes { m_rail, m_stack->currentWidget() };
    if (m_inspector->isVisible())
        panes.append(m_inspector);
    QWidget* focused = QApplication::focusWidget();
    qsizetype at = forward ? -1 : 0;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (focused != nullptr && (panes[i] == focused || panes[i]->isAncestorOf(focused)))
            at = i;
    }
    QWidget* next = panes[(at + (forward ? 1 : -1) + panes.size()) % panes.size()];
    // A pane itself may not take the keyboard; its first child that does stands for it.
    QWidget* candidate = next;
    for (int tries = 0; tries < 500 && candidate != nullptr; ++tries) {
        if ((candidate == next || next->isAncestorOf(candidate)) && candidate->isVisible()
            && candidate->isEnabled() && (candidate->focusPolicy() & Qt::TabFocus)) {
            candidate->setFocus(Qt::TabFocusReason);
            return;
        }
        candidate = candidate->nextInFocusChain();
    }
}

void MainWindow::copyRange() const
{
    QApplication::clipboard()->setText(widgets::rangeIso(m_time.range(), m_time.zone()));
}

void MainWindow::pasteRange()
{
    if (!m_timeBar->rangeButton().take(QApplication::clipboard()->text().left(256)))
        showNote(m_timeBar->rangeButton().problem());
}

void MainWindow::setWallMode(bool on)
{
    if (on == m_wall)
        return;
    m_wall = on;
    setChromeVisible(!on);
    m_theme.setTextZoom(on ? m_theme.textZoom() * kWallZoom : m_theme.textZoom() / kWallZoom);
    setWindowState(on ? windowState() | Qt::WindowFullScreen
                      : windowState() & ~Qt::WindowStates(Qt::WindowFullScreen));
    updateInspector();
}

void MainWindow::resetLayout()
{
    for (const pages::Page* known : m_pages)
        m_settings.remove(key("inspector_") + known->id());
    m_inspectorWanted = true;
    m_rail->setNarrow(false);
    m_rail->show();
    updateInspector();
}

void MainWindow::keyPressEvent(QKeyEvent* event)
{
    // Here and not as shortcuts: a focused button, list or field needs these keys first.
    if (event->key() == Qt::Key_Space && !event->modifiers())
        return m_time.togglePause();
    if (event->key() == Qt::Key_End && !event->modifiers())
        return m_time.goLive();
    if (event->key() == Qt::Key_Escape && m_wall)
        return setWallMode(false);
    if (event->key() == Qt::Key_Escape && m_importing) {
        m_importing = false;
        return updateShown();
    }
    QMainWindow::keyPressEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (ImportFlow::canTake(*event->mimeData()))
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    m_import->takeDrop(*event->mimeData());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    setWallMode(false);
    save();
    event->accept();
}

void MainWindow::save() const
{
    m_settings.setValue(key("geometry"), saveGeometry());
    m_settings.setValue(key("page"), currentPage());
    m_settings.setValue(key("theme"), static_cast<int>(m_theme.choice()));
    m_settings.setValue(key("text_zoom"), m_theme.textZoom());
    m_settings.setValue(key("utc"), m_time.zone().utc);
    m_settings.setValue(key("span_ms"), QVariant::fromValue<qint64>(m_time.wish().spanMs));
    m_settings.setValue(key("recent_ranges"), m_timeBar->rangeButton().recent());
    m_settings.setValue(key("rail_narrow"), m_rail->isNarrow());
    m_settings.setValue(key("inspector"), m_inspectorWanted);
    for (const pages::Page* known : m_pages) {
        const QJsonDocument state(known->saveState());
        m_settings.setValue(
            QStringLiteral("pages/") + known->id(), state.toJson(QJsonDocument::Compact));
    }
    const pages::Page* shown = shownPage();
    if (shown != nullptr && m_inspector->isVisible())
        m_settings.setValue(key("inspector_") + shown->id(), m_inspector->width());
}

void MainWindow::restore()
{
    restoreGeometry(m_settings.value(key("geometry")).toByteArray());
    const int choice = m_settings.value(key("theme"), 0).toInt();
    if (choice >= 0 && choice <= static_cast<int>(theme::ThemeChoice::Dark))
        m_theme.setChoice(static_cast<theme::ThemeChoice>(choice));
    const double zoom = m_settings.value(key("text_zoom"), 1.0).toDouble();
    if (zoom != m_theme.textZoom() && zoom > 0)
        m_theme.setTextZoom(zoom);
    m_time.setUtc(m_settings.value(key("utc"), false).toBool());
    const qint64 spanMs = m_settings.value(key("span_ms"), 3'600'000).toLongLong();
    if (spanMs != m_time.wish().spanMs && spanMs >= widgets::kSpanMsMin)
        m_time.showLast(spanMs);
    m_timeBar->rangeButton().setRecent(m_settings.value(key("recent_ranges")).toStringList());
    m_rail->setNarrow(m_settings.value(key("rail_narrow"), false).toBool());
    m_inspectorWanted = m_settings.value(key("inspector"), true).toBool();
    for (pages::Page* known : m_pages) {
        const QByteArray state
            = m_settings.value(QStringLiteral("pages/") + known->id()).toByteArray();
        known->restoreState(QJsonDocument::fromJson(state).object());
    }
    showPage(m_settings.value(key("page")).toString());
    m_history = {};
    m_history.settle(m_time.undoDepth());
    m_timeBar->setHistory(false, false);
}

} // namespace fleetglass::main_window
