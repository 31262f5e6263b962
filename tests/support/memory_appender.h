// MemoryAppender: a store that a test can read back, with limits it can set. Thread-safe.
#pragma once

#include "core/storage/appender.h"

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fleetglass::test {

class MemoryAppender : public storage::Appender
{
public:
    struct Sample
    {
        int64_t timestampMs = 0;
        double value = 0;
        histogram::HistogramPtr histogram;
    };

    Result<storage::SeriesRef> seriesFor(const labels::Labels& labels) override;
    bool isAlive(storage::SeriesRef series) const override;
    Result<storage::AppendCounts> append(const storage::Row& row) override;

    // By selector text: up{instance="a:1", job="x"}.
    std::vector<Sample> samples(const std::string& selector) const;
    std::optional<double> last(const std::string& selector) const;
    bool isStale(const std::string& selector) const;
    std::vector<std::string> selectors() const;
    size_t rows() const;
    size_t exemplars() const;

    void limitSeries(size_t max);
    void failAppends(bool fail);
    void drop(const std::string& selector); // As after a long silence.

private:
    void add(storage::SeriesRef series, Sample sample, storage::AppendCounts& counts);

    mutable std::mutex m_mutex;
    std::map<std::string, storage::SeriesRef> m_refs;
    std::map<storage::SeriesRef, std::vector<Sample>> m_samples;
    storage::SeriesRef m_lastRef = 0;
    size_t m_seriesMax = SIZE_MAX;
    bool m_fail = false;
    size_t m_rows = 0;
    size_t m_exemplars = 0;
};

} // namespace fleetglass::test
