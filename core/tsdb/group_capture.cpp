// What a reader takes from a group under its mutex: shared blocks, and copies of the heads.
#include "core/tsdb/target_group.h"

namespace fleetglass::tsdb {

namespace {

template<class Block>
bool touches(const Block& block, storage::TimeRange range)
{
    return block.minMs <= range.endMs && block.maxMs >= range.startMs;
}

} // namespace

std::vector<size_t> TargetGroup::visibleHeadRows(
    const Commits::Snapshot& snapshot, storage::TimeRange range) const
{
    std::vector<size_t> rows;
    for (size_t row = 0; row < m_rowTimes.size(); ++row) {
        const int64_t time = m_rowTimes[row];
        if (time >= range.startMs && time <= range.endMs && snapshot.sees(m_rowCommits[row]))
            rows.push_back(row);
    }
    return rows;
}

SeriesCapture TargetGroup::captureLoose(
    const Series& series, const Commits::Snapshot& snapshot, storage::TimeRange range) const
{
    SeriesCapture capture;
    if (!series.loose)
        return capture;
    for (const HeldLoose& held : series.loose->blocks()) {
        if (touches(*held.block, range))
            capture.looseBlocks.push_back(held.block);
    }
    capture.looseHead = series.loose->headCopy(snapshot, range);
    return capture;
}

GroupCapture TargetGroup::capture(std::span<const Match> matches, size_t first,
    const Commits::Snapshot& snapshot, storage::TimeRange range) const
{
    const std::lock_guard lock(m_mutex);
    GroupCapture capture;
    for (const HeldRows& held : m_blocks) {
        if (touches(*held.block, range))
            capture.blocks.push_back(held.block);
    }
    const std::vector<size_t> rows = visibleHeadRows(snapshot, range);
    for (const size_t row : rows)
        capture.headTimes.push_back(m_rowTimes[row]);
    capture.series.reserve(matches.size());
    capture.headValues.reserve(matches.size() * rows.size());
    for (size_t i = 0; i < matches.size(); ++i) {
        const Series& series = *matches[i].series;
        if (!series.isAlive(matches[i].generation))
            continue;
        capture.series.push_back(captureLoose(series, snapshot, range));
        capture.series.back().match = first + i;
        const bool hasColumn = series.column != Series::kNoColumn;
        for (const size_t row : rows)
            capture.headValues.push_back(hasColumn ? m_columns[series.column].at(row) : kAbsent);
    }
    return capture;
}

} // namespace fleetglass::tsdb
