#include "core/tsdb/slice_builder.h"

#include "core/base/number.h"

#include <algorithm>

namespace fleetglass::tsdb {

using storage::SeriesSlice;

namespace {

std::string limitText(size_t limit)
{
    return groupDigits(static_cast<int64_t>(std::min<size_t>(limit, INT64_MAX)));
}

} // namespace

SliceBuilder::SliceBuilder(
    Commits::Snapshot snapshot, storage::TimeRange range, storage::SelectLimits limits)
    : m_snapshot(std::move(snapshot))
    , m_range(range)
    , m_limits(std::move(limits))
{
}

Result<void> SliceBuilder::add(const GroupCapture& capture, std::span<const Match> matches,
    std::span<const labels::Labels> labels)
{
    const GroupRows rows = rowsOf(capture);
    const size_t headRows = capture.headTimes.size();
    for (size_t i = 0; i < capture.series.size(); ++i) {
        if (m_limits.stop.stop_requested())
            return failure("query cancelled", ErrorCode::Cancelled);
        const SeriesCapture& series = capture.series[i];
        const auto head = std::span(capture.headValues).subspan(i * headRows, headRows);
        Floats floats = rowFloats(rows, matches[series.match].series->slot, head);
        LooseSamples loose = looseOf(series);
        if (!loose.timesMs.empty())
            floats = floats.times.empty() ? keep(loose) : merge(floats, loose);
        SeriesSlice slice { labels[series.match], floats.times, floats.values, floats.starts, {},
            m_arena };
        if (!loose.histograms.empty())
            slice.histograms = m_arena->histograms.emplace_back(std::move(loose.histograms));
        if (slice.empty())
            continue;
        if (auto counted = count(slice); !counted)
            return counted;
        m_slices.push_back(std::move(slice));
    }
    return {};
}

Result<void> SliceBuilder::count(const SeriesSlice& slice)
{
    m_samples += slice.timestampsMs.size() + slice.histograms.size();
    if (m_samples > m_limits.samplesMax)
        return failure("the selection has more than " + limitText(m_limits.samplesMax)
                + " samples, the limit; narrow the matchers or the time range",
            ErrorCode::Limit);
    if (m_slices.size() >= m_limits.seriesMax)
        return failure("the selection has more than " + limitText(m_limits.seriesMax)
                + " series, the limit; narrow the matchers",
            ErrorCode::Limit);
    return {};
}

SliceBuilder::GroupRows SliceBuilder::rowsOf(const GroupCapture& capture)
{
    GroupRows rows;
    std::vector<int64_t> times;
    std::array<int64_t, kRowsPerBlock> decoded;
    for (const auto& block : capture.blocks) {
        BlockRows part { block.get(), {}, times.size() };
        block->decodeRowTimes(decoded);
        for (uint32_t row = 0; row < block->rows; ++row) {
            const int64_t time = decoded[row];
            const bool isSeen = block->commits.empty() || m_snapshot.sees(block->commits[row]);
            if (!isSeen || time < m_range.startMs || time > m_range.endMs)
                continue;
            part.rows.push_back(row);
            times.push_back(time);
        }
        if (!part.rows.empty())
            rows.blocks.push_back(std::move(part));
    }
    rows.headBegin = times.size();
    times.insert(times.end(), capture.headTimes.begin(), capture.headTimes.end());
    rows.times = m_arena->times.emplace_back(std::move(times));
    return rows;
}

SliceBuilder::Floats SliceBuilder::rowFloats(
    const GroupRows& rows, uint32_t slot, std::span<const double> head)
{
    // From the first block that knows the series on: a target's many short-lived series must not
    // each cost the target's whole past.
    std::vector<double> column;
    size_t begin = 0;
    const auto alignTo = [&](size_t place) {
        if (column.empty())
            begin = place;
        column.resize(place - begin, kAbsent);
    };
    std::array<double, kRowsPerBlock> decoded;
    for (const BlockRows& part : rows.blocks) {
        const auto place = part.block->columnOf(slot);
        if (!place)
            continue;
        alignTo(part.begin);
        if (column.empty())
            column.reserve(rows.times.size() - begin);
        part.block->decodeColumn(*place, decoded);
        const uint32_t first = part.rows.front();
        if (part.rows.back() - first + 1 == part.rows.size()) {
            column.insert(
                column.end(), decoded.begin() + first, decoded.begin() + part.rows.back() + 1);
            continue;
        }
        for (const uint32_t row : part.rows)
            column.push_back(decoded[row]);
    }
    if (!std::all_of(head.begin(), head.end(), isAbsent)) {
        alignTo(rows.headBegin);
        column.insert(column.end(), head.begin(), head.end());
    }
    const size_t length = column.size();
    return compact(std::move(column), rows.times.subspan(begin, length));
}

// Without the rows that the series is absent from; shares the times where it has no gap inside.
SliceBuilder::Floats SliceBuilder::compact(
    std::vector<double> column, std::span<const int64_t> times)
{
    const auto isPresent = [](double value) { return !isAbsent(value); };
    const auto first = std::find_if(column.begin(), column.end(), isPresent);
    const auto last = std::find_if(column.rbegin(), column.rend(), isPresent).base();
    if (first == column.end())
        return {};
    const auto from = static_cast<size_t>(first - column.begin());
    const auto length = static_cast<size_t>(last - first);
    if (std::all_of(first, last, isPresent)) {
        const std::span<const double> values = m_arena->values.emplace_back(std::move(column));
        return { times.subspan(from, length), values.subspan(from, length), {} };
    }
    LooseSamples dense;
    for (size_t i = from; i < from + length; ++i) {
        if (isAbsent(column[i]))
            continue;
        dense.timesMs.push_back(times[i]);
        dense.values.push_back(column[i]);
    }
    return keep(dense);
}

LooseSamples SliceBuilder::looseOf(const SeriesCapture& series) const
{
    LooseSamples all;
    for (const auto& block : series.looseBlocks)
        appendSamples(all, visiblePart(block->decode(), block->commits, m_snapshot, m_range));
    appendSamples(all, series.looseHead);
    return all;
}

SliceBuilder::Floats SliceBuilder::merge(const Floats& rows, LooseSamples& loose)
{
    LooseSamples merged;
    const bool hasStarts = !loose.startsMs.empty();
    size_t row = 0;
    size_t other = 0;
    while (row < rows.times.size() || other < loose.timesMs.size()) {
        const bool takesRow = other == loose.timesMs.size()
            || (row < rows.times.size() && rows.times[row] < loose.timesMs[other]);
        merged.timesMs.push_back(takesRow ? rows.times[row] : loose.timesMs[other]);
        merged.values.push_back(takesRow ? rows.values[row] : loose.values[other]);
        if (hasStarts)
            merged.startsMs.push_back(takesRow ? 0 : loose.startsMs[other]);
        ++(takesRow ? row : other);
    }
    return keep(merged);
}

SliceBuilder::Floats SliceBuilder::keep(LooseSamples& loose)
{
    Floats floats;
    floats.times = m_arena->times.emplace_back(std::move(loose.timesMs));
    floats.values = m_arena->values.emplace_back(std::move(loose.values));
    if (!loose.startsMs.empty())
        floats.starts = m_arena->times.emplace_back(std::move(loose.startsMs));
    return floats;
}

std::vector<SeriesSlice> SliceBuilder::finish()
{
    std::sort(m_slices.begin(), m_slices.end(),
        [](const SeriesSlice& a, const SeriesSlice& b) { return a.labels < b.labels; });
    return std::move(m_slices);
}

} // namespace fleetglass::tsdb
