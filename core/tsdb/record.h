// Records: how every file of the store is cut into pieces that stand for themselves. A record that
// was damaged is left out and the next good one is found again. FORMAT.md has the layout. Pure
// functions; thread-safe.
#pragma once

#include "core/tsdb/column_codec.h"

#include <functional>

namespace fleetglass::tsdb {

inline constexpr size_t kRecordPayloadMax = size_t { 64 } << 10U; // What writers keep to.
inline constexpr size_t kRecordHeaderBytes = 16;

enum class RecordType : uint8_t
{
    File = 1, // What the file is; the first record.
    Series = 2, // Label sets behind the numbers that follow.
    Row = 3, // Journal: one row of a group, as changes.
    Loose = 4, // Journal: samples with a time of their own.
    Exemplars = 5,
    RowBlock = 6, // Blocks: columns of packed rows.
    LooseBlock = 7, // Blocks: packed samples of one series.
};

// How the payload is kept; bits.
enum RecordFlags : uint8_t
{
    kCompressed = 1, // zstd; the payload's length first, as a varint.
    kMoreFollows = 2, // The next record belongs to the same append.
};

// `salt` is of the file: a piece of another file, or of a hostile label, is no record of this one.
void appendRecord(Bytes& out, uint32_t salt, RecordType type, uint8_t flags, ByteView payload);
// Compresses where that is shorter. `level` is zstd's.
void appendCompressedRecord(
    Bytes& out, uint32_t salt, RecordType type, uint8_t flags, ByteView payload, int level);

struct Record
{
    RecordType type = RecordType::File;
    uint8_t flags = 0;
    ByteView payload; // Unfolded; valid inside the visit.
    size_t offset = 0; // Of the header, in the file.
};

struct ScanReport
{
    size_t records = 0;
    size_t damages = 0; // Places, each of one or more records.
    size_t damagedBytes = 0; // Without the tail.
    size_t tailBytes = 0; // Not zeros, and no good record follows: torn, or not yet written.
    size_t goodEnd = 0; // Where the last good record ends.
};

struct RecordVisitor
{
    std::function<void(const Record&)> record;
    std::function<void()> damage; // Between two records something is missing.
};

ScanReport scanRecords(ByteView file, uint32_t salt, const RecordVisitor& visitor);

} // namespace fleetglass::tsdb
