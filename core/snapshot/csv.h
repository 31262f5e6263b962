// CSV by RFC 4180 for spreadsheets: lines end with CR LF, a text that a spreadsheet would run as a
// formula gets an apostrophe, numbers stay numbers. Pure functions; thread-safe.
#pragma once

#include "core/promql/engine.h"
#include "core/snapshot/redactor.h"
#include "core/snapshot/text_sink.h"
#include "core/storage/querier.h"

#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace fleetglass::snapshot {

std::string csvCell(std::string_view text);

// One line for each sample: time, timestamp_ms, a column for each label name, value. Stale markers
// are left out; a histogram shows its count and sum.
Result<void> writeSamplesCsv(const storage::Querier& querier,
    std::span<const labels::Matcher> matchers, storage::TimeRange range, const Redactor& redactor,
    TextSink& sink, const std::stop_token& stop = {});

// A matrix: one line for each time, one column for each series, empty where there is no value. A
// vector: as samples. A scalar or a string: one line.
Result<void> writeResultCsv(
    const promql::QueryResult& result, const Redactor& redactor, TextSink& sink);

} // namespace fleetglass::snapshot
