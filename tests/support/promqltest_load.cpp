#include "tests/support/promqltest_load.h"

#include "core/base/number.h"
#include "core/histogram/arithmetic.h"

#include <limits>
#include <map>
#include <optional>

namespace fleetglass::test {

namespace {

using histogram::Histogram;

// A classic histogram at one time.
struct ClassicSample
{
    std::map<double, double> cumulative; // By upper bound.
    std::optional<double> count;
    double sum = 0;
};

using ClassicSeries = std::map<int64_t, ClassicSample>;

std::optional<Histogram> toNative(const ClassicSample& sample)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    Histogram h;
    h.schema = histogram::kCustomBucketsSchema;
    std::map<double, double> cumulative = sample.cumulative;
    if (sample.count)
        cumulative.try_emplace(kInfinity, *sample.count);
    if (cumulative.empty())
        return std::nullopt;
    double previous = 0;
    for (const auto& [upper, count] : cumulative) {
        if (count < previous)
            return std::nullopt;
        if (upper != kInfinity)
            h.customValues.push_back(upper);
        h.positiveBuckets.push_back(count - previous);
        previous = count;
    }
    h.count = sample.count.value_or(previous);
    h.sum = sample.sum;
    h.positiveSpans.push_back({ 0, static_cast<uint32_t>(h.positiveBuckets.size()) });
    return histogram::compacted(h);
}

struct Part
{
    labels::Labels base;
    std::string suffix;
    double upper = 0;
};

// The piece of a classic histogram that a series is.
std::optional<Part> partOf(const labels::Labels& labels)
{
    const std::string_view name = labels.metricName();
    for (const std::string_view suffix : { "_bucket", "_count", "_sum" }) {
        if (!name.ends_with(suffix))
            continue;
        labels::Builder builder(labels);
        builder.set(labels::kMetricName, name.substr(0, name.size() - suffix.size()));
        builder.remove("le");
        Part part { builder.labels(), std::string(suffix), 0 };
        if (suffix == "_bucket") {
            const auto upper = parseFloat(labels.get("le"));
            if (!upper)
                return std::nullopt;
            part.upper = *upper;
        }
        return part;
    }
    return std::nullopt;
}

void loadNative(const LoadStatement& statement, MemoryStorage& storage)
{
    std::map<labels::Labels, ClassicSeries> classic;
    std::map<labels::Labels, bool> hasBuckets;
    for (const LoadedSeries& series : statement.series) {
        const auto part = partOf(series.description.labels);
        if (!part)
            continue;
        hasBuckets[part->base] = hasBuckets[part->base] || part->suffix == "_bucket";
        for (size_t i = 0; i < series.description.values.size(); ++i) {
            const auto& value = series.description.values[i];
            if (value.omitted || value.histogram || storage::isStaleMarker(value.value))
                continue;
            ClassicSample& sample = classic[part->base][static_cast<int64_t>(i) * statement.stepMs];
            if (part->suffix == "_bucket")
                sample.cumulative[part->upper] = value.value;
            else if (part->suffix == "_count")
                sample.count = value.value;
            else
                sample.sum = value.value;
        }
    }
    for (const auto& [labels, samples] : classic) {
        if (!hasBuckets[labels])
            continue;
        for (const auto& [timestampMs, sample] : samples) {
            if (auto native = toNative(sample))
                storage.add(labels, timestampMs, std::move(*native));
        }
    }
}

} // namespace

void load(const LoadStatement& statement, MemoryStorage& storage)
{
    for (const LoadedSeries& series : statement.series) {
        const auto& values = series.description.values;
        for (size_t i = 0; i < values.size(); ++i) {
            if (values[i].omitted)
                continue;
            const int64_t at = static_cast<int64_t>(i) * statement.stepMs;
            int64_t start = 0;
            if (i < series.startOffsetsMs.size() && series.startOffsetsMs[i])
                start = at + *series.startOffsetsMs[i];
            if (values[i].histogram)
                storage.add(series.description.labels, at, *values[i].histogram, start);
            else
                storage.add(series.description.labels, at, values[i].value, start);
        }
    }
    if (statement.withNhcb)
        loadNative(statement, storage);
}

} // namespace fleetglass::test
