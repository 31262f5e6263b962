#include "core/tsdb/block_records.h"

#include "core/tsdb/column_page.h"
#include "core/tsdb/histogram_codec.h"
#include "core/tsdb/packed_column.h"
#include "core/tsdb/wire.h"

#include <algorithm>

namespace fleetglass::tsdb {

namespace {

constexpr int kLevel = 9; // Of zstd: a page is written once and read at each start.
constexpr size_t kPageBytes = size_t { 16 }
    << 10U; // About; small pages of like columns are smaller in all.
constexpr size_t kLooseMax = size_t { 1 } << 20U; // Samples of a block; far above what is packed.

// A column of a block on its way to a page.
struct PageColumn
{
    uint32_t number = 0;
    uint64_t weight = 0;
    ColumnParts parts;
};

void appendPage(Bytes& out, uint32_t salt, uint64_t group, const RowBlock& block,
    std::span<const PageColumn* const> columns, ColumnPageWriter& writer)
{
    Bytes payload;
    appendVarint(payload, group);
    appendSigned(payload, block.minMs);
    appendVarint(payload, static_cast<uint64_t>(block.maxMs) - static_cast<uint64_t>(block.minMs));
    appendVarint(payload, block.rows);
    appendVarint(payload, block.times.size());
    payload.insert(payload.end(), block.times.begin(), block.times.end());
    appendVarint(payload, columns.size());
    int64_t expected = 0;
    for (const PageColumn* column : columns) {
        appendSigned(payload, int64_t { column->number } - expected);
        expected = int64_t { column->number } + 1;
    }
    writer.finish(payload);
    appendCompressedRecord(out, salt, RecordType::RowBlock, 0, payload, kLevel);
}

bool takePageHead(ByteView& in, BlockPage& page, std::vector<int64_t>& decoded)
{
    uint64_t span = 0;
    uint64_t rows = 0;
    uint64_t times = 0;
    if (!takeVarint(in, page.group) || !takeSigned(in, page.minMs) || !takeVarint(in, span)
        || !takeVarint(in, rows) || rows == 0 || rows > kRowsPerBlock || !takeVarint(in, times)
        || !takeBytes(in, static_cast<size_t>(times), page.times))
        return false;
    page.maxMs = static_cast<int64_t>(static_cast<uint64_t>(page.minMs) + span);
    page.rows = static_cast<uint32_t>(rows);
    decoded.resize(page.rows);
    ByteView view = page.times;
    return unpackTimes(view, decoded) && view.empty()
        && std::is_sorted(decoded.begin(), decoded.end()) && decoded.front() == page.minMs
        && decoded.back() == page.maxMs;
}

void noteSamples(
    BlockPage::Column& column, std::span<const int64_t> timesMs, std::span<const double> values)
{
    for (size_t row = 0; row < values.size(); ++row) {
        if (isAbsent(values[row]))
            continue;
        if (column.samples++ == 0)
            column.firstMs = timesMs[row];
        column.lastMs = timesMs[row];
        column.lastValue = values[row];
    }
}

} // namespace

void appendRowBlock(Bytes& out, uint32_t salt, uint64_t group, const RowBlock& block,
    std::span<const Match> matches, const NumberOf& numberOf)
{
    std::vector<PageColumn> columns(matches.size());
    std::vector<double> values(block.rows);
    std::vector<const PageColumn*> order;
    for (size_t i = 0; i < columns.size(); ++i) {
        block.decodeColumn(i, values);
        columns[i].parts.takeApart(values);
        columns[i].number = numberOf(matches[i]);
        columns[i].weight = ColumnPageWriter::weightOf(columns[i].parts);
        order.push_back(&columns[i]);
    }
    std::stable_sort(order.begin(), order.end(),
        [](const auto* a, const auto* b) { return a->weight < b->weight; });
    ColumnPageWriter writer;
    size_t from = 0;
    for (size_t i = 0; i < order.size(); ++i) {
        writer.add(order[i]->parts);
        if (i + 1 < order.size() && writer.estimatedBytes() < kPageBytes)
            continue;
        appendPage(out, salt, group, block, std::span(order).subspan(from, i + 1 - from), writer);
        from = i + 1;
    }
}

bool readRowBlock(ByteView payload, BlockPage& page)
{
    uint64_t count = 0;
    std::vector<int64_t> times;
    if (!takePageHead(payload, page, times) || !takeVarint(payload, count)
        || count > payload.size())
        return false;
    page.columns.resize(static_cast<size_t>(count));
    int64_t number = 0;
    for (BlockPage::Column& column : page.columns) {
        int64_t gap = 0;
        if (!takeSigned(payload, gap) || gap < -int64_t { UINT32_MAX } || gap > UINT32_MAX)
            return false;
        number += gap;
        if (number < 0 || number > UINT32_MAX)
            return false;
        column.number = static_cast<uint32_t>(number++);
    }
    std::vector<double> values(page.rows);
    return readColumnPage(
        payload, page.columns.size(), page.rows, [&](size_t i, const ColumnParts& parts) {
            parts.putTogether(values);
            noteSamples(page.columns[i], times, values);
            packColumn(page.columns[i].bytes, parts);
        });
}

void appendLooseBlock(Bytes& out, uint32_t salt, uint64_t group, const LooseBlock& block,
    const Match& match, const NumberOf& numberOf)
{
    Bytes payload;
    appendVarint(payload, group);
    appendVarint(payload, numberOf(match));
    appendSigned(payload, block.minMs);
    appendVarint(payload, static_cast<uint64_t>(block.maxMs) - static_cast<uint64_t>(block.minMs));
    appendVarint(payload, block.floats);
    payload.push_back(block.hasStarts ? 1 : 0);
    appendVarint(payload, block.packed.size());
    payload.insert(payload.end(), block.packed.begin(), block.packed.end());
    appendVarint(payload, block.histograms.size());
    for (const storage::HistogramSample& sample : block.histograms) {
        appendSigned(payload, sample.timestampMs);
        appendSigned(payload, sample.startTimestampMs);
        encodeHistogram(payload, *sample.histogram);
    }
    appendCompressedRecord(out, salt, RecordType::LooseBlock, 0, payload, kLevel);
}

bool readLooseBlock(ByteView payload, LooseBlockRead& read)
{
    auto block = std::make_shared<LooseBlock>();
    uint64_t number = 0;
    uint64_t span = 0;
    uint64_t floats = 0;
    uint8_t hasStarts = 0;
    uint64_t packed = 0;
    ByteView bytes;
    uint64_t histograms = 0;
    if (!takeVarint(payload, read.group) || !takeVarint(payload, number) || number > UINT32_MAX
        || !takeSigned(payload, block->minMs) || !takeVarint(payload, span)
        || !takeVarint(payload, floats) || floats > kLooseMax || !takeFixed(payload, hasStarts)
        || !takeVarint(payload, packed) || !takeBytes(payload, static_cast<size_t>(packed), bytes)
        || !takeVarint(payload, histograms) || histograms > payload.size())
        return false;
    read.number = static_cast<uint32_t>(number);
    block->maxMs = static_cast<int64_t>(static_cast<uint64_t>(block->minMs) + span);
    block->floats = static_cast<uint32_t>(floats);
    block->hasStarts = hasStarts != 0;
    block->packed.assign(bytes.begin(), bytes.end());
    for (; histograms > 0; --histograms) {
        storage::HistogramSample sample;
        if (!takeSigned(payload, sample.timestampMs)
            || !takeSigned(payload, sample.startTimestampMs))
            return false;
        sample.histogram = decodeHistogram(payload);
        if (!sample.histogram)
            return false;
        block->histograms.push_back(std::move(sample));
    }
    if (!payload.empty() || block->samples() == 0 || !block->isSound())
        return false;
    read.block = std::move(block);
    return true;
}

} // namespace fleetglass::tsdb
