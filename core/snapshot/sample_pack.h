// Columns of a whole capsule range as bytes: segments of up to 512, each packed by the store's
// codec. Pure functions; thread-safe.
#pragma once

#include "core/snapshot/capsule_format.h"
#include "core/storage/querier.h"
#include "core/tsdb/column_codec.h"

#include <algorithm>

namespace fleetglass::snapshot {

tsdb::Bytes packTimes(std::span<const int64_t> timesMs);
tsdb::Bytes packValues(std::span<const double> values);
tsdb::Bytes packHistograms(std::span<const storage::HistogramSample> samples);

// Each fills `out`; false where the bytes are not exactly that.
bool unpackTimes(tsdb::ByteView in, std::span<int64_t> out);
// A few bytes can unfold to a large histogram; what all of them take is bounded by `bytesMax`.
bool unpackHistograms(
    tsdb::ByteView in, size_t count, size_t bytesMax, std::vector<storage::HistogramSample>& out);

} // namespace fleetglass::snapshot
