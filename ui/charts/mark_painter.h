// Marks that charts and lanes share, drawn with a QPainter alone, so that they stay vectors in a
// PDF: hatching, spans of a state, arrows, small labels. Used from one thread at a time (the UI
// thread).
#pragma once

#include "ui/charts/chart_content.h"

#include <QColor>
#include <QRectF>

class QPainter;

namespace fleetglass::charts {

// Diagonal lines clipped to the box.
void paintHatch(QPainter& painter, const QRectF& box, const QColor& ink, double spacing = 4);

// Pending hatched in an outline, firing solid, snoozed an outline only.
void paintSpan(QPainter& painter, const QRectF& box, RibbonKind kind, theme::State state,
    const theme::Tokens& tokens);

// The colour of a solid span.
QColor solidOf(theme::State state, const theme::Tokens& tokens);

void paintArrowRight(QPainter& painter, QPointF tip, double halfHeight, const QColor& color);
void paintArrowLeft(QPainter& painter, QPointF tip, double halfHeight, const QColor& color);
void paintDiamond(
    QPainter& painter, QPointF centre, double radius, const QColor& ink, const QColor& fill);

// A line on whole pixels, so that it is one pixel wide and not two grey ones.
void paintVertical(QPainter& painter, double x, double top, double bottom, const QColor& color,
    Qt::PenStyle style = Qt::SolidLine);
void paintHorizontal(QPainter& painter, double y, double left, double right, const QColor& color,
    Qt::PenStyle style = Qt::SolidLine);

// Text in a filled, rounded box whose middle is `centre`, kept inside `bounds`.
void paintChip(QPainter& painter, QPointF centre, const QString& text, const QRectF& bounds,
    const QColor& ground, const QColor& ink);

// A tool tip of several lines; like theme::tip() it never guesses at HTML.
QString tipOfLines(const QString& text);

QColor faded(const QColor& color, double opacity);

} // namespace fleetglass::charts
