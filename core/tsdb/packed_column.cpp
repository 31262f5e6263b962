#include "core/tsdb/packed_column.h"

#include "core/tsdb/decimal.h"
#include "core/tsdb/wire.h"

#include <algorithm>
#include <utility>

namespace fleetglass::tsdb {

namespace {

enum Kind : uint8_t
{
    kConstant = 0, // Eight bytes.
    kDense = 1, // Segments.
    kBitmap = 2, // A bit for each row that changes, and segments of what it changes to.
    kList = 3, // The gaps between those rows, and the segments.
    kOther = 4, // By the column codec.
};
constexpr uint8_t kHasRuns = 0x80;

constexpr size_t kSegmentRows = 128;
constexpr unsigned kWidthMax = 57; // What one load of eight bytes holds at any bit.
constexpr uint8_t kIsDelta = 0x80;

// A segment's numbers as a base and small numbers above it, of the values or of their steps.
struct Frame
{
    bool isDelta = false;
    int64_t base = 0;
    unsigned width = 0;
};

Frame frameOf(std::span<const int64_t> numbers, int64_t before)
{
    int64_t least = numbers[0];
    int64_t most = numbers[0];
    int64_t leastStep = numbers[0] - before;
    int64_t mostStep = leastStep;
    for (const int64_t number : numbers) {
        least = std::min(least, number);
        most = std::max(most, number);
        leastStep = std::min(leastStep, number - before);
        mostStep = std::max(mostStep, number - before);
        before = number;
    }
    const auto width = [](int64_t span) {
        return static_cast<unsigned>(std::bit_width(static_cast<uint64_t>(span)));
    };
    const Frame plain { false, least, width(most - least) };
    const Frame delta { true, leastStep, width(mostStep - leastStep) };
    return delta.width < plain.width ? delta : plain;
}

void appendBits(Bytes& out, std::span<const uint64_t> values, unsigned width)
{
    const size_t start = out.size();
    const size_t size = (values.size() * width + 7) / 8;
    out.resize(start + size + sizeof(uint64_t)); // Room for whole words.
    size_t bit = 0;
    for (const uint64_t value : values) {
        uint8_t* const place = out.data() + start + bit / 8;
        uint64_t word = 0;
        std::memcpy(&word, place, sizeof(word));
        word |= value << (bit % 8);
        std::memcpy(place, &word, sizeof(word));
        bit += width;
    }
    out.resize(start + size);
}

void appendSegments(Bytes& out, std::span<const int64_t> numbers)
{
    int64_t before = 0;
    std::array<uint64_t, kSegmentRows> packed {};
    while (!numbers.empty()) {
        const auto segment = numbers.first(std::min(numbers.size(), kSegmentRows));
        numbers = numbers.subspan(segment.size());
        // The first number stands for itself: it is far from what is before the block.
        const int64_t first = segment[0];
        const Frame frame = segment.size() == 1 ? Frame {} : frameOf(segment.subspan(1), first);
        out.push_back(static_cast<uint8_t>(frame.width | (frame.isDelta ? kIsDelta : 0)));
        appendSigned(out, first - before);
        before = first;
        if (segment.size() == 1)
            continue;
        appendSigned(out, frame.isDelta ? frame.base : frame.base - first);
        for (size_t i = 1; i < segment.size(); ++i) {
            packed[i - 1]
                = static_cast<uint64_t>(segment[i] - frame.base - (frame.isDelta ? before : 0));
            before = segment[i];
        }
        appendBits(out, std::span(packed).first(segment.size() - 1), frame.width);
    }
}

template<unsigned kWidth, size_t kIndex>
uint64_t bitsAt(const uint8_t* bytes)
{
    constexpr size_t kBit = kWidth * kIndex;
    uint64_t word = 0;
    std::memcpy(&word, bytes + kBit / 8, sizeof(word));
    return word >> (kBit % 8) & ((uint64_t { 1 } << kWidth) - 1);
}

// Eight numbers begin at a byte again: with the width known, each is a load, a shift and a mask.
template<unsigned kWidth>
void unpackWidth(const uint8_t* bytes, uint64_t* out, size_t eights)
{
    for (; eights > 0; --eights, bytes += kWidth, out += 8) {
        [&]<size_t... kIndex>(std::index_sequence<kIndex...>)
        {
            ((out[kIndex] = bitsAt<kWidth, kIndex>(bytes)), ...);
        }
        (std::make_index_sequence<8>());
    }
}

using Unpack = void (*)(const uint8_t*, uint64_t*, size_t);
constexpr auto kUnpackers = []<size_t... kWidth>(std::index_sequence<kWidth...>)
{
    return std::array<Unpack, sizeof...(kWidth)> { &unpackWidth<kWidth>... };
}
(std::make_index_sequence<kWidthMax + 1>());

// Rounds the count up to eights: both sides have the room.
void unpackBits(const uint8_t* bytes, unsigned width, size_t count, uint64_t* out)
{
    kUnpackers[width](bytes, out, (count + 7) / 8);
}

// What is unpacked from malformed bytes may wrap, which unsigned numbers may.
bool takeSegment(ByteView& in, uint64_t& before, std::span<int64_t> out)
{
    uint8_t head = 0;
    int64_t gap = 0;
    if (!takeFixed(in, head) || !takeSigned(in, gap))
        return false;
    const unsigned width = head & 0x7FU;
    const bool isDelta = (head & kIsDelta) != 0;
    before += static_cast<uint64_t>(gap);
    const uint64_t first = before;
    out[0] = static_cast<int64_t>(first);
    const size_t count = out.size() - 1;
    if (count == 0)
        return true;
    int64_t base = 0;
    ByteView packed;
    if (width > kWidthMax || !takeSigned(in, base)
        || !takeBytes(in, (count * width + 7) / 8, packed))
        return false;
    // A copy, so that loads of eight bytes never leave what there is.
    std::array<uint8_t, kSegmentRows * kWidthMax / 8 + 72> room;
    std::array<uint64_t, kSegmentRows> values;
    std::memcpy(room.data(), packed.data(), packed.size());
    std::memset(room.data() + packed.size(), 0, 64);
    unpackBits(room.data(), width, count, values.data());
    const auto step = static_cast<uint64_t>(base);
    if (isDelta) {
        for (size_t i = 0; i < count; ++i) {
            before += step + values[i];
            out[i + 1] = static_cast<int64_t>(before);
        }
        return true;
    }
    const uint64_t floor = first + step;
    for (size_t i = 0; i < count; ++i)
        out[i + 1] = static_cast<int64_t>(floor + values[i]);
    before = static_cast<uint64_t>(out.back());
    return true;
}

bool takeSegments(ByteView& in, std::span<int64_t> out)
{
    uint64_t before = 0;
    while (!out.empty()) {
        const auto segment = out.first(std::min(out.size(), kSegmentRows));
        if (!takeSegment(in, before, segment))
            return false;
        out = out.subspan(segment.size());
    }
    return true;
}

void appendRuns(Bytes& out, std::span<const ColumnParts::Run> runs)
{
    appendVarint(out, runs.size());
    uint32_t end = 0;
    for (const ColumnParts::Run& run : runs) {
        appendVarint(out, run.row - end);
        appendVarint(out, run.length);
        appendFixed(out, run.bits);
        end = run.row + run.length;
    }
}

// Straight into the column: they are laid over what was decoded.
bool applyRuns(ByteView runs, std::span<double> out)
{
    uint64_t count = 0;
    if (!takeVarint(runs, count))
        return false;
    size_t row = 0;
    for (; count > 0; --count) {
        uint64_t gap = 0;
        uint64_t length = 0;
        uint64_t bits = 0;
        if (!takeVarint(runs, gap) || !takeVarint(runs, length) || !takeFixed(runs, bits)
            || gap > out.size() - row || length > out.size() - row - gap)
            return false;
        row += static_cast<size_t>(gap);
        std::fill_n(
            out.begin() + static_cast<std::ptrdiff_t>(row), length, std::bit_cast<double>(bits));
        row += static_cast<size_t>(length);
    }
    return true;
}

bool skipRuns(ByteView& in, ByteView& runs)
{
    const ByteView begin = in;
    uint64_t count = 0;
    if (!takeVarint(in, count) || count > in.size())
        return false;
    for (; count > 0; --count) {
        uint64_t number = 0;
        if (!takeVarint(in, number) || !takeVarint(in, number) || !takeFixed(in, number))
            return false;
    }
    runs = begin.first(begin.size() - in.size());
    return true;
}

struct Changes
{
    std::vector<uint16_t> rows;
    std::vector<int64_t> numbers;
};

Changes changesOf(std::span<const int64_t> numbers)
{
    Changes changes;
    for (size_t i = 0; i < numbers.size(); ++i) {
        if (i > 0 && numbers[i] == numbers[i - 1])
            continue;
        changes.rows.push_back(static_cast<uint16_t>(i));
        changes.numbers.push_back(numbers[i]);
    }
    return changes;
}

// The shorter of a bitmap and a list; row 0 always changes and is told by neither's length.
void appendSparse(Bytes& out, uint8_t flags, unsigned exponent, const Changes& changes, size_t rows)
{
    Bytes list;
    appendVarint(list, changes.rows.size());
    for (size_t i = 1; i < changes.rows.size(); ++i)
        appendVarint(list, static_cast<uint64_t>(changes.rows[i] - changes.rows[i - 1] - 1));
    const size_t bitmapBytes = (rows + 7) / 8;
    const bool isList = list.size() < bitmapBytes;
    out.push_back(static_cast<uint8_t>((isList ? kList : kBitmap) | flags));
    out.push_back(static_cast<uint8_t>(exponent));
    if (isList) {
        out.insert(out.end(), list.begin(), list.end());
    } else {
        const size_t start = out.size();
        out.resize(start + bitmapBytes);
        for (const uint16_t row : changes.rows)
            out[start + row / 8U] |= static_cast<uint8_t>(1U << (row % 8U));
    }
    appendSegments(out, changes.numbers);
}

// Where each change begins; false where the bytes make no sense.
bool takeRows(ByteView& in, bool isList, size_t rows, std::vector<uint16_t>& changes)
{
    if (!isList) {
        ByteView bitmap;
        if (!takeBytes(in, (rows + 7) / 8, bitmap) || (bitmap[0] & 1U) == 0)
            return false;
        for (size_t row = 0; row < rows; ++row) {
            if ((bitmap[row / 8] >> (row % 8) & 1U) != 0)
                changes.push_back(static_cast<uint16_t>(row));
        }
        return true;
    }
    uint64_t count = 0;
    if (!takeVarint(in, count) || count == 0 || count > rows)
        return false;
    changes.push_back(0);
    size_t row = 0;
    for (; count > 1; --count) {
        uint64_t gap = 0;
        if (!takeVarint(in, gap) || gap >= rows - row - 1)
            return false;
        row += static_cast<size_t>(gap) + 1;
        changes.push_back(static_cast<uint16_t>(row));
    }
    return true;
}

bool unpackSparse(ByteView& in, bool isList, unsigned exponent, std::span<double> out)
{
    std::vector<uint16_t> rows;
    if (!takeRows(in, isList, out.size(), rows))
        return false;
    std::vector<int64_t> numbers(rows.size());
    if (!takeSegments(in, numbers))
        return false;
    std::vector<double> values(rows.size());
    toDoubles(numbers, exponent, values);
    for (size_t i = 0; i < rows.size(); ++i) {
        const size_t end = i + 1 < rows.size() ? rows[i + 1] : out.size();
        std::fill(out.begin() + rows[i], out.begin() + static_cast<std::ptrdiff_t>(end), values[i]);
    }
    return true;
}

bool unpackDense(ByteView& in, unsigned exponent, std::span<double> out)
{
    std::array<int64_t, kColumnRowsMax> numbers;
    const auto part = std::span(numbers).first(out.size());
    if (!takeSegments(in, part))
        return false;
    toDoubles(part, exponent, out);
    return true;
}

bool unpackNumbers(uint8_t kind, ByteView& in, std::span<double> out)
{
    uint8_t exponent = 0;
    if (kind > kList || !takeFixed(in, exponent) || exponent > kExponentMax)
        return false;
    return kind == kDense ? unpackDense(in, exponent, out)
                          : unpackSparse(in, kind == kList, exponent, out);
}

} // namespace

void packColumn(Bytes& out, const ColumnParts& parts)
{
    if (!parts.isDecimal) {
        std::vector<double> values(parts.numbers.size());
        parts.putTogether(values);
        out.push_back(kOther);
        return encodeValues(out, values);
    }
    const uint8_t flags = parts.runs.empty() ? 0 : kHasRuns;
    const Changes changes = changesOf(parts.numbers);
    const size_t begin = out.size();
    if (changes.rows.size() == 1) {
        out.push_back(kConstant | flags);
        appendFixed(out, bitsOf(fromDecimal(changes.numbers[0], parts.exponent)));
    } else {
        out.push_back(kDense | flags);
        out.push_back(static_cast<uint8_t>(parts.exponent));
        appendSegments(out, parts.numbers);
        Bytes sparse;
        if (changes.rows.size() < parts.numbers.size() * 7 / 8)
            appendSparse(sparse, flags, parts.exponent, changes, parts.numbers.size());
        if (!sparse.empty() && sparse.size() < out.size() - begin) {
            out.resize(begin);
            out.insert(out.end(), sparse.begin(), sparse.end());
        }
    }
    if (flags != 0) {
        Bytes runs;
        appendRuns(runs, parts.runs);
        out.insert(out.begin() + static_cast<std::ptrdiff_t>(begin) + 1, runs.begin(), runs.end());
    }
}

bool unpackColumn(ByteView& in, std::span<double> out)
{
    if (out.empty() || out.size() > kColumnRowsMax)
        return out.empty();
    uint8_t head = 0;
    ByteView runs;
    if (!takeFixed(in, head) || ((head & kHasRuns) != 0 && !skipRuns(in, runs)))
        return false;
    const uint8_t kind = head & static_cast<uint8_t>(~kHasRuns);
    if (kind == kOther)
        return decodeValues(in, out);
    if (kind == kConstant) {
        uint64_t bits = 0;
        if (!takeFixed(in, bits))
            return false;
        std::fill(out.begin(), out.end(), std::bit_cast<double>(bits));
    } else if (!unpackNumbers(kind, in, out)) {
        return false;
    }
    return (head & kHasRuns) == 0 || applyRuns(runs, out);
}

void packTimes(Bytes& out, std::span<const int64_t> timesMs)
{
    const bool isUsual = std::all_of(timesMs.begin(), timesMs.end(),
        [](int64_t time) { return time > -kPartMax && time < kPartMax; });
    out.push_back(isUsual ? kDense : kOther);
    if (isUsual)
        appendSegments(out, timesMs);
    else
        encodeTimes(out, timesMs);
}

bool unpackTimes(ByteView& in, std::span<int64_t> out)
{
    uint8_t kind = 0;
    if (!takeFixed(in, kind))
        return false;
    return kind == kDense ? takeSegments(in, out) : kind == kOther && decodeTimes(in, out);
}

} // namespace fleetglass::tsdb
