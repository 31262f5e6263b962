// DiskKeeper: the files of a data directory while a store writes to it: which there are, which are
// still needed, and whether the disk can be trusted at the moment. Thread-safe; flush(), resume()
// and what deletes files are called by one thread at a time.
#pragma once

#include "core/base/guarded.h"
#include "core/tsdb/record_writer.h"
#include "core/tsdb/recovery.h"
#include "core/tsdb/target_group.h"

#include <atomic>
#include <map>

namespace fleetglass::tsdb {

class DiskKeeper
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

    DiskKeeper(Place place, std::unique_ptr<DiskLock> lock);

    // Takes over what recovery found and begins the first journal.
    Result<void> start(const Recovered& recovered);

    // Journals begun after a failure are of another era; 0 while nothing is written.
    uint64_t era() const { return m_era.load(); }
    uint32_t journalFile() const { return m_journal.fileNumber(); }
    // False where it is not on the disk; what is missing there is written with resume().
    bool write(const JournalEntry& entry);
    // The file that has it now; 0 where the write failed.
    uint32_t writeBlocks(uint64_t group, const Unwritten& blocks);
    void held(uint32_t file); // Memory took up a block of it.
    void released(std::span<const uint32_t> files); // A block of each was evicted.

    // Writes through to the disk. False where that failed: what was in lostFiles() is not sure.
    bool sync();
    // Whether the files are still where they were.
    bool isInPlace() const;
    void fail(const Error& error, bool isQuarantined);
    void failEverything(const Error& error); // The directory went away.
    Result<void> resume();
    // Something is in memory only; asked once.
    bool takeGap() { return m_hasGap.exchange(false); }
    std::vector<uint32_t> takeLostFiles();

    // Begins a journal when nothing in the current one is needed and it is worth the while.
    void leaveJournal();
    // Removes journals below `needed` and files of blocks that hold nothing any more.
    void removeUnneeded(uint32_t needed);
    size_t journalCount() const;
    uint32_t oldestJournalKept() const;
    uint64_t diskBytes() const;
    // The file of blocks to go first; 0 where there is none but the one in use.
    uint32_t oldestBlocks() const;
    size_t liveIn(uint32_t file) const;

    std::string problem() const; // Why nothing is written; empty where all is well.
    uint64_t journalBytesWritten() const { return m_journal.writtenBytes(); }
    uint64_t blockBytesWritten() const { return m_blocks.writtenBytes(); }
    Result<void> close();

private:
    struct Kept
    {
        std::string path;
        uint64_t bytes = 0;
        size_t live = 0; // Blocks that memory holds as well.
        bool isQuarantined = false; // Never removed, only set aside.
    };
    struct Files
    {
        std::map<uint32_t, Kept> journals; // Those that are written no more.
        std::map<uint32_t, Kept> blocks;
        std::vector<uint32_t> lost;
        std::string problem;
    };

    void abandon(Files& files, const Error& error, bool isQuarantined);
    void noteClosed();
    void setAside(Kept& kept);

    const Place m_place;
    const std::unique_ptr<DiskLock> m_lock;
    RecordWriter m_journal;
    RecordWriter m_blocks;
    std::atomic<uint64_t> m_era { 0 };
    uint64_t m_lastEra = 0;
    std::atomic<bool> m_hasGap { false };
    Guarded<Files> m_files;
};

} // namespace fleetglass::tsdb
