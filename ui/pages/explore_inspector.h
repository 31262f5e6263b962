// ExploreInspector: what is known of the line selected, of the query, and of the alerts on it.
// Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/models/legend_model.h"
#include "ui/theme/units.h"

#include <QWidget>

class QVBoxLayout;

namespace fleetglass::widgets {
class InspectorSection;
class KeyButton;
class KeyValueList;
class PlainLabel;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class ExploreInspector : public QWidget
{
    Q_OBJECT

public:
    explicit ExploreInspector(QWidget* parent = nullptr);

    void showQuery(const view::QueryAnswer* answer);
    // The line of this key; empty: none.
    void showLine(
        const models::LegendModel& legend, const QString& key, const labels::Labels& labels);
    void showAlerts(const view::FleetView* fleet, const std::string& expression,
        const labels::Labels& labels, const theme::Unit& unit);

signals:
    void targetRequested(const QString& instance);
    void alertRequested(quint64 alertId);
    void acknowledgeRequested(quint64 alertId);

private:
    widgets::InspectorSection* m_query;
    widgets::KeyValueList* m_queryFacts;
    widgets::InspectorSection* m_hints;
    widgets::KeyValueList* m_hintHead;
    widgets::PlainLabel* m_hintText;
    widgets::InspectorSection* m_alert;
    widgets::KeyValueList* m_alertHead;
    widgets::PlainLabel* m_alertText;
    widgets::KeyButton* m_acknowledge;
    widgets::KeyButton* m_goToAlert;
    widgets::InspectorSection* m_line;
    widgets::PlainLabel* m_lineName;
    widgets::KeyValueList* m_lineFacts;
    widgets::InspectorSection* m_labels;
    widgets::KeyValueList* m_labelFacts;
    widgets::KeyButton* m_target;
    widgets::PlainLabel* m_nothing;
    quint64 m_alertId = 0;
    QString m_instance;
};

} // namespace fleetglass::pages
