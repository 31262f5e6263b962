#include "ui/charts/mark_painter.h"

#include "ui/theme/plain_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace fleetglass::charts {

namespace {

// Puts the painter back as it was.
class Saved
{
public:
    explicit Saved(QPainter& painter)
        : m_painter(painter)
    {
        m_painter.save();
    }
    ~Saved() { m_painter.restore(); }
    Saved(const Saved&) = delete;
    Saved& operator=(const Saved&) = delete;

private:
    QPainter& m_painter;
};

double onPixel(double position)
{
    return std::floor(position) + 0.5;
}

QPen pen(const QColor& color, Qt::PenStyle style)
{
    QPen result(color, 1.0);
    if (style == Qt::DashLine)
        result.setDashPattern({ 5, 3 });
    else if (style == Qt::DotLine)
        result.setDashPattern({ 2, 2 });
    result.setCapStyle(Qt::FlatCap);
    return result;
}

void paintPolygon(QPainter& painter, const QPolygonF& polygon, const QColor& color)
{
    const Saved saved(painter);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(polygon);
}

} // namespace

QString tipOfLines(const QString& text)
{
    QStringList lines = text.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (QString& line : lines)
        line = theme::shown(line).toHtmlEscaped();
    return lines.isEmpty()
        ? QString()
        : QStringLiteral("<qt>") + lines.join(QStringLiteral("<br>")) + QStringLiteral("</qt>");
}

QColor faded(const QColor& color, double opacity)
{
    QColor result = color;
    result.setAlphaF(static_cast<float>(opacity));
    return result;
}

QColor solidOf(theme::State state, const theme::Tokens& tokens)
{
    const auto& colors = tokens.of(state);
    return colors.solid.isValid() ? colors.solid : colors.text;
}

void paintHatch(QPainter& painter, const QRectF& box, const QColor& ink, double spacing)
{
    const Saved saved(painter);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setClipRect(box, Qt::IntersectClip);
    painter.setPen(QPen(ink, 1.2));
    QList<QLineF> lines;
    const double first = std::floor((box.left() - box.height()) / spacing) * spacing;
    for (double x = first; x < box.right(); x += spacing)
        lines.append({ x, box.bottom(), x + box.height(), box.top() });
    painter.drawLines(lines);
}

void paintSpan(QPainter& painter, const QRectF& box, RibbonKind kind, theme::State state,
    const theme::Tokens& tokens)
{
    const Saved saved(painter);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QColor solid = solidOf(state, tokens);
    if (kind == RibbonKind::Firing) {
        painter.fillRect(box, solid);
        return;
    }
    const QColor ink = kind == RibbonKind::Pending ? tokens.of(state).text : solid;
    if (kind == RibbonKind::Pending) {
        painter.fillRect(box, tokens.of(state).tint);
        paintHatch(painter, box, ink, 6);
    }
    painter.setPen(QPen(ink, 1.0));
    painter.setBrush(Qt::NoBrush);
    if (box.width() >= 2)
        painter.drawRect(box.adjusted(0, 0, -1, -1));
}

void paintArrowRight(QPainter& painter, QPointF tip, double halfHeight, const QColor& color)
{
    paintPolygon(painter,
        QPolygonF({ tip, tip + QPointF(-halfHeight, -halfHeight),
            tip + QPointF(-halfHeight, halfHeight) }),
        color);
}

void paintArrowLeft(QPainter& painter, QPointF tip, double halfHeight, const QColor& color)
{
    paintPolygon(painter,
        QPolygonF(
            { tip, tip + QPointF(halfHeight, -halfHeight), tip + QPointF(halfHeight, halfHeight) }),
        color);
}

void paintDiamond(
    QPainter& painter, QPointF centre, double radius, const QColor& ink, const QColor& fill)
{
    const Saved saved(painter);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(ink, 1.2));
    painter.setBrush(fill);
    const double width = radius * 0.75;
    painter.drawPolygon(QPolygonF({ centre + QPointF(0, -radius), centre + QPointF(width, 0),
        centre + QPointF(0, radius), centre + QPointF(-width, 0) }));
}

void paintVertical(
    QPainter& painter, double x, double top, double bottom, const QColor& color, Qt::PenStyle style)
{
    const Saved saved(painter);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(pen(color, style));
    painter.drawLine(QPointF(onPixel(x), top), QPointF(onPixel(x), bottom));
}

void paintHorizontal(
    QPainter& painter, double y, double left, double right, const QColor& color, Qt::PenStyle style)
{
    const Saved saved(painter);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(pen(color, style));
    painter.drawLine(QPointF(left, onPixel(y)), QPointF(right, onPixel(y)));
}

void paintChip(QPainter& painter, QPointF centre, const QString& text, const QRectF& bounds,
    const QColor& ground, const QColor& ink)
{
    const Saved saved(painter);
    const QFontMetricsF metrics(painter.font());
    QRectF box(
        0, 0, std::ceil(metrics.horizontalAdvance(text)) + 12, std::ceil(metrics.height()) + 1);
    box.moveCenter(centre);
    if (box.right() > bounds.right())
        box.moveRight(bounds.right());
    if (box.left() < bounds.left())
        box.moveLeft(bounds.left());
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(box, 3, 3);
    painter.setPen(ink);
    painter.drawText(box, Qt::AlignCenter, text);
}

} // namespace fleetglass::charts
