#include "core/promql/column.h"

#include <algorithm>
#include <unordered_map>

namespace fleetglass::promql {

bool Column::empty() const
{
    for (size_t step = 0; step < values.size(); ++step) {
        if (has(step))
            return false;
    }
    return true;
}

size_t sampleCost(const histogram::Histogram& histogram)
{
    constexpr size_t kStructBytes = 168;
    const size_t bytes = kStructBytes
        + 8 * (histogram.positiveSpans.size() + histogram.negativeSpans.size())
        + 8 * (histogram.positiveBuckets.size() + histogram.negativeBuckets.size())
        + 8 * histogram.customValues.size();
    return (bytes + 8) / 16;
}

size_t samplesIn(const Column& column)
{
    auto count = static_cast<size_t>(std::count_if(
        column.values.begin(), column.values.end(), [](double value) { return !isAbsent(value); }));
    for (const auto& histogram : column.histograms) {
        if (histogram)
            count += sampleCost(*histogram);
    }
    return count;
}

void broadcast(Column& column, size_t steps)
{
    if (column.values.empty())
        return;
    column.values.assign(steps, column.values.front());
    if (!column.histograms.empty())
        column.histograms.assign(steps, histogram::HistogramPtr(column.histograms.front()));
}

labels::Labels withoutMetadata(const labels::Labels& labels)
{
    static const std::vector<std::string> kNames { "__name__", "__type__", "__unit__" };
    const bool any = std::any_of(
        kNames.begin(), kNames.end(), [&](const std::string& name) { return labels.has(name); });
    return any ? labels.without(kNames) : labels;
}

void dropNames(Columns& columns)
{
    for (Column& column : columns) {
        if (column.dropName)
            column.labels = withoutMetadata(column.labels);
    }
}

namespace {

Result<void> mergeInto(Column& target, Column& source)
{
    for (size_t step = 0; step < source.values.size(); ++step) {
        if (!source.has(step))
            continue;
        if (target.has(step))
            return failure(kSameLabelset);
        if (source.hasHistogram(step))
            target.setHistogram(step, std::move(source.histograms[step]));
        else
            target.values[step] = source.values[step];
    }
    return {};
}

} // namespace

Result<void> mergeSameLabels(Columns& columns)
{
    std::unordered_map<labels::Labels, size_t> seen;
    seen.reserve(columns.size());
    size_t kept = 0;
    for (size_t i = 0; i < columns.size(); ++i) {
        const auto [entry, isNew] = seen.try_emplace(columns[i].labels, kept);
        if (isNew) {
            if (kept != i)
                columns[kept] = std::move(columns[i]);
            ++kept;
            continue;
        }
        if (auto merged = mergeInto(columns[entry->second], columns[i]); !merged)
            return merged;
    }
    columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(kept), columns.end());
    return {};
}

} // namespace fleetglass::promql
