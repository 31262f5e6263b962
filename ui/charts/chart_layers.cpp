#include "ui/charts/chart_layers.h"

#include "ui/charts/mark_painter.h"
#include "ui/theme/fonts.h"

#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace fleetglass::charts {

namespace {

constexpr double kFillOpacity = 0.14;
constexpr double kOthersOpacity = 0.45;
constexpr double kGhostOpacity = 0.5;
constexpr int kWideLinesMax = 20;

bool isRaster(const QPainter& painter)
{
    return painter.paintEngine() != nullptr
        && painter.paintEngine()->type() == QPaintEngine::Raster;
}

// The raster engine strokes a wide, antialiased polyline as one path, which costs thirty times the
// single segments (measured with 50 lines of 1,000 points: 193 ms against 6).
void strokePolyline(QPainter& painter, const QPolygonF& line, bool wide)
{
    if (!wide || !isRaster(painter)) {
        painter.drawPolyline(line);
        return;
    }
    for (qsizetype i = 1; i < line.size(); ++i)
        painter.drawLine(line[i - 1], line[i]);
}

} // namespace

ChartLayer::ChartLayer(
    QCustomPlot* plot, const QString& layer, const ChartScene& scene, const ChartPicture& picture)
    : QCPLayerable(plot, layer)
    , m_scene(scene)
    , m_picture(picture)
{
}

void ChartLayer::applyDefaultAntialiasingHint(QCPPainter* painter) const
{
    painter->setAntialiasing(true);
}

const theme::Tokens& ChartLayer::tokens() const
{
    return theme::tokensOf(mParentPlot->palette());
}

void GroundLayer::draw(QCPPainter* painter)
{
    painter->save();
    drawCard(*painter);
    painter->setClipRect(m_picture.plot(), Qt::IntersectClip);
    drawZones(*painter);
    drawAbsent(*painter);
    drawShells(*painter);
    painter->restore();
}

void GroundLayer::drawCard(QPainter& painter) const
{
    const QRectF whole = mParentPlot->viewport();
    painter.setRenderHint(QPainter::Antialiasing, true);
    if (!m_scene.options.framed) {
        painter.fillRect(whole, tokens().surface);
        return;
    }
    painter.fillRect(whole, tokens().window);
    painter.setPen(QPen(tokens().border, 1.0));
    painter.setBrush(tokens().surface);
    painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

void GroundLayer::drawZones(QPainter& painter) const
{
    const QRectF& plot = m_picture.plot();
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const Threshold& threshold : m_scene.content.thresholds) {
        if (!isDrawable(threshold.value))
            continue;
        const double y
            = std::clamp(m_picture.y().toPixel(threshold.value), plot.top(), plot.bottom());
        const QRectF zone = threshold.broken ? QRectF(plot.topLeft(), QPointF(plot.right(), y))
                                             : QRectF(QPointF(plot.left(), y), plot.bottomRight());
        painter.fillRect(zone, faded(tokens().of(threshold.state).text, 0.06));
    }
}

void GroundLayer::drawShells(QPainter& painter) const
{
    const QRectF& plot = m_picture.plot();
    const bool dark = tokens().scheme == theme::Scheme::Dark;
    for (const ShellBand& shell : m_scene.content.shells) {
        const double end
            = shell.endMs == kOngoing && m_scene.nowMs > 0 ? m_scene.nowMs : shell.endMs;
        const double left = std::max(m_picture.x().toPixel(shell.beginMs), plot.left() - 2);
        const double right = std::min(m_picture.x().toPixel(end), plot.right());
        if (right < plot.left() || left > plot.right())
            continue;
        const QRectF band(
            QPointF(left, plot.top()), QPointF(std::max(right, left + 1), plot.bottom()));
        const theme::State state = shell.known ? theme::State::Shell : theme::State::Unknown;
        painter.fillRect(band, faded(tokens().of(state).text, dark ? 0.16 : 0.10));
        if (!shell.known)
            paintHatch(painter, band, faded(tokens().of(state).text, 0.3), 6);
    }
}

void GroundLayer::drawAbsent(QPainter& painter) const
{
    const QRectF& plot = m_picture.plot();
    for (const Span& span : m_picture.absentMs()) {
        const double left = std::max(m_picture.x().toPixel(span.begin), plot.left());
        const double right = std::min(m_picture.x().toPixel(span.end), plot.right());
        if (right - left >= 1)
            paintHatch(painter, QRectF(QPointF(left, plot.top()), QPointF(right, plot.bottom())),
                faded(tokens().of(theme::State::Unknown).text, 0.22), 7);
    }
}

