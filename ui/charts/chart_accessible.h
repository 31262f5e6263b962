// What assistive technology hears of charts: role Chart, the title as name, a generated summary.
// QCustomPlot itself says nothing. Used from one thread at a time (the UI thread).
#pragma once

namespace fleetglass::charts {

// Idempotent.
void installChartAccessibility();

} // namespace fleetglass::charts
