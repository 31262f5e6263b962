// Label sets in a file: each series that a file speaks of has a number there, told in a Series
// record before the first use. Pairs that repeat inside a record are written once. The writer is
// used from one thread at a time; reading is pure.
#pragma once

#include "core/tsdb/record.h"
#include "core/tsdb/series_index.h"

#include <functional>
#include <unordered_map>

namespace fleetglass::tsdb {

class SeriesRecordWriter
{
public:
    // `level` is zstd's; records go to the end of what `finish` is given.
    SeriesRecordWriter(uint32_t salt, int level)
        : m_salt(salt)
        , m_level(level)
    {
    }

    void add(uint32_t number, std::span<LabelPair* const> pairs);
    // All that was added, as records; each is marked to belong to what follows.
    void finish(Bytes& out);

private:
    void close();

    const uint32_t m_salt;
    const int m_level;
    Bytes m_records;
    Bytes m_payload; // Of the record under way, without its head.
    uint32_t m_first = 0;
    uint32_t m_count = 0;
    std::unordered_map<const LabelPair*, uint32_t> m_pairs;
    std::unordered_map<std::string_view, uint32_t> m_names;
};

// False where the payload makes no sense; what was visited by then stands.
bool readSeriesRecord(
    ByteView payload, const std::function<void(uint32_t number, labels::Labels)>& visit);

} // namespace fleetglass::tsdb
