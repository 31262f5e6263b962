// RingStore: the samples in memory behind the storage interfaces, bounded by time and by bytes:
// what is oldest goes first. A scrape is a row: its series share one column of times. Thread-safe;
// appends of one target never wait for readers of others. What a select returns lives on by its
// owner.
#pragma once

#include "core/base/clock.h"
#include "core/storage/appender.h"
#include "core/storage/querier.h"
#include "core/tsdb/disk.h"

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
    size_t blockBytes = 0;
    size_t blockSamples = 0;
    int64_t minTimeMs = 0; // Both 0 while there is no sample.
    int64_t maxTimeMs = 0;
    uint64_t appendedTotal = 0;
    uint64_t outOfOrderTotal = 0;
    uint64_t duplicateTotal = 0;
    uint64_t tooOldTotal = 0;
    uint64_t evictedSamplesTotal = 0;
    double appendedPerSecond = 0; // Mean over the last ten seconds.
};

struct DirectoryOptions
{
    bool readOnly = false; // Also what another process writes to at the moment.
    uint64_t bytesMax = uint64_t { 4 } << 30U; // Of all files; the oldest go first.
    uint64_t fileBytes = uint64_t { 16 } << 20U; // Room is reserved in such pieces.
    uint64_t freeBytesMin = uint64_t { 512 }
        << 20U; // Kept free on the disk, or 5 % of it; 0: none.
};

// What was found in a directory.
struct DirectoryReport
{
    size_t samples = 0;
    bool isReadOnly = false; // Asked for, or written by a newer version.
    std::vector<std::string> notes; // Damage and what became of it, for the user.
};

struct DiskStats
{
    std::string directory; // Empty: in memory only.
    std::string problem; // Why nothing is written at the moment; empty where all is well.
    uint64_t bytes = 0; // Of the files, reserved room included.
    uint64_t bytesMax = 0;
    uint64_t journalBytesWritten = 0;
    uint64_t blockBytesWritten = 0;
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

    // Takes up what the directory keeps and, unless read-only, keeps it up to date from now on:
    // what readers see was written. Once, before the first append. After a failure the store is as
    // empty as before. The disk must outlive the store.
    Result<DirectoryReport> openDirectory(
        Disk& disk, const std::string& path, const DirectoryOptions& options = {});
    // Writes through to the disk; once a second. Comes back to the disk after it failed.
    void flush();
    DiskStats diskStats() const;

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
    friend class Restorer;
    std::unique_ptr<State> m_state;
};

} // namespace fleetglass::tsdb
