// From an answer to what the chart shows: lines, colours, title, unit, marks of their hosts. Pure
// functions over values; used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/charts/chart_content.h"
#include "ui/theme/time_text.h"

#include <QString>
#include <functional>

namespace fleetglass::pages {

struct ContentRequest
{
    QString title;
    view::QueryAnswerPtr answer;
    view::QueryAnswerPtr past; // Null: nothing to compare with.
    int64_t pastOffsetMs = 0;
    theme::Unit unit;
    view::FleetViewPtr fleet; // Null: no marks.
    theme::Zone zone;
};

// The colour of a line: of its host where each host has one line, of its own labels otherwise.
using StyleOf = std::function<theme::SeriesStyle(const labels::Labels&)>;
StyleOf styleFor(const view::QueryAnswer& answer, theme::SeriesColors& colors);

charts::ChartContent contentOf(const ContentRequest& request, const StyleOf& styleOf);
QString keyOf(const labels::Labels& labels);

// Why there is nothing to see, and what to do about it.
struct EmptyReason
{
    QString title;
    QString text;
};
EmptyReason emptyReason(const view::QueryAnswer& answer, const view::MetricCatalog* catalog);

} // namespace fleetglass::pages
