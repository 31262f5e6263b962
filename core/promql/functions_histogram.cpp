// histogram_*: native histograms sample by sample, classic ones from the buckets of a step.
#include "core/promql/functions.h"

#include "core/base/number.h"
#include "core/histogram/quantile.h"
#include "core/promql/classic_histogram.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

namespace fleetglass::promql {

namespace {

using histogram::Histogram;

template<double (*Of)(const Histogram&), Evaluator::Detail Detail = Evaluator::Detail::CountsOnly>
Result<void> ofNative(const CallContext& context)
{
    const Evaluator::DetailScope scope(context.evaluator, Detail);
    return context.evaluator.stream(
        context.argument(0), context.grid, [&](Column column) -> Result<void> {
            if (column.histograms.empty())
                return {};
            for (size_t step = 0; step < column.values.size(); ++step)
                column.values[step]
                    = column.hasHistogram(step) ? Of(*column.histograms[step]) : kAbsent;
            column.histograms.clear();
            column.dropName = true;
            return column.empty() ? Result<void>() : context.sink(std::move(column));
        });
}

double countOf(const Histogram& h)
{
    return h.count;
}

double sumOf(const Histogram& h)
{
    return h.sum;
}

double averageOf(const Histogram& h)
{
    return h.sum / h.count;
}

double deviationOf(const Histogram& h)
{
    return std::sqrt(histogram::variance(h));
}

// Histograms of one vector: native columns as they are, the buckets of classic ones by their labels
// but "le".
struct ClassicGroup
{
    labels::Labels labels;
    struct Bound
    {
        double upper = 0;
        const Column* column = nullptr;
    };
    std::vector<Bound> bounds;
    std::vector<ClassicBucket> scratch;

