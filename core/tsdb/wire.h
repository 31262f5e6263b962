// What records are made of: numbers and texts as bytes. What takes reads from the front of `in`,
// and answers false where the bytes make no sense. Pure functions; thread-safe.
#pragma once

#include "core/tsdb/column_codec.h"

#include <cstring>
#include <string_view>

namespace fleetglass::tsdb {

// Small numbers of either sign become small numbers without one.
inline uint64_t folded(int64_t value)
{
    return (static_cast<uint64_t>(value) << 1U) ^ static_cast<uint64_t>(value >> 63U);
}

inline int64_t unfolded(uint64_t value)
{
    return static_cast<int64_t>((value >> 1U) ^ (0 - (value & 1U)));
}

inline void appendSigned(Bytes& out, int64_t value)
{
    appendVarint(out, folded(value));
}

inline bool takeSigned(ByteView& in, int64_t& value)
{
    uint64_t code = 0;
    if (!takeVarint(in, code))
        return false;
    value = unfolded(code);
    return true;
}

// Little endian.
template<class Unsigned>
void appendFixed(Bytes& out, Unsigned value)
{
    for (unsigned shift = 0; shift < sizeof(Unsigned) * 8; shift += 8)
        out.push_back(static_cast<uint8_t>(value >> shift));
}

template<class Unsigned>
bool takeFixed(ByteView& in, Unsigned& value)
{
    if (in.size() < sizeof(Unsigned))
        return false;
    uint64_t sum = 0;
    for (unsigned i = 0; i < sizeof(Unsigned); ++i)
        sum |= uint64_t { in[i] } << (8 * i);
    value = static_cast<Unsigned>(sum);
    in = in.subspan(sizeof(Unsigned));
    return true;
}

inline void appendText(Bytes& out, std::string_view text)
{
    appendVarint(out, text.size());
    out.insert(out.end(), text.begin(), text.end());
}

// The view lives as long as what `in` looks at.
inline bool takeText(ByteView& in, std::string_view& text)
{
    uint64_t size = 0;
    if (!takeVarint(in, size) || size > in.size())
        return false;
    text = { reinterpret_cast<const char*>(in.data()), static_cast<size_t>(size) };
    in = in.subspan(static_cast<size_t>(size));
    return true;
}

inline bool takeBytes(ByteView& in, size_t size, ByteView& part)
{
    if (size > in.size())
        return false;
    part = in.first(size);
    in = in.subspan(size);
    return true;
}

} // namespace fleetglass::tsdb
