// OverviewTiles: Down, Firing, Shells: a number, its worst three, its last day. Used from one
// thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_view.h"
#include "ui/theme/time_text.h"

#include <QWidget>

namespace fleetglass::widgets {
class Tile;
}

namespace fleetglass::pages {

class OverviewTiles : public QWidget
{
    Q_OBJECT

public:
    explicit OverviewTiles(QWidget* parent = nullptr);
    void showFleet(const view::FleetView& fleet, const theme::Zone& zone);

signals:
    void downRequested();
    void firingRequested();
    void shellsRequested();

private:
    void showDown(const view::FleetView& fleet);
    void showFiring(const view::FleetView& fleet);
    void showShells(const view::FleetView& fleet, const theme::Zone& zone);

    widgets::Tile* m_down;
    widgets::Tile* m_firing;
    widgets::Tile* m_shells;
    int64_t m_sparksAtMs = 0; // A day moves slowly.
    uint64_t m_downSeen = 0;
};

} // namespace fleetglass::pages
