// Draws the lanes of a LaneChart: rows, names, spans, labels and axis. Private to ui/charts. Used
// from one thread at a time (the UI thread).
#pragma once

#include "ui/charts/chart_picture.h"
#include "ui/charts/lane_chart.h"

class QPainter;

namespace fleetglass::charts {

class LanePainter
{
public:
    LanePainter(QPainter& painter, const LaneOptions& options, const theme::Tokens& tokens,
        const theme::Zone& zone, const QRectF& plot, const ChartScale& x, double nowMs);

    void paint(const std::vector<Lane>& lanes, const QString& selected);

private:
    void paintRow(const Lane& lane, double top, bool selected);
    void paintNames(const Lane& lane, const QRectF& row, bool selected);
    void paintSpans(const Lane& lane, double top, bool selected);
    void paintSpanBox(const LaneSpan& span, const QRectF& box);
    void paintShell(const LaneSpan& span, const QRectF& box);
    void paintLabel(
        const LaneSpan& span, const QRectF& box, bool selected, double roomLeft, double roomRight);
    void paintUnreachable(const Lane& lane, double bottom);
    void paintGrid(double height);
    void paintAxis();
    QRectF boxOf(const LaneSpan& span, double top) const;

    QPainter& m_painter;
    const LaneOptions& m_options;
    const theme::Tokens& m_tokens;
    const theme::Zone& m_zone;
    QRectF m_plot;
    ChartScale m_x;
    double m_nowMs;
    TimeTicks m_ticks;
};

} // namespace fleetglass::charts
