// "Changed most in 15 minutes": the series whose newest five minutes differ most from what they
// were up to a quarter of an hour ago, within the last hour. Pure function; thread-safe.
#pragma once

#include "core/storage/querier.h"
#include "core/view/fleet_view.h"

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace fleetglass::monitor {

// Ranked, the most changed first, at most `most`. Counters are compared by their rate. Looks at no
// more than `seriesMax` series; a metric with more than are left is passed over.
std::vector<view::ChangeView> changedMost(const storage::Querier& querier,
    const view::MetricCatalog& catalog, int64_t nowMs, size_t most, size_t seriesMax,
    std::stop_token stop);

} // namespace fleetglass::monitor
