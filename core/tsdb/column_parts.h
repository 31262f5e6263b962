// ColumnParts: a column of a block taken apart for packing: rows that have no number (absent,
// stale, infinite) as runs, the rest as whole numbers over one power of ten where all of them are
// such, and as bits otherwise. Without loss. Values; used from one thread at a time.
#pragma once

#include "core/tsdb/column_codec.h"

namespace fleetglass::tsdb {

struct ColumnParts
{
    struct Run
    {
        uint32_t row = 0;
        uint32_t length = 0;
        uint64_t bits = 0; // Of the value in all its rows.
    };

    bool isDecimal = true;
    unsigned exponent = 0;
    std::vector<Run> runs; // Ascending; no two of them overlap.
    // One for each row; in a run's rows it repeats the one before, and means nothing. Below 2^51
    // where they are decimals, else a double's bits.
    std::vector<int64_t> numbers;

    void takeApart(std::span<const double> values);
    void putTogether(std::span<double> values) const; // As many as there are numbers.
};

inline constexpr int64_t kPartMax = int64_t { 1 } << 51; // Fits the fast way to a double.

// The numbers as doubles; at the speed of memory, or nearly.
void toDoubles(std::span<const int64_t> numbers, unsigned exponent, std::span<double> values);

} // namespace fleetglass::tsdb
