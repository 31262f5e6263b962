// The queries Explore writes by itself: by declared TYPE, never by the name's suffix (some gauges
// end in _total). Pure functions; thread-safe.
#pragma once

#include "core/view/fleet_view.h"

#include <QString>
#include <cstdint>

namespace fleetglass::pages {

// counter: rate; histogram: p95 by instance; else the metric itself.
QString defaultQuery(const view::MetricView& metric, int64_t intervalMs);
// p50, p95 and p99 of a histogram as three lines.
QString quantilesQuery(const view::MetricView& metric, int64_t intervalMs);
QString increaseQuery(const view::MetricView& metric);
// One curve for the tree: the sum, of a counter its rate.
QString sparkQuery(const view::MetricView& metric, int64_t intervalMs);

// The name in the catalog most like a name that is not there; empty: none is near.
QString nearestMetric(const QString& name, const view::MetricCatalog& catalog);

// "HTTP latency" needs a person; a tab is called by its query on one line.
QString tabTitle(const QString& query);

} // namespace fleetglass::pages
