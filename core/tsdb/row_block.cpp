#include "core/tsdb/row_block.h"

#include "core/base/ensure.h"

#include <algorithm>

namespace fleetglass::tsdb {

size_t RowBlock::bytes() const
{
    return sizeof(RowBlock) + times.capacity() + values.capacity()
        + (slots.capacity() + offsets.capacity()) * sizeof(uint32_t)
        + commits.capacity() * sizeof(uint64_t);
}

std::optional<size_t> RowBlock::columnOf(uint32_t slot) const
{
    const auto place = std::lower_bound(slots.begin(), slots.end(), slot);
    if (place == slots.end() || *place != slot)
        return std::nullopt;
    return static_cast<size_t>(place - slots.begin());
}

void RowBlock::decodeColumn(size_t column, std::span<double> out) const
{
    ByteView in = ByteView(values).subspan(offsets[column]);
    FLEETGLASS_ENSURE(decodeValues(in, out.first(rows)));
}

void RowBlock::decodeRowTimes(std::span<int64_t> out) const
{
    ByteView in = times;
    FLEETGLASS_ENSURE(decodeTimes(in, out.first(rows)));
}

} // namespace fleetglass::tsdb
