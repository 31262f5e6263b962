// The JSON of Prometheus' HTTP API (web/api/v1, util/jsonutil): envelopes for queries, series,
// labels and errors. Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/labels/labels.h"
#include "core/promql/engine.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::snapshot {

// query and query_range: {"status":"success","data":{"resultType":...,"result":...}}, with
// "warnings" and "infos" where there are any, as upstream.
std::string queryJson(const promql::QueryResult& result);
// series: a list of label sets.
std::string seriesJson(std::span<const labels::Labels> series);
// labels and label values: a list of texts.
std::string labelsJson(std::span<const std::string> texts);

// {"status":"error","errorType":"bad_data","error":"..."}
std::string errorJson(const Error& error);
// bad_data, execution, canceled, timeout, not_found, unavailable, internal.
std::string_view errorType(ErrorCode code);

} // namespace fleetglass::snapshot
