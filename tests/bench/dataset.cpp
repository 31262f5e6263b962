#include "tests/bench/dataset.h"

#include "core/exposition/parser.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <unordered_map>

namespace fleetglass::bench {

namespace {

struct Entry
{
    int64_t timestampMs = 0;
    uint32_t target = 0;
    storage::RowValue value;
};

// Takes samples in any order and writes them row by row.
class Loader
{
public:
    Loader()
    {
        tsdb::RingStoreOptions options;
        options.retention = std::chrono::milliseconds(0);
        options.bytesMax = size_t { 4 } << 30U;
        m_dataset.clock = std::make_unique<SystemClock>();
        m_dataset.store = std::make_unique<tsdb::RingStore>(options, *m_dataset.clock);
    }

    struct Series
    {
        storage::SeriesRef ref = 0;
        uint32_t target = 0;
    };

    Result<Series> seriesFor(const labels::Labels& labels)
    {
        const auto ref = m_dataset.store->seriesFor(labels);
        if (!ref)
            return failure(ref.error());
        const std::string instance(labels.get("instance"));
        const auto number = static_cast<uint32_t>(m_targets.size());
        return Series { *ref, m_targets.try_emplace(instance, number).first->second };
    }

    void add(const Series& series, int64_t timestampMs, double value)
    {
        m_entries.push_back({ timestampMs, series.target, { series.ref, value } });
    }

    Result<Dataset> finish()
    {
        std::stable_sort(m_entries.begin(), m_entries.end(), [](const Entry& a, const Entry& b) {
            return std::pair(a.timestampMs, a.target) < std::pair(b.timestampMs, b.target);
        });
        std::vector<storage::RowValue> row;
        for (size_t i = 0; i < m_entries.size(); ++i) {
            row.push_back(m_entries[i].value);
            const bool isLast = i + 1 == m_entries.size()
                || m_entries[i + 1].timestampMs != m_entries[i].timestampMs
                || m_entries[i + 1].target != m_entries[i].target;
            if (!isLast)
                continue;
            const auto counts = m_dataset.store->append({ m_entries[i].timestampMs, row, {}, {} });
            if (!counts)
                return failure(counts.error());
            m_dataset.samples += counts->appended;
            m_dataset.endMs = m_entries[i].timestampMs;
            row.clear();
        }
        return std::move(m_dataset);
    }

private:
    Dataset m_dataset;
    std::unordered_map<std::string, uint32_t> m_targets;
    std::vector<Entry> m_entries;
};

class TextSink final : public exposition::Sink
{
public:
    explicit TextSink(Loader& loader)
        : m_loader(loader)
    {
    }

    bool sample(
        const exposition::ParsedSample& sample, const exposition::SeriesSource& source) override
    {
        const auto [entry, isNew] = m_series.try_emplace(std::string(sample.seriesText));
        if (isNew) {
            auto series = m_loader.seriesFor(source.labels());
            if (!series) {
                m_error = series.error();
                return false;
            }
            entry->second = *series;
        }
        m_loader.add(entry->second, sample.timestampMs.value_or(0), sample.value);
        return true;
    }

    const std::optional<Error>& error() const { return m_error; }

private:
    Loader& m_loader;
    std::unordered_map<std::string, Loader::Series> m_series;
    std::optional<Error> m_error;
};

// A walk for each series: counters climb, gauges wander.
class Walk
{
public:
    Walk(Loader& loader, bool isCounter, uint32_t seed)
        : m_loader(loader)
        , m_random(seed)
        , m_isCounter(isCounter)
    {
    }

    Result<void> add(const labels::Labels& labels)
    {
        constexpr int64_t kStartMs = 1'700'000'000'000;
        constexpr int64_t kStepMs = 15'000;
        constexpr int64_t kSamples = 6 * 3600 / 15;
        const auto series = m_loader.seriesFor(labels);
        if (!series)
            return failure(series.error());
        auto value = static_cast<double>(m_random() % 1000);
        for (int64_t i = 0; i < kSamples; ++i) {
            const auto move = static_cast<double>(m_random() % 100) / 4;
            value = m_isCounter ? value + move : std::max(0.0, value + move - 12.375);
            m_loader.add(*series, kStartMs + i * kStepMs, value);
        }
        return {};
    }

private:
    Loader& m_loader;
    std::minstd_rand m_random;
    bool m_isCounter = false;
};

} // namespace

Result<Dataset> loadDataset(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return failure("cannot read \"" + path + "\"", ErrorCode::Io);
    std::ostringstream text;
    text << file.rdbuf();
    const std::string body = std::move(text).str();
    Loader loader;
    TextSink sink(loader);
    exposition::ParseOptions options;
    options.limits.samplesMax = SIZE_MAX;
    const auto parsed
        = exposition::parse(exposition::Format::PrometheusText004, body, options, sink);
    if (sink.error())
        return failure(*sink.error());
    if (!parsed)
        return failure(parsed.error());
    return loader.finish();
}

Result<Dataset> makeDataset(size_t instances)
{
    Loader loader;
    uint32_t seed = 1;
    for (size_t i = 0; i < instances; ++i) {
        const std::string instance = "host" + std::to_string(i);
        for (const char* mode : { "idle", "iowait", "irq", "nice", "softirq", "steal", "user" }) {
            for (const char* cpu : { "0", "1", "2", "3" }) {
                auto added = Walk(loader, true, seed++)
                                 .add({ { "__name__", "cpu_seconds_total" }, { "cpu", cpu },
                                     { "instance", instance }, { "mode", mode } });
                if (!added)
                    return failure(added.error());
            }
        }
        for (const char* name : { "load1", "memory_free_bytes" }) {
            auto added = Walk(loader, false, seed++)
                             .add({ { "__name__", name }, { "instance", instance } });
            if (!added)
                return failure(added.error());
        }
    }
    return loader.finish();
}

} // namespace fleetglass::bench
