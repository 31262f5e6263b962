// The layers of a TimeChart from back to front, each drawing one kind of thing on QCustomPlot's
// painter: zones, lines, marks, and on a buffer of its own the crosshair. Private to ui/charts.
// Used from one thread at a time (the UI thread).
#pragma once

#include "ui/charts/chart_picture.h"
#include "ui/charts/crosshair_group.h"

#include <qcustomplot.h>

namespace fleetglass::charts {

// What the pointer does on this chart, beside the shared crosshair.
struct PointerState
{
    std::optional<QPointF> hover;
    std::optional<QRectF> drag; // Rectangle being chosen.
    bool focused = false;
};

class ChartLayer : public QCPLayerable
{
public:
    ChartLayer(QCustomPlot* plot, const QString& layer, const ChartScene& scene,
        const ChartPicture& picture);

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    const theme::Tokens& tokens() const;

    const ChartScene& m_scene;
    const ChartPicture& m_picture;
};

// Card, tinted zones of limits, shells of the host, hatching where everything is absent.
class GroundLayer : public ChartLayer
{
public:
    using ChartLayer::ChartLayer;

protected:
    void draw(QCPPainter* painter) override;

private:
    void drawCard(QPainter& painter) const;
    void drawZones(QPainter& painter) const;
    void drawShells(QPainter& painter) const;
    void drawAbsent(QPainter& painter) const;
};

class LineLayer : public ChartLayer
{
public:
    using ChartLayer::ChartLayer;

protected:
    void draw(QCPPainter* painter) override;

private:
    void drawBand(QPainter& painter) const;
    void drawFill(QPainter& painter, const DrawnLine& line) const;
    void drawLine(QCPPainter& painter, const DrawnLine& line) const;
    void drawEnds(QPainter& painter, const DrawnLine& line) const;
    QColor colorOf(const DrawnLine& line) const;
};

// Title, limits, ribbons, notes, missed scrapes, now, and what to say where nothing is drawn.
class MarkLayer : public ChartLayer
{
public:
    using ChartLayer::ChartLayer;

protected:
    void draw(QCPPainter* painter) override;

private:
    void drawTitle(QPainter& painter) const;
    void drawThresholds(QPainter& painter) const;
    void drawRibbons(QPainter& painter) const;
    void drawRibbon(QPainter& painter, const Ribbon& ribbon, double top) const;
    void drawNotes(QPainter& painter) const;
    void drawRug(QPainter& painter) const;
    void drawNow(QPainter& painter) const;
    void drawRest(QPainter& painter) const;
    void drawEmpty(QPainter& painter) const;
};

class OverlayLayer : public ChartLayer
{
public:
    OverlayLayer(QCustomPlot* plot, const QString& layer, const ChartScene& scene,
        const ChartPicture& picture, const CrosshairGroup& crosshair, const PointerState& pointer);

protected:
    void draw(QCPPainter* painter) override;

private:
    void drawPins(QPainter& painter) const;
    void drawCrosshair(QPainter& painter, double timeMs) const;
    void drawMarkers(QPainter& painter, double timeMs) const;
    void drawCard(QPainter& painter, double timeMs) const;
    void drawDrag(QPainter& painter) const;
    void drawTime(QPainter& painter, double x, const QString& text) const;

    const CrosshairGroup& m_crosshair;
    const PointerState& m_pointer;
};

// The visible line nearest to a point of the plot, and its sample there.
struct NearestValue
{
    size_t series = 0;
    Sample sample;
    QPointF position;
};
std::optional<NearestValue> nearestValue(
    const ChartScene& scene, const ChartPicture& picture, double timeMs, double pixelY);

// Top of the n-th ribbon lane, and the span and the box under a point of the ribbon rows.
double ribbonTop(const ChartScene& scene, const ChartPicture& picture, size_t lane);
QString markTextAt(const ChartScene& scene, const ChartPicture& picture, QPointF position);

} // namespace fleetglass::charts
