// MemoryDisk: a disk in memory that forgets, tears and fails as it is told. What was written and
// what was synced are kept apart, so that a test can cut the power. Used from one thread at a time.
#pragma once

#include "core/tsdb/disk.h"

#include <algorithm>
#include <functional>
#include <map>
#include <random>

namespace fleetglass::tsdb::test {

class MemoryDisk final : public Disk
{
public:
    enum class Call
    {
        Create,
        Write,
        Reserve,
        Truncate,
        Sync,
        Rename,
        Remove,
        SyncDirectory,
        List,
        Read,
        MakeDirectory,
    };
    struct Inode
    {
        Bytes written;
        Bytes synced;
        size_t failedSyncs = 0;
        size_t syncsAfterFailure = 0;
    };
    using Files = std::map<std::string, std::shared_ptr<Inode>>;

    // Asked before each call; an error fails it. A failed write leaves half of its bytes.
    std::function<std::optional<Error>(Call, const std::string& path)> onCall;
    uint64_t freeBytes = uint64_t { 1 } << 40U;
    bool isLocked = false;
    Files files;

    // The same files, as a kill of the process leaves them.
    std::unique_ptr<MemoryDisk> afterKill() const
    {
        auto disk = std::make_unique<MemoryDisk>();
        for (const auto& [path, inode] : files)
            disk->files[path] = std::make_shared<Inode>(Inode { inode->written, inode->synced });
        return disk;
    }

    // The same files, as a power cut leaves them: what was not synced is gone.
    std::unique_ptr<MemoryDisk> afterPowerCut() const
    {
        auto disk = std::make_unique<MemoryDisk>();
        for (const auto& [path, inode] : files)
            disk->files[path] = std::make_shared<Inode>(Inode { inode->synced, inode->synced });
        return disk;
    }

    // As a power cut in the middle of writing back: of what was not synced any sector may have
    // arrived, in any order, and a file may have any length between.
    std::unique_ptr<MemoryDisk> afterTornPowerCut(std::mt19937_64& random) const
    {
        constexpr size_t kSector = 512;
        auto disk = std::make_unique<MemoryDisk>();
        for (const auto& [path, inode] : files) {
            Bytes bytes = inode->synced;
            if (inode->written.size() > bytes.size())
                bytes.resize(bytes.size() + random() % (inode->written.size() - bytes.size() + 1));
            const uint64_t arrivesInEight = 1 + random() % 7;
            for (size_t at = 0; at < bytes.size(); at += kSector) {
                const size_t end = std::min({ at + kSector, bytes.size(), inode->written.size() });
                if (at < end && random() % 8 < arrivesInEight)
                    std::copy(inode->written.begin() + static_cast<std::ptrdiff_t>(at),
                        inode->written.begin() + static_cast<std::ptrdiff_t>(end),
                        bytes.begin() + static_cast<std::ptrdiff_t>(at));
            }
            disk->files[path] = std::make_shared<Inode>(Inode { bytes, bytes });
        }
        return disk;
    }

    std::vector<std::string> paths(std::string_view part) const
    {
        std::vector<std::string> found;
        for (const auto& [path, inode] : files) {
            if (path.find(part) != std::string::npos)
                found.push_back(path);
        }
        return found;
    }

    uint64_t bytes() const
    {
        uint64_t sum = 0;
        for (const auto& [path, inode] : files)
            sum += inode->written.size();
        return sum;
    }

    Result<void> makeDirectory(const std::string& path) override
    {
        return ask(Call::MakeDirectory, path);
    }

    Result<std::vector<std::string>> list(const std::string& directory) override
    {
        if (auto asked = ask(Call::List, directory); !asked)
            return failure(asked.error());
        std::vector<std::string> names;
        for (const auto& [path, inode] : files) {
            if (path.starts_with(directory + '/'))
                names.push_back(path.substr(directory.size() + 1));
        }
        return names;
    }

    Result<Bytes> read(const std::string& path) override
    {
        if (auto asked = ask(Call::Read, path); !asked)
            return failure(asked.error());
        const auto file = files.find(path);
        if (file == files.end())
            return failure(path + ": no such file", ErrorCode::NotFound);
        return file->second->written;
    }

