#include "core/rule_test/sample_store.h"

#include "core/histogram/arithmetic.h"
#include "core/promql/series_description.h"

namespace fleetglass::rule_test {

namespace {

// A hint that was not written is the one Prometheus' store would give the sample.
histogram::HistogramPtr withHint(
    const promql::SequenceValue& value, const histogram::HistogramPtr& previous)
{
    if (value.hasResetHint || !previous)
        return value.histogram;
    auto hinted = std::make_shared<histogram::Histogram>(*value.histogram);
    hinted->resetHint = histogram::storedHint(*value.histogram, *previous);
    return hinted;
}

std::vector<storage::LooseSample> samplesOf(
    const promql::SeriesDescription& series, storage::SeriesRef ref, const rules::RuleTest& test)
{
    std::vector<storage::LooseSample> samples;
    histogram::HistogramPtr previous;
    int64_t timestampMs = test.startMs;
    for (const promql::SequenceValue& value : series.values) {
        if (!value.omitted) {
            storage::LooseSample sample;
            sample.series = ref;
            sample.timestampMs = timestampMs;
            sample.value = value.value;
            if (value.histogram)
                sample.histogram = previous = withHint(value, previous);
            samples.push_back(std::move(sample));
        }
        timestampMs += test.interval.count();
    }
    return samples;
}

Result<bool> addSeries(
    tsdb::RingStore& store, const rules::TestSeries& given, const rules::RuleTest& test)
{
    const std::string text = given.series + ' ' + given.values;
    const auto parsed = promql::parseSeriesDescription(text);
    if (!parsed.ok())
        return failure("input series " + labels::quote(given.series) + ": "
            + promql::describe(parsed.errors.front(), text));
    const auto ref = store.seriesFor(parsed.value.labels);
    if (!ref)
        return failure(ref.error());
    storage::Row row;
    row.timestampMs = test.startMs;
    const auto samples = samplesOf(parsed.value, *ref, test);
    row.loose = samples;
    const auto counts = store.append(row);
    if (!counts)
        return failure(counts.error());
    if (counts->appended != samples.size())
        return failure("input series " + labels::quote(given.series)
            + " is given twice with different values at one time");
    return true;
}

} // namespace

Result<std::unique_ptr<tsdb::RingStore>> storeOf(const rules::RuleTest& test, const Clock& clock)
{
    auto store = std::make_unique<tsdb::RingStore>(
        tsdb::RingStoreOptions { .retention = std::chrono::milliseconds(0),
            .bytesMax = size_t { 4 } << 30U,
            .seriesMax = tsdb::kSeriesMaxCeiling },
        clock);
    for (const rules::TestSeries& series : test.series) {
        if (const auto added = addSeries(*store, series, test); !added)
            return failure(added.error());
    }
    return store;
}

} // namespace fleetglass::rule_test
