// Times, floats and histograms as Prometheus' API writes them (util/jsonutil). Pure functions;
// thread-safe.
#pragma once

#include "core/histogram/histogram.h"

#include <cstdint>
#include <string>

namespace fleetglass::snapshot {

// Milliseconds as seconds: 1435781451.781, whole ones without a point.
std::string apiTime(int64_t timestampMs);
// Shortest digits; with an exponent below 1e-6 and from 1e21 on, as encoding/json.
std::string apiFloat(double value);
// {"count":"4","sum":"12.5","buckets":[[0,"1","2","3"]]}
std::string apiHistogram(const histogram::Histogram& histogram);

} // namespace fleetglass::snapshot
