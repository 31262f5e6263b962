// The one way to read a scraped page, whatever its format. Thread-safe: a call has no state beyond
// its arguments.
#pragma once

#include "core/base/result.h"
#include "core/exposition/format.h"
#include "core/exposition/sink.h"

#include <cstddef>
#include <string_view>

namespace fleetglass::exposition {

// Passing one fails the page (the error names the limit); HELP is clipped instead.
struct ParseLimits
{
    size_t samplesMax = 200'000;
    size_t labelsMax = 64; // Per sample, __name__ included.
    size_t nameBytesMax = 512; // Metric and label names.
    size_t valueBytesMax = 8 * 1024; // Label values.
    size_t helpBytesMax = 4 * 1024;
    size_t lineBytesMax = 1 << 20;
    size_t bucketsMax = 100'000; // Of one histogram.
};

struct ParseOptions
{
    ParseLimits limits {};
    // OpenMetrics `_created` lines are no series; they give the others their start timestamps.
    bool createdAsStartTimestamp = false;
    bool typeAndUnitLabels = false; // Adds __type__ and __unit__.
    bool ignoreNativeHistograms = false;
    bool keepClassicHistograms = false; // Beside the native or converted one.
    bool convertClassicToNhcb = false; // Classic histograms become schema -53.
    // Everything the OpenMetrics specification forbids is an error, for `check metrics`. A scrape
    // is as lax as Prometheus.
    bool strictOpenMetrics = false;
};

struct ParseStats
{
    size_t samples = 0;
    size_t histograms = 0; // Of them.
    size_t exemplars = 0;
    size_t metadata = 0;
    size_t helpClipped = 0;
};

// Hands every entry of the page to the sink, in order. After a failure nothing that the sink was
// given may be kept. Errors are Prometheus' words with line and column; code Limit for a limit,
// Cancelled where the sink stopped it.
Result<ParseStats> parse(
    Format format, std::string_view body, const ParseOptions& options, Sink& sink);

} // namespace fleetglass::exposition
