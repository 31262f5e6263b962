#include "ui/widgets/plain_label.h"

#include "ui/theme/plain_text.h"

#include <QEvent>
#include <QPainter>

namespace fleetglass::widgets {

PlainLabel::PlainLabel(QWidget* parent)
    : PlainLabel({}, theme::Ink::Text, theme::TextRole::Body, parent)
{
}

PlainLabel::PlainLabel(const QString& text, theme::Ink ink, theme::TextRole role, QWidget* parent)
    : QLabel(parent)
    , m_ink(ink)
    , m_role(role)
{
    setTextFormat(Qt::PlainText);
    setForegroundRole(QPalette::WindowText); // The ink, also on a ground of another role.
    setFont(theme::font(m_role));
    follow();
    setText(text);
}

void PlainLabel::setText(const QString& text)
{
    const QString safe = theme::shown(text);
    if (safe != QLabel::text())
        QLabel::setText(safe);
}

void PlainLabel::setText(std::string_view utf8)
{
    const QString safe = theme::shown(utf8);
    if (safe != QLabel::text())
        QLabel::setText(safe);
}

void PlainLabel::setInk(theme::Ink ink)
{
    m_ink = ink;
    follow();
}

void PlainLabel::setRole(theme::TextRole role)
{
    m_role = role;
    setFont(theme::font(role));
}

void PlainLabel::setGlyph(std::optional<theme::Glyph> glyph)
{
    m_glyph = glyph;
    setContentsMargins(glyph ? theme::size::kGlyphRow + 6 : 0, 0, 0, 0);
    update();
}

void PlainLabel::setElided(bool elided)
{
    m_elided = elided;
    updateGeometry();
    update();
}

QSize PlainLabel::minimumSizeHint() const
{
    const QSize hint = QLabel::minimumSizeHint();
    return m_elided ? QSize(std::min(hint.width(), 24), hint.height()) : hint;
}

void PlainLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        follow();
    if (event->type() == QEvent::ApplicationFontChange)
        setFont(theme::font(m_role));
}

void PlainLabel::paintEvent(QPaintEvent* event)
{
    if (!m_elided)
        QLabel::paintEvent(event);
    QPainter painter(this);
    if (m_glyph) {
        const double side = theme::size::kGlyphRow;
        const double top = (fontMetrics().height() - side) / 2;
        theme::paintGlyph(
            painter, *m_glyph, QRectF(0, top, side, side), palette().color(QPalette::WindowText));
    }
    if (!m_elided)
        return;
    painter.setPen(palette().color(foregroundRole()));
    const QString shortened
        = fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width());
    painter.drawText(contentsRect(), static_cast<int>(alignment()) | Qt::TextSingleLine, shortened);
    setToolTip(shortened == text() ? QString() : theme::tip(text()));
}

void PlainLabel::follow()
{
    const QColor wanted = theme::colorOf(m_ink, theme::tokensOf(palette()));
    if (palette().color(QPalette::Active, QPalette::WindowText) == wanted)
        return;
    QPalette own; // Only what is set here is kept; the rest goes on following the window.
    own.setResolveMask(0);
    own.setColor(QPalette::WindowText, wanted);
    setPalette(own);
}

} // namespace fleetglass::widgets
