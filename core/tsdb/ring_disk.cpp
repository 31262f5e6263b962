// The writing half of a store on disk: packing, flushing, and what happens when the disk fails.
#include "core/base/ensure.h"
#include "core/tsdb/recovery.h"
#include "core/tsdb/ring_state.h"

#include <algorithm>

namespace fleetglass::tsdb {

namespace {

constexpr size_t kJournalsMax = 3; // Above, what holds the oldest is written as it is.

} // namespace

void RingStore::State::pack(TargetGroup& group, bool all, Outcome& outcome)
{
    if (all)
        group.pack(INT64_MAX, outcome);
    for (auto heads = group.unmerged(all); !heads.empty(); heads = group.unmerged(all)) {
        if (!group.replace(heads, mergeRows(heads, commits.horizon())))
            break;
    }
    if (!disk || disk->era() == 0)
        return;
    const Unwritten blocks = group.unwritten();
    if (blocks.empty())
        return;
    const uint32_t file = disk->writeBlocks(group.number(), blocks);
    if (file == 0)
        return;
    for (const Unwritten::Rows& rows : blocks.rows) {
        if (!group.noteWritten(*rows.block, file))
            outcome.released.push_back(file);
    }
    for (const Unwritten::Loose& loose : blocks.loose) {
        if (!group.noteWritten(loose.series, *loose.block, file))
            outcome.released.push_back(file);
    }
    group.noteWritten(blocks.exemplars);
}

void RingStore::State::packPacked(TargetGroup& group)
{
    if (!group.takePacked())
        return;
    Outcome outcome;
    {
        const std::lock_guard writing(group.writing());
        pack(group, false, outcome);
    }
    settle(outcome);
}

void RingStore::State::packAll(TargetGroup& group)
{
    Outcome outcome;
    {
        const std::lock_guard writing(group.writing());
        pack(group, true, outcome);
    }
    settle(outcome);
}

bool RingStore::State::recoverDisk()
{
    if (disk->era() != 0 && !disk->isInPlace())
        disk->failEverything({ ErrorCode::Io,
            directory + ": the directory or its files were moved or removed; they are made anew",
            std::nullopt });
    const auto forgetLost = [&] {
        const auto lost = disk->takeLostFiles();
        for (TargetGroup* group : allGroups())
            group->forgetFiles(lost);
    };
    if (disk->era() == 0) {
        forgetLost();
        if (!disk->resume())
            return false;
    }
    if (disk->takeGap()) {
        forgetLost();
        for (TargetGroup* group : allGroups())
            packAll(*group);
    }
    return disk->era() != 0;
}

uint32_t RingStore::State::oldestJournalNeeded() const
{
    uint32_t oldest = UINT32_MAX;
    for (const TargetGroup* group : allGroups())
        oldest = std::min(oldest, group->oldestJournal());
    return oldest;
}

void RingStore::State::flush()
{
    const std::lock_guard lock(flushMutex);
    if (!disk || !recoverDisk())
        return;
    for (TargetGroup* group : allGroups())
        packPacked(*group);
    if (disk->journalCount() > kJournalsMax) {
        const uint32_t oldest = disk->oldestJournalKept();
        for (TargetGroup* group : allGroups()) {
            if (group->oldestJournal() <= oldest)
                packAll(*group);
        }
    }
    // Asked before the sync: what becomes unneeded after it may not be sure yet. An append under
    // way is in none of the groups but in the current journal or a later one.
    const uint32_t current = disk->journalFile();
    const uint32_t oldest = oldestJournalNeeded();
    const uint32_t needed = std::min(oldest, current);
    if (oldest == UINT32_MAX)
        disk->leaveJournal();
    if (!disk->sync())
        return;
    disk->removeUnneeded(needed);
    keepDiskBudget();
}

void RingStore::State::close()
{
    flush();
    // A file that cannot be closed well is read as one that was left behind.
    if (disk)
        static_cast<void>(disk->close().has_value());
}

void RingStore::State::keepDiskBudget()
{
    while (disk->diskBytes() > directoryOptions.bytesMax) {
        const uint32_t file = disk->oldestBlocks();
        if (file == 0)
            return; // What is left is written at the moment.
        evictFile(file);
        if (disk->liveIn(file) > 0)
            return;
        disk->removeUnneeded(0);
    }
}

// The oldest of all goes until the file holds nothing of what is left.
void RingStore::State::evictFile(uint32_t file)
{
    const std::lock_guard lock(evictionMutex);
    while (disk->liveIn(file) > 0) {
        const auto entry = queue.takeBefore(INT64_MAX);
        if (!entry)
            return;
        Outcome outcome;
        entry->group->evict(*entry, outcome);
        settle(outcome);
    }
}

Result<DirectoryReport> RingStore::openDirectory(
    Disk& disk, const std::string& path, const DirectoryOptions& options)
{
    State& state = *m_state;
    FLEETGLASS_ENSURE(state.groups.empty() && !state.disk);
    std::unique_ptr<DiskLock> lock;
    if (!options.readOnly) {
        if (auto made = disk.makeDirectory(path); !made)
            return failure(made.error());
        auto locked = disk.lock(path + "/lock");
        if (!locked)
            return failure(locked.error());
        lock = std::move(*locked);
    }
    auto recovered = readDirectory(disk, path);
    if (!recovered)
        return failure(recovered.error());
    DirectoryReport report;
    report.notes = std::move(recovered->notes);
    report.isReadOnly = options.readOnly || recovered->isNewer;
    state.directory = path;
    state.directoryOptions = options;
    std::unique_ptr<DiskKeeper> keeper;
    if (!report.isReadOnly) {
        keeper
            = std::make_unique<DiskKeeper>(DiskKeeper::Place { disk, path, state.index, state.clock,
                                               { options.fileBytes, options.freeBytesMin } },
                std::move(lock));
        if (const auto started = keeper->start(*recovered); !started) {
            report.notes.push_back(started.error().message);
            keeper->fail(started.error(), false);
        }
    }
    state.disk = std::move(keeper);
    state.restore(*recovered, report.notes);
    const StoreStats found = stats();
    report.samples = found.samples;
    if (found.samples > 0)
        state.retention.continueFrom(found.maxTimeMs);
    state.keepBudget();
    return report;
}

void RingStore::flush()
{
    m_state->flush();
}

DiskStats RingStore::diskStats() const
{
    DiskStats stats;
    stats.directory = m_state->directory;
    stats.bytesMax = m_state->directoryOptions.bytesMax;
    if (!m_state->disk)
        return stats;
    stats.problem = m_state->disk->problem();
    stats.bytes = m_state->disk->diskBytes();
    stats.journalBytesWritten = m_state->disk->journalBytesWritten();
    stats.blockBytesWritten = m_state->disk->blockBytesWritten();
    return stats;
}

} // namespace fleetglass::tsdb
