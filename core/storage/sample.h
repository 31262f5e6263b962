// Samples as they are handed to the store and read from it. Values.
#pragma once

#include "core/histogram/histogram.h"
#include "core/labels/labels.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace fleetglass::storage {

// The one NaN that says "this series ended here" (Prometheus model/value). Only we write it.
inline constexpr uint64_t kStaleBits = 0x7ff0000000000002ULL;
inline constexpr uint64_t kCanonicalNanBits = 0x7ff8000000000001ULL;
inline const double kStaleMarker = std::bit_cast<double>(kStaleBits);

inline bool isStaleMarker(double value)
{
    return std::bit_cast<uint64_t>(value) == kStaleBits;
}

// A series of a store; stable while the series lives, 0 is none.
using SeriesRef = uint64_t;

struct Exemplar
{
    labels::Labels labels;
    double value = 0;
    int64_t timestampMs = 0;
};

// A value of the row: it shares the row's timestamp.
struct RowValue
{
    SeriesRef series = 0;
    double value = 0;
};

// A sample with a time of its own, or with more than a number.
struct LooseSample
{
    SeriesRef series = 0;
    int64_t timestampMs = 0;
    double value = 0; // Not read where there is a histogram.
    histogram::HistogramPtr histogram;
    int64_t startTimestampMs = 0; // When the counter began; 0 unknown.
};

struct LooseExemplar
{
    SeriesRef series = 0;
    Exemplar exemplar;
};

// One scrape (or one rule evaluation): everything of it becomes visible at once, or nothing.
struct Row
{
    int64_t timestampMs = 0;
    std::span<const RowValue> values;
    std::span<const LooseSample> loose;
    std::span<const LooseExemplar> exemplars;
};

struct AppendCounts
{
    size_t appended = 0;
    size_t outOfOrder = 0; // Older than the series' newest sample; dropped.
    size_t duplicate = 0; // Same time, other value; dropped.
    size_t tooOld = 0; // Before the retention; dropped.
    size_t unknownSeries = 0; // The ref's series was dropped; ask seriesFor again.
};

} // namespace fleetglass::storage
