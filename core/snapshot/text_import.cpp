#include "core/snapshot/text_import.h"

#include "core/exposition/parser.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sys/stat.h>
#include <unordered_map>

namespace fleetglass::snapshot {

using labels::Labels;
using storage::LooseSample;
using storage::RowValue;

namespace {

constexpr int64_t kFileBytesMax = int64_t { 2 } << 30U;
const SystemClock kClock; // Retention is off; the store only wants to have one.

struct Column
{
    Labels labels;
    std::vector<LooseSample> samples; // The ref is filled in at the end.
    std::vector<storage::Exemplar> exemplars;

    bool isPlain() const
    {
        return std::all_of(samples.begin(), samples.end(), [](const LooseSample& sample) {
            return !sample.histogram && sample.startTimestampMs == 0;
        });
    }
};

// Gathers a page by series.
class Gatherer : public exposition::Sink
{
public:
    explicit Gatherer(const ImportOptions& options)
        : m_options(options)
    {
    }

    void metadata(const exposition::MetadataEntry& entry) override
    {
        labels::Metadata& metadata = m_metadata[std::string(entry.family)];
        if (entry.kind == exposition::MetadataKind::Help)
            metadata.help = entry.text;
        else if (entry.kind == exposition::MetadataKind::Unit)
            metadata.unit = entry.text;
        else
            metadata.type = entry.type;
    }

    bool sample(
        const exposition::ParsedSample& sample, const exposition::SeriesSource& source) override
    {
        const auto time = sample.timestampMs ? sample.timestampMs : m_options.timestampMsDefault;
        if (!time) {
            m_error
                = Error { ErrorCode::Invalid, "a sample without a timestamp: it belongs to no time",
                      Position { sample.line, 0 } };
            return false;
        }
        if (++m_samples > m_options.samplesMax) {
            m_error = Error { ErrorCode::Limit,
                "more than " + std::to_string(m_options.samplesMax) + " samples, the limit", {} };
            return false;
        }
        Column& column = columnOf(sample.seriesText, source);
        column.samples.push_back(
            { 0, *time, sample.value, sample.histogram, sample.startTimestampMs });
        for (const exposition::Exemplar& exemplar : sample.exemplars)
            column.exemplars.push_back(
                { exemplar.labels, exemplar.value, exemplar.timestampMs.value_or(*time) });
        return true;
    }

    std::vector<Column> takeColumns() { return std::move(m_columns); }
    auto takeMetadata() { return std::move(m_metadata); }
    const std::optional<Error>& error() const { return m_error; }

private:
    Column& columnOf(std::string_view text, const exposition::SeriesSource& source)
    {
        const auto [byText, isNewText] = m_byText.try_emplace(std::string(text), 0);
        if (isNewText) {
            const Labels labels = source.labels();
            const auto [byLabels, isNew] = m_byLabels.try_emplace(labels, m_columns.size());
            if (isNew)
                m_columns.push_back({ labels, {}, {} });
            byText->second = byLabels->second;
        }
        return m_columns[byText->second];
    }

