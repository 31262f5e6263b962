#include "core/exposition/first_difference.h"

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace fleetglass::exposition {

namespace {

size_t portable(const char* a, const char* b, size_t size)
{
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        uint64_t left = 0;
        uint64_t right = 0;
        std::memcpy(&left, a + i, 8);
        std::memcpy(&right, b + i, 8);
        if (left == right)
            continue;
        const uint64_t differing = left ^ right;
        const int zeros = std::endian::native == std::endian::little ? std::countr_zero(differing)
                                                                     : std::countl_zero(differing);
        return i + static_cast<size_t>(zeros) / 8;
    }
    while (i < size && a[i] == b[i])
        ++i;
    return i;
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) uint32_t equalBytes(const char* a, const char* b)
{
    const auto left = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a));
    const auto right = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b));
    return static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(left, right)));
}

__attribute__((target("avx2"))) size_t avx2(const char* a, const char* b, size_t size)
{
    size_t i = 0;
    for (; i + 64 <= size; i += 64) {
        const uint64_t low = equalBytes(a + i, b + i);
        const uint64_t high = equalBytes(a + i + 32, b + i + 32);
        if (const uint64_t differing = ~(low | high << 32U); differing != 0)
            return i + static_cast<size_t>(std::countr_zero(differing));
    }
    return i + portable(a + i, b + i, size - i);
}

const auto kBest = __builtin_cpu_supports("avx2") != 0 ? avx2 : portable;

#else

constexpr auto kBest = portable;

#endif

} // namespace

size_t firstDifference(const char* a, const char* b, size_t size)
{
    return kBest(a, b, size);
}

} // namespace fleetglass::exposition
