// ChartPicture: a chart's content laid out for one size: axis ranges, decimated lines, stacked
// sums. What the layers of the surface draw. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/charts/chart_content.h"
#include "ui/theme/time_text.h"

#include <QPolygonF>
#include <QRectF>
#include <optional>
#include <vector>

namespace fleetglass::charts {

// Everything that decides the picture.
struct ChartScene
{
    ChartContent content;
    ChartOptions options;
    Span timesMs { 0, 1 };
    double nowMs = 0; // 0: there is no now here.
    double stepMs = 15'000;
    double gapMs = 0; // 0: one and a half steps.
    theme::Zone zone;
    std::optional<Span> valuesZoomed;
    QSet<QString> hidden;
    QString highlighted;
    bool loading = false;
    QString emptyTitle; // Where there is nothing to draw.
    QString emptyText;

    double gap() const { return gapMs > 0 ? gapMs : 1.5 * stepMs; }
};

struct DrawnLine
{
    size_t series = 0;
    std::vector<QPolygonF> pieces;
    std::vector<QPolygonF> bases; // Of a stack: the lower edge of each piece.
    QPolygonF lone; // Samples between gaps.
    std::optional<QPointF> staleEnd; // Last sample, when it is old.
    double staleMs = 0;
};

class ChartPicture
{
public:
    // Rows above the plot (title, ribbons) and below it (rug, labels) depend on the content.
    static QRectF plotRect(const ChartScene& scene, QSizeF size);

    void layOut(const ChartScene& scene, QSizeF size);

    const QRectF& plot() const { return m_plot; }
    const ChartScale& x() const { return m_x; }
    const ChartScale& y() const { return m_y; }
    const theme::AxisUnit& axisUnit() const { return m_axisUnit; }
    const std::vector<double>& ticksY() const { return m_ticksY; }
    const TimeTicks& ticksX() const { return m_ticksX; }
    const std::vector<DrawnLine>& lines() const { return m_lines; }
    const std::vector<BandColumn>& restBand() const { return m_restBand; }
    size_t restCount() const { return m_restCount; }
    // Stretches in which no visible series has a sample.
    const std::vector<Span>& absentMs() const { return m_absentMs; }
    size_t belowLog() const { return m_belowLog; } // Values a log axis cannot show.
    bool isEmpty() const { return m_lines.empty(); }

private:
    void chooseSeries(const ChartScene& scene);
    void stack(const ChartScene& scene);
    void chooseRange(const ChartScene& scene);
    void placeTicks(const ChartScene& scene);
    void placeLine(const ChartScene& scene, size_t index);
    void placeBand(const ChartScene& scene);
    void findAbsent(const ChartScene& scene);
    const Samples& shown(const ChartScene& scene, size_t series) const;

    QRectF m_plot;
    ChartScale m_x;
    ChartScale m_y;
    theme::AxisUnit m_axisUnit;
    std::vector<double> m_ticksY;
    TimeTicks m_ticksX;
    std::vector<size_t> m_chosen;
    std::vector<size_t> m_rest;
    std::vector<Samples> m_tops; // Per series, in a stack.
    std::vector<Samples> m_bases;
    std::vector<DrawnLine> m_lines;
    std::vector<BandColumn> m_restBand;
    size_t m_restCount = 0;
    std::vector<Span> m_absentMs;
    size_t m_belowLog = 0;
};

// "14:31:10", "14:30", "Fri 20 Nov": what an axis with these ticks writes.
QString tickLabel(int64_t timestampMs, const TimeTicks& ticks, const theme::Zone& zone);
OffsetAt offsetOf(const theme::Zone& zone);

} // namespace fleetglass::charts