void LineLayer::draw(QCPPainter* painter)
{
    painter->save();
    painter->setClipRect(m_picture.plot().adjusted(0, -1, 1, 1), Qt::IntersectClip);
    if (m_scene.loading)
        painter->setOpacity(0.5);
    painter->setRenderHint(QPainter::Antialiasing, true);
    drawBand(*painter);
    const bool single = m_scene.content.series.size() == 1 && m_picture.lines().size() == 1;
    for (const DrawnLine& line : m_picture.lines()) {
        if (m_scene.options.stacked || (single && m_scene.options.filled))
            drawFill(*painter, line);
    }
    const DrawnLine* front = nullptr;
    for (const DrawnLine& line : m_picture.lines()) {
        if (m_scene.content.series[line.series].key == m_scene.highlighted)
            front = &line;
        else
            drawLine(*painter, line);
    }
    if (front != nullptr)
        drawLine(*painter, *front);
    for (const DrawnLine& line : m_picture.lines())
        drawEnds(*painter, line);
    painter->restore();
}

void LineLayer::drawBand(QPainter& painter) const
{
    const auto& band = m_picture.restBand();
    if (band.size() < 2)
        return;
    QPolygonF outline;
    for (const BandColumn& column : band)
        outline.append({ column.x, column.high });
    for (auto column = band.rbegin(); column != band.rend(); ++column)
        outline.append({ column->x, column->low });
    painter.setPen(Qt::NoPen);
    painter.setBrush(faded(tokens().faint, 0.18));
    painter.drawPolygon(outline);
}

QColor LineLayer::colorOf(const DrawnLine& line) const
{
    const Series& series = m_scene.content.series[line.series];
    QColor color = series.style.color(tokens());
    if (series.ghost)
        color = faded(color, kGhostOpacity);
    const bool other = !m_scene.highlighted.isEmpty() && series.key != m_scene.highlighted;
    return other ? faded(color, kOthersOpacity) : color;
}

void LineLayer::drawFill(QPainter& painter, const DrawnLine& line) const
{
    const Span& values = m_picture.y().values;
    const double floor = m_picture.y().logarithmic
        ? m_picture.plot().bottom()
        : m_picture.y().toPixel(std::clamp(0.0, values.begin, values.end));
    painter.setPen(Qt::NoPen);
    painter.setBrush(
        faded(colorOf(line), m_scene.options.stacked ? 2 * kFillOpacity : kFillOpacity));
    for (size_t i = 0; i < line.pieces.size(); ++i) {
        QPolygonF area = line.pieces[i];
        if (i < line.bases.size()) {
            for (auto point = line.bases[i].crbegin(); point != line.bases[i].crend(); ++point)
                area.append(*point);
        } else {
            area.append({ area.last().x(), floor });
            area.append({ area.first().x(), floor });
        }
        painter.drawPolygon(area);
    }
}

// Pens up to 1 draw one device pixel, which is thin on a fine screen; wide ones are cheap only as
// single segments, and only while there are few lines.
void LineLayer::drawLine(QCPPainter& painter, const DrawnLine& line) const
{
    const Series& series = m_scene.content.series[line.series];
    const bool front = series.key == m_scene.highlighted;
    const bool fine
        = painter.device()->devicePixelRatioF() >= 1.5 && m_picture.lines().size() <= kWideLinesMax;
    const double width = front ? 2.0 : fine ? 1.5 : 1.0;
    QPen pen(colorOf(line), width);
    pen.setCapStyle(front ? Qt::RoundCap : Qt::SquareCap);
    const bool patterned = series.style.pattern != Qt::SolidLine;
    if (patterned)
        pen.setStyle(series.style.pattern);
    if (series.ghost)
        pen.setDashPattern({ 2, 2 });
    painter.QPainter::setPen(pen);
    painter.setBrush(Qt::NoBrush);
    for (const QPolygonF& piece : line.pieces)
        strokePolyline(painter, piece, width > 1 && !patterned && !series.ghost);
    painter.setBrush(pen.color());
    painter.QPainter::setPen(Qt::NoPen);
    for (const QPointF& point : line.lone)
        painter.drawEllipse(point, 1.6, 1.6);
}

// Data that has stopped ends in a ring, with its age beside it while there is room for words.
void LineLayer::drawEnds(QPainter& painter, const DrawnLine& line) const
{
    if (!line.staleEnd)
        return;
    painter.setPen(QPen(colorOf(line), 1.2));
    painter.setBrush(tokens().surface);
    painter.drawEllipse(*line.staleEnd, 3, 3);
    if (m_scene.options.compact || m_picture.lines().size() > 8)
        return;
    painter.setFont(theme::font(theme::TextRole::Axis));
    painter.setPen(tokens().muted);
    painter.drawText(
        *line.staleEnd + QPointF(7, 4), theme::formatAgeMs(static_cast<int64_t>(line.staleMs)));
}

} // namespace fleetglass::charts
