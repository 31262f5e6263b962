#include "core/snapshot/sample_loader.h"

#include "core/snapshot/checksum.h"
#include "core/snapshot/fields.h"
#include "core/snapshot/sample_pack.h"
#include "core/tsdb/loose_column.h"

#include <algorithm>

namespace fleetglass::snapshot {

using storage::LooseSample;
using storage::RowValue;
using tsdb::Bytes;
using tsdb::ByteView;

namespace {

constexpr size_t kMembersMax = 4096; // Unfolded side by side.

tl::unexpected<Error> damaged(const std::string& what)
{
    return failure("capsule is damaged: " + what);
}

std::string ofSeries(const char* what, int64_t id)
{
    return std::string(what) + " of series " + std::to_string(id);
}

} // namespace

SampleLoader::SampleLoader(
    Database& database, tsdb::RingStore& store, const CapsuleLimits& limits, std::stop_token stop)
    : m_database(database)
    , m_store(store)
    , m_limits(limits)
    , m_stop(std::move(stop))
{
}

Result<void> SampleLoader::load()
{
    if (auto checked = checkCounts(); !checked)
        return checked;
    auto series = m_database.prepare("SELECT id, times, labels FROM series ORDER BY times, id");
    if (!series)
        return failure(series.error());
    int64_t timesId = 0;
    while (true) {
        const auto hasRow = series->step();
        if (!hasRow)
            return failure(hasRow.error());
        const bool isNext = *hasRow && series->integer(1) == timesId;
        if (!isNext || m_members.size() >= kMembersMax) {
            if (auto flushed = flush(timesId); !flushed)
                return flushed;
        }
        if (!*hasRow)
            break;
        timesId = series->integer(1);
        if (auto added = addMember(series->integer(0), series->text(2)); !added)
            return added;
        if (m_stop.stop_requested())
            return failure("reading the capsule was cancelled", ErrorCode::Cancelled);
    }
    if (auto loaded = loadHistograms(); !loaded)
        return loaded;
    return loadExemplars();
}

// What the file claims to unfold to, before anything is allocated for it.
Result<void> SampleLoader::checkCounts()
{
    const auto series = m_database.integer("SELECT count(*) FROM series");
    const auto floats = m_database.integer("SELECT CAST(total(t.count) AS INTEGER) FROM series s "
                                           "JOIN times t ON t.id = s.times");
    const auto histograms
        = m_database.integer("SELECT CAST(total(count) AS INTEGER) FROM histograms");
    const auto least = m_database.integer("SELECT min(coalesce((SELECT min(count) FROM times), 0),"
                                          " coalesce((SELECT min(count) FROM histograms), 0))");
    for (const auto* const count : { &series, &floats, &histograms, &least }) {
        if (!*count)
            return failure(count->error());
    }
    if (*least < 0)
        return damaged("a count is negative");
    if (*series > m_limits.seriesMax)
        return failure("capsule has " + std::to_string(*series) + " series, more than the limit of "
                + std::to_string(m_limits.seriesMax),
            ErrorCode::Limit);
    if (*floats > m_limits.samplesMax || *histograms > m_limits.samplesMax - *floats)
        return failure("capsule unfolds to more samples than the limit of "
                + std::to_string(m_limits.samplesMax),
            ErrorCode::Limit);
    return {};
}

Result<void> SampleLoader::addMember(int64_t id, std::string_view labelsText)
{
    labels::Labels labels;
    if (!fromJsonText(labelsText, labels) || labels.empty())
        return damaged(ofSeries("labels", id));
    const auto ref = m_store.seriesFor(labels);
    if (!ref)
        return failure(ref.error());
    m_refs[id] = *ref;
    m_members.push_back({ id, *ref, {}, {}, {} });
    return {};
}

Result<std::vector<int64_t>> SampleLoader::timesOf(int64_t id)
{
    auto statement = m_database.prepare("SELECT count, data, crc FROM times WHERE id=?");
    if (!statement)
        return failure(statement.error());
    const auto hasRow = statement->bind(id).step();
    if (!hasRow)
        return failure(hasRow.error());
    const std::string name = "times " + std::to_string(id);
    if (!*hasRow)
        return damaged(name + " are missing");
    const ByteView data = statement->bytes(1);
    const int64_t count = statement->integer(0);
    if (int64_t { crc32c(data) } != statement->integer(2) || count > std::ssize(data))
        return damaged(name); // A time takes a byte at least.
    std::vector<int64_t> times(static_cast<size_t>(count));
    if (!unpackTimes(data, times) || !std::is_sorted(times.begin(), times.end()))
        return damaged(name);
    return times;
}

Result<Bytes> SampleLoader::blob(Statement& statement, int64_t series, bool& isThere)
{
    const auto hasRow = statement.bind(series).step();
    if (!hasRow)
        return failure(hasRow.error());
    isThere = *hasRow;
    Bytes data;
    if (*hasRow) {
        const ByteView view = statement.bytes(0);
        if (int64_t { crc32c(view) } != statement.integer(1))
            return damaged(ofSeries("samples", series));
        data.assign(view.begin(), view.end());
    }
    return data;
}

Result<void> SampleLoader::flush(int64_t timesId)
{
    std::vector<Member> members = std::exchange(m_members, {});
    if (members.empty() || timesId == 0)
        return {}; // Series of histograms only.
    const auto times = timesOf(timesId);
    if (!times)
        return failure(times.error());
    for (Member& member : members) {
        bool isThere = false;
        auto values = m_database.prepare("SELECT data, crc FROM samples WHERE series=?");
        auto starts = m_database.prepare("SELECT data, crc FROM starts WHERE series=?");
        if (!values || !starts)
            return failure(values ? starts.error() : values.error());
        auto packed = blob(*values, member.id, isThere);
        if (!packed)
            return failure(packed.error());
        if (!isThere)
            return damaged(ofSeries("samples", member.id) + " are missing");
        const auto packedStarts = blob(*starts, member.id, isThere);
        if (!packedStarts)
            return failure(packedStarts.error());
        member.packed = std::move(*packed);
        member.rest = member.packed;
        member.starts.resize(isThere ? times->size() : 0);
        if (isThere && !unpackTimes(*packedStarts, member.starts))
            return damaged(ofSeries("start times", member.id));
        if (isThere) {
            if (auto appended = appendWithStarts(member, *times); !appended)
                return appended;
        } else {
            m_members.push_back(std::move(member));
            m_members.back().rest = m_members.back().packed;
        }
    }
    auto appended = appendRows(*times);
    m_members.clear();
    return appended;
}

Result<void> SampleLoader::appendRows(std::span<const int64_t> timesMs)
{
    std::vector<double> columns(m_members.size() * kSegmentSamples);
    std::vector<RowValue> values(m_members.size());
    while (!timesMs.empty() && !m_members.empty()) {
        const auto segment = timesMs.first(std::min(timesMs.size(), kSegmentSamples));
        for (size_t m = 0; m < m_members.size(); ++m) {
            const auto column = std::span(columns).subspan(m * kSegmentSamples, segment.size());
            if (!tsdb::decodeValues(m_members[m].rest, column))
                return damaged(ofSeries("samples", m_members[m].id));
        }
        for (size_t row = 0; row < segment.size(); ++row) {
            for (size_t m = 0; m < m_members.size(); ++m)
                values[m] = { m_members[m].ref, columns[m * kSegmentSamples + row] };
            if (auto appended = m_store.append({ segment[row], values, {}, {} }); !appended)
                return failure(appended.error());
        }
        timesMs = timesMs.subspan(segment.size());
        if (m_stop.stop_requested())
            return failure("reading the capsule was cancelled", ErrorCode::Cancelled);
    }
    for (const Member& member : m_members) {
        if (!member.rest.empty())
            return damaged(ofSeries("samples", member.id));
    }
    return {};
}

Result<void> SampleLoader::appendWithStarts(Member& member, std::span<const int64_t> timesMs)
{
    std::vector<double> values(kSegmentSamples);
    std::vector<LooseSample> samples;
    for (size_t from = 0; from < timesMs.size(); from += kSegmentSamples) {
        const size_t count = std::min(kSegmentSamples, timesMs.size() - from);
        if (!tsdb::decodeValues(member.rest, std::span(values).first(count)))
            return damaged(ofSeries("samples", member.id));
        samples.clear();
        for (size_t i = 0; i < count; ++i)
            samples.push_back(
                { member.ref, timesMs[from + i], values[i], nullptr, member.starts[from + i] });
        if (auto appended = m_store.append({ 0, {}, samples, {} }); !appended)
            return failure(appended.error());
    }
    if (!member.rest.empty())
        return damaged(ofSeries("samples", member.id));
    return {};
}

Result<void> SampleLoader::loadHistograms()
{
    auto statement = m_database.prepare("SELECT series, count, data, crc FROM histograms");
    if (!statement)
        return failure(statement.error());
    while (true) {
        const auto hasRow = statement->step();
        if (!hasRow)
            return failure(hasRow.error());
        if (!*hasRow)
            return {};
        const int64_t id = statement->integer(0);
        const ByteView data = statement->bytes(2);
        const auto ref = m_refs.find(id);
        std::vector<storage::HistogramSample> histograms;
        const auto bytesLeft = static_cast<size_t>(m_limits.bytesMax) - m_histogramBytes;
        if (int64_t { crc32c(data) } != statement->integer(3) || ref == m_refs.end()
            || !unpackHistograms(
                data, static_cast<size_t>(statement->integer(1)), bytesLeft, histograms))
            return damaged(ofSeries("histograms", id));
        std::vector<LooseSample> samples;
        for (auto& sample : histograms) {
            m_histogramBytes += tsdb::bytesOf(*sample.histogram);
            samples.push_back({ ref->second, sample.timestampMs, 0, std::move(sample.histogram),
                sample.startTimestampMs });
        }
        if (auto appended = m_store.append({ 0, {}, samples, {} }); !appended)
            return failure(appended.error());
    }
}

Result<void> SampleLoader::loadExemplars()
{
    auto statement
        = m_database.prepare("SELECT series, time_ms, value, labels FROM exemplars ORDER BY id");
    if (!statement)
        return failure(statement.error());
    while (true) {
        const auto hasRow = statement->step();
        if (!hasRow)
            return failure(hasRow.error());
        if (!*hasRow)
            return {};
        const auto ref = m_refs.find(statement->integer(0));
        storage::LooseExemplar exemplar;
        if (ref == m_refs.end() || !fromJsonText(statement->text(3), exemplar.exemplar.labels))
            return damaged("an exemplar");
        exemplar.series = ref->second;
        exemplar.exemplar.timestampMs = statement->integer(1);
        exemplar.exemplar.value = statement->real(2);
        if (auto appended = m_store.append({ 0, {}, {}, std::span(&exemplar, 1) }); !appended)
            return failure(appended.error());
    }
}

} // namespace fleetglass::snapshot
