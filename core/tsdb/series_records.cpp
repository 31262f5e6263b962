#include "core/tsdb/series_records.h"

#include "core/tsdb/wire.h"

namespace fleetglass::tsdb {

namespace {

constexpr size_t kLabelsMax = 4096; // Of one series; far above what scrapes let in.

// Pairs and names by their number in the record; 0 means a new one follows.
class SeriesRecordReader
{
public:
    explicit SeriesRecordReader(ByteView in)
        : m_in(in)
    {
    }

    bool run(const std::function<void(uint32_t, labels::Labels)>& visit)
    {
        uint64_t number = 0;
        uint64_t count = 0;
        if (!takeVarint(m_in, number) || !takeVarint(m_in, count) || count > m_in.size()
            || number + count > UINT32_MAX)
            return false;
        for (; count > 0; --count, ++number) {
            if (!takeLabels())
                return false;
            visit(static_cast<uint32_t>(number), labels::Labels::fromViews(m_labels));
        }
        return m_in.empty();
    }

private:
    bool takeLabels()
    {
        uint64_t count = 0;
        if (!takeVarint(m_in, count) || count > kLabelsMax || count > m_in.size())
            return false;
        m_labels.resize(static_cast<size_t>(count));
        for (labels::Label& label : m_labels) {
            if (!takePair(label))
                return false;
        }
        return true;
    }

    bool takePair(labels::Label& label)
    {
        uint64_t code = 0;
        if (!takeVarint(m_in, code) || code > m_pairs.size())
            return false;
        if (code > 0) {
            label = m_pairs[static_cast<size_t>(code - 1)];
            return true;
        }
        if (!takeVarint(m_in, code) || code > m_names.size())
            return false;
        if (code == 0 && !takeText(m_in, m_names.emplace_back()))
            return false;
        label.name = code == 0 ? m_names.back() : m_names[static_cast<size_t>(code - 1)];
        if (!takeText(m_in, label.value))
            return false;
        m_pairs.push_back(label);
        return true;
    }

    ByteView m_in;
    std::vector<labels::Label> m_pairs;
    std::vector<std::string_view> m_names;
    std::vector<labels::Label> m_labels;
};

} // namespace

void SeriesRecordWriter::add(uint32_t number, std::span<LabelPair* const> pairs)
{
    if (m_count > 0 && (m_payload.size() >= kRecordPayloadMax / 2 || number != m_first + m_count))
        close();
    if (m_count == 0)
        m_first = number;
    ++m_count;
    appendVarint(m_payload, pairs.size());
    for (const LabelPair* pair : pairs) {
        const auto next = static_cast<uint32_t>(m_pairs.size() + 1);
        if (const auto [place, isNew] = m_pairs.try_emplace(pair, next); !isNew) {
            appendVarint(m_payload, place->second);
            continue;
        }
        appendVarint(m_payload, 0);
        const auto nextName = static_cast<uint32_t>(m_names.size() + 1);
        const auto [name, isNewName] = m_names.try_emplace(pair->name, nextName);
        appendVarint(m_payload, isNewName ? 0 : name->second);
        if (isNewName)
            appendText(m_payload, pair->name);
        appendText(m_payload, pair->value);
    }
}

void SeriesRecordWriter::close()
{
    Bytes payload;
    appendVarint(payload, m_first);
    appendVarint(payload, m_count);
    payload.insert(payload.end(), m_payload.begin(), m_payload.end());
    appendCompressedRecord(m_records, m_salt, RecordType::Series, kMoreFollows, payload, m_level);
    m_payload.clear();
    m_count = 0;
    m_pairs.clear();
    m_names.clear();
}

void SeriesRecordWriter::finish(Bytes& out)
{
    if (m_count > 0)
        close();
    out.insert(out.end(), m_records.begin(), m_records.end());
    m_records.clear();
}

bool readSeriesRecord(
    ByteView payload, const std::function<void(uint32_t number, labels::Labels)>& visit)
{
    return SeriesRecordReader(payload).run(visit);
}

} // namespace fleetglass::tsdb
