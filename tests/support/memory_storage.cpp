#include "tests/support/memory_storage.h"

#include "core/histogram/arithmetic.h"

#include <algorithm>
#include <set>

namespace fleetglass::test {

namespace {

using histogram::Histogram;
using histogram::ResetHint;

template<class T>
std::span<const T> between(const std::vector<T>& values, size_t begin, size_t end)
{
    return values.empty() ? std::span<const T>()
                          : std::span<const T>(values).subspan(begin, end - begin);
}

} // namespace

void MemoryStorage::add(
    const labels::Labels& labels, int64_t timestampMs, double value, int64_t startMs)
{
    Samples& samples = m_series[labels];
    const auto at
        = std::lower_bound(samples.timestampsMs.begin(), samples.timestampsMs.end(), timestampMs);
    const auto index = at - samples.timestampsMs.begin();
    if (at != samples.timestampsMs.end() && *at == timestampMs) {
        samples.values[static_cast<size_t>(index)] = value;
        samples.startTimestampsMs[static_cast<size_t>(index)] = startMs;
        return;
    }
    samples.timestampsMs.insert(at, timestampMs);
    samples.values.insert(samples.values.begin() + index, value);
    samples.startTimestampsMs.insert(samples.startTimestampsMs.begin() + index, startMs);
}

void MemoryStorage::add(
    const labels::Labels& labels, int64_t timestampMs, Histogram histogram, int64_t startMs)
{
    Samples& samples = m_series[labels];
    const bool afterFloat = !samples.timestampsMs.empty()
        && (samples.histograms.empty()
            || samples.timestampsMs.back() > samples.histograms.back().timestampMs);
    if (!samples.histograms.empty() && !afterFloat)
        histogram.resetHint
            = histogram::storedHint(histogram, *samples.histograms.back().histogram);
    else if (histogram.resetHint != ResetHint::Gauge)
        histogram.resetHint = ResetHint::Unknown;
    const auto at = std::lower_bound(samples.histograms.begin(), samples.histograms.end(),
        timestampMs, [](const auto& sample, int64_t time) { return sample.timestampMs < time; });
    storage::HistogramSample sample { timestampMs,
        std::make_shared<Histogram>(std::move(histogram)), startMs };
    if (at != samples.histograms.end() && at->timestampMs == timestampMs)
        *at = std::move(sample);
    else
        samples.histograms.insert(at, std::move(sample));
}

Result<std::vector<storage::SeriesSlice>> MemoryStorage::select(
    std::span<const labels::Matcher> matchers, storage::TimeRange range,
    const storage::SelectLimits& limits) const
{
    std::vector<storage::SeriesSlice> slices;
    for (const auto& [labels, samples] : m_series) {
        if (limits.stop.stop_requested())
            return failure("query was canceled in storage", ErrorCode::Cancelled);
        if (!labels::matchesAll(matchers, labels))
            continue;
        storage::SeriesSlice slice;
        slice.labels = labels;
        const auto& times = samples.timestampsMs;
        const auto begin = static_cast<size_t>(
            std::lower_bound(times.begin(), times.end(), range.startMs) - times.begin());
        const auto end = static_cast<size_t>(
            std::upper_bound(times.begin(), times.end(), range.endMs) - times.begin());
        slice.timestampsMs = between(times, begin, std::max(begin, end));
        slice.values = between(samples.values, begin, std::max(begin, end));
        slice.startTimestampsMs = between(samples.startTimestampsMs, begin, std::max(begin, end));
        const auto& native = samples.histograms;
        const auto first = std::find_if(native.begin(), native.end(),
            [&](const auto& sample) { return sample.timestampMs >= range.startMs; });
        const auto last = std::find_if(first, native.end(),
            [&](const auto& sample) { return sample.timestampMs > range.endMs; });
        slice.histograms = between(native, static_cast<size_t>(first - native.begin()),
            static_cast<size_t>(last - native.begin()));
        if (slice.empty())
            continue;
        if (slices.size() == limits.seriesMax)
            return failure("more than " + std::to_string(limits.seriesMax) + " series match",
                ErrorCode::Limit);
        slices.push_back(std::move(slice));
    }
    return slices;
}

Result<std::vector<labels::Labels>> MemoryStorage::series(std::span<const labels::Matcher> matchers,
    storage::TimeRange range, const storage::SelectLimits& limits) const
{
    const auto slices = select(matchers, range, limits);
    if (!slices)
        return failure(slices.error());
    std::vector<labels::Labels> all;
    for (const auto& slice : *slices)
        all.push_back(slice.labels);
    return all;
}

std::vector<std::string> MemoryStorage::labelNames(
    std::span<const labels::Matcher> matchers, storage::TimeRange) const
{
    std::set<std::string> names;
    for (const auto& [labels, samples] : m_series) {
        if (!labels::matchesAll(matchers, labels))
            continue;
        for (const labels::Label& label : labels)
            names.emplace(label.name);
    }
    return { names.begin(), names.end() };
}

std::vector<std::string> MemoryStorage::labelValues(
    const std::string& name, std::span<const labels::Matcher> matchers, storage::TimeRange) const
{
    std::set<std::string> values;
    for (const auto& [labels, samples] : m_series) {
        if (labels.has(name) && labels::matchesAll(matchers, labels))
            values.emplace(labels.get(name));
    }
    return { values.begin(), values.end() };
}

} // namespace fleetglass::test
