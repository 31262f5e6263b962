// CRC-32C (Castagnoli), the checksum of everything we write to disk. Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <span>

namespace fleetglass {

// `before` is the checksum of what came before, 0 at the start.
uint32_t crc32c(std::span<const uint8_t> bytes, uint32_t before = 0);

} // namespace fleetglass
