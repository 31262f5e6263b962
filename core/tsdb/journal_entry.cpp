#include "core/tsdb/journal_entry.h"

#include "core/tsdb/histogram_codec.h"
#include "core/tsdb/wire.h"

namespace fleetglass::tsdb {

namespace {

constexpr size_t kColumnsPerPart = 8192;

enum PartFlags : uint8_t
{
    kFirstPart = 1,
    kLastPart = 2,
};

enum LooseFlags : uint8_t
{
    kHasStart = 1,
    kIsHistogram = 2,
};

// Records that hold as many items as fit; each is marked to be followed, the last as told.
class ItemRecords
{
public:
    ItemRecords(Bytes& out, uint32_t salt, RecordType type)
        : m_out(out)
        , m_salt(salt)
        , m_type(type)
    {
    }

    // The item just appended to payload() is whole.
    void endItem()
    {
        if (m_payload.size() >= kRecordPayloadMax / 2)
            close(kMoreFollows);
    }
    Bytes& payload() { return m_payload; }
    void finish(bool isFollowed)
    {
        if (!m_payload.empty())
            close(isFollowed ? kMoreFollows : 0);
        else if (!isFollowed && m_lastFlags != SIZE_MAX)
            appendRecord(m_out, m_salt, m_type, 0, {}); // An end that nothing follows.
    }

private:
    void close(uint8_t flags)
    {
        m_lastFlags = flags;
        appendRecord(m_out, m_salt, m_type, flags, m_payload);
        m_payload.clear();
    }

