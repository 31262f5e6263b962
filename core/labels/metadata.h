// What a target declares of a metric: TYPE, HELP, UNIT. Values.
#pragma once

#include <string>
#include <string_view>

namespace fleetglass::labels {

enum class MetricType
{
    Unknown,
    Counter,
    Gauge,
    Histogram,
    GaugeHistogram,
    Summary,
    Info,
    StateSet,
};

// The word of the exposition formats: "counter", "gaugehistogram", "unknown" ...
std::string_view toWord(MetricType type);
// "untyped" is the old word for unknown.
MetricType metricTypeFromWord(std::string_view word);

struct Metadata
{
    MetricType type = MetricType::Unknown;
    std::string help;
    std::string unit;
    friend bool operator==(const Metadata&, const Metadata&) = default;
};

} // namespace fleetglass::labels
