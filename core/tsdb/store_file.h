// StoreFile: a file of records that grows at its end, in room reserved ahead, so that a full disk
// is met between two records. What failed once is not written any more. Used from one thread at a
// time, but sync() may run beside append().
#pragma once

#include "core/tsdb/disk.h"
#include "core/tsdb/record.h"

#include <atomic>
#include <optional>

namespace fleetglass::tsdb {

inline constexpr uint32_t kFormatVersion = 1;

enum class FileKind : uint8_t
{
    Journal = 1,
    Blocks = 2,
};

struct FileName
{
    FileKind kind = FileKind::Journal;
    uint32_t number = 0; // From 1, never used again in its directory.
    uint32_t salt = 0;

    std::string text() const; // "journal-00000001-9f3a2b1c"
    static std::optional<FileName> parse(std::string_view text);
};

struct FileHeader
{
    uint32_t version = kFormatVersion;
    FileKind kind = FileKind::Journal;
    uint32_t number = 0;
    int64_t createdMs = 0;
};
std::optional<FileHeader> readFileHeader(ByteView payload);

struct FileLimits
{
    uint64_t reserveBytes = uint64_t { 16 } << 20U; // The size of a file, more or less.
    uint64_t freeBytesMin = uint64_t { 512 } << 20U; // Stay free on the disk, or 5 % of it.
};

class StoreFile
{
public:
    static Result<std::shared_ptr<StoreFile>> create(Disk& disk, const std::string& directory,
        FileName name, const FileLimits& limits, int64_t nowMs);

    Result<void> append(ByteView records);
    Result<void> sync();
    // Gives back the room that was not used. Appends no more.
    Result<void> close();

    const FileName& name() const { return m_name; }
    const std::string& path() const { return m_path; }
    uint64_t size() const { return m_size; }
    uint64_t diskBytes() const { return m_reserved; } // What it takes on the disk.
    bool isFull() const { return m_size >= m_limits.reserveBytes; }
    bool hasUnsynced() const { return m_size != m_synced; }
    bool isInPlace() const { return m_file->isInPlace(); }

private:
    StoreFile(Disk& disk, std::string directory, FileName name, const FileLimits& limits);
    Result<void> reserve(uint64_t bytes);

    Disk& m_disk;
    const std::string m_directory;
    const FileName m_name;
    const std::string m_path;
    const FileLimits m_limits;
    std::unique_ptr<DiskFile> m_file;
    std::atomic<uint64_t> m_size { 0 };
    std::atomic<uint64_t> m_reserved { 0 };
    std::atomic<uint64_t> m_synced { 0 };
    std::atomic<bool> m_failed { false };
};

} // namespace fleetglass::tsdb
