// TimeChart: lines over time with everything that belongs to them: gaps, limits, alerts, shells,
// missed scrapes, a crosshair shared through its group. Asks for ranges, never sets them: whoever
// owns the time answers with setTimes(). Used from one thread at a time (the UI thread).
#pragma once

#include "ui/charts/chart_content.h"
#include "ui/charts/crosshair_group.h"
#include "ui/theme/time_text.h"

#include <QWidget>
#include <memory>
#include <optional>
#include <span>

namespace fleetglass::charts {

class TimeChart : public QWidget
{
    Q_OBJECT

public:
    // The group outlives the chart.
    explicit TimeChart(CrosshairGroup& group, QWidget* parent = nullptr);
    ~TimeChart() override;

    void setContent(ChartContent content);
    // Lines only; marks, title and selection stay.
    void setSeries(std::vector<Series> series);
    // Newer samples of one line.
    void append(const QString& key, std::span<const Sample> samples);
    const ChartContent& content() const;

    void setOptions(const ChartOptions& options);
    const ChartOptions& options() const;
    // The range, the step between samples, and now (0: an archive has none).
    void setTimes(Span timesMs, double stepMs, double nowMs);
    void setGap(double gapMs); // 0: one and a half steps.
    void setZone(const theme::Zone& zone);
    void setLoading(bool loading);
    void setEmptyText(const QString& title, const QString& text);

    void setHidden(const QSet<QString>& keys);
    void setHighlighted(const QString& key);
    bool isZoomedY() const;
    void resetZoomY();

    // What a screen reader says: title, range, lines with their last value, limits broken.
    QString summary() const;
    // The value of a line at a moment, if it has one near.
    std::optional<double> valueAt(const QString& key, double timeMs) const;
    // Draws itself at a size, as vectors.
    void paintTo(QPainter& painter, const QSize& size);
    // Where a moment and a value stand, in pixels of this widget.
    QPointF positionOf(double timeMs, double value) const;

    QSize sizeHint() const override { return { 480, 260 }; }
    QSize minimumSizeHint() const override { return { 120, 80 }; }

signals:
    void rangeRequested(double beginMs, double endMs);
    void undoRequested();
    void zoomRequested(double factor, double aroundMs);
    void panRequested(double spans);
    void seriesActivated(const QString& key, bool toggle);
    void seriesHovered(const QString& key);
    void optionsChanged();
    void zoomedYChanged(bool zoomed);
    void maximizeRequested();

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Private;

    void changed();
    void drawFrame();
    void moveCrosshair(int steps);
    void hover(QPointF position);
    void finishDrag(QPointF position);
    void showMarkText(QPointF position, QPoint global);

    std::unique_ptr<Private> d;
};

} // namespace fleetglass::charts
