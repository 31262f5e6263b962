// Packed columns: the columns of row blocks as they are held in memory: constants, changes alone,
// or numbers in as few bits as each 128 rows need. README.md beside this file has the layout.
// Decoding takes bytes from anywhere: what is malformed answers false. Pure functions; thread-safe.
#pragma once

#include "core/tsdb/column_parts.h"

namespace fleetglass::tsdb {

inline constexpr size_t kColumnRowsMax = 4096;

void packColumn(Bytes& out, const ColumnParts& parts);
inline void packColumn(Bytes& out, std::span<const double> values)
{
    ColumnParts parts;
    parts.takeApart(values);
    packColumn(out, parts);
}

// Fills `out`, of as many rows as were packed, and takes what it read from the front of `in`.
bool unpackColumn(ByteView& in, std::span<double> out);

// The same for the times of the rows: any number at all.
void packTimes(Bytes& out, std::span<const int64_t> timesMs);
bool unpackTimes(ByteView& in, std::span<int64_t> out);

} // namespace fleetglass::tsdb
