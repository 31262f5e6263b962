// TableDelegate: how every table of the window is drawn: glyph and word for a state, numbers at the
// right with tabular digits, sparklines and ribbons, muted detail; see theme::CellRole. Used from
// one thread at a time (the UI thread).
#pragma once

#include "ui/theme/cell.h"

#include <QStyledItemDelegate>

class QTableView;
class QTreeView;

namespace fleetglass::widgets {

class TableDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit TableDelegate(QObject* parent = nullptr);

    // Rows with a line below each (tables) or without (trees).
    void setRowLines(bool lines) { m_rowLines = lines; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    bool m_rowLines = true;
};

// Fixed row height, no grid, no focus rectangle, whole rows chosen, header of 24 px; gives the view
// a TableDelegate. The model must be set already for nothing here to be lost.
void setUpTable(QTableView& table, int rowHeight);
void setUpTree(QTreeView& tree);

} // namespace fleetglass::widgets
