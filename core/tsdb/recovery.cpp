#include "core/tsdb/recovery.h"

#include "core/tsdb/series_records.h"

#include <algorithm>

namespace fleetglass::tsdb {

namespace {

constexpr std::string_view kQuarantineSuffix = ".damaged";

class DirectoryReader
{
public:
    DirectoryReader(Disk& disk, std::string directory)
        : m_disk(disk)
        , m_directory(std::move(directory))
    {
    }

    Result<Recovered> run()
    {
        // Journals are read before blocks: a writer at work removes a journal only when its rows
        // stand in blocks.
        std::vector<std::pair<FileName, Bytes>> journals;
        if (auto read = readJournals(journals); !read)
            return failure(read.error());
        const auto blocks = namesOf(FileKind::Blocks);
        if (!blocks)
            return failure(blocks.error());
        for (const FileName& name : *blocks) {
            const auto bytes = m_disk.read(m_directory + '/' + name.text());
            if (!bytes && bytes.error().code == ErrorCode::NotFound)
                continue; // Its samples grew too old meanwhile.
            if (!bytes)
                unreadable(name, bytes.error());
            else
                readFile(name, *bytes);
        }
        for (const auto& [name, bytes] : journals)
            readFile(name, bytes);
        return std::move(m_found);
    }

private:
    Result<std::vector<FileName>> namesOf(FileKind kind)
    {
        const auto names = m_disk.list(m_directory);
        if (!names)
            return failure(names.error());
        std::vector<FileName> files;
        for (const std::string& text : *names) {
            // A number in quarantine is not used again either.
            std::string_view stem = text;
            const bool isQuarantined = stem.ends_with(kQuarantineSuffix);
            if (isQuarantined)
                stem.remove_suffix(kQuarantineSuffix.size());
            const auto name = FileName::parse(stem);
            if (!name)
                continue;
            uint32_t& last
                = name->kind == FileKind::Journal ? m_found.lastJournal : m_found.lastBlocks;
            last = std::max(last, name->number);
            if (name->kind == kind && !isQuarantined)
                files.push_back(*name);
        }
        std::sort(files.begin(), files.end(),
            [](const FileName& a, const FileName& b) { return a.number < b.number; });
        return files;
    }

    Result<void> readJournals(std::vector<std::pair<FileName, Bytes>>& journals)
    {
        constexpr int kTries = 10;
        for (int i = 0; i < kTries; ++i) {
            journals.clear();
            const auto names = namesOf(FileKind::Journal);
            if (!names)
                return failure(names.error());
            bool isComplete = true;
            for (const FileName& name : *names) {
                auto bytes = m_disk.read(m_directory + '/' + name.text());
                if (bytes)
                    journals.emplace_back(name, std::move(*bytes));
                else if (bytes.error().code == ErrorCode::NotFound)
                    isComplete = false; // Its rows are in a block by now: look again.
                else
                    unreadable(name, bytes.error());
            }
            if (isComplete)
                return {};
        }
        return {};
    }

    void unreadable(const FileName& name, const Error& error)
    {
        m_found.notes.push_back(error.message);
        m_found.files.push_back({ name, m_directory + '/' + name.text(), 0, true });
    }

    void readFile(const FileName& name, ByteView bytes)
    {
        m_name = name;
        m_series.clear();
        m_pending.clear();
        m_lostRows = 0;
        const ScanReport report = scanRecords(bytes, name.salt,
            { [this](const Record& record) { take(record); }, [this] { applyPending(); } });
        // An append of several records that was cut short: nobody had seen it.
        m_pending.clear();
        note(name, report, bytes.size());
    }

    void note(const FileName& name, const ScanReport& report, size_t bytes)
    {
        RecoveredFile file { name, m_directory + '/' + name.text(), bytes,
            report.damages > 0 || m_lostRows > 0 };
        if (report.damages > 0)
            m_found.notes.push_back(file.path + ": " + std::to_string(report.damages)
                + " damaged place(s), " + std::to_string(report.damagedBytes)
                + " bytes left out; the file is kept");
        if (m_lostRows > 0)
            m_found.notes.push_back(file.path + ": " + std::to_string(m_lostRows)
                + " row(s) cannot be told because of it");
        if (report.tailBytes > 0 && report.damages == 0)
            m_found.notes.push_back(file.path + ": 1 record (" + std::to_string(report.tailBytes)
                + " bytes) dropped: it was not written to its end");
        m_found.files.push_back(std::move(file));
    }

    void take(const Record& record)
    {
        if (m_found.isNewer && record.type != RecordType::File)
            return;
        switch (record.type) {
        case RecordType::File:
            return takeHeader(record.payload);
        case RecordType::RowBlock:
            return takeRowBlock(record.payload);
        case RecordType::LooseBlock:
            return takeLooseBlock(record.payload);
        default:
            // An append counts when its last record is there.
            m_pending.push_back(
                { record.type, Bytes(record.payload.begin(), record.payload.end()) });
            if ((record.flags & kMoreFollows) == 0 || record.type == RecordType::Series)
                applyPending(record.type == RecordType::Series);
        }
    }

