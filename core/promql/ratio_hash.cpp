// The hash by which limit_ratio chooses series: xxHash64 over name, 0xff, value, 0xff of each
// label, as Prometheus' labels.Hash. Other implementations choose the same series. Algorithm:
// xxHash specification, seed 0.
#include "core/promql/aggregation.h"

#include <bit>
#include <cstring>
#include <string>

namespace fleetglass::promql {

namespace {

constexpr uint64_t kPrime1 = 11400714785074694791ULL;
constexpr uint64_t kPrime2 = 14029467366897019727ULL;
constexpr uint64_t kPrime3 = 1609587929392839161ULL;
constexpr uint64_t kPrime4 = 9650029242287828579ULL;
constexpr uint64_t kPrime5 = 2870177450012600261ULL;

template<class T>
T readLittleEndian(const char* bytes)
{
    T value = 0;
    std::memcpy(&value, bytes, sizeof value);
    static_assert(std::endian::native == std::endian::little, "swap the bytes here");
    return value;
}

uint64_t mix(uint64_t lane, uint64_t input)
{
    return std::rotl(lane + input * kPrime2, 31) * kPrime1;
}

uint64_t joinLane(uint64_t hash, uint64_t lane)
{
    return (hash ^ mix(0, lane)) * kPrime1 + kPrime4;
}

uint64_t hashStripes(const char*& at, const char* end)
{
    uint64_t lanes[4] { kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1 };
    for (; end - at >= 32; at += 32) {
        for (int i = 0; i < 4; ++i)
            lanes[i] = mix(lanes[i], readLittleEndian<uint64_t>(at + 8 * i));
    }
    uint64_t hash = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12)
        + std::rotl(lanes[3], 18);
    for (const uint64_t lane : lanes)
        hash = joinLane(hash, lane);
    return hash;
}

uint64_t hashTail(uint64_t hash, const char* at, const char* end)
{
    for (; end - at >= 8; at += 8)
        hash = std::rotl(hash ^ mix(0, readLittleEndian<uint64_t>(at)), 27) * kPrime1 + kPrime4;
    if (end - at >= 4) {
        hash = std::rotl(hash ^ (readLittleEndian<uint32_t>(at) * kPrime1), 23) * kPrime2 + kPrime3;
        at += 4;
    }
    for (; at < end; ++at)
        hash = std::rotl(hash ^ (static_cast<unsigned char>(*at) * kPrime5), 11) * kPrime1;
    return hash;
}

uint64_t xxHash64(const std::string& bytes)
{
    const char* at = bytes.data();
    const char* end = at + bytes.size();
    uint64_t hash = bytes.size() >= 32 ? hashStripes(at, end) : kPrime5;
    hash = hashTail(hash + bytes.size(), at, end);
    hash = (hash ^ (hash >> 33U)) * kPrime2;
    hash = (hash ^ (hash >> 29U)) * kPrime3;
    return hash ^ (hash >> 32U);
}

} // namespace

double ratioOffset(const labels::Labels& labels)
{
    constexpr char kSeparator = '\xff';
    std::string bytes;
    for (const labels::Label& label : labels) {
        bytes.append(label.name);
        bytes += kSeparator;
        bytes.append(label.value);
        bytes += kSeparator;
    }
    return static_cast<double>(xxHash64(bytes)) / static_cast<double>(UINT64_MAX);
}

} // namespace fleetglass::promql
