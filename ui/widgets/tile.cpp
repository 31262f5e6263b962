#include "ui/widgets/tile.h"

#include <QPainter>

namespace fleetglass::widgets {

namespace {

constexpr int kInset = 13;
constexpr int kLinesLeft = 79;
constexpr int kSparkWidth = 62;
constexpr int kSparkHeight = 40;
constexpr int kLinePitch = 15;

} // namespace

Tile::Tile(const QString& title, theme::State state, QWidget* parent)
    : QAbstractButton(parent)
    , m_state(state)
{
    setText(title);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Tile::setState(theme::State state)
{
    m_state = state;
    update();
}

void Tile::setNumber(int number)
{
    m_number = number;
    setAccessibleName(text() + QLatin1Char(' ') + QString::number(number));
    update();
}

void Tile::setLines(QVector<TextRuns> lines)
{
    m_lines = std::move(lines);
    QStringList spoken;
    for (const TextRuns& line : m_lines)
        spoken.append(plainText(line));
    setAccessibleDescription(spoken.join(QStringLiteral("; ")));
    update();
}

void Tile::setSpark(Sparkline::Values values, const QString& span)
{
    m_spark = std::move(values);
    m_span = span;
    update();
}

QSize Tile::sizeHint() const
{
    return { 320, theme::scaledHeight(theme::size::kTile) };
}

void Tile::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    const bool calm = m_number == 0;
    const QColor ink = calm ? tokens.muted : tokens.of(m_state).text;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(hasFocus() ? tokens.accent
            : underMouse()         ? tokens.control
                                   : tokens.border,
        hasFocus() ? 2 : 1));
    painter.setBrush(tokens.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);

    theme::paintGlyph(painter, calm ? theme::Glyph::Ok : theme::glyphOf(m_state),
        QRectF(kInset, 9, 16, 16), calm ? tokens.of(theme::State::Ok).text : ink);
    const QFont strong = theme::font(theme::TextRole::Strong);
    painter.setFont(strong);
    painter.setPen(calm ? tokens.text : ink);
    painter.drawText(QRect(kInset + 22, 7, 200, 20), Qt::AlignVCenter | Qt::AlignLeft, text());
    painter.setFont(theme::font(theme::TextRole::Tile));
    painter.setPen(ink);
    painter.drawText(
        QRect(kInset, 26, 200, 34), Qt::AlignVCenter | Qt::AlignLeft, QString::number(m_number));

    const bool spark = m_spark && !m_spark->empty() && width() > 280;
    const int right = width() - 12 - (spark ? kSparkWidth + 10 : 0);
    const int left
        = std::max(kLinesLeft, kInset + 22 + QFontMetrics(strong).horizontalAdvance(text()) + 12);
    const RunOptions options { .font = theme::font(theme::TextRole::Axis) };
    for (int i = 0; i < std::min<int>(3, static_cast<int>(m_lines.size())); ++i)
        paintRuns(painter, QRect(left, 8 + i * kLinePitch, right - left, kLinePitch), m_lines[i],
            tokens, options);
    if (!spark)
        return;
    painter.setFont(theme::font(theme::TextRole::Axis));
    painter.setPen(tokens.muted);
    painter.drawText(
        QRect(width() - 92, 8, 80, kLinePitch), Qt::AlignVCenter | Qt::AlignRight, m_span);
    SparkStyle style = neutralSpark(tokens);
    style.line = ink;
    style.steps = true;
    style.lastDot = false;
    style.fill = ink;
    style.fill.setAlphaF(0.14F);
    style.low = 0;
    paintSparkline(painter, QRectF(width() - 12 - kSparkWidth, 25, kSparkWidth, kSparkHeight),
        *m_spark, style);
}

} // namespace fleetglass::widgets
