#include "core/tsdb/system_disk.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace fleetglass::tsdb {

namespace {

// The kernel's words for an errno, with what to do where that is known.
std::string causeOf(int number)
{
    switch (number) {
    case ENOSPC:
        return "the disk is full";
    case EDQUOT:
        return "the disk quota is used up";
    case EROFS:
        return "the file system is read-only";
    case EMFILE:
    case ENFILE:
        return "too many files are open";
    case EACCES:
    case EPERM:
        return "permission denied";
    case EIO:
        return "the disk reports an error (EIO)";
    default:
        return std::error_code(number, std::generic_category()).message();
    }
}

tl::unexpected<Error> diskFailure(const std::string& path, const char* what, int number)
{
    const bool isFull = number == ENOSPC || number == EDQUOT;
    const ErrorCode code = number == ENOENT ? ErrorCode::NotFound
        : isFull                            ? ErrorCode::Limit
                                            : ErrorCode::Io;
    return failure(path + ": " + what + ": " + causeOf(number), code);
}

// Closes what it holds; -1 holds nothing.
class Descriptor
{
public:
    Descriptor(const std::string& path, int flags)
    {
        do
            m_number = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
        while (m_number < 0 && errno == EINTR);
    }
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return m_number; }
    bool isOpen() const { return m_number >= 0; }

private:
    int m_number = -1;
};

class SystemFile final : public DiskFile
{
public:
    explicit SystemFile(std::string path)
        : m_path(std::move(path))
        , m_file(m_path, O_RDWR | O_CREAT | O_EXCL)
    {
    }
    bool isOpen() const { return m_file.isOpen(); }

    Result<void> writeAt(uint64_t offset, ByteView bytes) override
    {
        while (!bytes.empty()) {
            const ssize_t written
                = ::pwrite(m_file.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (written < 0 && errno == EINTR)
                continue;
            if (written <= 0)
                return diskFailure(m_path, "cannot write", written == 0 ? ENOSPC : errno);
            bytes = bytes.subspan(static_cast<size_t>(written));
            offset += static_cast<uint64_t>(written);
        }
        return {};
    }

    Result<void> reserve(uint64_t bytes) override
    {
        int answer = 0;
        do
            answer = ::fallocate(m_file.number(), 0, 0, static_cast<off_t>(bytes));
        while (answer != 0 && errno == EINTR);
        // Where the file system cannot, the room is taken as it is written.
        if (answer != 0 && errno != EOPNOTSUPP)
            return diskFailure(m_path, "cannot reserve room", errno);
        return {};
    }

    Result<void> truncate(uint64_t bytes) override
    {
        if (::ftruncate(m_file.number(), static_cast<off_t>(bytes)) != 0)
            return diskFailure(m_path, "cannot shorten", errno);
        return {};
    }

    Result<void> sync() override
    {
        if (::fdatasync(m_file.number()) != 0)
            return diskFailure(m_path, "cannot write through to the disk", errno);
        return {};
    }

    bool isInPlace() const override
    {
        struct stat mine
        {
        };
        struct stat there
        {
        };
        return ::fstat(m_file.number(), &mine) == 0 && ::stat(m_path.c_str(), &there) == 0
            && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
    }

private:
    const std::string m_path;
    const Descriptor m_file;
};

class SystemLock final : public DiskLock
{
public:
    explicit SystemLock(const std::string& path)
        : m_file(path, O_RDWR | O_CREAT)
    {
    }
    const Descriptor& file() const { return m_file; }

private:
    const Descriptor m_file;
};

std::string readAll(int file)
{
    std::string text(64, '\0');
    const ssize_t size = ::pread(file, text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<size_t>(size) : 0);
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

} // namespace

Result<void> SystemDisk::makeDirectory(const std::string& path)
{
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error)
        return diskFailure(path, "cannot make the directory", error.value());
    return {};
}

Result<std::vector<std::string>> SystemDisk::list(const std::string& directory)
{
    std::error_code error;
    std::vector<std::string> names;
    std::filesystem::directory_iterator place(directory, error);
    for (; !error && place != std::filesystem::directory_iterator(); place.increment(error)) {
        if (std::error_code ignored; place->is_regular_file(ignored))
            names.push_back(place->path().filename().string());
    }
    if (error)
        return diskFailure(directory, "cannot list", error.value());
    std::sort(names.begin(), names.end());
    return names;
}

Result<Bytes> SystemDisk::read(const std::string& path)
{
    // Not blocked by a FIFO that somebody put there.
    const Descriptor file(path, O_RDONLY | O_NONBLOCK);
    if (!file.isOpen())
        return diskFailure(path, "cannot open", errno);
    struct stat status
    {
    };
    if (::fstat(file.number(), &status) != 0)
        return diskFailure(path, "cannot read", errno);
    if (!S_ISREG(status.st_mode))
        return failure(path + ": is not a regular file", ErrorCode::Io);
    Bytes bytes(static_cast<size_t>(status.st_size));
    size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = ::pread(
            file.number(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return diskFailure(path, "cannot read", errno);
        if (count == 0)
            break; // It was cut meanwhile.
        done += static_cast<size_t>(count);
    }
    bytes.resize(done);
    return bytes;
}

Result<std::unique_ptr<DiskFile>> SystemDisk::create(const std::string& path)
{
    auto file = std::make_unique<SystemFile>(path);
    if (!file->isOpen())
        return diskFailure(path, "cannot create", errno);
    return std::unique_ptr<DiskFile>(std::move(file));
}

Result<void> SystemDisk::rename(const std::string& from, const std::string& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0)
        return diskFailure(from, "cannot rename", errno);
    return {};
}

Result<void> SystemDisk::remove(const std::string& path)
{
    if (::unlink(path.c_str()) != 0)
        return diskFailure(path, "cannot remove", errno);
    return {};
}

Result<void> SystemDisk::syncDirectory(const std::string& path)
{
    const Descriptor directory(path, O_RDONLY | O_DIRECTORY);
    if (!directory.isOpen() || ::fsync(directory.number()) != 0)
        return diskFailure(path, "cannot write through to the disk", errno);
    return {};
}

Result<DiskSpace> SystemDisk::space(const std::string& directory)
{
    struct statvfs status
    {
    };
    if (::statvfs(directory.c_str(), &status) != 0)
        return diskFailure(directory, "cannot tell the free space", errno);
    return DiskSpace { uint64_t { status.f_bavail } * status.f_frsize,
        uint64_t { status.f_blocks } * status.f_frsize };
}

Result<std::unique_ptr<DiskLock>> SystemDisk::lock(const std::string& path)
{
    auto lock = std::make_unique<SystemLock>(path);
    if (!lock->file().isOpen())
        return diskFailure(path, "cannot open", errno);
    const int file = lock->file().number();
    int answer = 0;
    do
        answer = ::flock(file, LOCK_EX | LOCK_NB);
    while (answer != 0 && errno == EINTR);
    if (answer != 0 && errno == EWOULDBLOCK)
        return failure(path + ": another Fleetglass (process " + readAll(file)
                + ") writes to this directory; close it, or open the directory read-only",
            ErrorCode::Unavailable);
    if (answer != 0)
        return diskFailure(path, "cannot lock", errno);
    // For the message above alone: that it cannot be written is no reason to refuse.
    const std::string text = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file, 0) == 0)
        static_cast<void>(::pwrite(file, text.data(), text.size(), 0) > 0);
    return std::unique_ptr<DiskLock>(std::move(lock));
}

uint32_t SystemDisk::salt()
{
    return std::random_device()();
}

} // namespace fleetglass::tsdb
