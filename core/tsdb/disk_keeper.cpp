#include "core/tsdb/disk_keeper.h"

#include "core/tsdb/block_records.h"

#include <algorithm>

namespace fleetglass::tsdb {

namespace {

constexpr int kJournalLevel = 1; // Of zstd, for labels.
constexpr int kBlocksLevel = 9;

std::vector<Match> seriesOf(const JournalEntry& entry)
{
    std::vector<Match> series;
    if (entry.row)
        series = entry.row->newColumns;
    for (const LooseSampleEntry& loose : entry.loose)
        series.push_back(loose.match);
    for (const ExemplarEntry& exemplar : entry.exemplars)
        series.push_back(exemplar.match);
    return series;
}

std::vector<Match> seriesOf(const Unwritten& blocks)
{
    std::vector<Match> series;
    for (const Unwritten::Rows& rows : blocks.rows)
        series.insert(series.end(), rows.series.begin(), rows.series.end());
    for (const Unwritten::Loose& loose : blocks.loose)
        series.push_back(loose.series);
    return series;
}

} // namespace

DiskKeeper::DiskKeeper(Place place, std::unique_ptr<DiskLock> lock)
    : m_place(std::move(place))
    , m_lock(std::move(lock))
    , m_journal({ m_place.disk, m_place.directory, m_place.index, m_place.clock, m_place.limits },
          FileKind::Journal, &Series::journalMark, kJournalLevel)
    , m_blocks({ m_place.disk, m_place.directory, m_place.index, m_place.clock, m_place.limits },
          FileKind::Blocks, &Series::blocksMark, kBlocksLevel)
{
}

Result<void> DiskKeeper::start(const Recovered& recovered)
{
    m_journal.useNumbersAbove(recovered.lastJournal);
    m_blocks.useNumbersAbove(recovered.lastBlocks);
    m_files.with([&](Files& files) {
        for (const RecoveredFile& file : recovered.files) {
            auto& kept = file.name.kind == FileKind::Journal ? files.journals : files.blocks;
            kept[file.name.number] = { file.path, file.bytes, 0, file.isDamaged };
        }
    });
    return resume();
}

Result<void> DiskKeeper::resume()
{
    // A directory that was removed is made anew.
    if (auto made = m_place.disk.makeDirectory(m_place.directory); !made)
        return made;
    if (!m_journal.isOpen()) {
        if (auto opened = m_journal.open(m_journal.nextNumber()); !opened)
            return opened;
    }
    m_files.with([](Files& files) { files.problem.clear(); });
    m_era = ++m_lastEra;
    return {};
}

bool DiskKeeper::write(const JournalEntry& entry)
{
    if (entry.era == 0 || entry.era != m_era) {
        m_hasGap = true;
        return false;
    }
    const auto written = m_journal.write(
        seriesOf(entry), [&](Bytes& out, uint32_t salt, const NumberOf& numberOf) {
            appendEntry(out, salt, entry, numberOf);
        });
    if (written)
        return true;
    m_hasGap = true;
    fail(written.error(), written.error().code != ErrorCode::Limit);
    return false;
}

uint32_t DiskKeeper::writeBlocks(uint64_t group, const Unwritten& blocks)
{
    if (m_era == 0)
        return 0;
    if (!m_blocks.isOpen()) {
        if (const auto opened = m_blocks.open(m_blocks.nextNumber()); !opened) {
            fail(opened.error(), false);
            return 0;
        }
    }
    const auto written = m_blocks.write(
        seriesOf(blocks), [&](Bytes& out, uint32_t salt, const NumberOf& numberOf) {
            for (const Unwritten::Rows& rows : blocks.rows)
                appendRowBlock(out, salt, group, *rows.block, rows.series, numberOf);
            for (const Unwritten::Loose& loose : blocks.loose)
                appendLooseBlock(out, salt, group, *loose.block, loose.series, numberOf);
            if (!blocks.exemplars.empty())
                appendExemplarRecords(out, salt, blocks.exemplars, numberOf, false);
        });
    if (!written) {
        fail(written.error(), written.error().code != ErrorCode::Limit);
        return 0;
    }
    m_files.with([&](Files& files) {
        files.blocks[*written].live += blocks.rows.size() + blocks.loose.size();
    });
    return *written;
}

void DiskKeeper::held(uint32_t file)
{
    m_files.with([&](Files& files) { ++files.blocks[file].live; });
}

void DiskKeeper::released(std::span<const uint32_t> released)
{
    m_files.with([&](Files& files) {
        for (const uint32_t file : released) {
            const auto kept = files.blocks.find(file);
            if (kept != files.blocks.end() && kept->second.live > 0)
                --kept->second.live;
        }
    });
}

// What was not synced may be lost, whatever failed: it is written again from memory.
void DiskKeeper::abandon(Files& files, const Error& error, bool isQuarantined)
{
    if (m_era == 0)
        return;
    m_era = 0;
    m_hasGap = true;
    files.problem = error.message;
    for (const auto& file : m_journal.abandon())
        files.journals[file.number] = { file.path, file.bytes, 0, isQuarantined };
    for (const auto& file : m_blocks.abandon()) {
        files.blocks[file.number] = { file.path, file.bytes, 0, isQuarantined };
        files.lost.push_back(file.number);
    }
}

void DiskKeeper::fail(const Error& error, bool isQuarantined)
{
    m_files.with([&](Files& files) { abandon(files, error, isQuarantined); });
}

void DiskKeeper::failEverything(const Error& error)
{
    m_files.with([&](Files& files) {
        abandon(files, error, false);
        for (const auto& [number, kept] : files.blocks) {
            if (std::find(files.lost.begin(), files.lost.end(), number) == files.lost.end())
                files.lost.push_back(number);
        }
        files.blocks.clear();
        files.journals.clear();
    });
}

bool DiskKeeper::sync()
{
    // Blocks first: a journal goes only when they are sure.
    for (RecordWriter* const writer : { &m_blocks, &m_journal }) {
        if (const auto synced = writer->sync(); !synced) {
            fail(synced.error(), true);
            return false;
        }
    }
    noteClosed();
    return true;
}

void DiskKeeper::leaveJournal()
{
    constexpr uint64_t kWorthBytes = 4096;
    if (m_journal.usedBytes() < kWorthBytes)
        return;
    if (const auto opened = m_journal.open(m_journal.nextNumber()); !opened)
        fail(opened.error(), false);
}

void DiskKeeper::noteClosed()
{
    m_files.with([&](Files& files) {
        for (const auto& file : m_journal.takeClosed())
            files.journals[file.number] = { file.path, file.bytes, 0, false };
        for (const auto& file : m_blocks.takeClosed()) {
            files.blocks[file.number].path = file.path;
            files.blocks[file.number].bytes = file.bytes;
        }
    });
}

bool DiskKeeper::isInPlace() const
{
    return m_journal.isInPlace() && (!m_blocks.isOpen() || m_blocks.isInPlace());
}

std::vector<uint32_t> DiskKeeper::takeLostFiles()
{
    return m_files.with([](Files& files) { return std::exchange(files.lost, {}); });
}

void DiskKeeper::setAside(Kept& kept)
{
    const auto moved = m_place.disk.rename(kept.path, kept.path + ".damaged");
    if (!moved && moved.error().code != ErrorCode::NotFound)
        m_files.with([&](Files& files) { files.problem = moved.error().message; });
}

void DiskKeeper::removeUnneeded(uint32_t needed)
{
    std::vector<Kept> gone;
    m_files.with([&](Files& files) {
        for (auto place = files.journals.begin();
             place != files.journals.end() && place->first < needed;) {
            gone.push_back(place->second);
            place = files.journals.erase(place);
        }
        const uint32_t current = m_blocks.fileNumber();
        std::erase_if(files.blocks, [&](const auto& entry) {
            const bool isEmpty
                = entry.second.live == 0 && entry.first != current && !entry.second.path.empty();
            if (isEmpty)
                gone.push_back(entry.second);
            return isEmpty;
        });
    });
    for (Kept& kept : gone) {
        if (kept.isQuarantined)
            setAside(kept);
        else
            static_cast<void>(m_place.disk.remove(kept.path).has_value());
    }
}

size_t DiskKeeper::journalCount() const
{
    return m_files.with([](const Files& files) { return files.journals.size(); }) + 1;
}

uint32_t DiskKeeper::oldestJournalKept() const
{
    return m_files.with([](const Files& files) {
        return files.journals.empty() ? UINT32_MAX : files.journals.begin()->first;
    });
}

uint64_t DiskKeeper::diskBytes() const
{
    const uint64_t open = m_journal.openBytes() + m_blocks.openBytes();
    return m_files.with([&](const Files& files) {
        uint64_t bytes = open;
        for (const auto* kind : { &files.journals, &files.blocks }) {
            for (const auto& [number, kept] : *kind)
                bytes += kept.bytes;
        }
        return bytes;
    });
}

uint32_t DiskKeeper::oldestBlocks() const
{
    const uint32_t current = m_blocks.fileNumber();
    return m_files.with([&](const Files& files) {
        const bool isOther = !files.blocks.empty() && files.blocks.begin()->first != current;
        return isOther ? files.blocks.begin()->first : 0;
    });
}

size_t DiskKeeper::liveIn(uint32_t file) const
{
    return m_files.with([&](const Files& files) {
        const auto kept = files.blocks.find(file);
        return kept == files.blocks.end() ? 0 : kept->second.live;
    });
}

std::string DiskKeeper::problem() const
{
    return m_files.with([](const Files& files) { return files.problem; });
}

Result<void> DiskKeeper::close()
{
    m_era = 0;
    for (RecordWriter* const writer : { &m_blocks, &m_journal }) {
        if (auto closed = writer->close(); !closed)
            return closed;
    }
    return {};
}

} // namespace fleetglass::tsdb
