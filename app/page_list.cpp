#include "app/page_list.h"

#include "ui/pages/alerts_page.h"
#include "ui/pages/explore_page.h"
#include "ui/pages/overview_page.h"
#include "ui/pages/shells_page.h"
#include "ui/pages/snapshots_page.h"
#include "ui/pages/targets_page.h"

namespace fleetglass::app {

std::vector<std::unique_ptr<pages::Page>> makePages(const PageParts& parts)
{
    std::vector<std::unique_ptr<pages::Page>> all;
    all.push_back(std::make_unique<pages::OverviewPage>(parts.port, parts.time, parts.colors));
    all.push_back(std::make_unique<pages::ExplorePage>(parts.port, parts.time, parts.colors));
    all.push_back(std::make_unique<pages::AlertsPage>(parts.port, parts.time, parts.colors));
    all.push_back(std::make_unique<pages::ShellsPage>(parts.port, parts.time, parts.colors));
    all.push_back(std::make_unique<pages::TargetsPage>(parts.port, parts.time, parts.colors));
    all.push_back(std::make_unique<pages::SnapshotsPage>(parts.port, parts.time, parts.colors));
    return all;
}

} // namespace fleetglass::app
