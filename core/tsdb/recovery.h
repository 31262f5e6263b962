// Recovery: reads a data directory, live or left behind, to what a store can take up again. What is
// damaged is left out and told; files are not touched. Used from one thread at a time.
#pragma once

#include "core/tsdb/block_records.h"
#include "core/tsdb/chain_replay.h"
#include "core/tsdb/disk.h"
#include "core/tsdb/store_file.h"

#include <iterator>
#include <map>
#include <unordered_map>

namespace fleetglass::tsdb {

// Rows of one group, packed; the pages of a block come together here.
struct RecoveredRows
{
    int64_t minMs = 0;
    int64_t maxMs = 0;
    uint32_t rows = 0;
    uint32_t file = 0;
    Bytes times;
    struct Column
    {
        uint32_t series = 0;
        uint32_t size = 0; // Of its bytes in `values`.
        int64_t firstMs = 0;
        int64_t lastMs = 0;
        double lastValue = 0;
        size_t samples = 0;
    };
    std::vector<Column> columns;
    Bytes values;
};

struct RecoveredGroup
{
    std::map<int64_t, RecoveredRows> rows; // By their oldest time.
    ChainReplay chains;

    bool hasBlockAt(int64_t timeMs) const
    {
        const auto after = rows.upper_bound(timeMs);
        return after != rows.begin() && std::prev(after)->second.maxMs >= timeMs;
    }
};

// The loose samples of one series.
struct RecoveredLoose
{
    struct Packed
    {
        std::shared_ptr<const LooseBlock> block;
        uint32_t file = 0;
    };
    struct Single
    {
        storage::LooseSample sample;
        uint32_t file = 0;
    };
    uint64_t group = 0;
    std::map<int64_t, Packed> blocks; // By their oldest time.
    std::vector<Single> samples;
};

struct RecoveredFile
{
    FileName name;
    std::string path;
    uint64_t bytes = 0;
    bool isDamaged = false;
};

struct Recovered
{
    std::vector<labels::Labels> series;
    std::map<uint64_t, RecoveredGroup> groups;
    std::map<uint32_t, RecoveredLoose> loose; // By series.
    std::vector<std::pair<uint32_t, storage::Exemplar>> exemplars;
    std::vector<RecoveredFile> files;
    std::vector<std::string> notes; // For the user: what was left out, and why.
    uint32_t lastJournal = 0; // The highest number of any file of the kind.
    uint32_t lastBlocks = 0;
    bool isNewer = false; // Something was written by a newer version: do not write here.
};

Result<Recovered> readDirectory(Disk& disk, const std::string& directory);

} // namespace fleetglass::tsdb
