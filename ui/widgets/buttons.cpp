#include "ui/widgets/buttons.h"

#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/style.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOptionButton>
#include <QStylePainter>

namespace fleetglass::widgets {

namespace {

constexpr int kSide = 10; // Between the frame and the text.
constexpr int kKeyGap = 8;

QFont boldOf(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

GlyphButton::GlyphButton(theme::Glyph glyph, const QString& name, QWidget* parent)
    : QPushButton(parent)
    , m_glyph(glyph)
{
    setAccessibleName(name);
    setToolTip(theme::tip(name));
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize GlyphButton::sizeHint() const
{
    const int side = theme::scaledHeight(theme::size::kButton);
    return { side + 2, side };
}

void GlyphButton::paintEvent(QPaintEvent*)
{
    QStyleOptionButton option;
    initStyleOption(&option);
    QStylePainter painter(this);
    painter.drawControl(QStyle::CE_PushButtonBevel, option);
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QRectF box(0, 0, 14, 14);
    box.moveCenter(QRectF(rect()).center());
    theme::paintGlyph(painter, m_glyph, box, isEnabled() ? tokens.text : tokens.control);
}

KeyButton::KeyButton(const QString& text, const QString& key, QWidget* parent)
    : QPushButton(text, parent)
    , m_key(key)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void KeyButton::setGlyph(std::optional<theme::Glyph> glyph)
{
    m_glyph = glyph;
    updateGeometry();
}

void KeyButton::setPrimary(bool primary)
{
    setProperty(theme::kPrimaryProperty, primary);
    update();
}

void KeyButton::setInRow(bool inRow)
{
    m_inRow = inRow;
    updateGeometry();
}

void KeyButton::setLink(bool link)
{
    m_link = link;
    setCursor(link ? Qt::PointingHandCursor : Qt::ArrowCursor);
    updateGeometry();
}

QSize KeyButton::sizeHint() const
{
    const int height
        = theme::scaledHeight(m_inRow ? theme::size::kButtonInRow : theme::size::kButton);
    const bool primary = property(theme::kPrimaryProperty).toBool();
    int width = QFontMetrics(primary ? boldOf(font()) : font())
                    .horizontalAdvance(text().remove(QLatin1Char('&')));
    if (m_glyph)
        width += theme::size::kGlyphRow + 6;
    if (!m_key.isEmpty())
        width
            += kKeyGap + QFontMetrics(theme::font(theme::TextRole::Axis)).horizontalAdvance(m_key);
    return { width + (m_link ? 4 : 2 * kSide), height };
}

void KeyButton::paintEvent(QPaintEvent*)
{
    QStyleOptionButton option;
    initStyleOption(&option);
    QStylePainter painter(this);
    const theme::Tokens& tokens = theme::tokensOf(palette());
    const bool primary = property(theme::kPrimaryProperty).toBool() && isEnabled();
    if (!m_link || hasFocus())
        painter.drawControl(QStyle::CE_PushButtonBevel, option);
    QColor ink = isEnabled() ? tokens.text : tokens.faint;
    if (m_link)
        ink = tokens.accent;
    if (primary)
        ink = tokens.onAccent;
    int x = m_link ? 2 : kSide;
    if (m_glyph) {
        const double side = theme::size::kGlyphRow;
        theme::paintGlyph(painter, *m_glyph, QRectF(x, (height() - side) / 2, side, side), ink);
        x += theme::size::kGlyphRow + 6;
    }
    const QFont labelFont = primary ? boldOf(font()) : font();
    painter.setFont(labelFont);
    painter.setPen(ink);
    painter.drawText(QRect(x, 0, width() - x, height()),
        Qt::AlignVCenter | Qt::AlignLeft | Qt::TextHideMnemonic, text());
    if (m_key.isEmpty())
        return;
    x += QFontMetrics(labelFont).horizontalAdvance(text().remove(QLatin1Char('&'))) + kKeyGap;
    painter.setFont(theme::font(theme::TextRole::Axis));
    painter.setPen(primary ? tokens.onAccent : isEnabled() ? tokens.muted : tokens.faint);
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter | Qt::AlignLeft, m_key);
}

SegmentedSwitch::SegmentedSwitch(const QString& name, QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(name);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void SegmentedSwitch::setItems(const QStringList& items)
{
    m_items = items;
    updateGeometry();
    update();
}

void SegmentedSwitch::setItemText(int index, const QString& text)
{
    if (index < 0 || index >= m_items.size() || m_items[index] == text)
        return;
    m_items[index] = text;
    updateGeometry();
    update();
}

void SegmentedSwitch::setCurrent(int index)
{
    if (index == m_current || index < 0 || index >= m_items.size())
        return;
    m_current = index;
    update();
}

QVector<QRect> SegmentedSwitch::cells() const
{
    QVector<QRect> rects;
    const QFontMetrics metrics(boldOf(font())); // So that nothing moves when another is on.
    int x = 0;
    for (const QString& item : m_items) {
        const int width = metrics.horizontalAdvance(item) + 16;
        rects.append(QRect(x, 0, width, height()));
        x += width;
    }
    return rects;
}

QSize SegmentedSwitch::sizeHint() const
{
    const QVector<QRect> rects = cells();
    return { rects.isEmpty() ? 0 : rects.last().right() + 1,
        theme::scaledHeight(theme::size::kButton) };
}

void SegmentedSwitch::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath frame;
    frame.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3.5, 3.5);
    painter.fillPath(frame, tokens.window);
    const QVector<QRect> rects = cells();
    for (int i = 0; i < m_items.size(); ++i) {
        const bool on = i == m_current;
        if (on) {
            QPainterPath part;
            part.addRect(rects[i]);
            painter.fillPath(frame.intersected(part), tokens.selection);
        }
        painter.setFont(on ? boldOf(font()) : font());
        painter.setPen(on ? tokens.text : tokens.muted);
        painter.drawText(rects[i], Qt::AlignCenter, m_items[i]);
        if (i > 0) {
            painter.setPen(tokens.control);
            painter.drawLine(
                QPointF(rects[i].left() + 0.5, 1), QPointF(rects[i].left() + 0.5, height() - 1));
        }
    }
    painter.setPen(QPen(hasFocus() ? tokens.accent : tokens.control, hasFocus() ? 2 : 1));
    painter.drawPath(frame);
}

void SegmentedSwitch::activate(int index)
{
    if (index < 0 || index >= m_items.size() || index == m_current)
        return;
    setCurrent(index);
    emit activated(index);
}

void SegmentedSwitch::mousePressEvent(QMouseEvent* event)
{
    const QVector<QRect> rects = cells();
    for (int i = 0; i < rects.size(); ++i) {
        if (rects[i].contains(event->position().toPoint()))
            return activate(i);
    }
}

void SegmentedSwitch::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Left)
        return activate(m_current - 1);
    if (event->key() == Qt::Key_Right)
        return activate(m_current + 1);
    QWidget::keyPressEvent(event);
}

} // namespace fleetglass::widgets
