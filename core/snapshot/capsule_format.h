// Names and numbers of the capsule's format; README.md beside this file explains them. Constants.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fleetglass::snapshot {

inline constexpr uint32_t kApplicationId = 0x46475350; // "FGSP"
inline constexpr int kFormatVersion = 1;
inline constexpr size_t kPageBytes = 4096;
inline constexpr size_t kSegmentSamples = 512; // Values packed together.
inline constexpr int kRowBytesMax = 64 << 20; // Of one row of one table.

// After the last page: this, the CRC-32C of all before it (little endian), four zero bytes.
inline constexpr std::string_view kSealWord = "FGSEAL01";
inline constexpr size_t kSealBytes = 16;

// The only objects a capsule may have, to the letter: anything else is refused.
inline constexpr std::array<std::string_view, 19> kSchema {
    "CREATE TABLE info(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE times(id INTEGER PRIMARY KEY, count INTEGER NOT NULL, data BLOB NOT NULL, crc "
    "INTEGER NOT NULL)",
    "CREATE TABLE series(id INTEGER PRIMARY KEY, times INTEGER NOT NULL, labels TEXT NOT NULL)",
    "CREATE TABLE samples(series INTEGER PRIMARY KEY, data BLOB NOT NULL, crc INTEGER NOT NULL)",
    "CREATE TABLE starts(series INTEGER PRIMARY KEY, data BLOB NOT NULL, crc INTEGER NOT NULL)",
    "CREATE TABLE histograms(series INTEGER PRIMARY KEY, count INTEGER NOT NULL, data BLOB NOT "
    "NULL, crc INTEGER NOT NULL)",
    "CREATE TABLE exemplars(id INTEGER PRIMARY KEY, series INTEGER NOT NULL, time_ms INTEGER NOT "
    "NULL, value REAL, labels TEXT NOT NULL)",
    "CREATE TABLE targets(id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE alerts(id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE alert_spans(id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE sessions(id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE unreachable(id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE rule_groups(id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE rule_files(id INTEGER PRIMARY KEY, path TEXT NOT NULL, body TEXT NOT NULL)",
    "CREATE TABLE metrics(id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE changes(id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE log(id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE view(id INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE thumbnails(id INTEGER PRIMARY KEY, name TEXT NOT NULL, png BLOB NOT NULL)",
};

} // namespace fleetglass::snapshot
