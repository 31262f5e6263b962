// OverviewWall: one cell for each target, grouped, worst first. One widget that draws only what is
// visible; the cells are told to screen readers as its value. Used from one thread at a time (the
// UI thread).
#pragma once

#include "ui/pages/overview_layout.h"
#include "ui/theme/tokens.h"

#include <QWidget>

namespace fleetglass::pages {

class OverviewWall : public QWidget
{
    Q_OBJECT

public:
    explicit OverviewWall(QWidget* parent = nullptr);

    void setGroups(std::vector<models::FleetGroup> groups, int64_t nowMs);
    const std::vector<models::FleetGroup>& groups() const { return m_groups; }
    const WallLayout& layoutOfCells() const { return m_layout; }
    // What is shown in place of cells.
    void setEmptyText(const QString& text);
    void setVisibleHeight(int height); // Of the scroll area round it.

    // 0: nothing.
    void select(uint64_t targetId);
    uint64_t selected() const { return m_selected; }
    const models::FleetCell* selectedCell() const;
    QRect rectOf(uint64_t targetId) const; // Empty: not shown.

    QSize sizeHint() const override { return { 600, m_layout.height }; }

signals:
    void selectionChanged(quint64 targetId);
    void activated(quint64 targetId); // Enter, a double click, a click on what is down.
    void shown(const QRect& rect); // The selection moved here by a key.

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    void layOut();
    const models::FleetCell* cellOf(const WallCell& cell) const;
    int placeOfSelected() const;
    void choose(int place);
    void press(int place);
    QString tipOf(const WallCell& cell) const;
    void speak();

    std::vector<models::FleetGroup> m_groups;
    int64_t m_nowMs = 0;
    WallLayout m_layout;
    QSet<QString> m_unfolded;
    int m_visibleHeight = 400;
    uint64_t m_selected = 0;
    QString m_emptyText;
};

} // namespace fleetglass::pages
