// OverviewInspector: one target at a glance: health, live shell, small charts, alerts, what
// happened lately, labels. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/models/fleet_cells.h"
#include "ui/theme/series_colors.h"
#include "ui/widgets/time_controller.h"

#include <QVector>
#include <QWidget>

class QLineEdit;

namespace fleetglass::widgets {
class InspectorSection;
class KeyButton;
class KeyValueList;
class LabelChips;
class PlainLabel;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class HostCharts;

class OverviewInspector : public QWidget
{
    Q_OBJECT

public:
    // All outlive it.
    OverviewInspector(view::FleetPort& port, widgets::TimeController& time,
        theme::SeriesColors& colors, QWidget* parent = nullptr);

    // Null: nothing is selected.
    void showCell(const models::FleetCell* cell, const view::FleetViewPtr& fleet);

    // A, Z: the first alert of the list. False: there is none.
    bool acknowledgeFirst();
    bool snoozeFirst();

signals:
    void sessionRequested(quint64 sessionId);
    void targetRequested(quint64 targetId);
    void alertRequested(quint64 alertId);
    void noted(const QString& text);

private:
    struct AlertRow
    {
        QWidget* box = nullptr;
        widgets::PlainLabel* name = nullptr;
        widgets::PlainLabel* since = nullptr;
        widgets::KeyButton* acknowledge = nullptr;
        widgets::KeyButton* snooze = nullptr;
        uint64_t id = 0;
        bool acknowledged = false;
    };

    void buildShell();
    void buildAlerts();
    void showHead(const models::FleetCell& cell);
    void showShell(const view::TargetView& target);
    void showAlerts(const view::TargetView& target);
    void showEvents(const view::TargetView& target);
    void saveName();
    void acknowledge(size_t row);
    void snooze(size_t row);

    view::FleetPort& m_port;
    widgets::TimeController& m_time;
    view::FleetViewPtr m_fleet;
    uint64_t m_sessionId = 0;
    uint64_t m_targetId = 0;
    std::string m_publicKey;

    widgets::InspectorSection* m_head;
    widgets::PlainLabel* m_name;
    widgets::PlainLabel* m_health;
    widgets::PlainLabel* m_facts;
    widgets::PlainLabel* m_error;
    widgets::KeyButton* m_open;
    widgets::InspectorSection* m_shell;
    widgets::PlainLabel* m_shellHead;
    widgets::KeyValueList* m_shellFacts;
    widgets::PlainLabel* m_shellWarning;
    widgets::KeyButton* m_nameKey;
    widgets::KeyButton* m_whatItDid;
    QWidget* m_nameRow;
    QLineEdit* m_nameField;
    widgets::InspectorSection* m_chartPart;
    widgets::PlainLabel* m_chartHead;
    HostCharts* m_charts;
    widgets::InspectorSection* m_alertPart;
    std::vector<AlertRow> m_alerts;
    widgets::PlainLabel* m_moreAlerts;
    widgets::InspectorSection* m_eventPart;
    widgets::KeyValueList* m_events;
    widgets::InspectorSection* m_labelPart;
    widgets::LabelChips* m_labels;
    widgets::PlainLabel* m_nothing;
};

} // namespace fleetglass::pages
