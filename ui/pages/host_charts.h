// HostCharts: a few small charts of one target: what it did since the shell opened, or in the last
// hour. Only metrics the target's job has are asked for; old lines stay while new ones are asked.
// Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/charts/crosshair_group.h"
#include "ui/theme/series_colors.h"
#include "ui/theme/units.h"
#include "ui/widgets/time_controller.h"

#include <QVector>
#include <QWidget>

namespace fleetglass::charts {
class TimeChart;
}
namespace fleetglass::widgets {
class PlainLabel;
}

namespace fleetglass::pages {

struct HostChartQuery
{
    QString title; // tr()
    std::string expression;
    theme::Unit unit;
};
// At most three, for a target of this job.
std::vector<HostChartQuery> hostChartQueries(
    const view::TargetView& target, const view::MetricCatalog& catalog);

class HostCharts : public QWidget
{
    Q_OBJECT

public:
    // All outlive it.
    HostCharts(view::FleetPort& port, widgets::TimeController& time, theme::SeriesColors& colors,
        QWidget* parent = nullptr);
    ~HostCharts() override;

    // Asks anew for another target, another start, and once an interval.
    void show(const view::TargetView& target, const view::FleetViewPtr& fleet, int64_t startMs);
    int count() const { return m_count; }

private:
    struct Chart
    {
        QWidget* box = nullptr;
        widgets::PlainLabel* title = nullptr;
        widgets::PlainLabel* unit = nullptr;
        widgets::PlainLabel* value = nullptr;
        charts::TimeChart* chart = nullptr;
        HostChartQuery query {};
        view::FleetPort::QueryId asked = 0;
    };

    void addChart();
    void ask(size_t index, int64_t startMs);
    void take(size_t index, const view::QueryAnswerPtr& answer);
    void cancel();

    view::FleetPort& m_port;
    widgets::TimeController& m_time;
    theme::SeriesColors& m_colors;
    charts::CrosshairGroup m_crosshair;
    std::vector<Chart> m_charts;
    view::FleetViewPtr m_fleet;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0); // Answers outlive the widget.
    int m_count = 0;
    uint64_t m_target = 0;
    int64_t m_startMs = 0;
    int64_t m_askedAtMs = 0;
    int m_round = 0; // Answers to an older one are dropped.
};

} // namespace fleetglass::pages
