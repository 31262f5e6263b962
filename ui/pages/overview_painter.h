// OverviewPainter: how cells and heads of groups of the Overview look. Used from one thread at a
// time (the UI thread), for one paint event.
#pragma once

#include "ui/models/fleet_cells.h"
#include "ui/theme/tokens.h"

#include <QRect>

class QPainter;

namespace fleetglass::pages {

struct OverviewPainter
{
    QPainter& painter;
    const theme::Tokens& tokens;
    int64_t nowMs;

    void head(const QRect& rect, const models::FleetGroup& group) const;
    void card(const QRect& rect, const models::FleetCell& cell, const models::FleetGroup& group,
        bool selected) const;
    void micro(const QRect& rect, const models::FleetCell& cell, bool selected) const;
    void more(const QRect& rect, int count) const;

private:
    void ribbon(const QRect& rect, const models::FailingSlots& failing) const;
    void frame(const QRect& rect, models::CellState state, bool selected) const;
    void curve(
        const QRect& rect, const models::FleetCell& cell, const models::FleetGroup& group) const;
    void words(const QRect& rect, const models::FleetCell& cell) const;
};

} // namespace fleetglass::pages
