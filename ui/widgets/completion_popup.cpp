#include "ui/widgets/completion_popup.h"

#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/tokens.h"

#include <QAccessible>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>

namespace fleetglass::widgets {

namespace {

constexpr int kRowsMax = 8;
constexpr int kFoot = 22;
constexpr int kWidth = 476;

} // namespace

CompletionPopup::CompletionPopup(QWidget* window)
    : QWidget(window)
{
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("completions"));
    hide();
}

int CompletionPopup::rowHeight() const
{
    return theme::scaledHeight(theme::size::kRow);
}

int CompletionPopup::visibleRows() const
{
    return std::min<int>(kRowsMax, static_cast<int>(m_completions.size()));
}

void CompletionPopup::showAt(const QRect& token, QVector<Completion> completions)
{
    m_completions = std::move(completions);
    m_current = 0;
    m_first = 0;
    if (m_completions.isEmpty())
        return hide();
    const int height = visibleRows() * rowHeight() + kFoot + 2;
    const QRect area = parentWidget()->rect();
    int top = token.bottom() + 2;
    if (top + height > area.bottom() && token.top() - height - 2 > area.top())
        top = token.top() - height - 2;
    const int left = std::clamp(token.left() - 34, 4, std::max(4, area.width() - kWidth - 4));
    setGeometry(left, top, std::min(kWidth, area.width() - 8), height);
    show();
    raise();
    update();
}

void CompletionPopup::move(int rows)
{
    m_current = std::clamp<int>(m_current + rows, 0, static_cast<int>(m_completions.size()) - 1);
    m_first = std::clamp(m_first, std::max(0, m_current - visibleRows() + 1), m_current);
    setAccessibleDescription(m_completions.value(m_current).text + QLatin1Char(' ')
        + m_completions.value(m_current).detail);
    QAccessibleEvent told(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&told);
    update();
}

void CompletionPopup::paintRow(
    QPainter& painter, const QRect& row, const Completion& completion, bool selected) const
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    if (selected)
        painter.fillRect(row, tokens.selection);
    const QRect badge(row.left() + 8, row.center().y() - 7, 15, 15);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.raised);
    painter.drawRoundedRect(badge, 2, 2);
    painter.setFont(theme::font(theme::TextRole::Axis));
    painter.setPen(tokens.text);
    painter.drawText(badge, Qt::AlignCenter, completion.letter);
    const QFont body = theme::font(theme::TextRole::Body);
    const QFont strong = theme::font(theme::TextRole::Strong);
    const int right = row.right() - 6;
    painter.setFont(body);
    const QFontMetrics metrics(body);
    painter.drawText(QRect(row.left(), row.top(), right - row.left(), row.height()),
        Qt::AlignRight | Qt::AlignVCenter, completion.count);
    painter.setPen(selected ? tokens.text : tokens.muted);
    painter.drawText(QRect(row.left(), row.top(), right - row.left() - 88, row.height()),
        Qt::AlignRight | Qt::AlignVCenter, completion.detail);
    int x = row.left() + 33;
    const int limit = right - 88 - metrics.horizontalAdvance(completion.detail) - 10;
    const auto put = [&](const QString& text, const QFont& font) {
        painter.setFont(font);
        painter.setPen(tokens.text);
        const QString shown
            = QFontMetrics(font).elidedText(text, Qt::ElideRight, std::max(0, limit - x));
        painter.drawText(QRect(x, row.top(), limit - x + 2, row.height()),
            Qt::AlignLeft | Qt::AlignVCenter, shown);
        x += QFontMetrics(font).horizontalAdvance(shown);
    };
    put(completion.text.left(completion.matchBegin), body);
    put(completion.text.mid(completion.matchBegin, completion.matchLength), strong);
    put(completion.text.mid(completion.matchBegin + completion.matchLength), body);
}

void CompletionPopup::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.fillRect(rect(), tokens.surface);
    const int height = rowHeight();
    for (int i = 0; i < visibleRows(); ++i)
        paintRow(painter, QRect(1, 1 + i * height, width() - 2, height), m_completions[m_first + i],
            m_first + i == m_current);
    const QRect foot(1, this->height() - kFoot - 1, width() - 2, kFoot);
    painter.fillRect(foot, tokens.raised);
    painter.setFont(theme::font(theme::TextRole::Axis));
    painter.setPen(tokens.muted);
    const QString help = m_completions.value(m_current).help;
    const QString hint = help.isEmpty()
        ? tr("Tab inserts.")
        : help + QLatin1String(help.endsWith(QLatin1Char('.')) ? " " : ". ") + tr("Tab inserts.");
    painter.drawText(foot.adjusted(8, 0, -8, 0), Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(painter.font())
            .elidedText(theme::shown(hint), Qt::ElideRight, foot.width() - 16));
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(tokens.control);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void CompletionPopup::mousePressEvent(QMouseEvent* event)
{
    const int row = m_first + (static_cast<int>(event->position().y()) - 1) / rowHeight();
    if (row >= 0 && row < m_completions.size() && row < m_first + visibleRows())
        emit chosen(m_completions[row]);
}

void CompletionPopup::wheelEvent(QWheelEvent* event)
{
    const int rows = event->angleDelta().y() > 0 ? -1 : 1;
    m_first = std::clamp<int>(
        m_first + rows, 0, static_cast<int>(m_completions.size()) - visibleRows());
    event->accept();
    update();
}

} // namespace fleetglass::widgets
