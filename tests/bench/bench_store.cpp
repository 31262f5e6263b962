// The store: what a sample of a text with times costs in memory and on disk, and how fast samples
// are loaded, appended and decoded. The samples of one instance at one time enter as a row.
#include "core/tsdb/packed_column.h"
#include "core/tsdb/record.h"
#include "core/tsdb/row_block.h"
#include "core/tsdb/store_file.h"
#include "core/tsdb/system_disk.h"
#include "tests/bench/bench.h"
#include "tests/bench/dataset.h"

#include <filesystem>
#include <unistd.h>

namespace fleetglass::bench {

namespace {

using nlohmann::json;
using storage::SeriesSlice;

constexpr storage::TimeRange kAlways { INT64_MIN, INT64_MAX };

struct TargetRow
{
    int64_t timestampMs = 0;
    std::vector<std::pair<size_t, double>> values; // Series and value.
};

// A dataset as the rows that a scraper would hand over.
struct Rows
{
    std::vector<labels::Labels> series;
    std::vector<TargetRow> rows;
    size_t samples = 0;
    int64_t endMs = 0;
};

Rows rowsOf(const std::vector<SeriesSlice>& slices)
{
    Rows all;
    std::map<std::pair<int64_t, std::string>, TargetRow> byTime;
    for (const SeriesSlice& slice : slices) {
        const std::string instance(slice.labels.get("instance"));
        for (size_t i = 0; i < slice.values.size(); ++i) {
            TargetRow& row = byTime[{ slice.timestampsMs[i], instance }];
            row.timestampMs = slice.timestampsMs[i];
            row.values.emplace_back(all.series.size(), slice.values[i]);
        }
        all.samples += slice.values.size();
        all.series.push_back(slice.labels);
    }
    for (auto& [key, row] : byTime)
        all.rows.push_back(std::move(row));
    all.endMs = all.rows.empty() ? 0 : all.rows.back().timestampMs;
    return all;
}

tsdb::RingStoreOptions unbounded()
{
    tsdb::RingStoreOptions options;
    options.retention = {};
    options.bytesMax = SIZE_MAX;
    options.seriesMax = tsdb::kSeriesMaxCeiling;
    return options;
}

void appendAll(tsdb::RingStore& store, const Rows& rows)
{
    std::vector<storage::SeriesRef> refs;
    for (const labels::Labels& labels : rows.series)
        refs.push_back(store.seriesFor(labels).value());
    std::vector<storage::RowValue> values;
    for (const TargetRow& row : rows.rows) {
        values.clear();
        for (const auto& [series, value] : row.values)
            values.push_back({ refs[series], value });
        static_cast<void>(store.append({ row.timestampMs, values, {}, {} }).has_value());
    }
}

// As maintenance does with targets that are silent for long.
void packAll(tsdb::RingStore& store, HeldClock& clock, const Rows& rows)
{
    clock.set(rows.endMs + 24 * 3'600'000);
    store.maintain();
}

class Scratch
{
public:
    Scratch()
        : m_path(std::filesystem::temp_directory_path()
            / ("fleetglass-bench-" + std::to_string(getpid())))
    {
    }
    ~Scratch() { clear(); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    void clear() const
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    std::string path() const { return m_path.string(); }

private:
    const std::filesystem::path m_path;
};

struct DiskUse
{
    uint64_t allBytes = 0;
    uint64_t seriesBytes = 0; // Label sets.
};

DiskUse useOf(const std::string& directory)
{
    DiskUse use;
    tsdb::SystemDisk disk;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        const auto name = tsdb::FileName::parse(entry.path().filename().string());
        use.allBytes += entry.file_size();
        if (!name)
            continue;
        const auto bytes = disk.read(entry.path().string()).value();
        size_t before = 0;
        bool wasSeries = false;
        tsdb::scanRecords(bytes, name->salt,
            { [&](const tsdb::Record& record) {
                 use.seriesBytes += wasSeries ? record.offset - before : 0;
                 wasSeries = record.type == tsdb::RecordType::Series;
                 before = record.offset;
             },
                [] {} });
    }
    return use;
}

double perSample(uint64_t bytes, const Rows& rows)
{
    return static_cast<double>(bytes) / static_cast<double>(rows.samples);
}

void measureMemory(json& report, const Rows& rows)
{
    HeldClock clock(rows.endMs);
    tsdb::RingStore store(unbounded(), clock);
    appendAll(store, rows);
    packAll(store, clock, rows);
    const auto stats = store.stats();
    report["hot_bytes_per_sample"] = perSample(stats.blockBytes, rows);
    report["blocks"] = stats.blocks;
    report["memory_bytes_per_sample"] = perSample(stats.bytes, rows);
    size_t decoded = 0;
    const Timing timing = measure(15, [&] {
        decoded = 0;
        const auto slices = store.select({}, kAlways, {});
        for (const SeriesSlice& slice : *slices)
            decoded += slice.values.size();
    });
    report["select_msamples_per_s"] = static_cast<double>(decoded) / timing.cpuMs / 1000;
}

// Columns alone, as a block holds them.
void measureCodec(json& report, const std::vector<SeriesSlice>& slices)
{
    struct Column
    {
        tsdb::Bytes bytes;
        size_t rows = 0;
    };
    std::vector<Column> columns;
    size_t samples = 0;
    for (const SeriesSlice& slice : slices) {
        for (size_t from = 0; from < slice.values.size(); from += tsdb::kRowsPerBlock) {
            const size_t rows = std::min(tsdb::kRowsPerBlock, slice.values.size() - from);
            columns.push_back({ {}, rows });
            tsdb::packColumn(columns.back().bytes, slice.values.subspan(from, rows));
            samples += rows;
        }
    }
    tsdb::Bytes out;
    const Timing pack = measure(9, [&] {
        for (const SeriesSlice& slice : slices) {
            for (size_t from = 0; from < slice.values.size(); from += tsdb::kRowsPerBlock) {
                out.clear();
                tsdb::packColumn(out,
                    slice.values.subspan(
                        from, std::min(tsdb::kRowsPerBlock, slice.values.size() - from)));
            }
        }
    });
    std::array<double, tsdb::kRowsPerBlock> values {};
    const Timing unpack = measure(31, [&] {
        for (const Column& column : columns) {
            tsdb::ByteView in = column.bytes;
            static_cast<void>(tsdb::unpackColumn(in, std::span(values).first(column.rows)));
        }
    });
    report["encode_msamples_per_s"] = static_cast<double>(samples) / pack.cpuMs / 1000;
    report["decode_msamples_per_s"] = static_cast<double>(samples) / unpack.cpuMs / 1000;
}

Result<void> measureDisk(json& report, const Rows& rows)
{
    const Scratch scratch;
    tsdb::SystemDisk disk;
    HeldClock clock(rows.endMs);
    {
        tsdb::RingStore store(unbounded(), clock);
        if (const auto opened = store.openDirectory(disk, scratch.path()); !opened)
            return failure(opened.error());
        appendAll(store, rows);
        report["journal_bytes_per_sample"] = perSample(store.diskStats().journalBytesWritten, rows);
        packAll(store, clock, rows);
        store.flush();
        const auto stats = store.diskStats();
        report["written_bytes_per_sample"]
            = perSample(stats.journalBytesWritten + stats.blockBytesWritten, rows);
    }
    const DiskUse use = useOf(scratch.path());
    report["rest_bytes_per_sample"] = perSample(use.allBytes, rows);
    report["index_bytes_per_sample"] = perSample(use.seriesBytes, rows);
    report["open_ms"] = measure(7, [&] {
        tsdb::RingStore store(unbounded(), clock);
        static_cast<void>(store.openDirectory(disk, scratch.path(), { .readOnly = true }));
    }).wallMs;
    return {};
}

// As after a crash: everything is in the journal.
Result<void> measureReplay(json& report, const Rows& rows)
{
    const Scratch scratch;
    tsdb::SystemDisk disk;
    HeldClock clock(rows.endMs);
    tsdb::RingStore store(unbounded(), clock);
    if (const auto opened = store.openDirectory(disk, scratch.path()); !opened)
        return failure(opened.error());
    appendAll(store, rows);
    report["reopen_after_kill_ms"] = measure(7, [&] {
        tsdb::RingStore again(unbounded(), clock);
        static_cast<void>(again.openDirectory(disk, scratch.path(), { .readOnly = true }));
    }).wallMs;
    return {};
}

Result<json> runStore(Arguments arguments)
{
    if (arguments.empty())
        return failure("store needs a text with times");
    json report;
    auto loaded = loadDataset(arguments[0]);
    if (!loaded)
        return failure(loaded.error());
    const Timing load
        = measure(3, [&] { static_cast<void>(loadDataset(arguments[0]).has_value()); });
    const auto slices = loaded->store->select({}, kAlways, {}).value();
    measureCodec(report, slices);
    const Rows rows = rowsOf(slices);
    loaded->store.reset();
    report["samples"] = rows.samples;
    report["series"] = rows.series.size();
    report["load_cpu_us_per_sample"] = load.cpuMs * 1000 / static_cast<double>(rows.samples);
    const Timing append = measure(5, [&] {
        HeldClock clock(rows.endMs);
        tsdb::RingStore store(unbounded(), clock);
        appendAll(store, rows);
    });
    report["append_mvalues_per_s"] = static_cast<double>(rows.samples) / append.cpuMs / 1000;
    measureMemory(report, rows);
    if (const auto measured = measureDisk(report, rows); !measured)
        return failure(measured.error());
    if (const auto measured = measureReplay(report, rows); !measured)
        return failure(measured.error());
    return report;
}

const BenchEntry kStore("store", { "DATA.prom", runStore });

} // namespace

} // namespace fleetglass::bench
