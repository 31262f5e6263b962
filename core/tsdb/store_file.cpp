#include "core/tsdb/store_file.h"

#include "core/tsdb/wire.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace fleetglass::tsdb {

namespace {

constexpr std::string_view kJournalPrefix = "journal-";
constexpr std::string_view kBlocksPrefix = "blocks-";

bool takeNumber(std::string_view& text, size_t digits, int base, uint32_t& number)
{
    if (text.size() < digits)
        return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number, base);
    if (error != std::errc() || end != text.data() + digits)
        return false;
    text.remove_prefix(digits);
    return true;
}

std::string mebibytes(uint64_t bytes)
{
    return std::to_string(bytes >> 20U) + " MiB";
}

} // namespace

std::string FileName::text() const
{
    std::array<char, 40> text {};
    std::snprintf(text.data(), text.size(), "%s%08u-%08x",
        kind == FileKind::Journal ? kJournalPrefix.data() : kBlocksPrefix.data(), number, salt);
    return text.data();
}

std::optional<FileName> FileName::parse(std::string_view text)
{
    FileName name;
    const bool isJournal = text.starts_with(kJournalPrefix);
    if (!isJournal && !text.starts_with(kBlocksPrefix))
        return std::nullopt;
    name.kind = isJournal ? FileKind::Journal : FileKind::Blocks;
    text.remove_prefix(isJournal ? kJournalPrefix.size() : kBlocksPrefix.size());
    if (!takeNumber(text, 8, 10, name.number) || !text.starts_with('-'))
        return std::nullopt;
    text.remove_prefix(1);
    if (!takeNumber(text, 8, 16, name.salt) || !text.empty() || name.number == 0)
        return std::nullopt;
    return name;
}

std::optional<FileHeader> readFileHeader(ByteView payload)
{
    FileHeader header;
    uint64_t version = 0;
    uint8_t kind = 0;
    uint64_t number = 0;
    if (!takeVarint(payload, version) || version > UINT32_MAX)
        return std::nullopt;
    header.version = static_cast<uint32_t>(version);
    if (header.version > kFormatVersion)
        return header; // The rest may mean something else.
    if (!takeFixed(payload, kind) || !takeVarint(payload, number) || number > UINT32_MAX
        || !takeSigned(payload, header.createdMs))
        return std::nullopt;
    header.kind = static_cast<FileKind>(kind);
    header.number = static_cast<uint32_t>(number);
    return header;
}

StoreFile::StoreFile(Disk& disk, std::string directory, FileName name, const FileLimits& limits)
    : m_disk(disk)
    , m_directory(std::move(directory))
    , m_name(name)
    , m_path(m_directory + '/' + name.text())
    , m_limits(limits)
{
}

Result<std::shared_ptr<StoreFile>> StoreFile::create(Disk& disk, const std::string& directory,
    FileName name, const FileLimits& limits, int64_t nowMs)
{
    std::shared_ptr<StoreFile> made(new StoreFile(disk, directory, name, limits));
    auto file = disk.create(made->m_path);
    if (!file)
        return failure(file.error());
    made->m_file = std::move(*file);
    Bytes payload;
    appendVarint(payload, kFormatVersion);
    payload.push_back(static_cast<uint8_t>(name.kind));
    appendVarint(payload, name.number);
    appendSigned(payload, nowMs);
    Bytes record;
    appendRecord(record, name.salt, RecordType::File, 0, payload);
    auto written = made->append(record);
    if (written)
        written = disk.syncDirectory(directory);
    if (!written) {
        // Nothing is in it yet: it goes, and the next try begins anew.
        made->m_file.reset();
        static_cast<void>(disk.remove(made->m_path).has_value());
        return failure(written.error());
    }
    return made;
}

Result<void> StoreFile::reserve(uint64_t bytes)
{
    if (bytes <= m_reserved)
        return {};
    const uint64_t wanted = std::max(bytes, m_reserved + m_limits.reserveBytes);
    const auto space = m_disk.space(m_directory);
    if (!space)
        return failure(space.error());
    const uint64_t keptFree = std::max(m_limits.freeBytesMin, space->allBytes / 20);
    if (m_limits.freeBytesMin > 0 && space->freeBytes < keptFree + (wanted - m_reserved))
        return failure(m_directory + ": the disk has " + mebibytes(space->freeBytes) + " left, and "
                + mebibytes(keptFree) + " are kept free; make room",
            ErrorCode::Limit);
    if (auto reserved = m_file->reserve(wanted); !reserved)
        return reserved;
    m_reserved = wanted;
    return {};
}

Result<void> StoreFile::append(ByteView records)
{
    if (m_failed)
        return failure(m_path + ": is not written to any more after an error", ErrorCode::Io);
    const uint64_t size = m_size;
    auto written = reserve(size + records.size());
    if (written)
        written = m_file->writeAt(size, records);
    if (!written) {
        m_failed = true;
        return written;
    }
    m_size = size + records.size();
    return {};
}

Result<void> StoreFile::sync()
{
    if (m_failed)
        return failure(m_path + ": is not written to any more after an error", ErrorCode::Io);
    const uint64_t size = m_size;
    auto synced = m_file->sync();
    if (!synced)
        m_failed = true;
    else
        m_synced = size;
    return synced;
}

Result<void> StoreFile::close()
{
    if (m_failed)
        return {};
    m_failed = true;
    if (auto cut = m_file->truncate(m_size); !cut)
        return cut;
    m_reserved = m_size.load();
    return {};
}

} // namespace fleetglass::tsdb
