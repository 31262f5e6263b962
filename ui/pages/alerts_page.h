// AlertsPage: every alert instance in a dense table, what was done about it, its last day as lanes
// and its expression as a curve. Orders go through the port; nothing here waits. Used from one
// thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/models/alert_model.h"
#include "ui/pages/page.h"
#include "ui/theme/series_colors.h"

#include <QHash>

class QMenu;
class QTableView;

namespace fleetglass::widgets {
class Chip;
class KeyButton;
class PlainLabel;
class SearchField;
class ViewHeader;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class AlertsInspector;
class AlertsTimeline;

class AlertsPage : public Page
{
    Q_OBJECT

public:
    // All outlive the page.
    AlertsPage(view::FleetPort& port, widgets::TimeController& time, theme::SeriesColors& colors,
        QWidget* parent = nullptr);
    ~AlertsPage() override;

    QString id() const override { return QStringLiteral("alerts"); }
    QString title() const override { return tr("Alerts"); }
    theme::Glyph icon() const override { return theme::Glyph::Alerts; }
    void showView(view::FleetViewPtr view) override;
    void setTimeRange(const widgets::TimeRange& range) override;
    QWidget* inspector() override;
    int inspectorWidth() const override { return theme::size::kInspectorWide; }
    void focusFilter() override;
    void open(const Link& link) override;
    QVector<widgets::KeyHint> keys() const override;
    QVector<widgets::PaletteItem> paletteItems() override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject& state) override;

    const models::AlertModel& model() const { return m_model; }
    // Orders for what is selected; also without the mouse.
    void acknowledge();
    void snoozeUntil(int64_t untilMs); // 0: end it.
    void openChart();
    void copyRule();
    void selectAlert(uint64_t id);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    QWidget* buildHeader();
    QWidget* buildActions();
    QWidget* buildEmpty();
    void connectParts();
    void addShortcuts();

    void showChips();
    void showActions();
    void showEmpty();
    void showSelected();
    void filterKinds();
    void updateTimeline();
    void arrange();
    void fillSnoozeMenu();
    void copyRows();
    std::vector<models::AlertPtr> selected() const;
    models::AlertPtr current() const;
    theme::Unit unitOf(const view::AlertView& alert) const;
    bool isArchive() const;

    view::FleetPort& m_port;
    widgets::TimeController& m_time;
    view::FleetViewPtr m_view;
    models::AlertModel m_model;
    mutable QHash<QString, theme::Unit> m_units; // By expression; of one catalog.
    std::shared_ptr<const view::MetricCatalog> m_catalog;
    uint64_t m_wanted = 0; // To be selected when it is there: a link, or the last session's.

    widgets::ViewHeader* m_header = nullptr;
    QHash<int, widgets::Chip*> m_chips; // By AlertKind.
    widgets::SearchField* m_search = nullptr;
    QTableView* m_table = nullptr;
    QWidget* m_body = nullptr;
    QWidget* m_actions = nullptr;
    widgets::PlainLabel* m_selectedText = nullptr;
    widgets::PlainLabel* m_sortedText = nullptr;
    widgets::KeyButton* m_acknowledge = nullptr;
    widgets::KeyButton* m_snooze = nullptr;
    widgets::KeyButton* m_chart = nullptr;
    widgets::KeyButton* m_rule = nullptr;
    QMenu* m_snoozeMenu = nullptr;
    QWidget* m_empty = nullptr;
    widgets::PlainLabel* m_emptyTitle = nullptr;
    widgets::PlainLabel* m_emptyText = nullptr;
    widgets::KeyButton* m_showAll = nullptr;
    AlertsTimeline* m_timeline = nullptr;
    AlertsInspector* m_inspector = nullptr;
};

// 9:00 of the next day on the window's clock.
int64_t tomorrowAtNine(int64_t nowMs, const theme::Zone& zone);

} // namespace fleetglass::pages
