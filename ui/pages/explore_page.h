// ExplorePage: query tabs, metric tree, editor, chart and legend. Everything is asked through the
// port with ids; nothing here waits. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/charts/chart_content.h"
#include "ui/charts/crosshair_group.h"
#include "ui/models/legend_model.h"
#include "ui/pages/explore_runner.h"
#include "ui/pages/page.h"

#include <QTimer>
#include <QVector>

class QSplitter;

namespace fleetglass::charts {
class TimeChart;
}
namespace fleetglass::widgets {
class Head;
class KeyButton;
class PlainLabel;
class QueryEditor;
class SearchField;
class SegmentedSwitch;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class ExploreInspector;
class ExploreLegend;
class ExploreMetricPanel;
class ExploreStatus;
class ExploreTabs;

class ExplorePage : public Page
{
    Q_OBJECT

public:
    // All outlive the page.
    ExplorePage(view::FleetPort& port, widgets::TimeController& time, theme::SeriesColors& colors,
        QWidget* parent = nullptr);
    ~ExplorePage() override;

    QString id() const override { return QStringLiteral("explore"); }
    QString title() const override { return tr("Explore"); }
    theme::Glyph icon() const override { return theme::Glyph::Explore; }
    void showView(view::FleetViewPtr view) override;
    void setTimeRange(const widgets::TimeRange& range) override;
    QWidget* inspector() override;
    void focusFilter() override;
    void open(const Link& link) override;
    QVector<widgets::KeyHint> keys() const override;
    QVector<widgets::PaletteItem> paletteItems() override;
    QJsonObject saveState() const override;
    void restoreState(const QJsonObject& state) override;

    // Runs a query in this tab if it is empty or untouched, else in a new one.
    void showQuery(const QString& query);
    // Something to begin with: a tab each, the first one shown; only where nothing was asked yet.
    void offerQueries(const QStringList& queries);
    charts::TimeChart& chart() { return *m_chart; }

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Tab
    {
        QString query; // As it stands in the editor.
        QString written; // The query we wrote; equal to `query`: untouched.
        QString title; // Given by a person; empty: the query.
        QSet<QString> hidden;
        QString selected;
        bool table = false;
        bool logarithmic = false;
        bool stacked = false;
        view::QueryAnswerPtr answer;
    };

    void build();
    QWidget* buildResult();
    QWidget* buildDrawer();
    void connectParts();
    void connectChart();

    Tab& tab() { return m_tabs[m_current]; }
    const Tab& tab() const { return m_tabs[m_current]; }
    void addTab(const QString& query);
    void closeTab(int index);
    void reopenTab();
    void chooseTab(int index);
    void showTab();
    void showTabs();

    void run();
    void take(const view::QueryAnswerPtr& answer);
    void takePast(const view::QueryAnswerPtr& answer, qint64 offsetMs);
    void showAnswer();
    void showChart();
    void showEmpty();
    void moveWindow();
    void showInspector();
    void showStatus();
    void applyOptions();
    void crosshairMoved();
    const labels::Labels* labelsOf(const QString& key) const;

    view::FleetPort& m_port;
    widgets::TimeController& m_time;
    theme::SeriesColors& m_colors;
    view::FleetViewPtr m_view;
    charts::CrosshairGroup m_crosshair;
    models::LegendModel m_legendModel;
    ExploreRunner m_runner;
    QTimer m_dimTimer; // Only what takes long is dimmed.
    QVector<Tab> m_tabs;
    QVector<Tab> m_closed;
    int m_current = 0;
    theme::Unit m_unit;
    view::QueryAnswerPtr m_past;
    qint64 m_pastOffsetMs = 0;
    std::shared_ptr<const std::vector<view::AlertSpanView>>
        m_marksOf; // Of which spans the marks are.

    ExploreMetricPanel* m_panel = nullptr;
    ExploreTabs* m_tabBar = nullptr;
    widgets::QueryEditor* m_editor = nullptr;
    ExploreStatus* m_status = nullptr;
    widgets::SegmentedSwitch* m_mode = nullptr;
    widgets::KeyButton* m_log = nullptr;
    widgets::KeyButton* m_stack = nullptr;
    widgets::KeyButton* m_resetZoom = nullptr;
    charts::TimeChart* m_chart = nullptr;
    QWidget* m_chartArea = nullptr;
    QSplitter* m_splitter = nullptr;
    ExploreLegend* m_legend = nullptr;
    widgets::SearchField* m_legendFilter = nullptr;
    ExploreInspector* m_inspector = nullptr;
};

} // namespace fleetglass::pages
