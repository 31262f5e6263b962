#include "app/window_session.h"

#include "app/page_list.h"
#include "ui/pages/explore_page.h"
#include "ui/pages/snapshots_page.h"

#include <QStandardPaths>

namespace fleetglass::app {

namespace {

QString addressBookFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)
        + QStringLiteral("/keys.tsv");
}

QString colorsKey()
{
    return QStringLiteral("series/colors");
}

WindowSettings withDemoQueries(WindowSettings settings)
{
    if (settings.queries.isEmpty()) {
        for (const auto& query : demo::DemoFleet::queries())
            settings.queries.append(QString::fromStdString(query));
    }
    return settings;
}

std::string programName()
{
    return "Fleetglass " FLEETGLASS_VERSION;
}

} // namespace

LiveCore::LiveCore(WatchSource given, const Clock& givenClock, monitor::Monitor::Publish publish)
    : source(std::move(given))
    , monitor({}, givenClock, std::move(publish), yamlGroupReader())
    , clock(givenClock)
    , workspace(monitor)
{
}

void LiveCore::start()
{
    rehearseDemo(source, monitor);
    if (source.demo)
        monitor.views().setAddressBook(demo::DemoFleet::addressBook());
    if (source.demo)
        workspace.take(source.imported, {});
    else
        takeWords(source, monitor, workspace);
    workspace.settle();
    workspace.watchFiles(stamps, clock);
    monitor.start();
}

WindowSession::WindowSession(const WindowSettings& settings, const Clock& clock, WatchSource source)
    : m_settings(settings.settings)
    , m_live(std::make_unique<LiveCore>(std::move(source), clock,
          [this](view::FleetViewPtr view) { m_updates.publish(std::move(view)); }))
{
    m_port = std::make_unique<bridge::LivePort>(m_live->monitor, m_live->workspace,
        bridge::LivePort::Options { addressBookFile(), programName() });
    openWindow(m_live->source.demo ? withDemoQueries(settings) : settings);
    connect(&m_updates, &bridge::UpdateBridge::viewChanged, this,
        [this](const view::FleetViewPtr& view) {
            m_time.setNow(view->nowMs);
            m_window->showView(view);
        });
    // A directory that cannot be opened is told in the log; the fleet is watched all the same.
    if (!settings.dataDirectory.empty())
        static_cast<void>(m_live->monitor.openData(settings.dataDirectory).has_value());
    m_live->start();
}

WindowSession::WindowSession(
    const WindowSettings& settings, std::unique_ptr<monitor::Archive> archive)
    : m_settings(settings.settings)
    , m_archive(std::move(archive))
{
    m_port = std::make_unique<bridge::ArchivePort>(*m_archive);
    m_time.setNow(m_archive->content().range.endMs);
    openWindow(settings);
    m_window->showView(m_archive->fleet());
}

WindowSession::~WindowSession()
{
    m_settings.setValue(colorsKey(), m_colors.saved());
    // The window asks nothing any more, then nobody answers, then what they used goes.
    m_window.reset();
    if (m_live)
        m_live->monitor.stop();
    if (m_archive)
        m_archive->stop();
    m_port.reset();
}

void WindowSession::openWindow(const WindowSettings& settings)
{
    if (!settings.fresh)
        m_colors.restore(m_settings.value(colorsKey()).toStringList());
    main_window::MainWindowParts parts { settings.theme, *m_port, m_time, settings.settings,
        makePages({ *m_port, m_time, m_colors }), settings.fresh };
    m_window = std::make_unique<main_window::MainWindow>(std::move(parts));
    if (auto* explore = m_window->findChild<pages::ExplorePage*>())
        explore->offerQueries(settings.queries);
    if (!settings.page.isEmpty())
        m_window->showPage(settings.page);
    connect(m_window.get(), &main_window::MainWindow::archiveChosen, this,
        &WindowSession::archiveChosen);
    if (auto* snapshots = m_window->findChild<pages::SnapshotsPage*>())
        connect(
            snapshots, &pages::SnapshotsPage::archiveChosen, this, &WindowSession::archiveChosen);
}

} // namespace fleetglass::app
