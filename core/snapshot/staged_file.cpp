#include "core/snapshot/staged_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace fleetglass::snapshot {

namespace {

std::string directoryOf(const std::string& path)
{
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

// A rename is safe from a power cut only once its directory is synced; not all file systems can.
void syncDirectory(const std::string& directory)
{
    const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    (void)fsync(descriptor);
    close(descriptor);
}

} // namespace

Result<StagedFile> StagedFile::create(std::string path)
{
    std::string staged = path + ".part-XXXXXX";
    const int descriptor = mkostemp(staged.data(), O_CLOEXEC);
    if (descriptor < 0)
        return failure(path + ": cannot be written: " + std::strerror(errno), ErrorCode::Io);
    return StagedFile(std::move(path), std::move(staged), descriptor);
}

StagedFile::StagedFile(std::string path, std::string stagedPath, int descriptor)
    : m_path(std::move(path))
    , m_stagedPath(std::move(stagedPath))
    , m_descriptor(descriptor)
{
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_stagedPath(std::exchange(other.m_stagedPath, {}))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

StagedFile::~StagedFile()
{
    if (m_descriptor >= 0)
        close(m_descriptor);
    if (!m_stagedPath.empty())
        unlink(m_stagedPath.c_str());
}

tl::unexpected<Error> StagedFile::failed(const char* what) const
{
    return failure(m_path + ": " + what + ": " + std::strerror(errno), ErrorCode::Io);
}

Result<void> StagedFile::write(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(m_descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failed("cannot be written");
        text.remove_prefix(static_cast<size_t>(written));
    }
    return {};
}

Result<void> StagedFile::append(std::string_view text)
{
    if (lseek(m_descriptor, 0, SEEK_END) < 0)
        return failed("cannot be written");
    return write(text);
}

Result<int64_t> StagedFile::commit()
{
    // mkostemp makes it private; the finished file gets what any new file would.
    const mode_t mask = umask(0);
    umask(mask);
    struct stat status
    {
    };
    if (fchmod(m_descriptor, 0666 & ~mask) != 0 || fsync(m_descriptor) != 0
        || fstat(m_descriptor, &status) != 0)
        return failed("cannot be written");
    if (rename(m_stagedPath.c_str(), m_path.c_str()) != 0)
        return failed("cannot be put in place");
    m_stagedPath.clear();
    syncDirectory(directoryOf(m_path));
    return status.st_size;
}

} // namespace fleetglass::snapshot
