// Disk: all that the store asks of a file system, so that a test can fail, tear and forget as disks
// do. Messages name the path and the cause. Thread-safe; a DiskFile is used from one thread at a
// time, but sync() may run beside writeAt().
#pragma once

#include "core/base/result.h"
#include "core/tsdb/column_codec.h"

#include <memory>
#include <string>
#include <vector>

namespace fleetglass::tsdb {

class DiskFile
{
public:
    virtual ~DiskFile() = default;

    // All of it, or a failure (ErrorCode::Limit: the disk is full); what of it stands then is
    // unknown.
    virtual Result<void> writeAt(uint64_t offset, ByteView bytes) = 0;
    // Makes the file this long, with room on the disk behind it; what is new reads as zeros.
    virtual Result<void> reserve(uint64_t bytes) = 0;
    virtual Result<void> truncate(uint64_t bytes) = 0;
    // After a failure the file is to be left alone: the kernel may have forgotten what it lost.
    virtual Result<void> sync() = 0;
    // Whether the path still leads here.
    virtual bool isInPlace() const = 0;
};

// Held while it lives; the kernel lets go of it when the process dies.
class DiskLock
{
public:
    virtual ~DiskLock() = default;
};

struct DiskSpace
{
    uint64_t freeBytes = 0;
    uint64_t allBytes = 0;
};

class Disk
{
public:
    virtual ~Disk() = default;

    virtual Result<void> makeDirectory(const std::string& path) = 0; // With its parents.
    virtual Result<std::vector<std::string>> list(const std::string& directory)
        = 0; // Names, sorted.
    // ErrorCode::NotFound where there is none.
    virtual Result<Bytes> read(const std::string& path) = 0;
    virtual Result<std::unique_ptr<DiskFile>> create(const std::string& path) = 0; // Must be new.
    virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    virtual Result<void> remove(const std::string& path) = 0;
    virtual Result<void> syncDirectory(const std::string& path) = 0;
    virtual Result<DiskSpace> space(const std::string& directory) = 0;
    // ErrorCode::Unavailable where another process holds it; the message names it.
    virtual Result<std::unique_ptr<DiskLock>> lock(const std::string& path) = 0;
    // Tells the files of a directory apart; need not be secret.
    virtual uint32_t salt() = 0;
};

} // namespace fleetglass::tsdb
