// RecordWriter: the file of one kind that a directory's writer fills, and the next when it is full.
// It tells each series before its first use. Thread-safe: one mutex, held for one write.
#pragma once

#include "core/base/clock.h"
#include "core/tsdb/journal_entry.h"
#include "core/tsdb/series_index.h"
#include "core/tsdb/store_file.h"

#include <deque>
#include <mutex>

namespace fleetglass::tsdb {

class RecordWriter
{
public:
    struct Place
    {
        Disk& disk;
        std::string directory;
        const SeriesIndex& index;
        const Clock& clock;
        FileLimits limits;
    };

    struct Closed
    {
        uint32_t number = 0;
        std::string path;
        uint64_t bytes = 0;
    };

    RecordWriter(Place place, FileKind kind, Series::FileMark Series::*mark, int level);

    // Records made with the file's salt and numbers; told the series first. All of it stands in the
    // file that fileNumber() says then, or the write failed and the file is left alone.
    using Make = std::function<void(Bytes& out, uint32_t salt, const NumberOf& numberOf)>;
    Result<uint32_t> write(std::span<const Match> series, const Make& make);

    // Begins a file, the first or the next. Files before are closed and kept for closedFiles().
    Result<void> open(uint32_t number);
    // Leaves what is not known to be on the disk as it is: nothing is written until the next
    // open().
    std::vector<Closed> abandon();
    // After a failure the file is to be abandoned.
    Result<void> sync();
    Result<void> close();

    bool isOpen() const;
    bool isInPlace() const;
    uint32_t fileNumber() const; // 0: none is open.
    uint32_t nextNumber() const; // Not used by any file so far.
    void useNumbersAbove(uint32_t number);
    uint64_t writtenBytes() const; // By this writer, in all its files.

    // Files that were filled since the last call.
    std::vector<Closed> takeClosed();
    uint64_t openBytes() const; // On the disk.
    uint64_t usedBytes() const; // Of the open file.

private:
    Result<void> openLocked(uint32_t number);
    Result<void> rollIfFull();
    uint32_t numberLocked(const Match& match) const;
    void tellSeries(std::span<const Match> series, Bytes& out);

    const Place m_place;
    const FileKind m_kind;
    Series::FileMark Series::*const m_mark;
    const int m_level;
    mutable std::mutex m_mutex;
    std::shared_ptr<StoreFile> m_file;
    std::vector<std::shared_ptr<StoreFile>> m_unsynced; // Filled, and not synced yet.
    std::vector<Closed> m_closed;
    uint32_t m_nextNumber = 1;
    uint32_t m_nextSeries = 0;
    uint64_t m_writtenBytes = 0;
    Bytes m_buffer;
};

} // namespace fleetglass::tsdb
