#include "core/tsdb/chain_replay.h"

#include "core/tsdb/change_codec.h"
#include "core/tsdb/row_block.h"

#include <algorithm>

namespace fleetglass::tsdb {

void ChainReplay::dropOpenRow()
{
    if (!std::exchange(m_isRowOpen, false))
        return;
    RecoveredChain& chain = m_chains.back();
    const uint64_t mark = uint64_t { 1 } << (chain.timesMs.size() - 1);
    for (RecoveredChain::Column& column : chain.columns) {
        if ((column.marks & mark) == 0)
            continue;
        column.marks &= ~mark;
        column.values.pop_back();
    }
    chain.timesMs.pop_back();
    if (chain.timesMs.empty())
        m_chains.pop_back();
}

// Whether the part continues what is known.
bool ChainReplay::begins(const RowPart& part, uint32_t file)
{
    m_lastChain = std::max(m_lastChain, part.chain);
    if (!part.isFirst) {
        const bool continues = m_isRowOpen && part.chain == m_openChain
            && part.row + 1 == m_chains.back().timesMs.size();
        return continues;
    }
    if (m_isRowOpen)
        dropOpenRow();
    if (part.row >= kRowsPerHead)
        return false;
    if (part.row == 0) {
        m_openChain = part.chain;
        m_chains.push_back({ part.chain, file, true, {}, {} });
    } else if (part.chain != m_openChain || m_chains.empty()
        || part.row != m_chains.back().timesMs.size()
        || part.timeMs <= m_chains.back().timesMs.back()) {
        return false;
    }
    m_chains.back().timesMs.push_back(part.timeMs);
    m_isRowOpen = true;
    m_place = 0;
    return true;
}

bool ChainReplay::applyChanges(const RowPart& part)
{
    RecoveredChain& chain = m_chains.back();
    const uint64_t mark = uint64_t { 1 } << (chain.timesMs.size() - 1);
    ByteView in = part.changes;
    for (size_t i = 0; i < part.count; ++i, ++m_place) {
        ChangeHead head;
        if (!takeChangeHead(in, head))
            return false;
        m_place = static_cast<int64_t>(
            static_cast<uint64_t>(m_place) + static_cast<uint64_t>(head.gap));
        if (m_place < 0 || m_place >= static_cast<int64_t>(chain.columns.size()))
            return false;
        RecoveredChain::Column& column = chain.columns[static_cast<size_t>(m_place)];
        double value = 0;
        if ((column.marks & mark) != 0
            || !takeChangedValue(
                in, head, column.values.empty() ? kAbsent : column.values.back(), value))
            return false;
        column.marks |= mark;
        column.values.push_back(value);
    }
    return in.empty();
}

void ChainReplay::skip(uint64_t chain)
{
    m_lastChain = std::max(m_lastChain, chain);
}

bool ChainReplay::apply(const RowPart& part, std::span<const uint32_t> series, uint32_t file)
{
    bool isGood = begins(part, file);
    if (isGood) {
        for (const uint32_t one : series)
            m_chains.back().columns.push_back({ one, 0, {} });
        isGood = applyChanges(part);
    }
    if (!isGood) {
        // What comes next would build on what is not there.
        if (m_openChain != 0 && !m_chains.empty() && m_chains.back().chain == m_openChain)
            m_chains.back().isWhole = false;
        m_openChain = 0;
        dropOpenRow();
        return false;
    }
    if (part.isLast)
        m_isRowOpen = false;
    return true;
}

} // namespace fleetglass::tsdb
