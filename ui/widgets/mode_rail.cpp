#include "ui/widgets/mode_rail.h"

#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace fleetglass::widgets {

ModeRail::ModeRail(QWidget* parent)
    : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Ignored);
    setAccessibleName(tr("views"));
}

void ModeRail::addMode(theme::Glyph glyph, const QString& title)
{
    m_modes.append({ glyph, title, {} });
    if (m_current < 0)
        m_current = 0;
    update();
}

void ModeRail::setCurrent(int index)
{
    if (index < 0 || index >= count() || index == m_current)
        return;
    m_current = index;
    setAccessibleDescription(m_modes[index].title);
    update();
}

void ModeRail::setBadge(int index, const RailBadge& badge)
{
    if (index < 0 || index >= count() || m_modes[index].badge == badge)
        return;
    m_modes[index].badge = badge;
    update(rectOf(index));
}

void ModeRail::setNarrow(bool narrow)
{
    m_narrow = narrow;
    updateGeometry();
    update();
}

QSize ModeRail::sizeHint() const
{
    const int width = m_narrow ? theme::size::kRailNarrow : theme::scaledHeight(theme::size::kRail);
    return { width, 9 * theme::size::kRailMode };
}

QRect ModeRail::rectOf(int index) const
{
    const int height
        = m_narrow ? theme::size::kRailNarrow : theme::scaledHeight(theme::size::kRailMode);
    return { 0, index * height, width(), height };
}

int ModeRail::indexAt(const QPoint& point) const
{
    for (int i = 0; i < count(); ++i) {
        if (rectOf(i).contains(point))
            return i;
    }
    return -1;
}

void ModeRail::paintBadge(QPainter& painter, const RailBadge& badge, const QRect& mode,
    int glyphTop, const theme::Tokens& tokens) const
{
    if (badge.count <= 0)
        return;
    const QString text = badge.count > 999 ? QStringLiteral("999+") : QString::number(badge.count);
    QFont font = theme::font(theme::TextRole::Axis);
    font.setWeight(QFont::Bold);
    const int width = std::max(18, QFontMetrics(font).horizontalAdvance(text) + 8);
    const QRect box(mode.center().x() + 4, glyphTop - 5, width, 15);
    const theme::StateColors& state = tokens.of(badge.state);
    painter.setPen(Qt::NoPen);
    painter.setBrush(state.solid.isValid() ? state.solid : state.text);
    painter.drawRoundedRect(box, 3, 3);
    painter.setFont(font);
    painter.setPen(state.solid.isValid() ? state.solidText : tokens.surface);
    painter.drawText(box, Qt::AlignCenter, text);
}

void ModeRail::paintMode(QPainter& painter, int index, const theme::Tokens& tokens) const
{
    const Mode& mode = m_modes[index];
    const QRect rect = rectOf(index);
    const bool current = index == m_current;
    if (current) {
        painter.fillRect(rect.adjusted(0, 0, -1, 0), tokens.selection);
        painter.fillRect(
            QRect(rect.left(), rect.top(), theme::size::kRailMark, rect.height()), tokens.accent);
    } else if (index == m_hovered) {
        painter.fillRect(rect.adjusted(0, 0, -1, 0), tokens.raised);
    }
    const QColor ink = current ? tokens.text : tokens.muted;
    const int side = theme::size::kGlyphRail;
    const int top = m_narrow ? rect.center().y() - side / 2 : rect.top() + 11;
    theme::paintGlyph(
        painter, mode.glyph, QRectF(rect.center().x() - side / 2, top, side, side), ink);
    if (!m_narrow) {
        painter.setFont(theme::font(theme::TextRole::Axis));
        painter.setPen(ink);
        painter.drawText(rect.adjusted(0, 32, 0, -4), Qt::AlignHCenter | Qt::AlignTop, mode.title);
    }
    paintBadge(painter, mode.badge, rect, top, tokens);
    if (current && hasFocus()) {
        painter.setPen(tokens.accent);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect.adjusted(0, 0, -2, -1));
    }
}

void ModeRail::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), tokens.window);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), tokens.border);
    for (int i = 0; i < count(); ++i)
        paintMode(painter, i, tokens);
}

bool ModeRail::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = indexAt(help->pos());
    if (index >= 0)
        QToolTip::showText(help->globalPos(),
            theme::tip(tr("%1  Ctrl+%2").arg(m_modes[index].title).arg(index + 1)), this);
    return true;
}

void ModeRail::mousePressEvent(QMouseEvent* event)
{
    const int index = indexAt(event->position().toPoint());
    if (index >= 0)
        emit activated(index);
}

void ModeRail::mouseMoveEvent(QMouseEvent* event)
{
    const int hovered = indexAt(event->position().toPoint());
    if (hovered == m_hovered)
        return;
    m_hovered = hovered;
    update();
}

void ModeRail::leaveEvent(QEvent*)
{
    m_hovered = -1;
    update();
}

void ModeRail::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Up && m_current > 0)
        emit activated(m_current - 1);
    else if (event->key() == Qt::Key_Down && m_current + 1 < count())
        emit activated(m_current + 1);
    else
        QWidget::keyPressEvent(event);
}

} // namespace fleetglass::widgets
