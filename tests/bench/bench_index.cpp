// The index: how long 1,000 of N series take to be found by two matchers, and what N active series
// take in memory, each with some samples.
#include "tests/bench/bench.h"

#include "core/tsdb/ring_store.h"

#include <malloc.h>

namespace fleetglass::bench {

namespace {

using nlohmann::json;

constexpr size_t kPerTarget = 1000; // Series.

// As node_exporter's: a thousand series of a target have some hundred names.
labels::Labels labelsOf(size_t target, size_t series)
{
    const std::string name = "node_metric_" + std::to_string(series / 10) + "_total";
    const std::string instance = "host-" + std::to_string(target) + ".example.com:9100";
    const std::string device = "device" + std::to_string(series % 10);
    return { { "__name__", name }, { "device", device }, { "env", "prod" },
        { "instance", instance }, { "job", "node" } };
}

Result<std::unique_ptr<tsdb::RingStore>> filled(size_t count, const Clock& clock, size_t rows)
{
    tsdb::RingStoreOptions options;
    options.retention = {};
    options.bytesMax = SIZE_MAX;
    options.seriesMax = tsdb::kSeriesMaxCeiling;
    auto store = std::make_unique<tsdb::RingStore>(options, clock);
    std::vector<storage::RowValue> values;
    for (size_t target = 0; target * kPerTarget < count; ++target) {
        values.clear();
        for (size_t i = 0; i < std::min(kPerTarget, count - target * kPerTarget); ++i) {
            const auto ref = store->seriesFor(labelsOf(target, i));
            if (!ref)
                return failure(ref.error());
            values.push_back({ *ref, static_cast<double>(i) });
        }
        for (size_t row = 1; row <= rows; ++row) {
            const auto counts = store->append({ static_cast<int64_t>(row) * 1000, values, {}, {} });
            if (!counts)
                return failure(counts.error());
            // A sixth of the values changes from row to row.
            for (size_t i = row % 6; i < values.size(); i += 6)
                values[i].value += 1;
        }
    }
    return store;
}

Result<double> selectMs(
    const tsdb::RingStore& store, const std::vector<labels::Matcher>& matchers, size_t& found)
{
    const auto first = store.series(matchers, { 0, INT64_MAX }, {});
    if (!first)
        return failure(first.error());
    found = first->size();
    return measure(51, [&] {
        static_cast<void>(store.series(matchers, { 0, INT64_MAX }, {}).has_value());
    }).cpuMs;
}

Result<json> runIndex(Arguments arguments)
{
    size_t count = 0;
    for (const char digit : arguments.empty() ? std::string() : arguments[0])
        count = digit >= '0' && digit <= '9' ? count * 10 + static_cast<size_t>(digit - '0') : 0;
    if (count == 0 || count > tsdb::kSeriesMaxCeiling)
        return failure("index needs a count of series, at most 5000000");
    constexpr size_t kRows = 20;
    const SystemClock clock;
    const size_t heapBefore = mallinfo2().uordblks;
    const auto store = filled(count, clock, kRows);
    if (!store)
        return failure(store.error());
    json report;
    report["series"] = count;
    report["heap_bytes"] = mallinfo2().uordblks - heapBefore;
    report["store_bytes"] = (*store)->stats().bytes;
    report["rows"] = kRows;
    using labels::Matcher;
    struct Case
    {
        const char* name;
        std::vector<Matcher> matchers;
    };
    const std::array cases {
        Case { "instance_and_job",
            { Matcher::equal("instance", "host-7.example.com:9100"),
                Matcher::equal("job", "node") } },
        Case { "name_and_device",
            { Matcher::equal("__name__", "node_metric_42_total"),
                Matcher::equal("device", "device3") } },
    };
    for (const Case& one : cases) {
        size_t found = 0;
        const auto ms = selectMs(**store, one.matchers, found);
        if (!ms)
            return failure(ms.error());
        report[one.name] = { { "series", found }, { "ms", *ms } };
    }
    return report;
}

const BenchEntry kIndex("index", { "SERIES", runIndex });

} // namespace

} // namespace fleetglass::bench
