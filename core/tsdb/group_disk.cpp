// How a group's packed heads become large blocks, and what of it stands in which file.
#include "core/tsdb/target_group.h"

#include <algorithm>

namespace fleetglass::tsdb {

namespace {

constexpr size_t kHeadsPerBlock = kRowsPerBlock / kRowsPerHead;

bool isIn(std::span<const uint32_t> files, uint32_t file)
{
    return file != 0 && std::find(files.begin(), files.end(), file) != files.end();
}

} // namespace

void TargetGroup::takeNumber(uint64_t number)
{
    m_number = number;
}

std::vector<std::shared_ptr<const RowBlock>> TargetGroup::unmerged(bool all) const
{
    const std::lock_guard lock(m_mutex);
    const auto firstOpen = std::find_if(
        m_blocks.begin(), m_blocks.end(), [](const HeldRows& held) { return !held.isFinal; });
    std::vector<std::shared_ptr<const RowBlock>> heads;
    for (auto place = firstOpen; place != m_blocks.end() && heads.size() < kHeadsPerBlock; ++place)
        heads.push_back(place->block);
    if (!all && heads.size() < kHeadsPerBlock)
        heads.clear();
    return heads;
}

bool TargetGroup::replace(
    std::span<const std::shared_ptr<const RowBlock>> heads, std::shared_ptr<const RowBlock> merged)
{
    const std::lock_guard lock(m_mutex);
    const auto first = std::find_if(m_blocks.begin(), m_blocks.end(),
        [&](const HeldRows& held) { return held.block == heads.front(); });
    if (first == m_blocks.end())
        return false; // Evicted meanwhile.
    HeldRows held { std::move(merged), 0, first->journal, 0, true };
    for (const uint32_t slot : held.block->slots)
        ++m_shared.table.at(slot).rowBlocks;
    const auto end = first + static_cast<std::ptrdiff_t>(heads.size());
    for (auto place = first; place != end; ++place) {
        m_shared.queue.remove(place->block->maxMs, place->order);
        m_blockBytes -= place->block->bytes();
        for (const uint32_t slot : place->block->slots)
            --m_shared.table.at(slot).rowBlocks;
    }
    m_blockBytes += held.block->bytes();
    held.order = m_shared.queue.push(held.block->maxMs, this, nullptr);
    *first = std::move(held);
    m_blocks.erase(first + 1, end);
    settle();
    return true;
}

Unwritten TargetGroup::unwritten() const
{
    const std::lock_guard lock(m_mutex);
    Unwritten found;
    for (const HeldRows& held : m_blocks) {
        if (held.file != 0 || !held.isFinal)
            continue;
        Unwritten::Rows& rows = found.rows.emplace_back();
        rows.block = held.block;
        for (const uint32_t slot : held.block->slots) {
            Series& series = m_shared.table.at(slot);
            rows.series.push_back({ &series, series.generation.load() });
            if (!series.exemplars)
                continue;
            for (const StampedExemplar& stamped : *series.exemplars) {
                if (!stamped.isWritten)
                    found.exemplars.push_back({ number(), rows.series.back(), stamped.exemplar });
            }
        }
    }
    for (Series* series : m_looseSeries) {
        for (const HeldLoose& held : series->loose->blocks()) {
            if (held.file == 0)
                found.loose.push_back({ held.block, { series, series->generation.load() } });
        }
    }
    return found;
}

bool TargetGroup::noteWritten(const RowBlock& block, uint32_t file)
{
    const std::lock_guard lock(m_mutex);
    const auto held = std::find_if(m_blocks.begin(), m_blocks.end(),
        [&](const HeldRows& one) { return one.block.get() == &block; });
    if (held == m_blocks.end())
        return false;
    held->file = file;
    return true;
}

bool TargetGroup::noteWritten(const Match& match, const LooseBlock& block, uint32_t file)
{
    const std::lock_guard lock(m_mutex);
    if (!match.series->isAlive(match.generation) || !match.series->loose)
        return false;
    auto& blocks = match.series->loose->blocks();
    const auto held = std::find_if(blocks.begin(), blocks.end(),
        [&](const HeldLoose& one) { return one.block.get() == &block; });
    if (held == blocks.end())
        return false;
    held->file = file;
    return true;
}

void TargetGroup::noteWritten(std::span<const ExemplarEntry> exemplars)
{
    const std::lock_guard lock(m_mutex);
    for (const ExemplarEntry& entry : exemplars) {
        if (!entry.match.series->isAlive(entry.match.generation) || !entry.match.series->exemplars)
            continue;
        for (StampedExemplar& stamped : *entry.match.series->exemplars)
            stamped.isWritten
                = stamped.isWritten || stamped.exemplar.timestampMs == entry.exemplar.timestampMs;
    }
}

void TargetGroup::forgetFiles(std::span<const uint32_t> files)
{
    const std::lock_guard lock(m_mutex);
    for (HeldRows& held : m_blocks) {
        if (isIn(files, held.file))
            held.file = 0;
    }
    for (Series* series : m_looseSeries) {
        for (HeldLoose& held : series->loose->blocks()) {
            if (isIn(files, held.file))
                held.file = 0;
        }
    }
}

uint32_t TargetGroup::oldestJournal() const
{
    const std::lock_guard lock(m_mutex);
    uint32_t oldest = UINT32_MAX;
    const auto needs = [&](uint32_t journal, uint32_t file) {
        if (journal != 0 && file == 0)
            oldest = std::min(oldest, journal);
    };
    for (const HeldRows& held : m_blocks)
        needs(held.journal, held.file);
    if (!m_rowTimes.empty())
        needs(m_headJournal, 0);
    for (const Series* series : m_looseSeries) {
        for (const HeldLoose& held : series->loose->blocks())
            needs(held.journal, held.file);
        if (!series->loose->isHeadEmpty())
            needs(series->loose->headJournal(), 0);
    }
    return oldest;
}

} // namespace fleetglass::tsdb
