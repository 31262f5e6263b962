// OpenMetrics with timestamps, as `promtool tsdb create-blocks-from openmetrics` and backfills take
// it. Pure functions; thread-safe.
#pragma once

#include "core/labels/metadata.h"
#include "core/snapshot/redactor.h"
#include "core/snapshot/text_sink.h"
#include "core/storage/querier.h"

#include <map>
#include <span>
#include <stop_token>
#include <string>

namespace fleetglass::snapshot {

// By family name as the target declared it ("http_requests_total", "http_requests" ...).
using MetadataByFamily = std::map<std::string, labels::Metadata, std::less<>>;

struct OpenMetricsSummary
{
    size_t samples = 0;
    size_t histogramsLeftOut = 0; // Native ones: the text has no form for them.
};

// Families stand together, each series in time order. Stale markers are left out: the text has
// none. A type whose rules the names would break (a counter without _total) is written as unknown.
Result<OpenMetricsSummary> writeOpenMetrics(const storage::Querier& querier,
    std::span<const labels::Matcher> matchers, storage::TimeRange range,
    const MetadataByFamily& metadata, const Redactor& redactor, TextSink& sink,
    const std::stop_token& stop = {});

} // namespace fleetglass::snapshot
