// LaneChart: spans of states on a time axis, one lane below the other, with names in a gutter on
// the left. Shares range and crosshair with the charts of its group; asks for ranges as they do.
// Used from one thread at a time (the UI thread).
#pragma once

#include "ui/charts/crosshair_group.h"
#include "ui/charts/lane_content.h"

#include <QPixmap>
#include <QWidget>

namespace fleetglass::charts {

struct LaneOptions
{
    int gutterPx = 236;
    int rowPx = 24;
    int barPx = 12;
    int insetPx = 12; // Left of the names.
    bool axis = true;
};

class LaneChart : public QWidget
{
    Q_OBJECT

public:
    // The group outlives the chart.
    explicit LaneChart(CrosshairGroup& group, QWidget* parent = nullptr);

    void setLanes(std::vector<Lane> lanes);
    const std::vector<Lane>& lanes() const { return m_lanes; }
    void setOptions(const LaneOptions& options);
    void setTimes(Span timesMs, double stepMs, double nowMs);
    void setZone(const theme::Zone& zone);
    void setSelected(const QString& key);
    const QString& selected() const { return m_selected; }

    QString summary() const;
    void paintTo(QPainter& painter, const QSize& size) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void laneSelected(const QString& key);
    void laneActivated(const QString& key);
    void rangeRequested(double beginMs, double endMs);
    void zoomRequested(double factor, double aroundMs);
    void panRequested(double spans);
    void undoRequested();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void changed();
    ChartScale scaleFor(const QRectF& plot) const;
    QRectF plotFor(const QSize& size) const;
    const Lane* laneAt(double y) const;
    void select(size_t index);
    void drawOverlay(QPainter& painter) const;

    CrosshairGroup& m_group;
    std::vector<Lane> m_lanes;
    LaneOptions m_options;
    Span m_timesMs { 0, 1 };
    double m_stepMs = 15'000;
    double m_nowMs = 0;
    theme::Zone m_zone;
    QString m_selected;
    QPixmap m_picture; // Lanes without crosshair; null: to be drawn.
    std::optional<double> m_pressedX;
    std::optional<double> m_draggedX;
};

} // namespace fleetglass::charts
