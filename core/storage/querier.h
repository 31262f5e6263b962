// Querier: how PromQL, exports and the window read a store. Thread-safe; each select sees one
// consistent state (a scrape is seen whole or not at all).
#pragma once

#include "core/base/result.h"
#include "core/labels/labels.h"
#include "core/labels/matcher.h"
#include "core/storage/sample.h"

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace fleetglass::storage {

// Both ends inclusive, milliseconds since the Unix epoch.
struct TimeRange
{
    int64_t startMs = 0;
    int64_t endMs = 0;
};

struct HistogramSample
{
    int64_t timestampMs = 0;
    histogram::HistogramPtr histogram;
    int64_t startTimestampMs = 0;
};

// The samples of one series inside a range, as columns sorted by time. A timestamp stands in the
// float columns or in `histograms`, never in both. Stale markers are in the float columns.
// The spans live as long as `owner`; series of one target may share their timestamps.
struct SeriesSlice
{
    labels::Labels labels;
    std::span<const int64_t> timestampsMs;
    std::span<const double> values;
    std::span<const int64_t> startTimestampsMs; // Empty, or one for each value; 0 unknown.
    std::span<const HistogramSample> histograms;
    std::shared_ptr<const void> owner;

    bool empty() const { return timestampsMs.empty() && histograms.empty(); }
};

struct SelectLimits
{
    size_t seriesMax = SIZE_MAX;
    size_t samplesMax = SIZE_MAX;
    std::stop_token stop;
};

class Querier
{
public:
    virtual ~Querier() = default;

    // Every series that matches all matchers and has a sample in the range, sorted by labels.
    // Fails when cancelled or past a limit (the message names it).
    virtual Result<std::vector<SeriesSlice>> select(std::span<const labels::Matcher> matchers,
        TimeRange range, const SelectLimits& limits) const = 0;

    // The label sets alone, sorted; a series counts when it may have a sample in the range.
    virtual Result<std::vector<labels::Labels>> series(std::span<const labels::Matcher> matchers,
        TimeRange range, const SelectLimits& limits) const = 0;

    // Sorted names and values over the series that match (all where there are no matchers).
    virtual std::vector<std::string> labelNames(
        std::span<const labels::Matcher> matchers, TimeRange range) const = 0;
    virtual std::vector<std::string> labelValues(const std::string& name,
        std::span<const labels::Matcher> matchers, TimeRange range) const = 0;
};

} // namespace fleetglass::storage
