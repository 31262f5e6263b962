#include "core/tsdb/record_writer.h"

#include "core/tsdb/series_records.h"

#include <algorithm>

namespace fleetglass::tsdb {

RecordWriter::RecordWriter(Place place, FileKind kind, Series::FileMark Series::*mark, int level)
    : m_place(std::move(place))
    , m_kind(kind)
    , m_mark(mark)
    , m_level(level)
{
}

// A series that died has no labels to tell; what is said of it is left out when it is read.
uint32_t RecordWriter::numberLocked(const Match& match) const
{
    const Series::FileMark& mark = match.series->*m_mark;
    const bool isTold
        = mark.file == m_file->name().number && match.series->isAlive(match.generation);
    return isTold ? mark.number : UINT32_MAX;
}

void RecordWriter::tellSeries(std::span<const Match> series, Bytes& out)
{
    SeriesRecordWriter writer(m_file->name().salt, m_level);
    m_place.index.visitLabels(series, [&](Series& one, std::span<LabelPair* const> pairs) {
        Series::FileMark& mark = one.*m_mark;
        if (mark.file == m_file->name().number)
            return;
        mark = { m_file->name().number, m_nextSeries++ };
        writer.add(mark.number, pairs);
    });
    writer.finish(out);
}

Result<void> RecordWriter::rollIfFull()
{
    return m_file->isFull() ? openLocked(m_nextNumber) : Result<void>();
}

Result<uint32_t> RecordWriter::write(std::span<const Match> series, const Make& make)
{
    const std::lock_guard lock(m_mutex);
    if (!m_file)
        return failure(m_place.directory + ": no file is open", ErrorCode::Io);
    if (auto rolled = rollIfFull(); !rolled) {
        m_file.reset();
        return failure(rolled.error());
    }
    m_buffer.clear();
    tellSeries(series, m_buffer);
    make(m_buffer, m_file->name().salt, [this](const Match& match) { return numberLocked(match); });
    if (auto written = m_file->append(m_buffer); !written)
        return failure(written.error());
    m_writtenBytes += m_buffer.size();
    constexpr size_t kBufferKept = size_t { 1 } << 20U;
    if (m_buffer.capacity() > kBufferKept)
        m_buffer = {};
    return m_file->name().number;
}

Result<void> RecordWriter::open(uint32_t number)
{
    const std::lock_guard lock(m_mutex);
    return openLocked(number);
}

Result<void> RecordWriter::openLocked(uint32_t number)
{
    const FileName name { m_kind, number, m_place.disk.salt() };
    m_nextNumber = std::max(m_nextNumber, number + 1);
    auto made = StoreFile::create(
        m_place.disk, m_place.directory, name, m_place.limits, m_place.clock.wallMs());
    if (!made)
        return failure(made.error());
    if (m_file) {
        m_closed.push_back({ m_file->name().number, m_file->path(), m_file->size() });
        m_unsynced.push_back(m_file);
    }
    m_file = std::move(*made);
    m_nextSeries = 0;
    return {};
}

std::vector<RecordWriter::Closed> RecordWriter::abandon()
{
    const std::lock_guard lock(m_mutex);
    std::vector<Closed> left;
    if (m_file)
        m_unsynced.push_back(std::exchange(m_file, nullptr));
    for (const auto& file : std::exchange(m_unsynced, {})) {
        left.push_back({ file->name().number, file->path(), file->size() });
        std::erase_if(
            m_closed, [&](const Closed& closed) { return closed.number == left.back().number; });
    }
    return left;
}

Result<void> RecordWriter::sync()
{
    // The mutex is not held while the disk works: appends go on.
    std::vector<std::shared_ptr<StoreFile>> files;
    {
        const std::lock_guard lock(m_mutex);
        files = m_unsynced;
        if (m_file && m_file->hasUnsynced())
            files.push_back(m_file);
    }
    for (const auto& file : files) {
        if (auto synced = file->sync(); !synced)
            return synced;
        const std::lock_guard lock(m_mutex);
        if (file == m_file)
            continue;
        std::erase(m_unsynced, file);
        if (auto closed = file->close(); !closed)
            return closed;
    }
    return {};
}

Result<void> RecordWriter::close()
{
    if (auto synced = sync(); !synced)
        return synced;
    const std::lock_guard lock(m_mutex);
    if (!m_file)
        return {};
    const auto file = std::exchange(m_file, nullptr);
    m_closed.push_back({ file->name().number, file->path(), file->size() });
    return file->close();
}

bool RecordWriter::isOpen() const
{
    const std::lock_guard lock(m_mutex);
    return m_file != nullptr;
}

bool RecordWriter::isInPlace() const
{
    const std::lock_guard lock(m_mutex);
    return m_file && m_file->isInPlace();
}

uint32_t RecordWriter::fileNumber() const
{
    const std::lock_guard lock(m_mutex);
    return m_file ? m_file->name().number : 0;
}

uint32_t RecordWriter::nextNumber() const
{
    const std::lock_guard lock(m_mutex);
    return m_nextNumber;
}

void RecordWriter::useNumbersAbove(uint32_t number)
{
    const std::lock_guard lock(m_mutex);
    m_nextNumber = std::max(m_nextNumber, number + 1);
}

uint64_t RecordWriter::writtenBytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_writtenBytes;
}

std::vector<RecordWriter::Closed> RecordWriter::takeClosed()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_closed, {});
}

uint64_t RecordWriter::openBytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_file ? m_file->diskBytes() : 0;
}

uint64_t RecordWriter::usedBytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_file ? m_file->size() : 0;
}

} // namespace fleetglass::tsdb