    Result<std::unique_ptr<DiskFile>> create(const std::string& path) override;

    Result<void> rename(const std::string& from, const std::string& to) override
    {
        if (auto asked = ask(Call::Rename, from); !asked)
            return asked;
        if (!files.contains(from))
            return failure(from + ": no such file", ErrorCode::NotFound);
        files[to] = files[from];
        files.erase(from);
        return {};
    }

    Result<void> remove(const std::string& path) override
    {
        if (auto asked = ask(Call::Remove, path); !asked)
            return asked;
        files.erase(path);
        return {};
    }

    Result<void> syncDirectory(const std::string& path) override
    {
        return ask(Call::SyncDirectory, path);
    }

    Result<DiskSpace> space(const std::string&) override
    {
        return DiskSpace { freeBytes, uint64_t { 1 } << 40U };
    }

    Result<std::unique_ptr<DiskLock>> lock(const std::string& path) override
    {
        if (isLocked)
            return failure(path + ": another one writes here", ErrorCode::Unavailable);
        return std::unique_ptr<DiskLock>(std::make_unique<DiskLock>());
    }

    uint32_t salt() override { return ++m_salt * 2654435761U; }

    Result<void> ask(Call call, const std::string& path) const
    {
        if (onCall) {
            if (const auto error = onCall(call, path))
                return failure(*error);
        }
        return {};
    }

private:
    uint32_t m_salt = 0;
};

class MemoryFile final : public DiskFile
{
public:
    MemoryFile(MemoryDisk& disk, std::string path, std::shared_ptr<MemoryDisk::Inode> inode)
        : m_disk(disk)
        , m_path(std::move(path))
        , m_inode(std::move(inode))
    {
    }

    Result<void> writeAt(uint64_t offset, ByteView bytes) override
    {
        const auto asked = m_disk.ask(MemoryDisk::Call::Write, m_path);
        const auto part = asked ? bytes : bytes.first(bytes.size() / 2);
        Bytes& written = m_inode->written;
        written.resize(std::max<size_t>(written.size(), offset + part.size()));
        std::copy(part.begin(), part.end(), written.begin() + static_cast<std::ptrdiff_t>(offset));
        return asked;
    }
    Result<void> reserve(uint64_t bytes) override
    {
        if (auto asked = m_disk.ask(MemoryDisk::Call::Reserve, m_path); !asked)
            return asked;
        m_inode->written.resize(std::max<size_t>(m_inode->written.size(), bytes));
        return {};
    }
    Result<void> truncate(uint64_t bytes) override
    {
        if (auto asked = m_disk.ask(MemoryDisk::Call::Truncate, m_path); !asked)
            return asked;
        m_inode->written.resize(bytes);
        return {};
    }
    Result<void> sync() override
    {
        m_inode->syncsAfterFailure += m_inode->failedSyncs > 0 ? 1U : 0U;
        if (auto asked = m_disk.ask(MemoryDisk::Call::Sync, m_path); !asked) {
            ++m_inode->failedSyncs;
            return asked;
        }
        m_inode->synced = m_inode->written;
        return {};
    }
    bool isInPlace() const override
    {
        const auto there = m_disk.files.find(m_path);
        return there != m_disk.files.end() && there->second == m_inode;
    }

private:
    MemoryDisk& m_disk;
    const std::string m_path;
    const std::shared_ptr<MemoryDisk::Inode> m_inode;
};

inline Result<std::unique_ptr<DiskFile>> MemoryDisk::create(const std::string& path)
{
    if (auto asked = ask(Call::Create, path); !asked)
        return failure(asked.error());
    if (files.contains(path))
        return failure(path + ": exists", ErrorCode::Io);
    const auto inode = std::make_shared<Inode>();
    files[path] = inode;
    return std::unique_ptr<DiskFile>(std::make_unique<MemoryFile>(*this, path, inode));
}

} // namespace fleetglass::tsdb::test
