// SystemDisk: the Disk there is. Thread-safe.
#pragma once

#include "core/tsdb/disk.h"

namespace fleetglass::tsdb {

class SystemDisk final : public Disk
{
public:
    Result<void> makeDirectory(const std::string& path) override;
    Result<std::vector<std::string>> list(const std::string& directory) override;
    Result<Bytes> read(const std::string& path) override;
    Result<std::unique_ptr<DiskFile>> create(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove(const std::string& path) override;
    Result<void> syncDirectory(const std::string& path) override;
    Result<DiskSpace> space(const std::string& directory) override;
    Result<std::unique_ptr<DiskLock>> lock(const std::string& path) override;
    uint32_t salt() override;
};

} // namespace fleetglass::tsdb
