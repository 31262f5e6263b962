#include "core/snapshot/capsule_writer.h"

#include "core/snapshot/capsule_format.h"
#include "core/snapshot/checksum.h"
#include "core/snapshot/fields.h"
#include "core/snapshot/sample_pack.h"
#include "core/snapshot/sqlite.h"
#include "core/snapshot/staged_file.h"

#include <fstream>
#include <map>
#include <set>

namespace fleetglass::snapshot {

using storage::SeriesSlice;

namespace {

class Writer
{
public:
    Writer(Database& database, const Redactor& redactor)
        : m_database(database)
        , m_redactor(redactor)
    {
    }

    Result<void> begin();
    Result<void> addSamples(const CapsuleContent& content, const CapsuleSource& source);
    Result<void> addExemplars(const CapsuleContent& content, const CapsuleSource& source);
    Result<void> addContent(const CapsuleContent& content);
    Result<void> end(const CapsuleContent& content);
    size_t series() const { return m_series; }
    size_t samples() const { return m_samples; }

private:
    Result<void> addFiles(const CapsuleContent& content);
    Result<int64_t> timesId(std::span<const int64_t> timesMs);
    Result<void> addSeries(const SeriesSlice& slice);
    labels::Labels uniqueLabels(const labels::Labels& labels);
    Result<void> addBlob(
        const char* table, int64_t series, std::optional<size_t> count, const tsdb::Bytes& data);
    template<class T>
    Result<void> addRows(const char* table, const T& values);
    Result<void> addRow(const char* table, std::string_view body);
    Result<void> addInfo(const char* key, std::string_view value);

