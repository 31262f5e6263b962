// Native histograms to bytes and back. Decoding takes bytes from anywhere. Pure functions;
// thread-safe.
#pragma once

#include "core/histogram/histogram.h"
#include "core/tsdb/column_codec.h"

#include <cstddef>

namespace fleetglass::tsdb {

inline constexpr size_t kBucketsMax = 100'000; // Of one histogram.

void encodeHistogram(Bytes& out, const histogram::Histogram& histogram);
// Takes one from the front; null where the bytes make no sense.
histogram::HistogramPtr decodeHistogram(ByteView& in);

} // namespace fleetglass::tsdb
