// Why a query came back empty: the first part of it that matched nothing. Pure function;
// thread-safe.
#pragma once

#include "core/promql/parser.h"
#include "core/storage/querier.h"

#include <string>
#include <string_view>

namespace fleetglass::monitor {

// A sentence with a fix, or "" where every selector matched something and the rest took it away.
std::string emptyReason(const storage::Querier& querier, std::string_view expression,
    const promql::ParseOptions& options, storage::TimeRange range);

} // namespace fleetglass::monitor
