// MainWindow: arranges menu, time bar, rail, shell strip, pages, inspector and status bar. What the
// pages show is theirs. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/main_window/view_history.h"
#include "ui/pages/page.h"
#include "ui/theme/theme.h"

#include <QMainWindow>
#include <memory>
#include <vector>

class QLabel;
class QSettings;
class QSplitter;
class QStackedWidget;

namespace fleetglass::pages {
class FirstRunPage;
}
namespace fleetglass::widgets {
class CommandPalette;
class InspectorPane;
class ModeRail;
class PlainLabel;
class SearchField;
class ShellStrip;
class StatusBar;
} // namespace fleetglass::widgets

namespace fleetglass::main_window {

class Actions;
class ImportFlow;
class NoticeBand;
class TimeBar;

// What the window is given; the references must outlive it.
struct MainWindowParts
{
    theme::Theme& theme;
    view::FleetPort& port;
    widgets::TimeController& time;
    QSettings& settings;
    std::vector<std::unique_ptr<pages::Page>> pages; // In the order of the rail.
    bool fresh = false; // Without what the settings remember.
    QString systemConfig = QStringLiteral("/etc/prometheus/prometheus.yml");
};

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(MainWindowParts parts);
    ~MainWindow() override;

    // For the bridge: the newest view.
    void showView(view::FleetViewPtr view);

    bool showPage(const QString& id); // False: there is no such page.
    QString currentPage() const;
    void follow(const pages::Link& link);
    void showImport(); // The field of the first run, also in a window that watches already.
    void resetLayout();
    void setWallMode(bool on); // No chrome, type 1.35 times as large, full screen.
    bool isWallMode() const { return m_wall; }
    void showNote(const QString& text);
    Actions& actions() { return *m_actions; }

signals:
    void archiveChosen(const QString& path); // A capsule was dropped or opened.

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    // window_parts.cpp: the frame. window_menus.cpp: what it can do.
    void buildMenuRow();
    void buildBody();
    void buildMenus();
    void addFileActions();
    void addViewActions();
    void addTimeActions();
    void addGoActions();
    void addHelpActions();
    QVector<widgets::PaletteItem> paletteItems();

    void addPages(std::vector<std::unique_ptr<pages::Page>> pages);
    pages::Page* page(int index) const;
    pages::Page* shownPage() const;
    void activatePage(int index);
    void updatePage();
    void updateInspector();
    void updateBadges();
    void updateConfigBand();
    void updateShown(); // First run or the current page.
    void goBack();
    void goForward();
    void finishStep();
    void showKeys();
    void focusNextPane(bool forward);
    void copyRange() const;
    void pasteRange();
    void setChromeVisible(bool visible);

    void restore();
    void save() const;

    theme::Theme& m_theme;
    view::FleetPort& m_port;
    widgets::TimeController& m_time;
    QSettings& m_settings;
    QString m_systemConfig;

    Actions* m_actions = nullptr;
    ImportFlow* m_import = nullptr;
    QWidget* m_menuRow = nullptr;
    QMenuBar* m_menus = nullptr;
    widgets::SearchField* m_search = nullptr;
    widgets::CommandPalette* m_palette = nullptr;
    TimeBar* m_timeBar = nullptr;
    widgets::ModeRail* m_rail = nullptr;
    widgets::ShellStrip* m_strip = nullptr;
    widgets::PlainLabel* m_archiveBand = nullptr;
    NoticeBand* m_configBand = nullptr; // A watched file is broken.
    NoticeBand* m_undoBand = nullptr; // An import can be taken back.
    QStackedWidget* m_stack = nullptr;
    pages::FirstRunPage* m_firstRun = nullptr;
    QSplitter* m_splitter = nullptr;
    widgets::InspectorPane* m_inspector = nullptr;
    widgets::StatusBar* m_status = nullptr;

    std::vector<pages::Page*> m_pages;
    int m_current = -1;
    ViewHistory m_history;
    view::FleetViewPtr m_view;
    bool m_importing = false;
    bool m_inspectorWanted = true;
    bool m_wall = false;
};

} // namespace fleetglass::main_window
