// Metric families of a text 0.0.4 page, read strictly as prometheus/common's text parser does
// (expfmt.TextToMetricFamilies): what promtool check metrics sees. Scrapes use parser.h.
// Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/labels/metadata.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetglass::exposition {

struct FamilyMetric
{
    using Label = std::pair<std::string, std::string>;

    std::vector<Label> labels; // In the page's order; without le and quantile where they are parts.
    double value = 0; // Counters, gauges, untyped.
    std::optional<int64_t> timestampMs;
    // Summaries and histograms.
    std::optional<double> count;
    std::optional<double> sum;
    std::vector<std::pair<double, double>> parts; // Quantile or upper bound, and its value.
};

struct MetricFamily
{
    std::string name;
    std::optional<std::string> help;
    std::optional<labels::MetricType> type;
    std::vector<FamilyMetric> metrics;
    int line = 0; // Where the page names it first.
};

struct FamilyRules
{
    bool legacyNames = false; // Only [a-zA-Z_:][a-zA-Z0-9_:]*.
};

// The families that have samples, in the page's order. Errors begin with
// "text format parsing error in line N:" and carry the line.
Result<std::vector<MetricFamily>> readFamilies(
    std::string_view body, const FamilyRules& rules = {});

} // namespace fleetglass::exposition