    // The buckets that have a sample at a step.
    std::vector<ClassicBucket>& at(size_t step)
    {
        scratch.clear();
        for (const Bound& bound : bounds) {
            if (!isAbsent(bound.column->values[step]))
                scratch.push_back({ bound.upper, bound.column->values[step] });
        }
        return scratch;
    }
};

struct SplitVector
{
    std::vector<const Column*> native;
    std::vector<ClassicGroup> classic;
    std::unordered_map<labels::Labels, size_t> groupOf; // By the labels without "le".
};

bool hasFloats(const Column& column)
{
    for (const double value : column.values) {
        if (!isAbsent(value))
            return true;
    }
    return false;
}

std::optional<double> upperBoundOf(const labels::Labels& labels)
{
    const std::string_view text = labels.get("le");
    return text.empty() ? std::nullopt : parseFloat(text);
}

SplitVector split(const Columns& columns, PosRange place, Annotations& annotations)
{
    static const std::vector<std::string> kBound { "le" };
    SplitVector result;
    for (const Column& column : columns) {
        if (!column.histograms.empty())
            result.native.push_back(&column);
        if (!hasFloats(column))
            continue;
        const auto upper = upperBoundOf(column.labels);
        if (!upper) {
            annotations.badBucketLabel(column.labels.metricName(), column.labels.get("le"), place);
            continue;
        }
        labels::Labels key = column.labels.without(kBound);
        const auto [entry, isNew] = result.groupOf.try_emplace(key, result.classic.size());
        if (isNew)
            result.classic.push_back({ std::move(key), {}, {} });
        result.classic[entry->second].bounds.push_back({ *upper, &column });
    }
    for (ClassicGroup& group : result.classic)
        std::stable_sort(group.bounds.begin(), group.bounds.end(),
            [](const auto& a, const auto& b) { return a.upper < b.upper; });
    return result;
}

// What a histogram function makes of a native histogram and of classic buckets.
struct Computation
{
    std::function<double(const Histogram&, std::string_view metric, size_t step)> native;
    std::function<double(std::vector<ClassicBucket>&, std::string_view metric, size_t step)>
        classic;
};

// A native and a classic histogram of the same labels at one step: neither can be trusted.
std::vector<uint8_t> conflictsOf(const Column& native, SplitVector& vector, size_t steps,
    PosRange place, Annotations& annotations)
{
    std::vector<uint8_t> conflicts;
    const auto found = vector.groupOf.find(native.labels);
    if (found == vector.groupOf.end())
        return conflicts;
    conflicts.assign(steps, 0);
    for (size_t step = 0; step < steps; ++step) {
        if (!native.hasHistogram(step) || vector.classic[found->second].at(step).empty())
            continue;
        conflicts[step] = 1;
        annotations.mixedClassicNative(native.labels.metricName(), place);
    }
    return conflicts;
}

Columns compute(SplitVector& vector, const Computation& computation, size_t steps, PosRange place,
    Annotations& annotations)
{
    Columns results;
    std::unordered_map<labels::Labels, std::vector<uint8_t>> conflicts;
    for (const Column* native : vector.native) {
        const auto& conflict = conflicts[native->labels]
            = conflictsOf(*native, vector, steps, place, annotations);
        Column result(steps);
        result.labels = native->labels;
        result.dropName = true;
        for (size_t step = 0; step < steps; ++step) {
            if (native->hasHistogram(step) && (conflict.empty() || conflict[step] == 0))
                result.values[step] = computation.native(
                    *native->histograms[step], native->labels.metricName(), step);
        }
        results.push_back(std::move(result));
    }
    for (ClassicGroup& group : vector.classic) {
        const auto& conflict = conflicts[group.labels];
        Column result(steps);
        result.labels = group.labels;
        result.dropName = true;
        for (size_t step = 0; step < steps; ++step) {
            auto& buckets = group.at(step);
            if (!buckets.empty() && (conflict.empty() || conflict[step] == 0))
                result.values[step] = computation.classic(buckets, group.labels.metricName(), step);
        }
        results.push_back(std::move(result));
    }
    std::erase_if(results, [](const Column& column) { return column.empty(); });
    return results;
}

// Native and classic histogram of the same labels may take turns over time.
Result<void> push(const CallContext& context, Columns results)
{
    if (auto merged = mergeSameLabels(results); !merged)
        return merged;
    return pushAll(std::move(results), context.sink);
}

bool isQuantile(double value)
{
    return value >= 0 && value <= 1;
}

Computation quantileComputation(
    const CallContext& context, const std::vector<double>& quantiles, PosRange place)
{
    Annotations& annotations = context.annotations();
    const Grid& grid = context.grid;
    return {
        [&annotations, &quantiles, place](
            const Histogram& h, std::string_view metric, size_t step) {
            const auto estimate = histogram::quantile(h, quantiles[step]);
            if (estimate.nanResult)
                annotations.quantileNanResult(metric, place);
            if (estimate.nanSkew)
                annotations.quantileNanSkew(metric, place);
            return estimate.value;
        },
        [&annotations, &quantiles, &grid, place](
            std::vector<ClassicBucket>& buckets, std::string_view metric, size_t step) {
            MonotonicityFix fix;
            const double value = classicQuantile(quantiles[step], buckets, fix);
            if (fix.forced)
                annotations.forcedMonotonicity(metric, fix, grid.at(step), place);
            return value;
        },
    };
}

Result<void> quantileOfHistogram(const CallContext& context)
{
    const Evaluator::DetailScope scope(context.evaluator, Evaluator::Detail::WholeBelow);
    const auto quantiles = context.scalar(0);
    if (!quantiles)
        return failure(quantiles.error());
    for (const double quantile : *quantiles) {
        if (!isQuantile(quantile))
            context.annotations().invalidQuantile(quantile, context.place(0));
    }
    auto input = context.evaluator.evaluate(context.argument(1), context.grid);
    if (!input)
        return failure(input.error());
    SplitVector vector = split(input->columns, context.place(1), context.annotations());
    const Computation computation = quantileComputation(context, *quantiles, context.place(1));
    return push(context,
        compute(vector, computation, context.grid.steps, context.place(1), context.annotations()));
}

// The label value of a quantile: OpenMetrics' float, "0.5", "1.0".
std::string quantileText(double quantile)
{
    std::string text = formatFloatShort(quantile);
    return text.find_first_of(".eIN") == std::string::npos ? text + ".0" : text;
}

// One result column for each value a quantile takes over the steps.
Columns labelled(
    const Columns& results, const std::string& name, const std::vector<double>& quantiles)
{
    Columns columns;
    for (const Column& result : results) {
        std::unordered_map<std::string, size_t> byText;
        for (size_t step = 0; step < quantiles.size(); ++step) {
            const auto [entry, isNew]
                = byText.try_emplace(quantileText(quantiles[step]), columns.size());
            if (isNew) {
                Column column(result, quantiles.size());
                labels::Builder builder(result.labels);
                builder.set(name, entry->first);
                column.labels = builder.labels();
                columns.push_back(std::move(column));
            }
            columns[entry->second].values[step] = result.values[step];
        }
    }
    return columns;
}

Result<void> quantilesOfHistogram(const CallContext& context)
{
    const Evaluator::DetailScope scope(context.evaluator, Evaluator::Detail::WholeBelow);
    auto input = context.evaluator.evaluate(context.argument(0), context.grid);
    if (!input)
        return failure(input.error());
    SplitVector vector = split(input->columns, context.place(0), context.annotations());
    Columns all;
    for (size_t i = 2; i < context.size(); ++i) {
        const auto quantiles = context.scalar(i);
        if (!quantiles)
            return failure(quantiles.error());
        for (const double quantile : *quantiles) {
            if (!isQuantile(quantile))
                context.annotations().invalidQuantile(quantile, context.place(i));
        }
        const Computation computation = quantileComputation(context, *quantiles, context.place(0));
        Columns results = compute(
            vector, computation, context.grid.steps, context.place(0), context.annotations());
        for (Column& column : labelled(results, context.text(1), *quantiles))
            all.push_back(std::move(column));
    }
    std::erase_if(all, [](const Column& column) { return column.empty(); });
    return push(context, std::move(all));
}

Result<void> fractionOfHistogram(const CallContext& context)
{
    const Evaluator::DetailScope scope(context.evaluator, Evaluator::Detail::WholeBelow);
    const auto lower = context.scalar(0);
    if (!lower)
        return failure(lower.error());
    const auto upper = context.scalar(1);
    if (!upper)
        return failure(upper.error());
    auto input = context.evaluator.evaluate(context.argument(2), context.grid);
    if (!input)
        return failure(input.error());
    SplitVector vector = split(input->columns, context.place(2), context.annotations());
    const Computation computation {
        [&](const Histogram& h, std::string_view metric, size_t step) {
            const auto estimate = histogram::fraction(h, (*lower)[step], (*upper)[step]);
            if (estimate.nanSkew)
                context.annotations().fractionNans(metric, context.place(2));
            return estimate.value;
        },
        [&](std::vector<ClassicBucket>& buckets, std::string_view, size_t step) {
            return classicFraction((*lower)[step], (*upper)[step], buckets);
        },
    };
    return push(context,
        compute(vector, computation, context.grid.steps, context.place(2), context.annotations()));
}

constexpr VectorFunctionEntry kHistogramFunctions[] {
    { "histogram_count", ofNative<countOf> },
    { "histogram_sum", ofNative<sumOf> },
    { "histogram_avg", ofNative<averageOf> },
    { "histogram_stddev", ofNative<deviationOf, Evaluator::Detail::Whole> },
    { "histogram_stdvar", ofNative<histogram::variance, Evaluator::Detail::Whole> },
    { "histogram_quantile", quantileOfHistogram },
    { "histogram_quantiles", quantilesOfHistogram },
    { "histogram_fraction", fractionOfHistogram },
};

} // namespace

std::span<const VectorFunctionEntry> histogramFunctions()
{
    return kHistogramFunctions;
}

} // namespace fleetglass::promql
