#include "core/tsdb/row_block.h"

#include "core/base/ensure.h"
#include "core/tsdb/packed_column.h"

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
    FLEETGLASS_ENSURE(unpackColumn(in, out.first(rows)));
}

void RowBlock::decodeRowTimes(std::span<int64_t> out) const
{
    ByteView in = times;
    FLEETGLASS_ENSURE(unpackTimes(in, out.first(rows)));
}

namespace {

std::vector<uint32_t> slotsOf(std::span<const std::shared_ptr<const RowBlock>> blocks)
{
    std::vector<uint32_t> slots;
    for (const auto& block : blocks) {
        if (block->slots == slots)
            continue; // Usually they all have the same.
        const auto middle = static_cast<std::ptrdiff_t>(slots.size());
        slots.insert(slots.end(), block->slots.begin(), block->slots.end());
        std::inplace_merge(slots.begin(), slots.begin() + middle, slots.end());
    }
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
    slots.shrink_to_fit();
    return slots;
}

std::vector<uint64_t> commitsOf(
    std::span<const std::shared_ptr<const RowBlock>> blocks, uint64_t horizon)
{
    std::vector<uint64_t> commits;
    for (const auto& block : blocks) {
        // Every reader sees the rows of a block without stamps, as it does what has number 0.
        const size_t end = commits.size() + block->rows;
        commits.insert(commits.end(), block->commits.begin(), block->commits.end());
        commits.resize(end, 0);
    }
    const bool areOld = *std::max_element(commits.begin(), commits.end()) < horizon;
    return areOld ? std::vector<uint64_t>() : commits;
}

} // namespace

std::shared_ptr<const RowBlock> mergeRows(
    std::span<const std::shared_ptr<const RowBlock>> blocks, uint64_t horizon)
{
    auto merged = std::make_shared<RowBlock>();
    merged->minMs = blocks.front()->minMs;
    merged->maxMs = blocks.back()->maxMs;
    std::vector<int64_t> times;
    for (const auto& block : blocks) {
        times.resize(times.size() + block->rows);
        block->decodeRowTimes(std::span(times).last(block->rows));
        merged->rows += block->rows;
        merged->samples += block->samples;
    }
    packTimes(merged->times, times);
    merged->commits = commitsOf(blocks, horizon);
    merged->slots = slotsOf(blocks);
    merged->offsets.reserve(merged->slots.size());
    std::vector<double> values(times.size());
    for (const uint32_t slot : merged->slots) {
        auto place = std::span(values);
        for (const auto& block : blocks) {
            const auto part = place.first(block->rows);
            if (const auto column = block->columnOf(slot))
                block->decodeColumn(*column, part);
            else
                std::fill(part.begin(), part.end(), kAbsent);
            place = place.subspan(block->rows);
        }
        merged->offsets.push_back(static_cast<uint32_t>(merged->values.size()));
        packColumn(merged->values, values);
    }
    merged->times.shrink_to_fit();
    merged->values.shrink_to_fit();
    return merged;
}

} // namespace fleetglass::tsdb
