#include "core/labels/metadata.h"

#include <array>

namespace fleetglass::labels {

namespace {

constexpr std::array<std::string_view, 8> kWords { "unknown", "counter", "gauge", "histogram",
    "gaugehistogram", "summary", "info", "stateset" };

} // namespace

std::string_view toWord(MetricType type)
{
    return kWords[static_cast<size_t>(type)];
}

MetricType metricTypeFromWord(std::string_view word)
{
    for (size_t i = 0; i < kWords.size(); ++i) {
        if (kWords[i] == word)
            return static_cast<MetricType>(i);
    }
    return MetricType::Unknown;
}

} // namespace fleetglass::labels