    void takeHeader(ByteView payload)
    {
        const auto header = readFileHeader(payload);
        if (!header || header->version <= kFormatVersion)
            return;
        m_found.isNewer = true;
        m_found.notes.push_back(m_directory + '/' + m_name.text() + ": format "
            + std::to_string(header->version) + " is newer than this program's "
            + std::to_string(kFormatVersion) + "; the directory is opened read-only");
    }

    // Series count at once: they say nothing by themselves.
    void applyPending(bool isSeries = false)
    {
        if (isSeries) {
            takeSeries(m_pending.back().second);
            m_pending.pop_back();
            return;
        }
        for (const auto& [type, payload] : m_pending) {
            if (type == RecordType::Row)
                takeRow(payload);
            else if (type == RecordType::Loose)
                takeLoose(payload);
            else if (type == RecordType::Exemplars)
                takeExemplars(payload);
        }
        m_pending.clear();
    }

    void takeSeries(ByteView payload)
    {
        readSeriesRecord(payload, [this](uint32_t number, labels::Labels labels) {
            const auto next = static_cast<uint32_t>(m_found.series.size());
            const auto [place, isNew] = m_byLabels.try_emplace(labels, next);
            if (isNew)
                m_found.series.push_back(std::move(labels));
            if (number >= m_series.size())
                m_series.resize(std::min<size_t>(size_t { number } + 1, kNumbersMax), kLost);
            if (number < m_series.size())
                m_series[number] = place->second;
        });
    }

    uint32_t seriesOf(uint32_t number) const
    {
        return number < m_series.size() ? m_series[number] : kLost;
    }

    void takeRow(ByteView payload)
    {
        RowPart part;
        if (!readRowPart(payload, part))
            return;
        RecoveredGroup& group = m_found.groups[part.group];
        if (group.hasBlockAt(part.timeMs))
            return group.chains.skip(part.chain);
        std::vector<uint32_t> series;
        series.reserve(part.newColumns.size());
        for (const uint32_t number : part.newColumns)
            series.push_back(seriesOf(number));
        m_lostRows += group.chains.apply(part, series, m_name.number) ? 0U : 1U;
    }

    void takeLoose(ByteView payload)
    {
        std::vector<LooseRead> samples;
        readLooseRecord(payload, samples);
        for (LooseRead& read : samples) {
            if (const uint32_t series = seriesOf(read.number); series != kLost)
                looseOf(series, read.group)
                    .samples.push_back({ std::move(read.sample), m_name.number });
        }
    }

    RecoveredLoose& looseOf(uint32_t series, uint64_t group)
    {
        RecoveredLoose& loose = m_found.loose[series];
        loose.group = group;
        return loose;
    }

    void takeExemplars(ByteView payload)
    {
        std::vector<ExemplarRead> exemplars;
        readExemplarRecord(payload, exemplars);
        for (ExemplarRead& read : exemplars) {
            if (const uint32_t series = seriesOf(read.number); series != kLost)
                m_found.exemplars.emplace_back(series, std::move(read.exemplar));
        }
    }

    void takeRowBlock(ByteView payload)
    {
        BlockPage page;
        if (!readRowBlock(payload, page))
            return;
        auto& rows = m_found.groups[page.group].rows;
        const auto [place, isNew] = rows.try_emplace(page.minMs);
        RecoveredRows& block = place->second;
        if (isNew) {
            block.minMs = page.minMs;
            block.maxMs = page.maxMs;
            block.rows = page.rows;
            block.file = m_name.number;
            block.times.assign(page.times.begin(), page.times.end());
        } else if (block.maxMs != page.maxMs || block.file != m_name.number) {
            return; // Written twice, because the first writing was not sure to have arrived.
        }
        for (const BlockPage::Column& column : page.columns) {
            const uint32_t series = seriesOf(column.number);
            if (series == kLost)
                continue;
            block.columns.push_back({ series, static_cast<uint32_t>(column.bytes.size()),
                column.firstMs, column.lastMs, column.lastValue, column.samples });
            block.values.insert(block.values.end(), column.bytes.begin(), column.bytes.end());
        }
    }

    void takeLooseBlock(ByteView payload)
    {
        LooseBlockRead read;
        if (!readLooseBlock(payload, read) || seriesOf(read.number) == kLost)
            return;
        looseOf(seriesOf(read.number), read.group)
            .blocks.try_emplace(
                read.block->minMs, RecoveredLoose::Packed { read.block, m_name.number });
    }

    static constexpr uint32_t kLost = UINT32_MAX;
    static constexpr size_t kNumbersMax = 64'000'000;

    Disk& m_disk;
    const std::string m_directory;
    Recovered m_found;
    std::unordered_map<labels::Labels, uint32_t> m_byLabels;
    // Of the file at hand.
    FileName m_name;
    std::vector<uint32_t> m_series;
    std::vector<std::pair<RecordType, Bytes>> m_pending;
    size_t m_lostRows = 0;
};

} // namespace

Result<Recovered> readDirectory(Disk& disk, const std::string& directory)
{
    return DirectoryReader(disk, directory).run();
}

} // namespace fleetglass::tsdb
