#include "ui/theme/glyphs.h"

#include <QApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPainterPathStroker>
#include <QPixmap>
#include <cmath>

namespace fleetglass::theme {

namespace {

// Lines of the glyph that stand on a pixel edge in the 16 x 16 box.
QPen line(const QColor& color, double width = 1.25)
{
    return QPen(color, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
}

QPainterPath polyline(std::initializer_list<QPointF> points)
{
    QPainterPath path;
    for (const QPointF& point : points) {
        if (path.elementCount() == 0)
            path.moveTo(point);
        else
            path.lineTo(point);
    }
    return path;
}

QPainterPath widened(const QPainterPath& path, double width)
{
    QPainterPathStroker stroker;
    stroker.setWidth(width);
    stroker.setCapStyle(Qt::RoundCap);
    return stroker.createStroke(path);
}

void stroke(QPainter& p, const QColor& color, const QPainterPath& path, double width = 1.25)
{
    p.strokePath(path, line(color, width));
}

void paintOk(QPainter& p, const QColor& color)
{
    QPainterPath path;
    path.addEllipse(QPointF(8, 8), 6.6, 6.6);
    path.addPath(polyline({ { 5.2, 8.3 }, { 7.2, 10.2 }, { 10.8, 6.2 } }));
    stroke(p, color, path, 1.3);
}

void paintPending(QPainter& p, const QColor& color)
{
    QPainterPath ring;
    ring.addEllipse(QPointF(8, 8), 6.6, 6.6);
    // Chords of the ring, not lines under a clip: SVG files know no clip.
    QPainterPath hatch;
    for (double offset = -8; offset <= 8; offset += 3.4) {
        const double half = std::sqrt((6.6 * 6.6 - offset * offset / 2) / 2);
        const QPointF middle(8 + offset / 2, 8 + offset / 2);
        hatch.addPath(polyline({ middle + QPointF(-half, half), middle + QPointF(half, -half) }));
    }
    QColor thin = color;
    thin.setAlphaF(0.55F);
    stroke(p, thin, hatch, 1.0);
    ring.addPath(polyline({ { 8, 4.2 }, { 8, 8.2 }, { 10.8, 10 } }));
    stroke(p, color, ring, 1.4);
}

void paintWarning(QPainter& p, const QColor& color)
{
    static const QPainterPath kShape = [] {
        QPainterPath triangle = polyline({ { 8, 2.2 }, { 14.4, 13.6 }, { 1.6, 13.6 } });
        triangle.closeSubpath();
        triangle = triangle.united(widened(triangle, 1.2));
        const QPainterPath mark = widened(polyline({ { 8, 6.4 }, { 8, 9.4 } }), 1.5)
                                      .united(widened(polyline({ { 8, 11.9 }, { 8, 12 } }), 1.6));
        return triangle.subtracted(mark);
    }();
    p.fillPath(kShape, color);
}

void paintCritical(QPainter& p, const QColor& color)
{
    static const QPainterPath kShape = [] {
        QPainterPath octagon = polyline({ { 5.1, 1 }, { 10.9, 1 }, { 15, 5.1 }, { 15, 10.9 },
            { 10.9, 15 }, { 5.1, 15 }, { 1, 10.9 }, { 1, 5.1 } });
        octagon.closeSubpath();
        QPainterPath cross = polyline({ { 5.7, 5.7 }, { 10.3, 10.3 } });
        cross.addPath(polyline({ { 10.3, 5.7 }, { 5.7, 10.3 } }));
        return octagon.subtracted(widened(cross, 1.9));
    }();
    p.fillPath(kShape, color);
}

void paintQuestion(QPainter& p, const QColor& color)
{
    QPainterPath path;
    path.moveTo(6.1, 6.5);
    path.cubicTo(6.1, 4.2, 9.9, 4.2, 9.9, 6.5);
    path.cubicTo(9.9, 7.9, 8, 7.8, 8, 9.3);
    path.addPath(polyline({ { 8, 11.5 }, { 8, 11.6 } }));
    stroke(p, color, path, 1.35);
}

void paintDashed(QPainter& p, const QColor& color, const QPainterPath& outline, double dash)
{
    QPen pen(color, 1.25, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern({ dash, dash * 0.72 });
    p.strokePath(outline, pen);
    paintQuestion(p, color);
}

void paintUnknown(QPainter& p, const QColor& color)
{
    QPainterPath ring;
    ring.addEllipse(QPointF(8, 8), 6.6, 6.6);
    paintDashed(p, color, ring, 1.93);
}

QPainterPath boxPath()
{
    QPainterPath box;
    box.addRoundedRect(QRectF(1.1, 2.1, 13.8, 11.8), 1.8, 1.8);
    return box;
}

void paintShell(QPainter& p, const QColor& color)
{
    QPainterPath path = boxPath();
    path.addPath(polyline({ { 4.4, 5.6 }, { 6.8, 8 }, { 4.4, 10.4 } }));
    path.addPath(polyline({ { 8.4, 10.6 }, { 11.4, 10.6 } }));
    stroke(p, color, path, 1.3);
}

void paintShellUnknown(QPainter& p, const QColor& color)
{
    paintDashed(p, color, boxPath(), 2.1);
}

void paintOverview(QPainter& p, const QColor& color)
{
    QPainterPath path;
    for (const QPointF& corner : { QPointF(2, 2), QPointF(9, 2), QPointF(2, 9), QPointF(9, 9) })
        path.addRect(QRectF(corner, QSizeF(5, 5)));
    stroke(p, color, path);
}

void paintExplore(QPainter& p, const QColor& color)
{
    QPainterPath path = polyline({ { 2, 2 }, { 2, 14 }, { 14.4, 14 } });
    path.addPath(polyline({ { 4.4, 10.6 }, { 7, 6.8 }, { 9.4, 8.8 }, { 13.8, 3 } }));
    stroke(p, color, path);
}

void paintDashboards(QPainter& p, const QColor& color)
{
    QPainterPath path;
    path.addRect(QRectF(2, 2, 12, 5));
    path.addRect(QRectF(2, 9, 5, 5));
    path.addRect(QRectF(9, 9, 5, 5));
    stroke(p, color, path);
}

void paintAlerts(QPainter& p, const QColor& color)
{
    QPainterPath path;
    path.moveTo(2.6, 12);
    path.cubicTo(4.4, 10.4, 4.2, 9.2, 4.2, 7.2);
    path.cubicTo(4.2, 1.4, 11.8, 1.4, 11.8, 7.2);
    path.cubicTo(11.8, 9.2, 11.6, 10.4, 13.4, 12);
    path.closeSubpath();
    path.moveTo(6.6, 14);
    path.quadTo(8, 15.2, 9.4, 14);
    stroke(p, color, path);
}

void paintTargets(QPainter& p, const QColor& color)
{
    QPainterPath path;
    path.addEllipse(QPointF(8, 8), 5, 5);
    path.addEllipse(QPointF(8, 8), 1.7, 1.7);
    path.addPath(polyline({ { 8, 1.2 }, { 8, 4.6 } }));
    path.addPath(polyline({ { 8, 11.4 }, { 8, 14.8 } }));
    path.addPath(polyline({ { 1.2, 8 }, { 4.6, 8 } }));
    path.addPath(polyline({ { 11.4, 8 }, { 14.8, 8 } }));
    stroke(p, color, path);
}

void paintRules(QPainter& p, const QColor& color)
{
    QPainterPath path;
    for (const double y : { 3.2, 8.0, 12.8 }) {
        path.addPath(polyline({ { 2, y }, { 3.2, y + 1.2 }, { 5, y - 1.2 } }));
        path.addPath(polyline({ { 7.4, y }, { 14, y } }));
    }
    stroke(p, color, path);
}

void paintSnapshots(QPainter& p, const QColor& color)
{
    QPainterPath path = polyline({ { 1.4, 4.8 }, { 4.6, 4.8 }, { 5.8, 2.6 }, { 10.2, 2.6 },
        { 11.4, 4.8 }, { 14.6, 4.8 }, { 14.6, 13.4 }, { 1.4, 13.4 } });
    path.closeSubpath();
    path.addEllipse(QPointF(8, 8.8), 2.6, 2.6);
    stroke(p, color, path);
}

void paintLog(QPainter& p, const QColor& color)
{
    QPainterPath path;
    const std::pair<double, double> kLines[]
        = { { 3.5, 13.6 }, { 6.5, 10.4 }, { 9.5, 13.6 }, { 12.5, 8.6 } };
    for (const auto& [y, right] : kLines)
        path.addPath(polyline({ { 2.4, y }, { right, y } }));
    stroke(p, color, path);
}

void paintSearch(QPainter& p, const QColor& color)
{
    QPainterPath path;
    path.addEllipse(QPointF(6.8, 6.8), 4.2, 4.2);
    path.addPath(polyline({ { 10, 10 }, { 13.8, 13.8 } }));
    stroke(p, color, path, 1.5);
}

void paintDocument(QPainter& p, const QColor& color)
{
    QPainterPath path
        = polyline({ { 3.4, 1.8 }, { 9.4, 1.8 }, { 12.8, 5.2 }, { 12.8, 14.2 }, { 3.4, 14.2 } });
    path.closeSubpath();
    path.addPath(polyline({ { 9.2, 2 }, { 9.2, 5.4 }, { 12.6, 5.4 } }));
    stroke(p, color, path);
}

void paintSign(QPainter& p, Glyph glyph, const QColor& color)
{
    switch (glyph) {
    case Glyph::ChevronDown:
        return stroke(p, color, polyline({ { 4.4, 6.4 }, { 8, 10 }, { 11.6, 6.4 } }), 1.5);
    case Glyph::ChevronUp:
        return stroke(p, color, polyline({ { 4.4, 9.8 }, { 8, 6.2 }, { 11.6, 9.8 } }), 1.5);
    case Glyph::ChevronLeft:
        return stroke(p, color, polyline({ { 9.8, 4.4 }, { 6.2, 8 }, { 9.8, 11.6 } }), 1.5);
    case Glyph::ChevronRight:
        return stroke(p, color, polyline({ { 6.2, 4.4 }, { 9.8, 8 }, { 6.2, 11.6 } }), 1.5);
    case Glyph::Close:
        stroke(p, color, polyline({ { 5, 5 }, { 11, 11 } }), 1.4);
        return stroke(p, color, polyline({ { 11, 5 }, { 5, 11 } }), 1.4);
    case Glyph::Plus:
        stroke(p, color, polyline({ { 8, 3.4 }, { 8, 12.6 } }), 1.4);
        return stroke(p, color, polyline({ { 3.4, 8 }, { 12.6, 8 } }), 1.4);
    case Glyph::Tick:
        return stroke(p, color, polyline({ { 3, 8.6 }, { 6.4, 11.8 }, { 13, 4.4 } }), 1.5);
    case Glyph::Snoozed:
        return stroke(p, color,
            polyline({ { 4.6, 3.8 }, { 11.4, 3.8 }, { 4.6, 12.2 }, { 11.4, 12.2 } }), 1.5);
    case Glyph::Nothing:
        return stroke(p, color, polyline({ { 4, 8 }, { 12, 8 } }), 1.4);
    default: {
        QPainterPath dot;
        dot.addEllipse(QPointF(8, 8), 3, 3);
        p.fillPath(dot, color);
    }
    }
}

void paintUnscaled(QPainter& p, Glyph glyph, const QColor& color)
{
    switch (glyph) {
    case Glyph::Ok:
        return paintOk(p, color);
    case Glyph::Pending:
        return paintPending(p, color);
    case Glyph::Warning:
        return paintWarning(p, color);
    case Glyph::Critical:
        return paintCritical(p, color);
    case Glyph::Unknown:
        return paintUnknown(p, color);
    case Glyph::Shell:
    case Glyph::Shells:
        return paintShell(p, color);
    case Glyph::ShellUnknown:
        return paintShellUnknown(p, color);
    case Glyph::Overview:
        return paintOverview(p, color);
    case Glyph::Explore:
        return paintExplore(p, color);
    case Glyph::Dashboards:
        return paintDashboards(p, color);
    case Glyph::Alerts:
        return paintAlerts(p, color);
    case Glyph::Targets:
        return paintTargets(p, color);
    case Glyph::Rules:
        return paintRules(p, color);
    case Glyph::Snapshots:
        return paintSnapshots(p, color);
    case Glyph::Log:
        return paintLog(p, color);
    case Glyph::Search:
        return paintSearch(p, color);
    case Glyph::Document:
        return paintDocument(p, color);
    default:
        return paintSign(p, glyph, color);
    }
}

// Asks for the colour when it paints, so that an icon follows a switch of theme.
class GlyphIconEngine : public QIconEngine
{
public:
    explicit GlyphIconEngine(Glyph glyph)
        : m_glyph(glyph)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        const double side = std::min(rect.width(), rect.height());
        QRectF box(0, 0, side, side);
        box.moveCenter(QRectF(rect).center());
        paintGlyph(*painter, m_glyph, box, QApplication::palette().color(group, QPalette::Text));
    }

    QPixmap pixmap(const QSize& pixels, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(pixels);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), pixels), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new GlyphIconEngine(m_glyph); }

private:
    Glyph m_glyph;
};

} // namespace

void paintGlyph(QPainter& painter, Glyph glyph, const QRectF& box, const QColor& color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(box.topLeft());
    painter.scale(box.width() / 16.0, box.height() / 16.0);
    painter.setBrush(Qt::NoBrush);
    paintUnscaled(painter, glyph, color);
    painter.restore();
}

Glyph glyphOf(State state)
{
    switch (state) {
    case State::Ok:
        return Glyph::Ok;
    case State::Pending:
        return Glyph::Pending;
    case State::Warning:
        return Glyph::Warning;
    case State::Critical:
        return Glyph::Critical;
    case State::Unknown:
        return Glyph::Unknown;
    case State::Shell:
        return Glyph::Shell;
    }
    return Glyph::Unknown;
}

void paintState(QPainter& painter, State state, const QRectF& box, const Tokens& tokens)
{
    paintGlyph(painter, glyphOf(state), box, tokens.of(state).text);
}

QIcon glyphIcon(Glyph glyph)
{
    return QIcon(new GlyphIconEngine(glyph));
}

} // namespace fleetglass::theme
