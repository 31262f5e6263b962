#include "core/tsdb/series.h"

namespace fleetglass::tsdb {

storage::SeriesRef refOf(const Series& series)
{
    return uint64_t { series.generation.load() } << 32U | (uint64_t { series.slot } + 1);
}

uint32_t generationOf(storage::SeriesRef ref)
{
    return static_cast<uint32_t>(ref >> 32U);
}

SeriesTable::~SeriesTable()
{
    for (auto& chunk : m_chunks)
        delete chunk.load();
}

Series* SeriesTable::find(storage::SeriesRef ref) const
{
    const uint64_t slot = (ref & UINT32_MAX) - 1; // Ref 0 wraps and is above every slot.
    if (slot >= kChunks * kChunkSlots)
        return nullptr;
    Chunk* const chunk = m_chunks[slot / kChunkSlots].load(std::memory_order_acquire);
    return chunk == nullptr ? nullptr : &(*chunk)[slot % kChunkSlots];
}

Series& SeriesTable::at(uint32_t slot) const
{
    return (*m_chunks[slot / kChunkSlots].load(std::memory_order_acquire))[slot % kChunkSlots];
}

Series* SeriesTable::take()
{
    const std::lock_guard lock(m_mutex);
    if (!m_free.empty()) {
        Series& series = at(m_free.back());
        m_free.pop_back();
        return &series;
    }
    if (m_used >= kChunks * kChunkSlots)
        return nullptr;
    auto& chunk = m_chunks[m_used / kChunkSlots];
    if (m_used % kChunkSlots == 0) {
        chunk.store(new Chunk, std::memory_order_release);
        ++m_chunkCount;
    }
    Series& series = (*chunk.load())[m_used % kChunkSlots];
    series.slot = m_used++;
    return &series;
}

void SeriesTable::giveBack(Series& series)
{
    const std::lock_guard lock(m_mutex);
    m_free.push_back(series.slot);
}

size_t SeriesTable::bytes() const
{
    return m_chunkCount.load() * sizeof(Chunk);
}

} // namespace fleetglass::tsdb
