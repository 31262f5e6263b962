// Smooth noise that is a pure function of seed, channel and time: the demo fleet can be replayed
// from its seed. Pure functions; thread-safe.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

namespace fleetglass::demo {

// splitmix64: one number in, one well-spread number out.
inline uint64_t scramble(uint64_t x)
{
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

inline uint64_t channelOf(uint64_t seed, std::string_view name)
{
    uint64_t hash = seed;
    for (const char c : name)
        hash = scramble(hash ^ static_cast<unsigned char>(c));
    return hash;
}

// 0 <= value < 1, independent for each whole number.
inline double grain(uint64_t channel, int64_t index)
{
    return static_cast<double>(scramble(channel ^ static_cast<uint64_t>(index)) >> 11U) * 0x1p-53;
}

// 0..1, moving from one random level to the next every `periodS` seconds.
inline double wave(uint64_t channel, double timeS, double periodS)
{
    const double position = timeS / periodS;
    const double base = std::floor(position);
    const double part = position - base;
    const double eased = part * part * (3 - 2 * part);
    const auto index = static_cast<int64_t>(base);
    return grain(channel, index) * (1 - eased) + grain(channel, index + 1) * eased;
}

// 0..1: slow movement with some fast restlessness on it.
inline double weather(uint64_t channel, double timeS)
{
    return 0.6 * wave(channel, timeS, 420) + 0.3 * wave(channel + 1, timeS, 60)
        + 0.1 * wave(channel + 2, timeS, 7);
}

// The shape of a working day: 0.35 in the small hours, 1 in the afternoon.
inline double dailyShape(double secondsOfDay)
{
    constexpr double kTau = 6.283185307179586;
    return 0.675 - 0.325 * std::cos(kTau * (secondsOfDay / 86400.0 - 0.09));
}

} // namespace fleetglass::demo
