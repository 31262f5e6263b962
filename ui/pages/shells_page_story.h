// ShellStory: what happened on a host while a shell was open: up to four small curves that share
// time and crosshair, the shell as a tinted band, and the commands that changed something. Used
// from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/charts/chart_content.h"
#include "ui/charts/crosshair_group.h"
#include "ui/models/command_model.h"
#include "ui/pages/explore_runner.h"
#include "ui/pages/shells_page_queries.h"
#include "ui/theme/series_colors.h"
#include "ui/widgets/time_controller.h"

#include <QWidget>
#include <array>
#include <memory>

class QTableView;

namespace fleetglass::charts {
class TimeChart;
}
namespace fleetglass::widgets {
class KeyButton;
class PlainLabel;
class SectionHead;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class ShellStory : public QWidget
{
    Q_OBJECT

public:
    // All outlive the story.
    ShellStory(view::FleetPort& port, widgets::TimeController& time, theme::SeriesColors& colors,
        QWidget* parent = nullptr);
    ~ShellStory() override;

    // No session: hidden. The same session again only moves on.
    void show(const std::optional<view::SessionView>& session, const view::MetricCatalog* catalog,
        int64_t nowMs, bool archive);
    void setZone();

    // What the host's counters tell of the session; nothing while it is not known.
    const std::optional<std::vector<models::CommandCount>>& commands() const { return m_commands; }

signals:
    void commandsChanged();
    void exploreRequested(const QString& query, const fleetglass::widgets::TimeRange& range);

private:
    static constexpr size_t kCharts = 4;
    struct Part
    {
        charts::TimeChart* chart = nullptr;
        std::unique_ptr<ExploreRunner> runner;
        StoryQuery query;
        view::QueryAnswerPtr answer;
    };

    void build();
    void ask();
    void moveOn();
    void take(size_t index, const view::QueryAnswerPtr& answer);
    void takeCommands(const view::QueryAnswerPtr& answer);
    void showChart(Part& part);
    void showTable();
    void showHead();
    void showNothing();
    std::vector<charts::ShellBand> bands() const;

    widgets::TimeController& m_time;
    theme::SeriesColors& m_colors;
    charts::CrosshairGroup m_crosshair;
    std::array<Part, kCharts> m_parts;
    ExploreRunner m_commandRunner;
    models::CommandModel m_model;
    std::optional<view::SessionView> m_session;
    std::optional<std::vector<models::CommandCount>> m_commands;
    int m_queries = 0;
    int64_t m_nowMs = 0;
    bool m_archive = false;

    widgets::SectionHead* m_head = nullptr;
    widgets::KeyButton* m_explore = nullptr;
    widgets::PlainLabel* m_nothing = nullptr;
    QWidget* m_charts = nullptr;
    QTableView* m_table = nullptr;
};

} // namespace fleetglass::pages
