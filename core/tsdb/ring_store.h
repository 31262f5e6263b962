// RingStore: the samples in memory behind the storage interfaces, bounded by time and by bytes:
// what is oldest goes first. A scrape is a row: its series share one column of times. Thread-safe;
// appends of one target never wait for readers of others. What a select returns lives on by its
// owner.
#pragma once

#include "core/base/clock.h"
#include "core/storage/appender.h"
#include "core/storage/querier.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fleetglass::tsdb {

inline constexpr size_t kSeriesMaxCeiling = 5'000'000;

struct RingStoreOptions
{
    std::chrono::milliseconds retention = std::chrono::hours(24 * 15); // 0: by bytes alone.
    size_t bytesMax = size_t { 1 } << 30; // Everything the store holds, labels and index too.
    size_t seriesMax = 1'000'000; // At most kSeriesMaxCeiling.
    size_t exemplarsPerSeriesMax = 10;
    std::chrono::milliseconds idleAfter
        = std::chrono::hours(1); // Packs what got no sample for so long.
};

struct StoreStats
{
    size_t series = 0;
    size_t seriesMax = 0;
    size_t samples = 0; // Held now, stale markers included.
    size_t bytes = 0;
    size_t bytesMax = 0;
    size_t blocks = 0; // Packed; the heads are not counted.
    int64_t minTimeMs = 0; // Both 0 while there is no sample.
    int64_t maxTimeMs = 0;
    uint64_t appendedTotal = 0;
    uint64_t outOfOrderTotal = 0;
    uint64_t duplicateTotal = 0;
    uint64_t tooOldTotal = 0;
    uint64_t evictedSamplesTotal = 0;
    double appendedPerSecond = 0; // Mean over the last ten seconds.
};

struct SeriesExemplars
{
    labels::Labels labels;
    std::vector<storage::Exemplar> exemplars; // Sorted by time.
};

class RingStore final : public storage::Appender, public storage::Querier
{
public:
    // The clock must outlive the store.
    RingStore(RingStoreOptions options, const Clock& clock);
    ~RingStore() override;
    RingStore(const RingStore&) = delete;
    RingStore& operator=(const RingStore&) = delete;

    Result<storage::SeriesRef> seriesFor(const labels::Labels& labels) override;
    bool isAlive(storage::SeriesRef series) const override;
    // A sample that repeats the newest one exactly counts as appended and is held once.
    Result<storage::AppendCounts> append(const storage::Row& row) override;

    Result<std::vector<storage::SeriesSlice>> select(std::span<const labels::Matcher> matchers,
        storage::TimeRange range, const storage::SelectLimits& limits) const override;
    Result<std::vector<labels::Labels>> series(std::span<const labels::Matcher> matchers,
        storage::TimeRange range, const storage::SelectLimits& limits) const override;
    std::vector<std::string> labelNames(
        std::span<const labels::Matcher> matchers, storage::TimeRange range) const override;
    std::vector<std::string> labelValues(const std::string& name,
        std::span<const labels::Matcher> matchers, storage::TimeRange range) const override;

    // Series with an exemplar in the range, sorted by labels.
    Result<std::vector<SeriesExemplars>> exemplars(
        std::span<const labels::Matcher> matchers, storage::TimeRange range) const;

    // Series for each metric name, for a metric tree.
    std::map<std::string, size_t> metricCounts() const;
    StoreStats stats() const;

    // Retention, packing of idle heads, dropping of series that ended. Once a minute or so; appends
    // keep to the byte budget by themselves.
    void maintain();

    // Counts the bytes anew, slowly; always what stats() says.
    size_t recountBytes() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace fleetglass::tsdb
