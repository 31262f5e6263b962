// PlotSurface: the QCustomPlot inside a TimeChart: axes, layers and their order. Draws vectors
// where the painter is not a raster one. Private to ui/charts. Used from one thread at a time (the
// UI thread).
#pragma once

#include "ui/charts/chart_layers.h"

#include <qcustomplot.h>

namespace fleetglass::charts {

class PlotSurface : public QCustomPlot
{
public:
    // All three outlive the surface.
    PlotSurface(const ChartScene& scene, const CrosshairGroup& crosshair,
        const PointerState& pointer, QWidget* parent);

    const ChartPicture& picture() const { return m_picture; }
    // The content changed: lay it out with the next replot.
    void invalidate() { m_stale = true; }
    bool isStale() const { return m_stale; }
    void redraw();
    void redrawOverlay();
    // The whole surface into any painter, at any size.
    void paintTo(QPainter& painter, const QSize& size);

protected:
    void paintEvent(QPaintEvent* event) override;
    void updateLayout() override;
    void changeEvent(QEvent* event) override;

private:
    void dress();
    void layOut();
    void paintVectors(QPainter& painter);

    const ChartScene& m_scene;
    ChartPicture m_picture;
    QRect m_laidOutFor;
    bool m_stale = true;
};

} // namespace fleetglass::charts
