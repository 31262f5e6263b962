// Which alerts, limits, shells and missed scrapes belong on a chart: those of its own series and
// hosts only. Pure functions; used from one thread at a time.
#pragma once

#include "core/view/fleet_view.h"
#include "ui/charts/chart_content.h"
#include "ui/theme/time_text.h"

#include <QStringList>
#include <span>
#include <string>
#include <string_view>

namespace fleetglass::charts {

// What the chart shows: its query and the labels of its lines.
struct MarkSubject
{
    std::string expression;
    std::span<const labels::Labels> series;
};

// Every label both know is equal, and there is one at least.
bool labelsMatch(const labels::Labels& alert, const labels::Labels& series);

// Whether two expressions speak of the same metric.
bool shareMetric(std::string_view a, std::string_view b);

// Ribbons, limits, shell bands and missed scrapes; title, unit and series stay untouched.
void addMarks(ChartContent& content, const view::FleetView& fleet, const MarkSubject& subject,
    const theme::Zone& zone);

} // namespace fleetglass::charts
