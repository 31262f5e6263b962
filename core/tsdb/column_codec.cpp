#include "core/tsdb/column_codec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>

namespace fleetglass::tsdb {

namespace {

enum Tag : uint8_t
{
    kConstant = 0, // One value for all rows.
    kRaw = 1,
    kDecimal = 2, // Whole numbers over a power of ten, packed deltas.
    kXor = 3, // Changed bytes against the value before.
};
constexpr uint8_t kEveryRow = 0x10; // Each row has its own value: no bitmap.

constexpr int kExponentMax = 9;
constexpr std::array<double, kExponentMax + 1> kPowers { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8,
    1e9 };
constexpr double kIntegerMax = 9007199254740992.0; // 2^53: doubles below hold every whole number.

uint64_t zigzag(uint64_t value)
{
    return (value << 1U) ^ (0 - (value >> 63U));
}

uint64_t unzigzag(uint64_t value)
{
    return (value >> 1U) ^ (0 - (value & 1U));
}

void appendFixed(Bytes& out, uint64_t value)
{
    for (unsigned shift = 0; shift < 64; shift += 8)
        out.push_back(static_cast<uint8_t>(value >> shift));
}

bool takeFixed(ByteView& in, uint64_t& value)
{
    if (in.size() < 8)
        return false;
    value = 0;
    for (unsigned i = 0; i < 8; ++i)
        value |= uint64_t { in[i] } << (8 * i);
    in = in.subspan(8);
    return true;
}

bool takeByte(ByteView& in, uint8_t& value)
{
    if (in.empty())
        return false;
    value = in.front();
    in = in.subspan(1);
    return true;
}

std::optional<int64_t> scaled(double value, int exponent)
{
    const double power = kPowers[static_cast<size_t>(exponent)];
    const double shifted = std::nearbyint(value * power);
    if (!(std::abs(shifted) < kIntegerMax))
        return std::nullopt;
    const auto number = static_cast<int64_t>(shifted);
    const bool exact = bitsOf(static_cast<double>(number) / power) == bitsOf(value);
    return exact ? std::optional(number) : std::nullopt;
}

// The values as whole numbers over one power of ten; nothing where a value is not a short decimal.
std::optional<std::vector<int64_t>> asDecimals(std::span<const double> values, int& exponent)
{
    exponent = 0;
    for (const double value : values) {
        while (exponent <= kExponentMax && !scaled(value, exponent))
            ++exponent;
        if (exponent > kExponentMax)
            return std::nullopt;
    }
    std::vector<int64_t> numbers;
    numbers.reserve(values.size());
    for (const double value : values) {
        const auto number = scaled(value, exponent);
        if (!number)
            return std::nullopt;
        numbers.push_back(*number);
    }
    return numbers;
}

void appendPacked(Bytes& out, std::span<const uint64_t> values, unsigned width)
{
    if (width == 0)
        return;
    const size_t start = out.size();
    out.resize(start + (values.size() * width + 7) / 8);
    size_t bit = 0;
    for (const uint64_t value : values) {
        for (unsigned done = 0; done < width;) {
            const unsigned shift = bit % 8;
            out[start + bit / 8] |= static_cast<uint8_t>((value >> done) << shift);
            const unsigned step = std::min(8 - shift, width - done);
            done += step;
            bit += step;
        }
    }
}

uint64_t packedAt(ByteView in, size_t index, unsigned width)
{
    uint64_t value = 0;
    size_t bit = index * width;
    for (unsigned done = 0; done < width;) {
        const unsigned shift = bit % 8;
        const unsigned step = std::min(8 - shift, width - done);
        const uint64_t part = (uint64_t { in[bit / 8] } >> shift) & ((1U << step) - 1U);
        value |= part << done;
        done += step;
        bit += step;
    }
    return value;
}

void encodeDecimals(Bytes& out, std::span<const int64_t> numbers, int exponent)
{
    int64_t least = numbers.size() > 1 ? INT64_MAX : 0;
    for (size_t i = 1; i < numbers.size(); ++i)
        least = std::min(least, numbers[i] - numbers[i - 1]);
    std::vector<uint64_t> deltas;
    uint64_t all = 0;
    for (size_t i = 1; i < numbers.size(); ++i) {
        deltas.push_back(static_cast<uint64_t>(numbers[i] - numbers[i - 1] - least));
        all |= deltas.back();
    }
    const auto width = static_cast<unsigned>(std::bit_width(all));
    out.push_back(static_cast<uint8_t>(exponent));
    out.push_back(static_cast<uint8_t>(width));
    appendVarint(out, zigzag(static_cast<uint64_t>(numbers[0])));
    appendVarint(out, zigzag(static_cast<uint64_t>(least)));
    appendPacked(out, deltas, width);
}

bool decodeDecimals(ByteView& in, std::span<double> out)
{
    uint8_t exponent = 0;
    uint8_t width = 0;
    uint64_t number = 0;
    uint64_t least = 0;
    if (!takeByte(in, exponent) || !takeByte(in, width) || !takeVarint(in, number)
        || !takeVarint(in, least) || exponent > kExponentMax || width > 64)
        return false;
    const size_t bytes = ((out.size() - 1) * width + 7) / 8;
    if (in.size() < bytes)
        return false;
    const double power = kPowers[exponent];
    number = unzigzag(number);
    least = unzigzag(least);
    out[0] = static_cast<double>(static_cast<int64_t>(number)) / power;
    for (size_t i = 1; i < out.size(); ++i) {
        number += least + packedAt(in, i - 1, width);
        out[i] = static_cast<double>(static_cast<int64_t>(number)) / power;
    }
    in = in.subspan(bytes);
    return true;
}

void encodeXor(Bytes& out, std::span<const double> values)
{
    uint64_t before = 0;
    for (const double value : values) {
        const uint64_t changed = bitsOf(value) ^ before;
        before = bitsOf(value);
        const unsigned low
            = changed == 0 ? 0 : static_cast<unsigned>(std::countr_zero(changed)) / 8;
        const unsigned count = (static_cast<unsigned>(std::bit_width(changed)) + 7) / 8 - low;
        out.push_back(static_cast<uint8_t>(low << 4U | count));
        for (unsigned i = 0; i < count; ++i)
            out.push_back(static_cast<uint8_t>(changed >> (8 * (low + i))));
    }
}

bool decodeXor(ByteView& in, std::span<double> out)
{
    uint64_t value = 0;
    for (double& place : out) {
        uint8_t control = 0;
        if (!takeByte(in, control))
            return false;
        const unsigned low = control >> 4U;
        const unsigned count = control & 0xFU;
        if (low + count > 8 || in.size() < count)
            return false;
        for (unsigned i = 0; i < count; ++i)
            value ^= uint64_t { in[i] } << (8 * (low + i));
        in = in.subspan(count);
        place = std::bit_cast<double>(value);
    }
    return true;
}

bool decodeRaw(ByteView& in, std::span<double> out)
{
    for (double& place : out) {
        uint64_t bits = 0;
        if (!takeFixed(in, bits))
            return false;
        place = std::bit_cast<double>(bits);
    }
    return true;
}

bool decodePayload(uint8_t tag, ByteView& in, std::span<double> out)
{
    switch (tag) {
    case kRaw:
        return decodeRaw(in, out);
    case kDecimal:
        return decodeDecimals(in, out);
    case kXor:
        return decodeXor(in, out);
    default:
        return false;
    }
}

// The rows where the value differs from the one before, and those values.
struct Changes
{
    Bytes bitmap;
    std::vector<double> values;
};

Changes changesOf(std::span<const double> values)
{
    Changes changes;
    changes.bitmap.resize((values.size() + 7) / 8);
    for (size_t i = 0; i < values.size(); ++i) {
        if (i > 0 && bitsOf(values[i]) == bitsOf(values[i - 1]))
            continue;
        changes.bitmap[i / 8] |= static_cast<uint8_t>(1U << (i % 8));
        changes.values.push_back(values[i]);
    }
    return changes;
}

bool decodeChanges(uint8_t tag, ByteView& in, std::span<double> out)
{
    const size_t bitmapBytes = (out.size() + 7) / 8;
    if (in.size() < bitmapBytes || (in[0] & 1U) == 0)
        return false;
    const ByteView bitmap = in.first(bitmapBytes);
    in = in.subspan(bitmapBytes);
    size_t count = 0;
    for (size_t i = 0; i < out.size(); ++i)
        count += bitmap[i / 8] >> (i % 8) & 1U;
    if (!decodePayload(tag, in, out.first(count)))
        return false;
    // Spread from the back: the values stand at the front of the same room.
    for (size_t i = out.size(); i-- > 0;) {
        out[i] = out[count - 1];
        count -= bitmap[i / 8] >> (i % 8) & 1U;
    }
    return true;
}

} // namespace

void appendVarint(Bytes& out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7U)
        out.push_back(static_cast<uint8_t>(value | 0x80U));
    out.push_back(static_cast<uint8_t>(value));
}

