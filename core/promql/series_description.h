// Series notation of PromQL tests and rule unit tests: metric{a="b"} 1 2+3x4 _x2 stale {{schema:0
// sum:5 count:4 buckets:[1 2 1]}}. Pure functions; thread-safe. What is returned owns its text.
#pragma once

#include "core/histogram/histogram.h"
#include "core/labels/labels.h"
#include "core/promql/parser.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::promql {

// More values than a line may stand for.
inline constexpr size_t kSeriesValuesMax = 1'000'000;

struct SequenceValue
{
    double value = 0; // The staleness marker for "stale".
    bool omitted = false; // "_": no sample here.
    histogram::HistogramPtr histogram; // Null for a float.
    bool hasResetHint = false; // counter_reset_hint was written, be it unknown.
};

struct SeriesDescription
{
    labels::Labels labels;
    std::vector<SequenceValue> values;
};

Parsed<SeriesDescription> parseSeriesDescription(
    std::string_view text, const ParseOptions& options = ParseOptions::everything());

// {{schema:1 count:3 sum:5 offset:-1 buckets:[1 2]}}: the notation of one histogram, canonical.
std::string printHistogram(const histogram::Histogram& histogram);

} // namespace fleetglass::promql
