// Column codec: times and values of neighbouring samples to bytes and back, without loss (every NaN
// keeps its bits). README.md beside this file has the layout. Decoding takes bytes from anywhere:
// what is malformed answers false and never reads outside. Pure functions; thread-safe.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace fleetglass::tsdb {

using Bytes = std::vector<uint8_t>;
using ByteView = std::span<const uint8_t>;

// Stands in a column where its series has no sample in that row; never leaves the store.
inline constexpr uint64_t kAbsentBits = 0x7ff4f1ee7a55ab5eULL;
inline const double kAbsent = std::bit_cast<double>(kAbsentBits);

inline uint64_t bitsOf(double value)
{
    return std::bit_cast<uint64_t>(value);
}

inline bool isAbsent(double value)
{
    return bitsOf(value) == kAbsentBits;
}

void appendVarint(Bytes& out, uint64_t value);
bool takeVarint(ByteView& in, uint64_t& value);

// The count of samples is not in the bytes: who stores them knows it.
void encodeTimes(Bytes& out, std::span<const int64_t> timesMs);
void encodeValues(Bytes& out, std::span<const double> values);

// Fill `out` and take what they read from the front of `in`.
bool decodeTimes(ByteView& in, std::span<int64_t> out);
bool decodeValues(ByteView& in, std::span<double> out);

} // namespace fleetglass::tsdb
