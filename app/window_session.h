// WindowSession: one window and what is behind it, a running monitor or an opened capsule, taken
// down in the right order. Used from one thread at a time (the UI thread).
#pragma once

#include "app/watch_source.h"
#include "core/monitor/archive.h"
#include "ui/bridge/archive_port.h"
#include "ui/bridge/live_port.h"
#include "ui/bridge/update_bridge.h"
#include "ui/main_window/main_window.h"
#include "ui/theme/series_colors.h"
#include "ui/theme/theme.h"
#include "ui/widgets/time_controller.h"

#include <QSettings>
#include <QString>
#include <QStringList>
#include <memory>

namespace fleetglass::app {

// What is watched without a window round it: for the headless verbs as well.
struct LiveCore
{
    // The clock must outlive it.
    LiveCore(WatchSource given, const Clock& clock, monitor::Monitor::Publish publish);
    // Begins to watch; the demo's hour before is made up first.
    void start();

    WatchSource source; // First: a demo fleet outlives its scraper.
    monitor::Monitor monitor;
    const Clock& clock;
    const monitor::DiskStamps stamps;
    monitor::Workspace workspace;
};

struct WindowSettings
{
    theme::Theme& theme;
    QSettings& settings;
    bool fresh = false;
    QString page {}; // Shown first; empty: where the user left off.
    QStringList queries {}; // In Explore's tabs, unless the user left some there.
    std::string dataDirectory {}; // Of a live fleet's samples; empty: they stay in memory.
};

class WindowSession : public QObject
{
    Q_OBJECT

public:
    // A window on a live fleet; an empty source shows the first run.
    // A demo offers its questions.
    WindowSession(const WindowSettings& settings, const Clock& clock, WatchSource source);
    // A window on a capsule.
    WindowSession(const WindowSettings& settings, std::unique_ptr<monitor::Archive> archive);
    ~WindowSession() override;

    main_window::MainWindow& window() { return *m_window; }
    LiveCore* live() { return m_live.get(); }
    widgets::TimeController& time() { return m_time; }
    view::FleetPort& port() { return *m_port; }

signals:
    void archiveChosen(const QString& path);

private:
    void openWindow(const WindowSettings& settings);

    bridge::UpdateBridge m_updates; // Outlives the monitor that publishes to it.
    widgets::TimeController m_time;
    theme::SeriesColors m_colors;
    QSettings& m_settings;
    std::unique_ptr<LiveCore> m_live;
    std::unique_ptr<monitor::Archive> m_archive;
    std::unique_ptr<view::FleetPort> m_port;
    std::unique_ptr<main_window::MainWindow> m_window;
};

} // namespace fleetglass::app
