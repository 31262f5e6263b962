#include "core/tsdb/record.h"

#include "core/base/crc32c.h"
#include "core/tsdb/wire.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <zstd.h>

namespace fleetglass::tsdb {

namespace {

constexpr uint32_t kMagic = 0x31726746; // "Fgr1"
constexpr size_t kStoredMax = size_t { 16 } << 20U; // Of a payload as it is kept, and unfolded.

// magic, length, type, flags, two zeros, checksum of all that but the magic and of the payload.
uint32_t checksumOf(uint32_t salt, ByteView lengthToZeros, ByteView payload)
{
    return crc32c(payload, crc32c(lengthToZeros, salt));
}

struct Frame
{
    uint8_t type = 0;
    uint8_t flags = 0;
    ByteView payload;
};

// The record that begins at the front; nothing where it is not whole.
std::optional<Frame> frameAt(ByteView in, uint32_t salt)
{
    const ByteView header = in.first(std::min(in.size(), kRecordHeaderBytes));
    uint32_t magic = 0;
    uint32_t length = 0;
    if (!takeFixed(in, magic) || magic != kMagic || !takeFixed(in, length) || length > kStoredMax)
        return std::nullopt;
    if (in.size() < 8 + size_t { length })
        return std::nullopt;
    Frame frame { in[0], in[1], in.subspan(8, length) };
    const bool hasZeros = in[2] == 0 && in[3] == 0;
    in = in.subspan(4);
    uint32_t checksum = 0;
    takeFixed(in, checksum);
    if (!hasZeros || checksum != checksumOf(salt, header.subspan(4, 8), frame.payload))
        return std::nullopt;
    return frame;
}

std::optional<Bytes> unfolded(ByteView payload)
{
    uint64_t size = 0;
    if (!takeVarint(payload, size) || size > kStoredMax)
        return std::nullopt;
    Bytes bytes(static_cast<size_t>(size));
    const size_t got = ZSTD_decompress(bytes.data(), bytes.size(), payload.data(), payload.size());
    if (ZSTD_isError(got) != 0 || got != bytes.size())
        return std::nullopt;
    return bytes;
}

class Scan
{
public:
    Scan(ByteView file, uint32_t salt, const RecordVisitor& visitor)
        : m_file(file)
        , m_salt(salt)
        , m_visitor(visitor)
    {
    }

    ScanReport run()
    {
        size_t bad = SIZE_MAX; // Where a damage began that no good record has ended yet.
        for (size_t at = 0; at + kRecordHeaderBytes <= m_file.size();) {
            if (const auto frame = frameAt(m_file.subspan(at), m_salt)) {
                if (bad != SIZE_MAX)
                    tellDamage(at - std::exchange(bad, SIZE_MAX));
                give(*frame, at);
                at += kRecordHeaderBytes + frame->payload.size();
                m_report.goodEnd = at;
                continue;
            }
            if (bad == SIZE_MAX)
                bad = at;
            at = nextMagic(at + 1);
        }
        m_report.tailBytes = tail();
        return m_report;
    }

private:
    void give(const Frame& frame, size_t offset)
    {
        Record record { static_cast<RecordType>(frame.type), frame.flags, frame.payload, offset };
        std::optional<Bytes> bytes;
        if ((frame.flags & kCompressed) != 0) {
            bytes = unfolded(frame.payload);
            if (!bytes)
                return tellDamage(frame.payload.size());
            record.payload = *bytes;
        }
        ++m_report.records;
        m_visitor.record(record);
    }

    void tellDamage(size_t bytes)
    {
        ++m_report.damages;
        m_report.damagedBytes += bytes;
        m_visitor.damage();
    }

    size_t nextMagic(size_t from) const
    {
        if (from >= m_file.size())
            return m_file.size();
        const void* const found
            = memmem(m_file.data() + from, m_file.size() - from, "Fgr1", sizeof(kMagic));
        return found == nullptr
            ? m_file.size()
            : static_cast<size_t>(static_cast<const uint8_t*>(found) - m_file.data());
    }

    size_t tail() const
    {
        const ByteView rest = m_file.subspan(m_report.goodEnd);
        const auto last
            = std::find_if(rest.rbegin(), rest.rend(), [](uint8_t byte) { return byte != 0; });
        return static_cast<size_t>(rest.rend() - last);
    }

    const ByteView m_file;
    const uint32_t m_salt;
    const RecordVisitor& m_visitor;
    ScanReport m_report;
};

} // namespace

void appendRecord(Bytes& out, uint32_t salt, RecordType type, uint8_t flags, ByteView payload)
{
    Bytes head;
    appendFixed(head, static_cast<uint32_t>(payload.size()));
    head.insert(head.end(), { static_cast<uint8_t>(type), flags, 0, 0 });
    appendFixed(out, kMagic);
    out.insert(out.end(), head.begin(), head.end());
    appendFixed(out, checksumOf(salt, head, payload));
    out.insert(out.end(), payload.begin(), payload.end());
}

void appendCompressedRecord(
    Bytes& out, uint32_t salt, RecordType type, uint8_t flags, ByteView payload, int level)
{
    Bytes packed;
    appendVarint(packed, payload.size());
    const size_t begin = packed.size();
    packed.resize(begin + ZSTD_compressBound(payload.size()));
    const size_t size = ZSTD_compress(
        packed.data() + begin, packed.size() - begin, payload.data(), payload.size(), level);
    if (ZSTD_isError(size) != 0 || begin + size >= payload.size())
        return appendRecord(out, salt, type, flags, payload);
    packed.resize(begin + size);
    appendRecord(out, salt, type, flags | kCompressed, packed);
}

ScanReport scanRecords(ByteView file, uint32_t salt, const RecordVisitor& visitor)
{
    return Scan(file, salt, visitor).run();
}

} // namespace fleetglass::tsdb
