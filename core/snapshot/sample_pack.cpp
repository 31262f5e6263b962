#include "core/snapshot/sample_pack.h"

#include "core/tsdb/histogram_codec.h"
#include "core/tsdb/loose_column.h"

namespace fleetglass::snapshot {

using tsdb::Bytes;
using tsdb::ByteView;

Bytes packTimes(std::span<const int64_t> timesMs)
{
    Bytes bytes;
    tsdb::encodeTimes(bytes, timesMs);
    return bytes;
}

Bytes packValues(std::span<const double> values)
{
    Bytes bytes;
    while (!values.empty()) {
        const auto segment = values.first(std::min(values.size(), kSegmentSamples));
        tsdb::encodeValues(bytes, segment);
        values = values.subspan(segment.size());
    }
    return bytes;
}

Bytes packHistograms(std::span<const storage::HistogramSample> samples)
{
    std::vector<int64_t> times;
    std::vector<int64_t> starts;
    for (const storage::HistogramSample& sample : samples) {
        times.push_back(sample.timestampMs);
        starts.push_back(sample.startTimestampMs);
    }
    Bytes bytes;
    tsdb::encodeTimes(bytes, times);
    tsdb::encodeTimes(bytes, starts);
    for (const storage::HistogramSample& sample : samples)
        tsdb::encodeHistogram(bytes, *sample.histogram);
    return bytes;
}

bool unpackTimes(ByteView in, std::span<int64_t> out)
{
    return tsdb::decodeTimes(in, out) && in.empty();
}

bool unpackHistograms(
    ByteView in, size_t count, size_t bytesMax, std::vector<storage::HistogramSample>& out)
{
    // Two times and a histogram take at least two bytes and one.
    if (count > in.size())
        return false;
    std::vector<int64_t> times(count);
    std::vector<int64_t> starts(count);
    if (!tsdb::decodeTimes(in, times) || !tsdb::decodeTimes(in, starts))
        return false;
    for (size_t i = 0; i < count; ++i) {
        auto histogram = tsdb::decodeHistogram(in);
        if (!histogram || tsdb::bytesOf(*histogram) > bytesMax)
            return false;
        bytesMax -= tsdb::bytesOf(*histogram);
        out.push_back({ times[i], std::move(histogram), starts[i] });
    }
    return in.empty();
}

} // namespace fleetglass::snapshot
