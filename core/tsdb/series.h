// Series: what the store knows of one series, in a slot that outlives it. The table hands out slots
// and finds them by ref without a lock. The table is thread-safe; each field says who guards it.
#pragma once

#include "core/storage/sample.h"
#include "core/tsdb/loose_column.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace fleetglass::tsdb {

class TargetGroup;
struct LabelPair;

struct StampedExemplar
{
    storage::Exemplar exemplar;
    uint64_t commit = 0;
    bool isWritten = false; // In a file of blocks.
};

struct Series
{
    static constexpr uint32_t kNoColumn = UINT32_MAX;

    // Odd while alive. Changed under the home's mutex, or the index' where there is no home.
    std::atomic<uint32_t> generation { 0 };
    uint32_t slot = 0; // Never changes.
    std::atomic<TargetGroup*> home { nullptr }; // Set with the first sample.
    std::atomic<int64_t> firstMs { INT64_MAX }; // What is read without a lock may lag behind.
    std::atomic<int64_t> lastMs { INT64_MIN };

    // Guarded by the home's mutex.
    double lastValue = 0;
    uint32_t column = kNoColumn; // In the home's head.
    uint32_t rowBlocks = 0; // Packed blocks of the home with samples of this series.
    bool lastIsHistogram = false;
    std::unique_ptr<LooseColumn> loose;
    uint32_t loosePlace = 0; // Among the home's series that have one.
    std::unique_ptr<std::vector<StampedExemplar>> exemplars; // A ring: oldest first.

    // Guarded by the index' mutex.
    std::vector<LabelPair*> labels; // Sorted by name.
    uint64_t hash = 0;
    int64_t createdMs = 0; // Boot time.

    // The series' number in the file that is written now; guarded by that file's mutex and the
    // index' shared one, and forgotten with the series.
    struct FileMark
    {
        uint32_t file = 0; // 0: none.
        uint32_t number = 0;
    };
    FileMark journalMark;
    FileMark blocksMark;

    // Guarded by the index' cache mutex; empty until somebody asks.
    labels::Labels cachedLabels;

    bool isAlive(uint32_t wanted) const
    {
        return (wanted & 1U) != 0 && generation.load() == wanted;
    }
};

// A series as a caller knew it; dead when the generation moved on.
struct Match
{
    Series* series = nullptr;
    uint32_t generation = 0;
};

// A ref as the world sees it: generation above, slot + 1 below.
storage::SeriesRef refOf(const Series& series);
uint32_t generationOf(storage::SeriesRef ref);

class SeriesTable
{
public:
    SeriesTable() = default;
    ~SeriesTable();
    SeriesTable(const SeriesTable&) = delete;
    SeriesTable& operator=(const SeriesTable&) = delete;

    // Null where there never was such a slot; the caller compares the generation.
    Series* find(storage::SeriesRef ref) const;
    Series& at(uint32_t slot) const;

    // A slot whose generation is even; the caller fills it and makes it odd. `slotsMax` bounds all.
    Series* take();
    void giveBack(Series& series);

    size_t bytes() const; // Of the slots alone.

private:
    static constexpr size_t kChunkSlots = 1024;
    static constexpr size_t kChunks = 6000; // Above the ceiling of series, with room for the dying.
    using Chunk = std::array<Series, kChunkSlots>;

    std::array<std::atomic<Chunk*>, kChunks> m_chunks {};
    std::atomic<size_t> m_chunkCount { 0 };
    std::mutex m_mutex;
    std::vector<uint32_t> m_free;
    uint32_t m_used = 0;
};

} // namespace fleetglass::tsdb
