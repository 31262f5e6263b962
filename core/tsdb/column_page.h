// Column pages: columns as they are written to disk, for zstd to make small: the steps of all of
// them byte plane by byte plane, so that like stands beside like. FORMAT.md has the layout. Used
// from one thread at a time; reading is pure and takes bytes from anywhere.
#pragma once

#include "core/tsdb/column_parts.h"

#include <array>
#include <functional>

namespace fleetglass::tsdb {

class ColumnPageWriter
{
public:
    void add(const ColumnParts& parts);
    // About what the columns take before compression without the planes' many zeros.
    size_t estimatedBytes() const { return m_bits / 8 + m_heads.size(); }
    // Columns that are alike should be neighbours: those of the same weight.
    static uint64_t weightOf(const ColumnParts& parts);
    void finish(Bytes& out);

private:
    Bytes m_heads;
    std::array<Bytes, 8> m_planes;
    uint64_t m_bits = 0;
};

// `columns` of `rows` numbers each; `visit` gets them in the order in which they were added.
bool readColumnPage(ByteView in, size_t columns, size_t rows,
    const std::function<void(size_t column, const ColumnParts& parts)>& visit);

} // namespace fleetglass::tsdb
