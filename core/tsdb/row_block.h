// RowBlock: packed rows of one target: the times once, a column of values for each series.
// Immutable; share freely.
#pragma once

#include "core/tsdb/column_codec.h"

#include <cstddef>
#include <memory>
#include <optional>

namespace fleetglass::tsdb {

inline constexpr size_t kRowsPerHead = 64; // A head's change marks are one word.
inline constexpr size_t kRowsPerBlock = 768; // At most; heads are packed and then merged.

struct RowBlock
{
    int64_t minMs = 0;
    int64_t maxMs = 0;
    uint32_t rows = 0;
    size_t samples = 0;
    Bytes times;
    std::vector<uint32_t> slots; // The series, ascending.
    std::vector<uint32_t> offsets; // Of each column in `values`.
    Bytes values;
    std::vector<uint64_t> commits; // Empty once every reader sees all rows.

    size_t bytes() const;
    // The place of a series' column; nothing where it has no sample here.
    std::optional<size_t> columnOf(uint32_t slot) const;
    // `out` takes all rows; absent where the series has none.
    void decodeColumn(size_t column, std::span<double> out) const;
    void decodeRowTimes(std::span<int64_t> out) const;
};

// The rows of neighbouring blocks, oldest first, in one. Their stamps are kept where one of them
// is not below the horizon.
std::shared_ptr<const RowBlock> mergeRows(
    std::span<const std::shared_ptr<const RowBlock>> blocks, uint64_t horizon);

} // namespace fleetglass::tsdb
