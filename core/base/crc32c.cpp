#include "core/base/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace fleetglass {

namespace {

constexpr uint32_t kPolynomial = 0x82F63B78; // Reflected.
constexpr size_t kSlices = 8;
using Tables = std::array<std::array<uint32_t, 256>, kSlices>;

// Table k says what a byte does to the checksum k bytes later: eight bytes then cost eight
// look-ups.
constexpr Tables makeTables()
{
    Tables tables {};
    for (uint32_t byte = 0; byte < 256; ++byte) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? kPolynomial : 0);
        tables[0][byte] = crc;
    }
    for (size_t k = 1; k < kSlices; ++k) {
        for (size_t byte = 0; byte < 256; ++byte)
            tables[k][byte] = (tables[k - 1][byte] >> 8U) ^ tables[0][tables[k - 1][byte] & 0xFFU];
    }
    return tables;
}

constexpr Tables kTables = makeTables();

uint32_t byTables(std::span<const uint8_t> bytes, uint32_t crc)
{
    while (bytes.size() >= kSlices) {
        uint32_t next = 0;
        for (size_t i = 0; i < kSlices; ++i) {
            const uint32_t low = i < 4 ? (crc >> (8 * i)) & 0xFFU : 0;
            next ^= kTables[kSlices - 1 - i][bytes[i] ^ low];
        }
        crc = next;
        bytes = bytes.subspan(kSlices);
    }
    for (const uint8_t byte : bytes)
        crc = (crc >> 8U) ^ kTables[0][(crc ^ byte) & 0xFFU];
    return crc;
}

#if defined(__x86_64__)
// The instruction is in every x86-64 processor since 2008, yet not in the baseline.
__attribute__((target("sse4.2"))) uint32_t byInstruction(
    std::span<const uint8_t> bytes, uint32_t crc)
{
    uint64_t wide = crc;
    while (bytes.size() >= 8) {
        uint64_t word = 0;
        std::memcpy(&word, bytes.data(), 8);
        wide = __builtin_ia32_crc32di(wide, word);
        bytes = bytes.subspan(8);
    }
    crc = static_cast<uint32_t>(wide);
    for (const uint8_t byte : bytes)
        crc = __builtin_ia32_crc32qi(crc, byte);
    return crc;
}
#endif

} // namespace

uint32_t crc32c(std::span<const uint8_t> bytes, uint32_t before)
{
#if defined(__x86_64__)
    static const bool hasInstruction = __builtin_cpu_supports("sse4.2") != 0;
    if (hasInstruction)
        return ~byInstruction(bytes, ~before);
#endif
    return ~byTables(bytes, ~before);
}

} // namespace fleetglass
