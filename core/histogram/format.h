// A histogram as one line of text, the way count_values labels it: "{count:3, sum:5, (1,2]:3}"
// (Prometheus FloatHistogram.String). Pure function; thread-safe.
#pragma once

#include "core/histogram/histogram.h"

#include <string>

namespace fleetglass::histogram {

std::string toText(const Histogram& histogram);

} // namespace fleetglass::histogram