    Database& m_database;
    const Redactor& m_redactor;
    std::map<tsdb::Bytes, int64_t> m_times; // Packed column to its id.
    const int64_t* m_lastTimes = nullptr; // Series of one target share the very span.
    size_t m_lastCount = 0;
    int64_t m_lastTimesId = 0;
    std::set<labels::Labels> m_used;
    std::map<labels::Labels, int64_t> m_ids; // By the labels as the store has them.
    size_t m_series = 0;
    size_t m_samples = 0;
};

Result<void> Writer::begin()
{
    std::string sql = "PRAGMA application_id=" + std::to_string(kApplicationId)
        + "; PRAGMA user_version=" + std::to_string(kFormatVersion) + "; BEGIN;";
    for (const std::string_view statement : kSchema)
        sql += std::string(statement) + ';';
    return m_database.run(sql);
}

Result<void> Writer::addSamples(const CapsuleContent& content, const CapsuleSource& source)
{
    // One metric at a time, so that a large store is never unfolded whole.
    const auto names = source.querier.labelValues(
        std::string(labels::kMetricName), source.matchers, content.range);
    std::vector<std::vector<labels::Matcher>> parts;
    std::vector<labels::Matcher> unnamed(source.matchers.begin(), source.matchers.end());
    unnamed.push_back(labels::Matcher::equal(std::string(labels::kMetricName), ""));
    parts.push_back(std::move(unnamed));
    for (const std::string& name : names) {
        auto& part = parts.emplace_back(source.matchers.begin(), source.matchers.end());
        part.push_back(labels::Matcher::equal(std::string(labels::kMetricName), name));
    }
    storage::SelectLimits limits;
    limits.stop = source.stop;
    for (const auto& part : parts) {
        const auto slices = source.querier.select(part, content.range, limits);
        if (!slices)
            return failure(slices.error());
        m_lastTimes = nullptr; // Spans of an earlier select may be at the same place.
        for (const SeriesSlice& slice : *slices) {
            if (auto added = addSeries(slice); !added)
                return added;
        }
    }
    return {};
}

Result<int64_t> Writer::timesId(std::span<const int64_t> timesMs)
{
    if (timesMs.empty())
        return int64_t { 0 };
    if (timesMs.data() == m_lastTimes && timesMs.size() == m_lastCount)
        return m_lastTimesId;
    const tsdb::Bytes packed = packTimes(timesMs);
    const auto [place, isNew]
        = m_times.try_emplace(packed, static_cast<int64_t>(m_times.size()) + 1);
    m_lastTimes = timesMs.data();
    m_lastCount = timesMs.size();
    m_lastTimesId = place->second;
    if (!isNew)
        return m_lastTimesId;
    auto statement = m_database.prepare("INSERT INTO times VALUES(?,?,?,?)");
    if (!statement)
        return failure(statement.error());
    const auto added = statement->bind(m_lastTimesId)
                           .bind(static_cast<int64_t>(timesMs.size()))
                           .bindBytes(packed)
                           .bind(int64_t { crc32c(packed) })
                           .run();
    if (!added)
        return failure(added.error());
    return m_lastTimesId;
}

// Masking may make two series alike; they stay two.
labels::Labels Writer::uniqueLabels(const labels::Labels& labels)
{
    const labels::Labels cleaned = m_redactor.clean(labels);
    labels::Labels unique = cleaned;
    for (int number = 2; !m_used.insert(unique).second; ++number) {
        labels::Builder builder(cleaned);
        builder.set("redacted", std::to_string(number));
        unique = builder.labels();
    }
    return unique;
}

Result<void> Writer::addBlob(
    const char* table, int64_t series, std::optional<size_t> count, const tsdb::Bytes& data)
{
    auto statement = m_database.prepare(
        std::string("INSERT INTO ") + table + (count ? " VALUES(?,?,?,?)" : " VALUES(?,?,?)"));
    if (!statement)
        return failure(statement.error());
    statement->bind(series);
    if (count)
        statement->bind(static_cast<int64_t>(*count));
    return statement->bindBytes(data).bind(int64_t { crc32c(data) }).run();
}

Result<void> Writer::addSeries(const SeriesSlice& slice)
{
    const auto times = timesId(slice.timestampsMs);
    if (!times)
        return failure(times.error());
    const auto id = static_cast<int64_t>(++m_series);
    m_ids[slice.labels] = id;
    m_samples += slice.timestampsMs.size() + slice.histograms.size();
    auto statement = m_database.prepare("INSERT INTO series VALUES(?,?,?)");
    if (!statement)
        return failure(statement.error());
    const Redactor asIs; // They are clean already.
    auto added
        = statement->bind(id).bind(*times).bind(toJsonText(uniqueLabels(slice.labels), asIs)).run();
    if (added && !slice.values.empty())
        added = addBlob("samples", id, std::nullopt, packValues(slice.values));
    if (added && !slice.startTimestampsMs.empty())
        added = addBlob("starts", id, std::nullopt, packTimes(slice.startTimestampsMs));
    if (added && !slice.histograms.empty())
        added
            = addBlob("histograms", id, slice.histograms.size(), packHistograms(slice.histograms));
    return added;
}

Result<void> Writer::addExemplars(const CapsuleContent& content, const CapsuleSource& source)
{
    if (source.exemplars == nullptr)
        return {};
    const auto found = source.exemplars->exemplars(source.matchers, content.range);
    if (!found)
        return failure(found.error());
    auto statement = m_database.prepare(
        "INSERT INTO exemplars(series, time_ms, value, labels) VALUES(?,?,?,?)");
    if (!statement)
        return failure(statement.error());
    for (const tsdb::SeriesExemplars& series : *found) {
        const auto id = m_ids.find(series.labels);
        if (id == m_ids.end())
            continue;
        for (const storage::Exemplar& exemplar : series.exemplars) {
            const auto added = statement->bind(id->second)
                                   .bind(exemplar.timestampMs)
                                   .bind(exemplar.value)
                                   .bind(toJsonText(exemplar.labels, m_redactor))
                                   .run();
            if (!added)
                return added;
        }
    }
    return {};
}

Result<void> Writer::addRow(const char* table, std::string_view body)
{
    auto statement = m_database.prepare(std::string("INSERT INTO ") + table + "(body) VALUES(?)");
    if (!statement)
        return failure(statement.error());
    return statement->bind(body).run();
}

template<class T>
Result<void> Writer::addRows(const char* table, const T& values)
{
    for (const auto& value : values) {
        if (auto added = addRow(table, toJsonText(value, m_redactor)); !added)
            return added;
    }
    return {};
}

Result<void> Writer::addContent(const CapsuleContent& content)
{
    const view::FleetView& fleet = content.fleet;
    auto added = addRows("targets", fleet.targets);
    if (added)
        added = addRows("alerts", fleet.alerts);
    const auto addShared = [&](const char* table, const auto& values) {
        if (added && values)
            added = addRows(table, *values);
    };
    addShared("alert_spans", fleet.alertSpans);
    addShared("sessions", fleet.sessions);
    addShared("unreachable", fleet.unreachable);
    addShared("rule_groups", fleet.ruleGroups);
    addShared("changes", fleet.changes);
    addShared("log", fleet.log);
    if (added && fleet.metrics)
        added = addRows("metrics", fleet.metrics->metrics);
    if (added && !content.viewState.empty())
        added = addRow("view", m_redactor.clean(content.viewState));
    return added ? addFiles(content) : added;
}

Result<void> Writer::addFiles(const CapsuleContent& content)
{
    auto rules = m_database.prepare("INSERT INTO rule_files(path, body) VALUES(?,?)");
    auto pictures = m_database.prepare("INSERT INTO thumbnails(name, png) VALUES(?,?)");
    if (!rules || !pictures)
        return failure(rules ? pictures.error() : rules.error());
    Result<void> added;
    for (const RuleFile& file : content.ruleFiles) {
        if (added)
            added
                = rules->bind(m_redactor.clean(file.path)).bind(m_redactor.clean(file.text)).run();
    }
    for (const Thumbnail& thumbnail : content.thumbnails) {
        const auto* const data = reinterpret_cast<const uint8_t*>(thumbnail.png.data());
        if (added)
            added = pictures->bind(m_redactor.clean(thumbnail.name))
                        .bindBytes({ data, thumbnail.png.size() })
                        .run();
    }
    return added;
}

Result<void> Writer::addInfo(const char* key, std::string_view value)
{
    auto statement = m_database.prepare("INSERT INTO info VALUES(?,?)");
    if (!statement)
        return failure(statement.error());
    return statement->bind(std::string_view(key)).bind(m_redactor.clean(value)).run();
}

Result<void> Writer::end(const CapsuleContent& content)
{
    const std::pair<const char*, std::string> all[] = {
        { "title", content.title },
        { "program", content.program },
        { "created_ms", std::to_string(content.createdMs) },
        { "start_ms", std::to_string(content.range.startMs) },
        { "end_ms", std::to_string(content.range.endMs) },
        { "now_ms", std::to_string(content.fleet.nowMs) },
        { "series", std::to_string(m_series) },
        { "samples", std::to_string(m_samples) },
        { "status", toJsonText(content.fleet.status, m_redactor) },
    };
    for (const auto& [key, value] : all) {
        if (auto added = addInfo(key, value); !added)
            return added;
    }
    return m_database.run("COMMIT");
}

// Reads the finished file once: no secret may be in it, and its checksum is what seals it.
Result<uint32_t> checkBytes(const std::string& path, const Redactor& redactor)
{
    constexpr size_t kPieceBytes = 1 << 20;
    constexpr size_t kOverlapBytes = 4096; // A secret across two pieces is seen in the next.
    std::ifstream file(path, std::ios::binary);
    std::string piece;
    uint32_t crc = 0;
    while (file) {
        const size_t kept = std::min(piece.size(), kOverlapBytes);
        piece.erase(0, piece.size() - kept);
        piece.resize(kept + kPieceBytes);
        file.read(piece.data() + kept, kPieceBytes);
        piece.resize(kept + static_cast<size_t>(file.gcount()));
        const auto* const data = reinterpret_cast<const uint8_t*>(piece.data());
        crc = crc32c({ data + kept, piece.size() - kept }, crc);
        if (!redactor.isClean(piece))
            return failure(
                "nothing was written: a secret would have been in the file", ErrorCode::Internal);
    }
    if (!file.eof())
        return failure("the staged file cannot be read back", ErrorCode::Io);
    return crc;
}

std::string sealOf(uint32_t crc)
{
    std::string seal(kSealWord);
    for (unsigned shift = 0; shift < 32; shift += 8)
        seal += static_cast<char>(crc >> shift & 0xFFU);
    seal.append(kSealBytes - seal.size(), '\0');
    return seal;
}

Result<CapsuleSummary> fill(const std::string& path, const CapsuleContent& content,
    const CapsuleSource& source, const Redactor& redactor)
{
    auto database = Database::createScratch(path);
    if (!database)
        return failure(database.error());
    Writer writer(*database, redactor);
    auto done = writer.begin();
    if (done)
        done = writer.addSamples(content, source);
    if (done)
        done = writer.addExemplars(content, source);
    if (done)
        done = writer.addContent(content);
    if (done)
        done = writer.end(content);
    if (done)
        done = database->close();
    if (!done)
        return failure(done.error());
    return CapsuleSummary { 0, writer.series(), writer.samples(), 0 };
}

} // namespace

Result<CapsuleSummary> writeCapsule(const std::string& path, const CapsuleContent& content,
    const CapsuleSource& source, const Redactor& redactor)
{
    const size_t maskedBefore = redactor.maskedCount();
    auto staged = StagedFile::create(path);
    if (!staged)
        return failure(staged.error());
    auto summary = fill(staged->stagedPath(), content, source, redactor);
    if (!summary)
        return failure(path + ": " + summary.error().message, summary.error().code);
    const auto crc = checkBytes(staged->stagedPath(), redactor);
    if (!crc)
        return failure(path + ": " + crc.error().message, crc.error().code);
    if (auto sealed = staged->append(sealOf(*crc)); !sealed)
        return failure(sealed.error());
    const auto bytes = staged->commit();
    if (!bytes)
        return failure(bytes.error());
    summary->bytes = *bytes;
    summary->masked = redactor.maskedCount() - maskedBefore;
    return summary;
}

} // namespace fleetglass::snapshot
