#include "core/tsdb/column_page.h"

#include "core/tsdb/decimal.h"
#include "core/tsdb/wire.h"

#include <algorithm>

namespace fleetglass::tsdb {

namespace {

constexpr uint8_t kHasRuns = 0x40;
constexpr uint8_t kIsOther = 0x80; // Bits of doubles: steps are what changed in them.

// Steps of decimals are small either way; those of bits have their change in front.
uint64_t stepOf(bool isDecimal, int64_t number, int64_t before)
{
    if (isDecimal)
        return folded(number - before);
    return __builtin_bswap64(static_cast<uint64_t>(number) ^ static_cast<uint64_t>(before));
}

int64_t after(bool isDecimal, uint64_t step, int64_t before)
{
    if (!isDecimal)
        return static_cast<int64_t>(__builtin_bswap64(step) ^ static_cast<uint64_t>(before));
    return static_cast<int64_t>(
        static_cast<uint64_t>(before) + static_cast<uint64_t>(unfolded(step)));
}

struct Head
{
    ColumnParts parts;
    size_t planes = 0;
};

bool takeRuns(ByteView& in, size_t rows, std::vector<ColumnParts::Run>& runs)
{
    uint64_t count = 0;
    if (!takeVarint(in, count) || count > in.size())
        return false;
    size_t row = 0;
    for (; count > 0; --count) {
        uint64_t gap = 0;
        uint64_t length = 0;
        uint64_t bits = 0;
        if (!takeVarint(in, gap) || !takeVarint(in, length) || !takeFixed(in, bits)
            || gap > rows - row || length > rows - row - gap)
            return false;
        row += static_cast<size_t>(gap);
        runs.push_back({ static_cast<uint32_t>(row), static_cast<uint32_t>(length), bits });
        row += static_cast<size_t>(length);
    }
    return true;
}

bool takeHead(ByteView& in, size_t rows, Head& head)
{
    uint8_t flags = 0;
    uint8_t planes = 0;
    int64_t first = 0;
    if (!takeFixed(in, flags) || !takeFixed(in, planes) || planes > 8 || !takeSigned(in, first))
        return false;
    head.planes = planes;
    head.parts.isDecimal = (flags & kIsOther) == 0;
    head.parts.exponent = flags & 0xFU;
    if (head.parts.exponent > kExponentMax)
        return false;
    head.parts.numbers.assign(rows, first);
    return (flags & kHasRuns) == 0 || takeRuns(in, rows, head.parts.runs);
}

} // namespace

uint64_t ColumnPageWriter::weightOf(const ColumnParts& parts)
{
    uint64_t bits = 0;
    for (size_t i = 1; i < parts.numbers.size(); ++i)
        bits += static_cast<uint64_t>(
            std::bit_width(stepOf(parts.isDecimal, parts.numbers[i], parts.numbers[i - 1])));
    return bits;
}

void ColumnPageWriter::add(const ColumnParts& parts)
{
    std::vector<uint64_t> steps;
    steps.reserve(parts.numbers.size());
    uint64_t all = 0;
    for (size_t i = 1; i < parts.numbers.size(); ++i) {
        steps.push_back(stepOf(parts.isDecimal, parts.numbers[i], parts.numbers[i - 1]));
        all |= steps.back();
    }
    const auto planes = static_cast<size_t>(std::bit_width(all) + 7) / 8;
    m_heads.push_back(static_cast<uint8_t>(
        parts.exponent | (parts.runs.empty() ? 0U : kHasRuns) | (parts.isDecimal ? 0U : kIsOther)));
    m_heads.push_back(static_cast<uint8_t>(planes));
    appendSigned(m_heads, parts.numbers[0]);
    if (!parts.runs.empty()) {
        appendVarint(m_heads, parts.runs.size());
        uint32_t end = 0;
        for (const ColumnParts::Run& run : parts.runs) {
            appendVarint(m_heads, run.row - end);
            appendVarint(m_heads, run.length);
            appendFixed(m_heads, run.bits);
            end = run.row + run.length;
        }
    }
    for (size_t plane = 0; plane < planes; ++plane) {
        for (const uint64_t step : steps)
            m_planes[plane].push_back(static_cast<uint8_t>(step >> (8 * plane)));
    }
    m_bits += weightOf(parts);
}

void ColumnPageWriter::finish(Bytes& out)
{
    appendVarint(out, m_heads.size());
    out.insert(out.end(), m_heads.begin(), m_heads.end());
    for (const Bytes& plane : m_planes)
        out.insert(out.end(), plane.begin(), plane.end());
    *this = {};
}

bool readColumnPage(ByteView in, size_t columns, size_t rows,
    const std::function<void(size_t column, const ColumnParts& parts)>& visit)
{
    uint64_t size = 0;
    ByteView headBytes;
    if (rows == 0 || !takeVarint(in, size) || !takeBytes(in, static_cast<size_t>(size), headBytes)
        || columns > headBytes.size())
        return false;
    std::vector<Head> heads(columns);
    std::array<size_t, 8> planeColumns {};
    for (Head& head : heads) {
        if (!takeHead(headBytes, rows, head))
            return false;
        for (size_t plane = 0; plane < head.planes; ++plane)
            ++planeColumns[plane];
    }
    std::array<ByteView, 8> planes;
    for (size_t i = 0; i < planes.size(); ++i) {
        if (!takeBytes(in, planeColumns[i] * (rows - 1), planes[i]))
            return false;
    }
    std::vector<uint64_t> steps(rows - 1);
    for (size_t column = 0; column < heads.size(); ++column) {
        Head& head = heads[column];
        std::fill(steps.begin(), steps.end(), 0);
        for (size_t plane = 0; plane < head.planes; ++plane) {
            for (size_t i = 0; i < steps.size(); ++i)
                steps[i] |= uint64_t { planes[plane][i] } << (8 * plane);
            planes[plane] = planes[plane].subspan(steps.size());
        }
        auto& numbers = head.parts.numbers;
        for (size_t i = 0; head.planes > 0 && i < steps.size(); ++i) {
            numbers[i + 1] = after(head.parts.isDecimal, steps[i], numbers[i]);
            if (head.parts.isDecimal && std::abs(numbers[i + 1]) >= kPartMax)
                return false;
        }
        visit(column, head.parts);
    }
    return headBytes.empty() && in.empty();
}

} // namespace fleetglass::tsdb
