// Packed blocks as records. A row block is cut into pages of columns; each page tells the rows'
// times and stands for itself. Reading takes bytes from anywhere. Pure functions; thread-safe.
#pragma once

#include "core/tsdb/journal_entry.h"
#include "core/tsdb/loose_column.h"
#include "core/tsdb/row_block.h"

namespace fleetglass::tsdb {

// `matches` are the block's series, in the order of its slots.
void appendRowBlock(Bytes& out, uint32_t salt, uint64_t group, const RowBlock& block,
    std::span<const Match> matches, const NumberOf& numberOf);

struct BlockPage
{
    struct Column
    {
        uint32_t number = 0;
        Bytes bytes; // As row blocks hold it.
        int64_t firstMs = 0; // Of its samples.
        int64_t lastMs = 0;
        double lastValue = 0;
        size_t samples = 0;
    };
    uint64_t group = 0;
    int64_t minMs = 0;
    int64_t maxMs = 0;
    uint32_t rows = 0;
    ByteView times;
    std::vector<Column> columns;
};
// The view of the times lives as long as the payload.
bool readRowBlock(ByteView payload, BlockPage& page);

void appendLooseBlock(Bytes& out, uint32_t salt, uint64_t group, const LooseBlock& block,
    const Match& match, const NumberOf& numberOf);

struct LooseBlockRead
{
    uint64_t group = 0;
    uint32_t number = 0;
    std::shared_ptr<const LooseBlock> block;
};
bool readLooseBlock(ByteView payload, LooseBlockRead& read);

} // namespace fleetglass::tsdb
