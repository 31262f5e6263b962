#include "core/base/utf8.h"
#include "core/config/yaml_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fleetglass::config {

namespace {

class Descriptor
{
public:
    explicit Descriptor(int number)
        : m_number(number)
    {
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    int number() const { return m_number; }

private:
    int m_number;
};

ErrorCode codeOf(int error)
{
    return error == ENOENT ? ErrorCode::NotFound : ErrorCode::Io;
}

std::string limitText(size_t bytesMax)
{
    return std::to_string(bytesMax >> 20U) + " MiB";
}

Result<std::string> readAll(int descriptor, const std::string& path, size_t bytesMax)
{
    std::string text;
    std::array<char, 64 * 1024> buffer {};
    for (;;) {
        const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return failure(path + ": cannot read: " + std::strerror(errno), ErrorCode::Io);
        if (count == 0)
            return text;
        if (text.size() + static_cast<size_t>(count) > bytesMax)
            return failure(
                path + ": larger than the limit of " + limitText(bytesMax), ErrorCode::Limit);
        text.append(buffer.data(), static_cast<size_t>(count));
    }
}

Position positionOfByte(std::string_view text, size_t offset)
{
    const std::string_view before = text.substr(0, offset);
    const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
    const size_t lineStart = before.rfind('\n');
    const size_t column = lineStart == std::string_view::npos ? offset : offset - lineStart - 1;
    return { line, static_cast<int>(column) + 1 };
}

size_t validPrefix(std::string_view text)
{
    const size_t whole = text.size();
    while (!text.empty() && takeCodePoint(text)) { }
    return whole - text.size();
}

bool startsWithAnyCase(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size()
        && std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) {
               return std::tolower(static_cast<unsigned char>(a))
                   == std::tolower(static_cast<unsigned char>(b));
           });
}

bool looksLikeHtml(std::string_view text)
{
    const size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos)
        return false;
    text.remove_prefix(start);
    return startsWithAnyCase(text, "<!doctype") || startsWithAnyCase(text, "<html")
        || startsWithAnyCase(text, "<?xml");
}

} // namespace

Result<std::string> readTextFile(const std::string& path, size_t bytesMax)
{
    // O_NONBLOCK: opening a FIFO would wait for its writer. It says nothing about regular files.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (file.number() < 0) {
        const int error = errno;
        return failure(path + ": cannot open: " + std::strerror(error), codeOf(error));
    }
    struct stat status
    {
    };
    if (::fstat(file.number(), &status) != 0)
        return failure(path + ": cannot read: " + std::strerror(errno), ErrorCode::Io);
    if (S_ISDIR(status.st_mode))
        return failure(path + ": is a directory, not a file");
    if (!S_ISREG(status.st_mode))
        return failure(path + ": is a pipe or a device, not a regular file");
    if (static_cast<uint64_t>(status.st_size) > bytesMax)
        return failure(path + ": " + std::to_string(status.st_size)
                + " bytes are more than the limit of " + limitText(bytesMax),
            ErrorCode::Limit);
    return readAll(file.number(), path, bytesMax);
}

Result<bool> checkText(std::string_view text)
{
    if (text.size() > kTextBytesMax)
        return failure(std::to_string(text.size()) + " bytes are more than the limit of "
                + limitText(kTextBytesMax),
            ErrorCode::Limit);
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        return failure(
            "the text is UTF-16; save it as UTF-8", ErrorCode::Invalid, Position { 1, 1 });
    if (const size_t nul = text.find('\0'); nul != std::string_view::npos)
        return failure(
            "binary data, not a text: a NUL byte", ErrorCode::Invalid, positionOfByte(text, nul));
    if (const size_t valid = validPrefix(text); valid < text.size())
        return failure(
            "the text is not UTF-8 here", ErrorCode::Invalid, positionOfByte(text, valid));
    const auto isControl = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
    };
    if (const auto found = std::find_if(text.begin(), text.end(), isControl); found != text.end())
        return failure("control characters are not allowed", ErrorCode::Invalid,
            positionOfByte(text, static_cast<size_t>(found - text.begin())));
    if (looksLikeHtml(text))
        return failure("a page of HTML or XML, not YAML", ErrorCode::Invalid, Position { 1, 1 });
    return true;
}

} // namespace fleetglass::config
