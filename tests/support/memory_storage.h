// MemoryStorage: a storage::Querier over samples that a test puts in, as plain as can be. Used from
// one thread at a time while it is filled; thread-safe from then on. Slices live as long as the
// storage.
#pragma once

#include "core/storage/querier.h"

#include <map>
#include <vector>

namespace fleetglass::test {

class MemoryStorage : public storage::Querier
{
public:
    // A start timestamp of 0 is unknown. Samples may come in any order; the later of two at one
    // time wins.
    void add(const labels::Labels& labels, int64_t timestampMs, double value, int64_t startMs = 0);
    // Sets the reset hint the way Prometheus' chunks do: told apart from the sample before.
    void add(const labels::Labels& labels, int64_t timestampMs, histogram::Histogram histogram,
        int64_t startMs = 0);
    void clear() { m_series.clear(); }

    Result<std::vector<storage::SeriesSlice>> select(std::span<const labels::Matcher> matchers,
        storage::TimeRange range, const storage::SelectLimits& limits) const override;
    Result<std::vector<labels::Labels>> series(std::span<const labels::Matcher> matchers,
        storage::TimeRange range, const storage::SelectLimits& limits) const override;
    std::vector<std::string> labelNames(
        std::span<const labels::Matcher> matchers, storage::TimeRange range) const override;
    std::vector<std::string> labelValues(const std::string& name,
        std::span<const labels::Matcher> matchers, storage::TimeRange range) const override;

private:
    struct Samples
    {
        std::vector<int64_t> timestampsMs;
        std::vector<double> values;
        std::vector<int64_t> startTimestampsMs;
        std::vector<storage::HistogramSample> histograms;
    };

    std::map<labels::Labels, Samples> m_series;
};

} // namespace fleetglass::test
