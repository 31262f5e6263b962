// ShellsPage: who has a live shell where, from where and since when, the last day of sessions as
// lanes, and what happened on a host meanwhile. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/charts/crosshair_group.h"
#include "ui/models/session_model.h"
#include "ui/pages/page.h"
#include "ui/theme/series_colors.h"

#include <QHash>

class QScrollArea;
class QTableView;

namespace fleetglass::charts {
class LaneChart;
}
namespace fleetglass::widgets {
class Chip;
class KeyButton;
class PlainLabel;
class SearchField;
class SectionHead;
class ViewHeader;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class ShellsInspector;
class ShellStory;

class ShellsPage : public Page
{
    Q_OBJECT

public:
    // All outlive the page.
    ShellsPage(view::FleetPort& port, widgets::TimeController& time, theme::SeriesColors& colors,
        QWidget* parent = nullptr);
    ~ShellsPage() override;

    QString id() const override { return QStringLiteral("shells"); }
    QString title() const override { return tr("Shells"); }
    theme::Glyph icon() const override { return theme::Glyph::Shells; }
    void showView(view::FleetViewPtr view) override;
    void setTimeRange(const widgets::TimeRange& range) override;
    QWidget* inspector() override;
    void focusFilter() override;
    void open(const Link& link) override;
    QVector<widgets::KeyHint> keys() const override;
    QVector<widgets::PaletteItem> paletteItems() override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject& state) override;

    const models::SessionModel& model() const { return m_model; }
    void selectSession(uint64_t id);
    // Asks for the owner of the selected session's key; answers go to the port.
    void editAddressBook();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    QWidget* buildHeader();
    QWidget* buildLanes();
    QWidget* buildEmpty();
    void connectParts();

    void showHeader();
    void showEmpty();
    void showLanes();
    void showSelected();
    void showInspector();
    void moveWindow();
    void filter();
    void arrange();
    const view::SessionView* current() const;
    bool isArchive() const { return m_view && m_view->status.archive; }

    view::FleetPort& m_port;
    widgets::TimeController& m_time;
    view::FleetViewPtr m_view;
    models::SessionModel m_model;
    charts::CrosshairGroup m_crosshair;
    uint64_t m_wanted = 0; // To be selected when it is there.

    widgets::ViewHeader* m_header = nullptr;
    QHash<int, widgets::Chip*> m_chips; // By SessionTrait.
    widgets::SearchField* m_search = nullptr;
    QWidget* m_body = nullptr;
    QTableView* m_table = nullptr;
    widgets::SectionHead* m_laneHead = nullptr;
    QScrollArea* m_scroll = nullptr;
    charts::LaneChart* m_lanes = nullptr;
    ShellStory* m_story = nullptr;
    QWidget* m_empty = nullptr;
    widgets::PlainLabel* m_emptyTitle = nullptr;
    widgets::PlainLabel* m_emptyText = nullptr;
    widgets::KeyButton* m_showAll = nullptr;
    ShellsInspector* m_inspector = nullptr;
};

} // namespace fleetglass::pages
