#include "ui/pages/overview_wall.h"

#include "ui/pages/overview_painter.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

namespace fleetglass::pages {

OverviewWall::OverviewWall(QWidget* parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("targets"));
}

void OverviewWall::setGroups(std::vector<models::FleetGroup> groups, int64_t nowMs)
{
    m_groups = std::move(groups);
    m_nowMs = nowMs;
    layOut();
    speak();
    update();
}

void OverviewWall::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

void OverviewWall::setVisibleHeight(int height)
{
    if (m_visibleHeight == height)
        return;
    m_visibleHeight = height;
    layOut();
}

void OverviewWall::layOut()
{
    const double zoom = theme::scaledHeight(100) / 100.0;
    m_layout = layOutWall(m_groups, { width(), m_visibleHeight, zoom }, m_unfolded);
    setMinimumHeight(m_layout.height);
    updateGeometry();
    update();
}

const models::FleetCell* OverviewWall::cellOf(const WallCell& cell) const
{
    return cell.cell < 0
        ? nullptr
        : &m_groups[static_cast<size_t>(cell.group)].cells[static_cast<size_t>(cell.cell)];
}

int OverviewWall::placeOfSelected() const
{
    for (int i = 0; m_selected != 0 && i < m_layout.cells.size(); ++i) {
        const models::FleetCell* cell = cellOf(m_layout.cells[i]);
        if (cell != nullptr && cell->target->id == m_selected)
            return i;
    }
    return -1;
}

const models::FleetCell* OverviewWall::selectedCell() const
{
    for (const models::FleetGroup& group : m_groups) {
        for (const models::FleetCell& cell : group.cells) {
            if (cell.target->id == m_selected)
                return &cell;
        }
    }
    return nullptr;
}

QRect OverviewWall::rectOf(uint64_t targetId) const
{
    for (const WallCell& place : m_layout.cells) {
        const models::FleetCell* cell = cellOf(place);
        if (cell != nullptr && cell->target->id == targetId)
            return place.rect;
    }
    return {};
}

void OverviewWall::select(uint64_t targetId)
{
    if (m_selected == targetId)
        return;
    m_selected = targetId;
    speak();
    update();
    emit selectionChanged(m_selected);
}

void OverviewWall::choose(int place)
{
    if (place < 0 || place >= m_layout.cells.size())
        return;
    const WallCell& cell = m_layout.cells[place];
    if (const models::FleetCell* one = cellOf(cell))
        return select(one->target->id);
    m_unfolded.insert(
        QString::fromStdString(m_groups[static_cast<size_t>(cell.group)].name)); // "+N more".
    layOut();
}

void OverviewWall::press(int place)
{
    const models::FleetCell* cell = place < 0 ? nullptr : cellOf(m_layout.cells[place]);
    if (cell != nullptr)
        emit activated(cell->target->id);
    else
        choose(place);
}

void OverviewWall::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const int place = m_layout.cellAt(event->position().toPoint());
    const models::FleetCell* cell = place < 0 ? nullptr : cellOf(m_layout.cells[place]);
    const bool down = cell != nullptr && cell->state == models::CellState::Down;
    choose(place);
    if (down)
        press(place);
}

void OverviewWall::mouseDoubleClickEvent(QMouseEvent* event)
{
    press(m_layout.cellAt(event->position().toPoint()));
}

void OverviewWall::keyPressEvent(QKeyEvent* event)
{
    const int here = placeOfSelected();
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down: {
        const int next = m_layout.neighbour(here, static_cast<Qt::Key>(event->key()));
        // Folded cells are not a stop: Enter on the last calm one unfolds nothing by accident.
        if (next >= 0 && m_layout.cells[next].cell >= 0) {
            choose(next);
            emit shown(m_layout.cells[next].rect);
        }
        return;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return press(here);
    default:
        QWidget::keyPressEvent(event);
    }
}

void OverviewWall::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    const bool byKey = event->reason() == Qt::TabFocusReason
        || event->reason() == Qt::BacktabFocusReason || event->reason() == Qt::ShortcutFocusReason;
    if (byKey && m_selected == 0)
        choose(m_layout.neighbour(-1, Qt::Key_Right));
}

void OverviewWall::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (event->oldSize().width() != event->size().width())
        layOut();
}

bool OverviewWall::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int place = m_layout.cellAt(help->pos());
        const QString text = place < 0 ? QString() : tipOf(m_layout.cells[place]);
        QToolTip::showText(help->globalPos(), theme::tip(text), this);
        return true;
    }
    if (event->type() == QEvent::FontChange)
        layOut();
    return QWidget::event(event);
}

QString OverviewWall::tipOf(const WallCell& place) const
{
    const models::FleetCell* cell = cellOf(place);
    if (cell == nullptr)
        return tr("show %n more, all OK", nullptr, place.more);
    QString text = theme::shown(cell->target->instance) + QStringLiteral(", ")
        + theme::shown(cell->target->job) + QStringLiteral(", ") + models::wordOf(cell->state);
    if (cell->alert && cell->state != models::CellState::Down)
        text += QStringLiteral(", ") + theme::shown(cell->alert->name);
    if (!cell->target->error.empty())
        text += QStringLiteral(": ") + theme::shown(cell->target->error);
    if (!cell->target->sparkText.empty())
        text += QStringLiteral(", ") + theme::shown(cell->target->sparkTitle) + QLatin1Char(' ')
            + theme::shown(cell->target->sparkText);
    return text;
}

void OverviewWall::speak()
{
    const int place = placeOfSelected();
    setAccessibleDescription(place < 0 ? tr("none selected") : tipOf(m_layout.cells[place]));
}

void OverviewWall::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    const theme::Tokens& tokens = theme::tokensOf(palette());
    if (m_groups.empty()) {
        painter.setPen(tokens.muted);
        painter.drawText(rect().adjusted(0, 24, 0, 0), Qt::AlignHCenter | Qt::AlignTop,
            theme::shown(m_emptyText));
        return;
    }
    const OverviewPainter paint { painter, tokens, m_nowMs };
    for (const WallHead& head : m_layout.heads) {
        if (head.rect.intersects(event->rect()))
            paint.head(head.rect, m_groups[static_cast<size_t>(head.group)]);
    }
    for (const WallCell& place : m_layout.cells) {
        if (!place.rect.adjusted(-2, -2, 2, 2).intersects(event->rect()))
            continue;
        const models::FleetCell* cell = cellOf(place);
        const models::FleetGroup& group = m_groups[static_cast<size_t>(place.group)];
        if (cell == nullptr)
            paint.more(place.rect, place.more);
        else if (m_layout.cards)
            paint.card(place.rect, *cell, group, cell->target->id == m_selected);
        else
            paint.micro(place.rect, *cell, cell->target->id == m_selected);
    }
}

} // namespace fleetglass::pages
