// Column: one series of an instant vector over all steps of a grid. A step without a sample holds
// kAbsent, the bits of the stale marker, which never are a result. Used from one thread at a time.
#pragma once

#include "core/base/result.h"
#include "core/histogram/histogram.h"
#include "core/labels/labels.h"
#include "core/storage/sample.h"

#include <functional>
#include <vector>

namespace fleetglass::promql {

inline const double kAbsent = storage::kStaleMarker;

inline bool isAbsent(double value)
{
    return storage::isStaleMarker(value);
}

struct Column
{
    labels::Labels labels;
    bool dropName = false; // The metric name is gone; taken out at the end of the query.
    std::vector<double> values; // One for each step; kAbsent also where there is a histogram.
    std::vector<histogram::HistogramPtr> histograms; // Empty, or one for each step.

    explicit Column(size_t steps = 0)
        : values(steps, kAbsent)
    {
    }
    Column(const Column& layout, size_t steps) // Its labels, no samples.
        : labels(layout.labels)
        , dropName(layout.dropName)
        , values(steps, kAbsent)
    {
    }

    bool hasHistogram(size_t step) const
    {
        return !histograms.empty() && histograms[step] != nullptr;
    }
    bool has(size_t step) const { return !isAbsent(values[step]) || hasHistogram(step); }
    void setHistogram(size_t step, histogram::HistogramPtr histogram)
    {
        if (histograms.empty())
            histograms.resize(values.size());
        histograms[step] = std::move(histogram);
        values[step] = kAbsent;
    }
    void clear(size_t step)
    {
        values[step] = kAbsent;
        if (!histograms.empty())
            histograms[step].reset();
    }
    bool empty() const;
};

using Columns = std::vector<Column>;
// Takes one column after the other; an error ends the stream.
using ColumnSink = std::function<Result<void>(Column)>;

// A histogram counts for as many samples as it fills 16-byte points (Prometheus' HPoint.size).
size_t samplesIn(const Column& column);
size_t sampleCost(const histogram::Histogram& histogram);

// Repeats the first step's sample at all `steps`.
void broadcast(Column& column, size_t steps);

// Without __name__, __type__ and __unit__ (Prometheus schema.IsMetadataLabel).
labels::Labels withoutMetadata(const labels::Labels& labels);
// Takes the name out of every column that has dropName.
void dropNames(Columns& columns);

// Columns with equal labels become one; two samples at one step are an error.
Result<void> mergeSameLabels(Columns& columns);

inline constexpr const char* kSameLabelset = "vector cannot contain metrics with the same labelset";

} // namespace fleetglass::promql