bool takeVarint(ByteView& in, uint64_t& value)
{
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = 0;
        if (!takeByte(in, byte))
            return false;
        value |= uint64_t { byte & 0x7FU } << shift;
        if ((byte & 0x80U) == 0)
            return true;
    }
    return false;
}

void encodeTimes(Bytes& out, std::span<const int64_t> timesMs)
{
    // Deltas of deltas: a steady schedule is one zero byte a row. Unsigned, so that it may wrap.
    uint64_t before = 0;
    uint64_t step = 0;
    for (size_t i = 0; i < timesMs.size(); ++i) {
        const auto time = static_cast<uint64_t>(timesMs[i]);
        appendVarint(out, zigzag(time - before - step));
        step = i == 0 ? 0 : time - before;
        before = time;
    }
}

bool decodeTimes(ByteView& in, std::span<int64_t> out)
{
    uint64_t time = 0;
    uint64_t step = 0;
    for (size_t i = 0; i < out.size(); ++i) {
        uint64_t code = 0;
        if (!takeVarint(in, code))
            return false;
        const uint64_t delta = unzigzag(code) + step;
        time += delta;
        step = i == 0 ? 0 : delta;
        out[i] = static_cast<int64_t>(time);
    }
    return true;
}

void encodeValues(Bytes& out, std::span<const double> values)
{
    if (values.empty())
        return;
    const Changes changes = changesOf(values);
    if (changes.values.size() == 1) {
        out.push_back(kConstant);
        return appendFixed(out, bitsOf(values[0]));
    }
    Bytes payload;
    encodeXor(payload, changes.values);
    uint8_t tag = kXor;
    int exponent = 0;
    if (const auto numbers = asDecimals(changes.values, exponent)) {
        Bytes decimals;
        encodeDecimals(decimals, *numbers, exponent);
        if (decimals.size() <= payload.size()) {
            payload = std::move(decimals);
            tag = kDecimal;
        }
    }
    if (payload.size() > changes.values.size() * 8) {
        payload.clear();
        for (const double value : changes.values)
            appendFixed(payload, bitsOf(value));
        tag = kRaw;
    }
    const bool everyRow = changes.values.size() == values.size();
    out.push_back(everyRow ? tag | kEveryRow : tag);
    if (!everyRow)
        out.insert(out.end(), changes.bitmap.begin(), changes.bitmap.end());
    out.insert(out.end(), payload.begin(), payload.end());
}

bool decodeValues(ByteView& in, std::span<double> out)
{
    if (out.empty())
        return true;
    uint8_t tag = 0;
    if (!takeByte(in, tag))
        return false;
    if (tag == kConstant) {
        uint64_t bits = 0;
        if (!takeFixed(in, bits))
            return false;
        std::fill(out.begin(), out.end(), std::bit_cast<double>(bits));
        return true;
    }
    if ((tag & kEveryRow) != 0)
        return decodePayload(tag & ~kEveryRow, in, out);
    return decodeChanges(tag, in, out);
}

} // namespace fleetglass::tsdb
