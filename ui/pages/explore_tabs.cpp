#include "ui/pages/explore_tabs.h"

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/plain_text.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace fleetglass::pages {

namespace {

constexpr int kLeft = 8;
constexpr int kTitleMax = 220;
constexpr int kPad = 11;
constexpr int kGlyph = 14;
constexpr int kCross = 16;

} // namespace

ExploreTabs::ExploreTabs(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("query tabs"));
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ExploreTabs::setTabs(QVector<Tab> tabs, int current)
{
    m_tabs = std::move(tabs);
    m_current = current;
    QStringList titles;
    for (const Tab& tab : m_tabs)
        titles += tab.title;
    setAccessibleDescription(
        tr("%1, tab %2 of %3").arg(titles.value(current)).arg(current + 1).arg(titles.size()));
    update();
}

void ExploreTabs::setNote(const QString& note)
{
    m_note = note;
    update();
}

QSize ExploreTabs::sizeHint() const
{
    return { 400, theme::scaledHeight(theme::size::kSectionHead) + 2 };
}

QVector<ExploreTabs::Place> ExploreTabs::places() const
{
    QVector<Place> result;
    const QFontMetrics strong(theme::font(theme::TextRole::Strong));
    const int room
        = std::max(60, (width() - kLeft - 40) / std::max<int>(1, static_cast<int>(m_tabs.size())));
    int x = kLeft;
    for (const Tab& tab : m_tabs) {
        const int text = std::min(strong.horizontalAdvance(tab.title), kTitleMax);
        const int wanted = 2 * kPad + (tab.state ? kGlyph + 6 : 0) + text + 4 + kCross;
        const int width = std::min(wanted, room);
        Place place { QRect(x, 3, width, height() - 3), {} };
        place.cross = QRect(
            place.tab.right() - kCross - 3, place.tab.center().y() - kCross / 2, kCross, kCross);
        result.append(place);
        x += width;
    }
    return result;
}

QRect ExploreTabs::plusPlace() const
{
    const QVector<Place> all = places();
    return { (all.isEmpty() ? kLeft : all.last().tab.right()) + 8, 3, 24, height() - 3 };
}

void ExploreTabs::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.fillRect(rect(), tokens.window);
    painter.setPen(tokens.border);
    painter.drawLine(0, height() - 1, width(), height() - 1);
    painter.setRenderHint(QPainter::Antialiasing, true);
    const QVector<Place> all = places();
    for (int i = 0; i < all.size(); ++i) {
        const QRect& box = all[i].tab;
        const bool on = i == m_current;
        if (on) {
            QPainterPath path;
            path.addRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, 6), 4, 4);
            painter.setClipRect(box.adjusted(0, 0, 0, 0));
            painter.fillPath(path, tokens.surface);
            painter.setPen(hasFocus() ? tokens.accent : tokens.border);
            painter.drawPath(path);
            painter.setClipping(false);
        }
        int x = box.left() + kPad;
        if (m_tabs[i].state && on) {
            theme::paintState(painter, *m_tabs[i].state,
                QRectF(x, box.center().y() - kGlyph / 2, kGlyph, kGlyph), tokens);
            x += kGlyph + 6;
        }
        painter.setFont(theme::font(on ? theme::TextRole::Strong : theme::TextRole::Body));
        painter.setPen(on ? tokens.text : tokens.muted);
        const QRect text(x, box.top(), all[i].cross.left() - 2 - x, box.height());
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(
                theme::shown(m_tabs[i].title), Qt::ElideRight, text.width()));
        const QRectF cross = QRectF(all[i].cross).adjusted(4, 4, -4, -4);
        theme::paintGlyph(painter, theme::Glyph::Close, cross, tokens.muted);
    }
    const QRect plus = plusPlace();
    theme::paintGlyph(painter, theme::Glyph::Plus,
        QRectF(plus.center().x() - 5, plus.center().y() - 5, 11, 11), tokens.muted);
    painter.setFont(theme::font(theme::TextRole::Axis));
    painter.setPen(tokens.muted);
    const int noteWidth = painter.fontMetrics().horizontalAdvance(m_note);
    if (width() - noteWidth - 16 > plus.right())
        painter.drawText(QRect(width() - noteWidth - 10, 0, noteWidth + 2, height()),
            Qt::AlignLeft | Qt::AlignVCenter, m_note);
}

void ExploreTabs::mousePressEvent(QMouseEvent* event)
{
    const QPoint at = event->position().toPoint();
    const QVector<Place> all = places();
    for (int i = 0; i < all.size(); ++i) {
        if (!all[i].tab.contains(at))
            continue;
        if (event->button() == Qt::MiddleButton || all[i].cross.contains(at))
            return emit closeRequested(i);
        return emit chosen(i);
    }
    if (plusPlace().contains(at))
        emit addRequested();
}

void ExploreTabs::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Left && m_current > 0)
        return emit chosen(m_current - 1);
    if (event->key() == Qt::Key_Right && m_current + 1 < m_tabs.size())
        return emit chosen(m_current + 1);
    if (event->key() == Qt::Key_Delete)
        return emit closeRequested(m_current);
    QWidget::keyPressEvent(event);
}

} // namespace fleetglass::pages