    Bytes& m_out;
    const uint32_t m_salt;
    const RecordType m_type;
    Bytes m_payload;
    size_t m_lastFlags = SIZE_MAX;
};

void appendPartHead(Bytes& out, const RowChanges& row, uint8_t flags)
{
    appendVarint(out, row.group);
    appendVarint(out, row.chain);
    appendVarint(out, row.row);
    appendSigned(out, row.timeMs);
    out.push_back(flags);
}

void appendNumbers(Bytes& out, std::span<const Match> matches, const NumberOf& numberOf)
{
    appendVarint(out, matches.size());
    int64_t expected = 0;
    for (const Match& match : matches) {
        const int64_t number = numberOf(match);
        appendSigned(out, number - expected);
        expected = number + 1;
    }
}

// Parts of new columns first, then parts of changes; a usual row is one part of both.
void appendRow(
    Bytes& out, uint32_t salt, const RowChanges& row, const NumberOf& numberOf, bool isFollowed)
{
    std::span<const Match> columns = row.newColumns;
    size_t byte = 0;
    size_t change = 0;
    size_t cut = 0;
    for (bool isFirst = true, isLast = false; !isLast; isFirst = false) {
        const auto some = columns.first(std::min(columns.size(), kColumnsPerPart));
        columns = columns.subspan(some.size());
        // Changes begin in the part that tells the last new columns.
        const bool hasChanges = columns.empty();
        const bool isLastCut = cut == row.cuts.size();
        const RowChanges::Cut end = !hasChanges ? RowChanges::Cut { byte, change }
            : isLastCut                         ? RowChanges::Cut { row.changes.size(), row.count }
                                                : row.cuts[cut++];
        isLast = hasChanges && isLastCut;
        Bytes payload;
        appendPartHead(payload, row,
            static_cast<uint8_t>((isFirst ? kFirstPart : 0) | (isLast ? kLastPart : 0)));
        appendNumbers(payload, some, numberOf);
        appendVarint(payload, end.changes - change);
        payload.insert(payload.end(), row.changes.begin() + static_cast<std::ptrdiff_t>(byte),
            row.changes.begin() + static_cast<std::ptrdiff_t>(end.bytes));
        byte = end.bytes;
        change = end.changes;
        appendRecord(out, salt, RecordType::Row, isLast && !isFollowed ? 0 : kMoreFollows, payload);
    }
}

bool takeLooseSample(ByteView& in, storage::LooseSample& sample)
{
    uint8_t flags = 0;
    uint64_t bits = 0;
    if (!takeSigned(in, sample.timestampMs) || !takeFixed(in, flags))
        return false;
    if ((flags & kHasStart) != 0 && !takeSigned(in, sample.startTimestampMs))
        return false;
    if ((flags & kIsHistogram) != 0) {
        sample.histogram = decodeHistogram(in);
        return sample.histogram != nullptr;
    }
    if (!takeFixed(in, bits))
        return false;
    sample.value = std::bit_cast<double>(bits);
    return true;
}

bool takeExemplar(ByteView& in, ExemplarRead& read)
{
    uint64_t number = 0;
    uint64_t bits = 0;
    uint64_t count = 0;
    if (!takeVarint(in, read.group) || !takeVarint(in, number) || number > UINT32_MAX
        || !takeSigned(in, read.exemplar.timestampMs) || !takeFixed(in, bits)
        || !takeVarint(in, count) || count > in.size())
        return false;
    read.number = static_cast<uint32_t>(number);
    read.exemplar.value = std::bit_cast<double>(bits);
    std::vector<labels::Label> labels(static_cast<size_t>(count));
    for (labels::Label& label : labels) {
        if (!takeText(in, label.name) || !takeText(in, label.value))
            return false;
    }
    read.exemplar.labels = labels::Labels::fromViews(labels);
    return true;
}

} // namespace

void appendLooseSample(Bytes& out, const storage::LooseSample& sample)
{
    appendSigned(out, sample.timestampMs);
    out.push_back(static_cast<uint8_t>(
        (sample.startTimestampMs != 0 ? kHasStart : 0) | (sample.histogram ? kIsHistogram : 0)));
    if (sample.startTimestampMs != 0)
        appendSigned(out, sample.startTimestampMs);
    if (sample.histogram)
        encodeHistogram(out, *sample.histogram);
    else
        appendFixed(out, bitsOf(sample.value));
}

void appendExemplarRecords(Bytes& out, uint32_t salt, std::span<const ExemplarEntry> exemplars,
    const NumberOf& numberOf, bool isFollowed)
{
    ItemRecords records(out, salt, RecordType::Exemplars);
    for (const ExemplarEntry& entry : exemplars) {
        Bytes& payload = records.payload();
        appendVarint(payload, entry.group);
        appendVarint(payload, numberOf(entry.match));
        appendSigned(payload, entry.exemplar.timestampMs);
        appendFixed(payload, bitsOf(entry.exemplar.value));
        appendVarint(payload, entry.exemplar.labels.size());
        for (const labels::Label& label : entry.exemplar.labels) {
            appendText(payload, label.name);
            appendText(payload, label.value);
        }
        records.endItem();
    }
    records.finish(isFollowed);
}

void appendEntry(Bytes& out, uint32_t salt, const JournalEntry& entry, const NumberOf& numberOf)
{
    const bool hasExemplars = !entry.exemplars.empty();
    if (entry.row)
        appendRow(out, salt, *entry.row, numberOf, !entry.loose.empty() || hasExemplars);
    if (!entry.loose.empty()) {
        ItemRecords records(out, salt, RecordType::Loose);
        for (const LooseSampleEntry& loose : entry.loose) {
            appendVarint(records.payload(), loose.group);
            appendVarint(records.payload(), numberOf(loose.match));
            appendLooseSample(records.payload(), loose.sample);
            records.endItem();
        }
        records.finish(hasExemplars);
    }
    if (hasExemplars)
        appendExemplarRecords(out, salt, entry.exemplars, numberOf, false);
}

bool readRowPart(ByteView payload, RowPart& part)
{
    uint64_t row = 0;
    uint8_t flags = 0;
    uint64_t columns = 0;
    uint64_t count = 0;
    if (!takeVarint(payload, part.group) || !takeVarint(payload, part.chain)
        || !takeVarint(payload, row) || row > UINT32_MAX || !takeSigned(payload, part.timeMs)
        || !takeFixed(payload, flags) || !takeVarint(payload, columns) || columns > payload.size())
        return false;
    part.row = static_cast<uint32_t>(row);
    part.isFirst = (flags & kFirstPart) != 0;
    part.isLast = (flags & kLastPart) != 0;
    part.newColumns.clear();
    int64_t number = 0;
    for (uint64_t i = 0; i < columns; ++i, ++number) {
        int64_t gap = 0;
        if (!takeSigned(payload, gap) || gap < -int64_t { UINT32_MAX } || gap > UINT32_MAX)
            return false;
        number += gap;
        if (number < 0 || number > UINT32_MAX)
            return false;
        part.newColumns.push_back(static_cast<uint32_t>(number));
    }
    if (!takeVarint(payload, count) || count > payload.size())
        return false;
    part.count = static_cast<size_t>(count);
    part.changes = payload;
    return true;
}

bool readLooseRecord(ByteView payload, std::vector<LooseRead>& samples)
{
    while (!payload.empty()) {
        LooseRead read;
        uint64_t number = 0;
        if (!takeVarint(payload, read.group) || !takeVarint(payload, number) || number > UINT32_MAX
            || !takeLooseSample(payload, read.sample))
            return false;
        read.number = static_cast<uint32_t>(number);
        samples.push_back(std::move(read));
    }
    return true;
}

bool readExemplarRecord(ByteView payload, std::vector<ExemplarRead>& exemplars)
{
    while (!payload.empty()) {
        ExemplarRead read;
        if (!takeExemplar(payload, read))
            return false;
        exemplars.push_back(std::move(read));
    }
    return true;
}

} // namespace fleetglass::tsdb
