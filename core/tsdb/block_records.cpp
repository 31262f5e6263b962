#include "core/tsdb/block_records.h"

#include "core/tsdb/histogram_codec.h"
#include "core/tsdb/wire.h"

#include <algorithm>

namespace fleetglass::tsdb {

namespace {

constexpr int kLevel = 5; // Of zstd: a page is written once and read at each start.
constexpr size_t kPageBytes = kRecordPayloadMax; // Before compression.
constexpr size_t kLooseMax = size_t { 1 } << 20U; // Samples of a block; far above what is packed.

// Where each column ends is where the next begins.
size_t columnBytes(const RowBlock& block, size_t column)
{
    const size_t end
        = column + 1 < block.offsets.size() ? block.offsets[column + 1] : block.values.size();
    return end - block.offsets[column];
}

void appendPage(Bytes& out, uint32_t salt, uint64_t group, const RowBlock& block, size_t from,
    size_t to, std::span<const uint32_t> numbers)
{
    Bytes payload;
    appendVarint(payload, group);
    appendSigned(payload, block.minMs);
    appendVarint(payload, static_cast<uint64_t>(block.maxMs) - static_cast<uint64_t>(block.minMs));
    appendVarint(payload, block.rows);
    appendVarint(payload, block.times.size());
    payload.insert(payload.end(), block.times.begin(), block.times.end());
    appendVarint(payload, to - from);
    int64_t expected = 0;
    for (size_t i = from; i < to; ++i) {
        appendSigned(payload, int64_t { numbers[i] } - expected);
        expected = int64_t { numbers[i] } + 1;
    }
    for (size_t i = from; i < to; ++i)
        appendVarint(payload, columnBytes(block, i));
    const auto begin = block.values.begin() + static_cast<std::ptrdiff_t>(block.offsets[from]);
    const size_t end = block.offsets[to - 1] + columnBytes(block, to - 1);
    payload.insert(payload.end(), begin, block.values.begin() + static_cast<std::ptrdiff_t>(end));
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
    return decodeTimes(view, decoded) && view.empty()
        && std::is_sorted(decoded.begin(), decoded.end()) && decoded.front() == page.minMs
        && decoded.back() == page.maxMs;
}

bool lookAt(BlockPage::Column& column, std::span<const int64_t> timesMs, std::span<double> values)
{
    ByteView view = column.bytes;
    if (!decodeValues(view, values) || !view.empty())
        return false;
    for (size_t row = 0; row < values.size(); ++row) {
        if (isAbsent(values[row]))
            continue;
        if (column.samples++ == 0)
            column.firstMs = timesMs[row];
        column.lastMs = timesMs[row];
        column.lastValue = values[row];
    }
    return column.samples > 0;
}

} // namespace

void appendRowBlock(Bytes& out, uint32_t salt, uint64_t group, const RowBlock& block,
    std::span<const Match> matches, const NumberOf& numberOf)
{
    std::vector<uint32_t> numbers;
    numbers.reserve(matches.size());
    for (const Match& match : matches)
        numbers.push_back(numberOf(match));
    size_t from = 0;
    size_t bytes = 0;
    for (size_t i = 0; i < numbers.size(); ++i) {
        const size_t more = columnBytes(block, i);
        if (bytes > 0 && bytes + more > kPageBytes) {
            appendPage(out, salt, group, block, from, i, numbers);
            from = i;
            bytes = 0;
        }
        bytes += more;
    }
    if (from < numbers.size())
        appendPage(out, salt, group, block, from, numbers.size(), numbers);
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
    std::vector<uint64_t> sizes(page.columns.size());
    for (uint64_t& size : sizes) {
        if (!takeVarint(payload, size))
            return false;
    }
    std::vector<double> decoded(page.rows);
    for (size_t i = 0; i < sizes.size(); ++i) {
        if (!takeBytes(payload, static_cast<size_t>(sizes[i]), page.columns[i].bytes))
            return false;
        if (!lookAt(page.columns[i], times, decoded))
            return false;
    }
    return payload.empty();
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
