// Crosshair, pins, hover card and the rectangle being dragged.
#include "ui/charts/chart_layers.h"
#include "ui/charts/mark_painter.h"
#include "ui/theme/fonts.h"

#include <algorithm>
#include <cmath>

namespace fleetglass::charts {

OverlayLayer::OverlayLayer(QCustomPlot* plot, const QString& layer, const ChartScene& scene,
    const ChartPicture& picture, const CrosshairGroup& crosshair, const PointerState& pointer)
    : ChartLayer(plot, layer, scene, picture)
    , m_crosshair(crosshair)
    , m_pointer(pointer)
{
}

std::optional<NearestValue> nearestValue(
    const ChartScene& scene, const ChartPicture& picture, double timeMs, double pixelY)
{
    std::optional<NearestValue> best;
    for (const DrawnLine& line : picture.lines()) {
        const Samples& samples = *scene.content.series[line.series].samples;
        const auto index = nearestSample(samples, timeMs, scene.gap());
        if (!index || !isDrawable(samples[*index].value))
            continue;
        const QPointF position(picture.x().toPixel(samples[*index].timeMs),
            picture.y().toPixel(samples[*index].value));
        if (!best || std::abs(position.y() - pixelY) < std::abs(best->position.y() - pixelY))
            best = NearestValue { line.series, samples[*index], position };
    }
    return best;
}

void OverlayLayer::draw(QCPPainter* painter)
{
    painter->save();
    painter->QPainter::setFont(theme::font(theme::TextRole::Axis));
    drawPins(*painter);
    const auto timeMs = m_crosshair.timeMs();
    const QRectF& plot = m_picture.plot();
    if (timeMs && *timeMs >= m_scene.timesMs.begin && *timeMs <= m_scene.timesMs.end) {
        drawCrosshair(*painter, *timeMs);
        if (!m_scene.options.stacked && m_picture.lines().size() <= 24)
            drawMarkers(*painter, *timeMs);
        if (m_pointer.hover && plot.contains(*m_pointer.hover) && !m_pointer.drag)
            drawCard(*painter, *timeMs);
    }
    drawDrag(*painter);
    if (m_pointer.focused) {
        painter->setRenderHint(QPainter::Antialiasing, true);
        painter->QPainter::setPen(QPen(tokens().accent, 1.0));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(
            QRectF(mParentPlot->viewport()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    painter->restore();
}

void OverlayLayer::drawTime(QPainter& painter, double x, const QString& text) const
{
    const double below = m_scene.content.missesMs.empty() ? 12 : 19;
    paintChip(painter, { x, m_picture.plot().bottom() + below }, text, mParentPlot->viewport(),
        tokens().crosshair, tokens().surface);
}

void OverlayLayer::drawPins(QPainter& painter) const
{
    const auto& pins = m_crosshair.pinsMs();
    for (size_t i = 0; i < pins.size(); ++i) {
        const double x = m_picture.x().toPixel(pins[i]);
        if (x < m_picture.plot().left() || x > m_picture.plot().right())
            continue;
        paintVertical(painter, x, m_picture.plot().top(), m_picture.plot().bottom(),
            tokens().crosshair, Qt::DashLine);
        drawTime(painter, x, QChar(QLatin1Char(static_cast<char>('A' + i))));
    }
}

void OverlayLayer::drawCrosshair(QPainter& painter, double timeMs) const
{
    const double x = m_picture.x().toPixel(timeMs);
    paintVertical(
        painter, x, m_picture.plot().top(), m_picture.plot().bottom(), tokens().crosshair);
    if (m_crosshair.leader() == mParentPlot || m_crosshair.leader() == mParentPlot->parent())
        drawTime(painter, x, theme::clockText(static_cast<int64_t>(timeMs), m_scene.zone));
}

void OverlayLayer::drawMarkers(QPainter& painter, double timeMs) const
{
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (const DrawnLine& line : m_picture.lines()) {
        const Series& series = m_scene.content.series[line.series];
        const auto index = nearestSample(*series.samples, timeMs, m_scene.gap());
        if (!index || !isDrawable((*series.samples)[*index].value))
            continue;
        const double y = m_picture.y().toPixel((*series.samples)[*index].value);
        if (y < m_picture.plot().top() || y > m_picture.plot().bottom())
            continue;
        painter.setPen(QPen(tokens().surface, 1.0));
        painter.setBrush(series.style.color(tokens()));
        painter.drawEllipse(QPointF(std::floor(m_picture.x().toPixel(timeMs)) + 0.5, y), 2.8, 2.8);
    }
}

// One line: swatch, name, value. Beside the crosshair and off the marker.
void OverlayLayer::drawCard(QPainter& painter, double timeMs) const
{
    const auto nearest = nearestValue(m_scene, m_picture, timeMs, m_pointer.hover->y());
    if (!nearest)
        return;
    const Series& series = m_scene.content.series[nearest->series];
    const QString value = theme::formatValue(nearest->sample.value, m_scene.content.unit);
    const QFont strong = theme::font(theme::TextRole::Strong);
    const QFontMetricsF plain(painter.font());
    QFont bold = painter.font();
    bold.setWeight(strong.weight());
    const double valueWidth = QFontMetricsF(bold).horizontalAdvance(value);
    const QString name
        = plain.elidedText(series.name, Qt::ElideMiddle, m_picture.plot().width() * 0.6);
    const double nameWidth = plain.horizontalAdvance(name);
    QRectF card(0, 0, std::ceil(7 + 11 + 5 + nameWidth + 14 + valueWidth + 7), 22);
    const QRectF& plot = m_picture.plot();
    const double x = m_picture.x().toPixel(timeMs);
    card.moveLeft(std::floor(x) + 5);
    if (card.right() > mParentPlot->viewport().width() - 2)
        card.moveRight(std::floor(x) - 5);
    card.moveTop(
        std::floor(std::clamp(nearest->position.y() + 12, plot.top() + 2, plot.bottom() - 24)));
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(tokens().control, 1.0));
    painter.setBrush(tokens().surface);
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.fillRect(
        QRectF(card.left() + 7, card.center().y() - 1, 11, 2), series.style.color(tokens()));
    painter.setPen(tokens().text);
    painter.drawText(card.adjusted(23, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, name);
    painter.setFont(bold);
    painter.drawText(card.adjusted(0, 0, -7, 0), Qt::AlignRight | Qt::AlignVCenter, value);
}

void OverlayLayer::drawDrag(QPainter& painter) const
{
    if (!m_pointer.drag)
        return;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(tokens().accent, 1.0));
    painter.setBrush(faded(tokens().accent, 0.14));
    painter.drawRect(*m_pointer.drag);
}

} // namespace fleetglass::charts
