#include "core/http/secret_file.h"

#include "core/http/header_text.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fleetglass::http {

namespace {

constexpr size_t kSecretBytesMax = 64 * 1024;

class Descriptor
{
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    ~Descriptor()
    {
        if (m_fd >= 0)
            close(m_fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_fd; }

private:
    int m_fd;
};

tl::unexpected<Error> cannotRead(
    std::string_view purpose, const std::string& path, const std::string& why)
{
    return failure("cannot read " + std::string(purpose) + ' ' + path + ": " + why, ErrorCode::Io);
}

Result<std::string> readAll(
    int fd, const std::string& path, std::string_view purpose, size_t bytesMax)
{
    std::string text;
    char buffer[16 * 1024];
    for (;;) {
        const ssize_t got = read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return cannotRead(purpose, path, std::strerror(errno));
        if (got == 0)
            return text;
        text.append(buffer, static_cast<size_t>(got));
        if (text.size() > bytesMax)
            return cannotRead(
                purpose, path, "more than " + std::to_string(bytesMax / 1024) + " KiB");
    }
}

} // namespace

Result<std::string> readSmallFile(
    const std::string& path, std::string_view purpose, size_t bytesMax)
{
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    const Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (file.get() < 0)
        return cannotRead(purpose, path, std::strerror(errno));
    struct stat status = {};
    if (fstat(file.get(), &status) != 0)
        return cannotRead(purpose, path, std::strerror(errno));
    if (!S_ISREG(status.st_mode))
        return cannotRead(purpose, path, "not a regular file");
    return readAll(file.get(), path, purpose, bytesMax);
}

Result<Secret> readSecret(const SecretSource& source, std::string_view purpose)
{
    if (source.file.empty())
        return source.text;
    auto text = readSmallFile(source.file, purpose, kSecretBytesMax);
    if (!text)
        return failure(text.error());
    Secret result { std::string(trimmed(*text)) };
    Secret wipe { std::move(*text) };
    return result;
}

} // namespace fleetglass::http
