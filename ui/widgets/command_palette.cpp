#include "ui/widgets/command_palette.h"

#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/palette_search.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>

namespace fleetglass::widgets {

namespace {

constexpr int kRowsMax = 14;
constexpr int kWidth = 520;
constexpr int kPad = 4;

} // namespace

CommandPalette::CommandPalette(
    QLineEdit& field, std::function<QVector<PaletteItem>()> provide, QWidget* window)
    : QFrame(window)
    , m_field(field)
    , m_provide(std::move(provide))
{
    hide();
    setMouseTracking(true);
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("found"));
    m_field.installEventFilter(this);
    connect(&m_field, &QLineEdit::textEdited, this, [this] {
        if (!isVisible())
            open(m_field.text());
        search();
    });
}

void CommandPalette::open(const QString& typed)
{
    m_items = m_provide();
    if (m_field.text() != typed)
        m_field.setText(typed);
    m_field.setFocus();
    search();
    raise();
    show();
}

void CommandPalette::close()
{
    hide();
    m_items.clear();
    m_found.clear();
    m_field.clear();
}

void CommandPalette::search()
{
    m_found = searchPalette(m_items, m_field.text(), kRowsMax);
    m_current = 0;
    place();
    update();
}

void CommandPalette::place()
{
    const int rows = std::max(1, static_cast<int>(m_found.size()));
    const int footer = theme::scaledHeight(theme::size::kRow);
    const int height = rows * theme::scaledHeight(theme::size::kRowLoose) + footer + 2 * kPad;
    const int width = std::min(kWidth, parentWidget()->width() - 16);
    const QPoint below = m_field.mapTo(parentWidget(), QPoint(0, m_field.height() + 2));
    const int left = std::min(below.x(), parentWidget()->width() - width - 8);
    setGeometry(left, below.y(), width, height);
}

QRect CommandPalette::rowRect(int row) const
{
    const int height = theme::scaledHeight(theme::size::kRowLoose);
    return { 1, kPad + row * height, width() - 2, height };
}

QString CommandPalette::shownText(int row) const
{
    return row < 0 || row >= m_found.size() ? QString() : theme::shown(m_items[m_found[row]].text);
}

void CommandPalette::move(int rows)
{
    if (m_found.isEmpty())
        return;
    const auto count = static_cast<int>(m_found.size());
    m_current = (m_current + rows + count) % count;
    setAccessibleDescription(shownText(m_current));
    update();
}

void CommandPalette::activate()
{
    if (m_current < 0 || m_current >= m_found.size())
        return;
    const std::function<void()> run = m_items[m_found[m_current]].run;
    close();
    if (parentWidget() != nullptr)
        parentWidget()->setFocus();
    if (run)
        run();
}

bool CommandPalette::handleKey(int key)
{
    switch (key) {
    case Qt::Key_Down:
        move(1);
        return true;
    case Qt::Key_Up:
        move(-1);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        activate();
        return true;
    case Qt::Key_Escape:
        close();
        parentWidget()->setFocus();
        return true;
    default:
        return false;
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != &m_field)
        return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::MouseButtonPress && !isVisible())
        open();
    if (event->type() == QEvent::FocusOut && isVisible()) {
        const auto reason = static_cast<QFocusEvent*>(event)->reason();
        if (reason != Qt::PopupFocusReason && reason != Qt::ActiveWindowFocusReason)
            close();
    }
    if (event->type() == QEvent::KeyPress && isVisible())
        return handleKey(static_cast<QKeyEvent*>(event)->key());
    return false;
}

void CommandPalette::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.fillRect(rect(), tokens.surface);
    painter.setPen(tokens.control);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    const QFont keyFont = theme::font(theme::TextRole::Axis);
    for (int row = 0; row < m_found.size(); ++row) {
        const PaletteItem& item = m_items[m_found[row]];
        const QRect line = rowRect(row);
        const bool current = row == m_current;
        if (current)
            painter.fillRect(line, tokens.selection);
        theme::paintGlyph(painter, item.glyph,
            QRectF(line.left() + 10, line.center().y() - 6, 14, 14), tokens.muted);
        painter.setFont(keyFont);
        painter.setPen(current ? tokens.text : tokens.muted);
        const int keysWidth
            = item.keys.isEmpty() ? 0 : QFontMetrics(keyFont).horizontalAdvance(item.keys) + 16;
        painter.drawText(line.adjusted(0, 0, -10, 0), Qt::AlignVCenter | Qt::AlignRight, item.keys);
        painter.setFont(font());
        painter.setPen(tokens.text);
        const QRect text = line.adjusted(34, 0, -keysWidth - 10, 0);
        const QString name
            = fontMetrics().elidedText(theme::shown(item.text), Qt::ElideRight, text.width());
        painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft, name);
        const int used = fontMetrics().horizontalAdvance(name) + 10;
        painter.setPen(current ? tokens.text : tokens.muted);
        painter.drawText(text.adjusted(used, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
            fontMetrics().elidedText(
                theme::shown(item.detail), Qt::ElideRight, std::max(0, text.width() - used)));
    }
    painter.setFont(font());
    painter.setPen(tokens.muted);
    if (m_found.isEmpty())
        painter.drawText(rowRect(0).adjusted(34, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
            tr("nothing is called that"));
    const int footer = theme::scaledHeight(theme::size::kRow);
    painter.setPen(tokens.border);
    painter.drawLine(1, height() - footer - 1, width() - 2, height() - footer - 1);
    painter.setFont(keyFont);
    painter.setPen(tokens.muted);
    painter.drawText(QRect(10, height() - footer, width() - 20, footer), Qt::AlignVCenter,
        tr("> command   @ host   # metric   ! alert   : view"));
}

void CommandPalette::mouseMoveEvent(QMouseEvent* event)
{
    for (int row = 0; row < m_found.size(); ++row) {
        if (rowRect(row).contains(event->position().toPoint()) && row != m_current) {
            m_current = row;
            update();
        }
    }
}

void CommandPalette::mousePressEvent(QMouseEvent* event)
{
    for (int row = 0; row < m_found.size(); ++row) {
        if (rowRect(row).contains(event->position().toPoint())) {
            m_current = row;
            return activate();
        }
    }
}

} // namespace fleetglass::widgets
