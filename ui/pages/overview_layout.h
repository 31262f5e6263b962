// WallLayout: where each cell of the Overview stands: cards or micro cells, groups worst first,
// small groups side by side, calm cells folded into "+N more" where the room ends. Pure functions;
// thread-safe.
#pragma once

#include "ui/models/fleet_cells.h"

#include <QRect>
#include <QSet>
#include <QVector>
#include <span>

namespace fleetglass::pages {

struct WallCell
{
    QRect rect;
    int group = 0;
    int cell = -1; // -1: "+N more".
    int more = 0;
};

struct WallHead
{
    QRect rect;
    int group = 0;
};

struct WallLayout
{
    QVector<WallHead> heads;
    QVector<WallCell> cells;
    int height = 0;
    bool cards = true;

    int cellAt(QPoint position) const; // Index into cells; -1: none.
    // The neighbour in the direction of an arrow key; `from` where there is none.
    int neighbour(int from, Qt::Key key) const;
};

struct WallRoom
{
    int width = 0;
    int heightWanted = 0; // What is visible; more only where problems need it.
    double zoom = 1; // Of the text.
};

inline constexpr int kCardsMax = 60; // Fewer targets are shown as cards.

WallLayout layOutWall(std::span<const models::FleetGroup> groups, const WallRoom& room,
    const QSet<QString>& unfolded);

} // namespace fleetglass::pages