    const ImportOptions& m_options;
    std::unordered_map<std::string, size_t> m_byText;
    std::unordered_map<Labels, size_t> m_byLabels;
    std::vector<Column> m_columns;
    std::map<std::string, labels::Metadata, std::less<>> m_metadata;
    size_t m_samples = 0;
    std::optional<Error> m_error;
};

size_t sortByTime(Column& column)
{
    auto& samples = column.samples;
    std::stable_sort(samples.begin(), samples.end(),
        [](const LooseSample& a, const LooseSample& b) { return a.timestampMs < b.timestampMs; });
    const auto repeated = std::unique(samples.begin(), samples.end(),
        [](const LooseSample& a, const LooseSample& b) { return a.timestampMs == b.timestampMs; });
    const auto count = static_cast<size_t>(samples.end() - repeated);
    samples.erase(repeated, samples.end());
    std::stable_sort(column.exemplars.begin(), column.exemplars.end(),
        [](const auto& a, const auto& b) { return a.timestampMs < b.timestampMs; });
    return count;
}

bool sameTimes(const Column& a, const Column& b)
{
    return std::equal(a.samples.begin(), a.samples.end(), b.samples.begin(), b.samples.end(),
        [](const LooseSample& x, const LooseSample& y) { return x.timestampMs == y.timestampMs; });
}

// Orders columns so that those with the same times stand together: they become rows.
bool timesBefore(const Column* a, const Column* b)
{
    return std::lexicographical_compare(a->samples.begin(), a->samples.end(), b->samples.begin(),
        b->samples.end(),
        [](const LooseSample& x, const LooseSample& y) { return x.timestampMs < y.timestampMs; });
}

Result<void> appendRows(tsdb::RingStore& store, std::span<Column* const> columns)
{
    std::vector<RowValue> values(columns.size());
    for (size_t i = 0; i < columns.size(); ++i) {
        const auto ref = store.seriesFor(columns[i]->labels);
        if (!ref)
            return failure(ref.error());
        values[i].series = *ref;
    }
    for (size_t row = 0; row < columns.front()->samples.size(); ++row) {
        for (size_t i = 0; i < columns.size(); ++i)
            values[i].value = columns[i]->samples[row].value;
        const int64_t time = columns.front()->samples[row].timestampMs;
        if (auto appended = store.append({ time, values, {}, {} }); !appended)
            return failure(appended.error());
    }
    return {};
}

Result<void> appendLoose(tsdb::RingStore& store, Column& column)
{
    const auto ref = store.seriesFor(column.labels);
    if (!ref)
        return failure(ref.error());
    for (LooseSample& sample : column.samples)
        sample.series = *ref;
    if (auto appended = store.append({ 0, {}, column.samples, {} }); !appended)
        return failure(appended.error());
    return {};
}

Result<void> appendExemplars(tsdb::RingStore& store, const std::vector<Column>& columns)
{
    for (const Column& column : columns) {
        const auto ref = store.seriesFor(column.labels);
        std::vector<storage::LooseExemplar> exemplars;
        for (const storage::Exemplar& exemplar : column.exemplars)
            exemplars.push_back({ ref.value_or(0), exemplar });
        if (auto appended = store.append({ 0, {}, {}, exemplars }); !appended)
            return failure(appended.error());
    }
    return {};
}

Result<void> appendAll(tsdb::RingStore& store, std::vector<Column>& columns)
{
    std::vector<Column*> plain;
    for (Column& column : columns) {
        if (column.isPlain()) {
            plain.push_back(&column);
        } else if (auto appended = appendLoose(store, column); !appended) {
            return appended;
        }
    }
    std::stable_sort(plain.begin(), plain.end(), timesBefore);
    for (auto from = plain.begin(); from != plain.end();) {
        const auto to = std::find_if(
            from, plain.end(), [&](const Column* column) { return !sameTimes(**from, *column); });
        if (auto appended = appendRows(store, { from, to }); !appended)
            return appended;
        from = to;
    }
    return appendExemplars(store, columns);
}

bool endsWithEof(std::string_view text)
{
    const size_t last = text.find_last_not_of(" \t\r\n");
    return last != std::string_view::npos && text.substr(0, last + 1).ends_with("# EOF");
}

exposition::ParseOptions parseOptions(size_t samplesMax)
{
    exposition::ParseOptions options;
    options.limits.samplesMax = samplesMax;
    options.createdAsStartTimestamp = false; // `_created` series stay what they are.
    return options;
}

} // namespace

Result<ImportedText> importText(std::string_view text, const ImportOptions& options)
{
    const auto format = endsWithEof(text) ? exposition::Format::OpenMetrics100
                                          : exposition::Format::PrometheusText004;
    Gatherer gatherer(options);
    const auto parsed = exposition::parse(format, text, parseOptions(options.samplesMax), gatherer);
    if (gatherer.error())
        return failure(*gatherer.error());
    if (!parsed)
        return failure(parsed.error());
    ImportedText imported;
    imported.store = std::make_unique<tsdb::RingStore>(tsdb::RingStoreOptions { .retention = {},
                                                           .bytesMax = SIZE_MAX,
                                                           .seriesMax = 0,
                                                           .exemplarsPerSeriesMax = 10'000 },
        kClock);
    auto columns = gatherer.takeColumns();
    for (Column& column : columns) {
        imported.repeated += sortByTime(column);
        imported.samples += column.samples.size();
    }
    if (auto appended = appendAll(*imported.store, columns); !appended)
        return failure(appended.error());
    imported.metadata = gatherer.takeMetadata();
    return imported;
}

Result<ImportedText> importTextFile(const std::string& path, const ImportOptions& options)
{
    struct stat status
    {
    };
    if (stat(path.c_str(), &status) != 0)
        return failure(path + ": cannot be opened: " + std::strerror(errno),
            errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io);
    if (!S_ISREG(status.st_mode))
        return failure(path + ": not a regular file");
    if (status.st_size > kFileBytesMax)
        return failure(path + ": more than 2 GiB, the limit for a text", ErrorCode::Limit);
    std::ifstream file(path, std::ios::binary);
    std::string text(static_cast<size_t>(status.st_size), '\0');
    if (!file.read(text.data(), status.st_size))
        return failure(path + ": cannot be read", ErrorCode::Io);
    auto imported = importText(text, options);
    if (!imported) {
        Error error = imported.error();
        error.message = error.at(path);
        return failure(std::move(error));
    }
    return imported;
}

} // namespace fleetglass::snapshot
