// AlertsTimeline: one lane for each alert instance, in the order of the table, and below it the
// curve of the chosen alert over the same time with its limit. Used from one thread at a time (the
// UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/charts/crosshair_group.h"
#include "ui/models/alert_model.h"
#include "ui/pages/explore_runner.h"
#include "ui/widgets/time_controller.h"

#include <QWidget>

class QScrollArea;

namespace fleetglass::charts {
class LaneChart;
class TimeChart;
} // namespace fleetglass::charts
namespace fleetglass::theme {
class SeriesColors;
}
namespace fleetglass::widgets {
class KeyButton;
class SectionHead;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

using AlertSpans = std::shared_ptr<const std::vector<view::AlertSpanView>>;

// "fired 3 times in 24 h, 1 h 24 m in all; pending once without firing"
QString historyText(const std::vector<view::AlertSpanView>& spans, uint64_t alertId, int64_t nowMs);
// Only lines of the alert's own series.
view::QueryAnswerPtr answerFor(const view::QueryAnswerPtr& answer, const labels::Labels& labels);
// A row for each moment, a column for each line.
QString csvOf(const view::QueryAnswer& answer, const theme::Zone& zone);

class AlertsTimeline : public QWidget
{
    Q_OBJECT

public:
    // All outlive the timeline.
    AlertsTimeline(view::FleetPort& port, widgets::TimeController& time,
        theme::SeriesColors& colors, QWidget* parent = nullptr);
    ~AlertsTimeline() override;

    void setAlerts(std::vector<models::AlertPtr> alerts, AlertSpans spans, int64_t intervalMs);
    // Null: none. The unit is that of its values.
    void select(models::AlertPtr alert, const theme::Unit& unit);
    void moveWindow(bool archive);
    void setZone();

signals:
    void alertSelected(quint64 id);
    void alertActivated(quint64 id);
    void noted(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void connectTime(QObject* chart);
    void showLanes();
    void showChart();
    void showHead();
    void arrange();
    void copyCsv();
    int64_t stepMs() const;

    widgets::TimeController& m_time;
    theme::SeriesColors& m_colors;
    charts::CrosshairGroup m_crosshair;
    ExploreRunner m_runner;
    std::vector<models::AlertPtr> m_alerts;
    AlertSpans m_spans;
    models::AlertPtr m_alert;
    theme::Unit m_unit;
    view::QueryAnswerPtr m_answer;
    QString m_expression;
    int64_t m_intervalMs = 15'000;

    widgets::SectionHead* m_head = nullptr;
    QScrollArea* m_scroll = nullptr;
    charts::LaneChart* m_lanes = nullptr;
    QWidget* m_chartPart = nullptr;
    widgets::SectionHead* m_chartHead = nullptr;
    widgets::KeyButton* m_copy = nullptr;
    charts::TimeChart* m_chart = nullptr;
};

} // namespace fleetglass::pages
