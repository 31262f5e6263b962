#include "core/snapshot/capsule_envelope.h"

#include "core/snapshot/capsule_format.h"
#include "core/snapshot/capsule_reader.h"
#include "core/snapshot/checksum.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace fleetglass::snapshot {

namespace {

constexpr size_t kHeaderBytes = 100; // Of a SQLite file; offsets below are its documented ones.
constexpr size_t kPageCountAt = 28;
constexpr size_t kUserVersionAt = 60;
constexpr size_t kApplicationIdAt = 68;
constexpr std::string_view kSqliteWord { "SQLite format 3\0", 16 };

using Header = std::array<uint8_t, kHeaderBytes>;

class File
{
public:
    // Does not wait at a pipe.
    explicit File(const std::string& path)
        : m_descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK))
    {
    }
    ~File()
    {
        if (m_descriptor >= 0)
            close(m_descriptor);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool isOpen() const { return m_descriptor >= 0; }
    std::optional<int64_t> size() const
    {
        struct stat status
        {
        };
        if (fstat(m_descriptor, &status) != 0 || !S_ISREG(status.st_mode))
            return std::nullopt;
        return status.st_size;
    }
    size_t read(std::span<uint8_t> out) const
    {
        size_t done = 0;
        while (done < out.size()) {
            const ssize_t count = ::read(m_descriptor, out.data() + done, out.size() - done);
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                break;
            done += static_cast<size_t>(count);
        }
        return done;
    }

private:
    int m_descriptor;
};

uint32_t bigEndian(const Header& header, size_t at)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i)
        value = value << 8U | header[at + i];
    return value;
}

bool hasWords(const Header& header)
{
    return std::memcmp(header.data(), kSqliteWord.data(), kSqliteWord.size()) == 0
        && bigEndian(header, kApplicationIdAt) == kApplicationId;
}

Result<void> checkSeal(const File& file, int64_t pageBytes, uint32_t crc)
{
    std::vector<uint8_t> piece(1 << 20);
    int64_t left = pageBytes - static_cast<int64_t>(kHeaderBytes);
    while (left > 0) {
        const auto wanted = static_cast<size_t>(std::min<int64_t>(left, 1 << 20));
        if (file.read(std::span(piece).first(wanted)) != wanted)
            return failure("capsule cannot be read", ErrorCode::Io);
        crc = crc32c(std::span(piece).first(wanted), crc);
        left -= static_cast<int64_t>(wanted);
    }
    std::array<uint8_t, kSealBytes> seal {};
    (void)file.read(seal);
    uint32_t written = 0;
    for (size_t i = 4; i > 0; --i)
        written = written << 8U | seal[kSealWord.size() + i - 1];
    const bool isSealed = std::memcmp(seal.data(), kSealWord.data(), kSealWord.size()) == 0
        && std::all_of(seal.begin() + 12, seal.end(), [](uint8_t byte) { return byte == 0; });
    if (!isSealed || written != crc)
        return failure("capsule is damaged: its checksum does not match");
    return {};
}

Result<void> check(const File& file, int64_t size, int64_t bytesMax)
{
    Header header {};
    if (file.read(header) != header.size() || !hasWords(header))
        return failure("not a Fleetglass capsule");
    const uint32_t version = bigEndian(header, kUserVersionAt);
    if (version > static_cast<uint32_t>(kFormatVersion))
        return failure("capsule format " + std::to_string(version)
            + " is newer than this program knows (" + std::to_string(kFormatVersion)
            + "); open it with a newer Fleetglass");
    if (size > bytesMax)
        return failure("capsule has " + std::to_string(size) + " bytes, more than the limit of "
                + std::to_string(bytesMax),
            ErrorCode::Limit);
    const int64_t pageBytes = int64_t { bigEndian(header, kPageCountAt) } * int64_t { kPageBytes };
    const int64_t whole = pageBytes + int64_t { kSealBytes };
    if (size < whole)
        return failure("capsule is cut off: " + std::to_string(size) + " of "
            + std::to_string(whole) + " bytes are there");
    if (size > whole || version == 0 || pageBytes == 0)
        return failure("capsule is damaged: " + std::to_string(size - whole) + " bytes too many");
    return checkSeal(file, pageBytes, crc32c(header));
}

} // namespace

bool isCapsule(const std::string& path)
{
    const File file(path);
    Header header {};
    return file.isOpen() && file.size() && file.read(header) == header.size() && hasWords(header);
}

Result<void> checkEnvelope(const std::string& path, int64_t bytesMax)
{
    const File file(path);
    if (!file.isOpen())
        return failure(std::string("cannot be opened: ") + std::strerror(errno),
            errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io);
    const auto size = file.size();
    if (!size)
        return failure("not a regular file");
    return check(file, *size, bytesMax);
}

} // namespace fleetglass::snapshot
