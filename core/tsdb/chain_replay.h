// ChainReplay: the rows of one group as a journal tells them, put together to heads again. What
// follows a lost record inside a chain cannot be told any more and is left out, never guessed. Used
// from one thread at a time.
#pragma once

#include "core/tsdb/journal_entry.h"

#include <deque>

namespace fleetglass::tsdb {

// A head as it was: one column of changes for each series.
struct RecoveredChain
{
    struct Column
    {
        uint32_t series = 0; // Of the recovery's own list; UINT32_MAX where it was lost.
        uint64_t marks = 0; // Rows where the value changed,
        std::vector<double> values; // and what it changed to.
    };

    uint64_t chain = 0;
    uint32_t file = 0; // The journal of its first row.
    bool isWhole = true; // No row after the last is known to be lost.
    std::vector<int64_t> timesMs;
    std::vector<Column> columns;
};

class ChainReplay
{
public:
    // `series` are those of the part's new columns. False where the row could not be told.
    bool apply(const RowPart& part, std::span<const uint32_t> series, uint32_t file);

    // For a row that a block has: its chain is over.
    void skip(uint64_t chain);

    const std::deque<RecoveredChain>& chains() const { return m_chains; }
    std::deque<RecoveredChain>& chains() { return m_chains; }
    uint64_t lastChain() const { return m_lastChain; }

private:
    bool begins(const RowPart& part, uint32_t file);
    bool applyChanges(const RowPart& part);
    void dropOpenRow();

    std::deque<RecoveredChain> m_chains;
    uint64_t m_lastChain = 0;
    uint64_t m_openChain = 0; // Of the chain that goes on; 0: none does.
    bool m_isRowOpen = false;
    int64_t m_place = 0; // After the change before.
};

} // namespace fleetglass::tsdb
