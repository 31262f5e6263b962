#include "ui/widgets/chip.h"

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/plain_text.h"

#include <QPainter>

namespace fleetglass::widgets {

namespace {

constexpr int kSide = 7;
constexpr int kGap = 5;
constexpr int kHeight = 22;

struct Colors
{
    QColor ground;
    QColor text;
};

Colors colorsOf(const ChipLook& look, const theme::Tokens& tokens)
{
    if (!look.state)
        return { tokens.raised, tokens.text };
    const theme::StateColors& state = tokens.of(*look.state);
    if (look.fill == ChipFill::Solid && state.solid.isValid())
        return { state.solid, state.solidText };
    return { state.tint, state.text };
}

QFont boldOf(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

int chipWidth(const QString& text, const QString& count, bool glyph, const QFont& font)
{
    int width = 2 * kSide + QFontMetrics(font).horizontalAdvance(theme::shown(text));
    if (glyph)
        width += theme::size::kGlyphRow + kGap;
    if (!count.isEmpty())
        width += kGap + QFontMetrics(boldOf(font)).horizontalAdvance(count);
    return width;
}

int paintChip(QPainter& painter, const QRect& rect, const QString& text, const QString& count,
    const ChipLook& look, const theme::Tokens& tokens, const QFont& font)
{
    const Colors colors = colorsOf(look, tokens);
    const bool solid = look.state && look.fill == ChipFill::Solid;
    const QFont labelFont = solid ? boldOf(font) : font;
    const int width = chipWidth(text, count, look.state.has_value(), labelFont);
    const QRect box(rect.left(), rect.top(), width, rect.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(look.outlined ? QPen(tokens.accent, 1) : QPen(Qt::NoPen));
    painter.setBrush(colors.ground);
    const double inset = look.outlined ? 0.5 : 0;
    painter.drawRoundedRect(QRectF(box).adjusted(inset, inset, -inset, -inset),
        theme::size::kRadius, theme::size::kRadius);
    int x = box.left() + kSide;
    if (look.state) {
        const double side = theme::size::kGlyphRow;
        theme::paintGlyph(painter, theme::glyphOf(*look.state),
            QRectF(x, box.top() + (box.height() - side) / 2, side, side), colors.text);
        x += theme::size::kGlyphRow + kGap;
    }
    painter.setPen(colors.text);
    painter.setFont(labelFont);
    const QString label = theme::shown(text);
    painter.drawText(QRect(x, box.top(), box.right() - x, box.height()),
        Qt::AlignVCenter | Qt::AlignLeft, label);
    x += QFontMetrics(labelFont).horizontalAdvance(label) + kGap;
    if (!count.isEmpty()) {
        painter.setFont(boldOf(font));
        painter.drawText(QRect(x, box.top(), box.right() - x, box.height()),
            Qt::AlignVCenter | Qt::AlignLeft, count);
    }
    painter.restore();
    return width;
}

Chip::Chip(const QString& text, std::optional<theme::State> state, ChipFill fill, QWidget* parent)
    : QAbstractButton(parent)
    , m_look { state, fill, false }
{
    setText(text);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(theme::shown(text));
}

void Chip::setCount(int count)
{
    setCountText(QString::number(count));
}

void Chip::setCountText(const QString& count)
{
    if (m_count == count)
        return;
    m_count = count;
    setAccessibleName(theme::shown(text()) + QLatin1Char(' ') + count);
    updateGeometry();
    update();
}

void Chip::setLook(std::optional<theme::State> state, ChipFill fill)
{
    m_look.state = state;
    m_look.fill = fill;
    updateGeometry();
    update();
}

QSize Chip::sizeHint() const
{
    const bool solid = m_look.state && m_look.fill == ChipFill::Solid;
    const QFont labelFont = solid ? boldOf(font()) : font();
    return { chipWidth(text(), m_count, m_look.state.has_value(), labelFont),
        theme::scaledHeight(kHeight) };
}

void Chip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    ChipLook look = m_look;
    look.outlined = isChecked() || hasFocus();
    paintChip(painter, rect(), text(), m_count, look, theme::tokensOf(palette()), font());
}

} // namespace fleetglass::widgets
