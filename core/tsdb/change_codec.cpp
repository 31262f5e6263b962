#include "core/tsdb/change_codec.h"

#include "core/tsdb/decimal.h"
#include "core/tsdb/wire.h"

namespace fleetglass::tsdb {

namespace {

enum Kind : unsigned
{
    kWhole = 0, // A difference of whole numbers.
    kDecimal = 1, // An exponent, and a difference of whole numbers over its power of ten.
    kXor = 2, // The changed bytes.
    kGone = 3, // The series is not in this row.
};

// What stands for the value before where that is no such decimal: both sides agree on it.
int64_t baseOf(double before, unsigned exponent)
{
    return asDecimal(before, exponent).value_or(0);
}

std::optional<unsigned> exponentOf(double value, unsigned hint)
{
    if (asDecimal(value, 0))
        return 0;
    if (hint > 0 && asDecimal(value, hint))
        return hint;
    for (unsigned exponent = 1; exponent <= kExponentMax; ++exponent) {
        if (asDecimal(value, exponent))
            return exponent;
    }
    return std::nullopt;
}

void appendXor(Bytes& out, uint64_t changed)
{
    const unsigned low = changed == 0 ? 0 : static_cast<unsigned>(std::countr_zero(changed)) / 8;
    const unsigned count = (static_cast<unsigned>(std::bit_width(changed)) + 7) / 8 - low;
    out.push_back(static_cast<uint8_t>(low << 4U | count));
    for (unsigned i = 0; i < count; ++i)
        out.push_back(static_cast<uint8_t>(changed >> (8 * (low + i))));
}

bool takeXor(ByteView& in, uint64_t& changed)
{
    uint8_t control = 0;
    if (!takeFixed(in, control))
        return false;
    const unsigned low = control >> 4U;
    const unsigned count = control & 0xFU;
    if (low + count > 8 || in.size() < count)
        return false;
    changed = 0;
    for (unsigned i = 0; i < count; ++i)
        changed |= uint64_t { in[i] } << (8 * (low + i));
    in = in.subspan(count);
    return true;
}

bool takeDecimal(ByteView& in, unsigned exponent, double before, double& value)
{
    int64_t difference = 0;
    if (exponent > kExponentMax || !takeSigned(in, difference))
        return false;
    const auto number
        = static_cast<uint64_t>(baseOf(before, exponent)) + static_cast<uint64_t>(difference);
    value = fromDecimal(static_cast<int64_t>(number), exponent);
    return true;
}

void appendHead(Bytes& out, int64_t gap, Kind kind)
{
    appendVarint(out, folded(gap) << 2U | kind);
}

} // namespace

void appendChange(Bytes& out, int64_t gap, double before, double value, uint8_t& exponent)
{
    if (isAbsent(value))
        return appendHead(out, gap, kGone);
    const auto found = exponentOf(value, exponent);
    if (!found) {
        appendHead(out, gap, kXor);
        return appendXor(out, bitsOf(value) ^ (isAbsent(before) ? 0 : bitsOf(before)));
    }
    appendHead(out, gap, *found == 0 ? kWhole : kDecimal);
    if (*found != 0) {
        exponent = static_cast<uint8_t>(*found);
        out.push_back(exponent);
    }
    appendSigned(out, *asDecimal(value, *found) - baseOf(before, *found));
}

bool takeChangeHead(ByteView& in, ChangeHead& head)
{
    uint64_t code = 0;
    if (!takeVarint(in, code))
        return false;
    head = { unfolded(code >> 2U), static_cast<unsigned>(code & 3U) };
    return true;
}

bool takeChangedValue(ByteView& in, const ChangeHead& head, double before, double& value)
{
    switch (head.kind) {
    case kWhole:
        return takeDecimal(in, 0, before, value);
    case kDecimal: {
        uint8_t exponent = 0;
        return takeFixed(in, exponent) && takeDecimal(in, exponent, before, value);
    }
    case kXor: {
        uint64_t changed = 0;
        if (!takeXor(in, changed))
            return false;
        value = std::bit_cast<double>(changed ^ (isAbsent(before) ? 0 : bitsOf(before)));
        return true;
    }
    default:
        value = kAbsent;
        return true;
    }
}

} // namespace fleetglass::tsdb
