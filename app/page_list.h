// The pages of the rail, in its order: the one place that knows them all.
#pragma once

#include "core/view/fleet_port.h"
#include "ui/pages/page.h"
#include "ui/theme/series_colors.h"
#include "ui/widgets/time_controller.h"

#include <memory>
#include <vector>

namespace fleetglass::app {

// What every page is given; all of it outlives the pages.
struct PageParts
{
    view::FleetPort& port;
    widgets::TimeController& time;
    theme::SeriesColors& colors;
};

std::vector<std::unique_ptr<pages::Page>> makePages(const PageParts& parts);

} // namespace fleetglass::app
