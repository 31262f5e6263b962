// topk, bottomk, limitk, limit_ratio and count_values.
#include "core/promql/aggregation.h"

#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/histogram/format.h"
#include "core/promql/prepare.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace fleetglass::promql {

namespace {

// Floats at and beyond which Go's int64 conversion has no meaning.
constexpr double kInt64Max = 9223372036854774784.0;
constexpr double kInt64Min = -9223372036854775808.0;

Result<void> checkCounts(const std::vector<double>& values)
{
    for (const double value : values) {
        if (std::isnan(value))
            return failure("Parameter value is NaN");
    }
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    if (low != values.end() && *low <= kInt64Min)
        return failure("Scalar value " + formatFloatShort(*low) + " underflows int64");
    if (high != values.end() && *high >= kInt64Max)
        return failure("Scalar value " + formatFloatShort(*high) + " overflows int64");
    return {};
}

Result<void> checkRatios(
    const std::vector<double>& values, PosRange place, Annotations& annotations)
{
    for (const double value : values) {
        if (std::isnan(value))
            return failure("Ratio value is NaN");
    }
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    if (high != values.end() && *high > 1)
        annotations.invalidRatio(*high, 1, place);
    if (low != values.end() && *low < -1)
        annotations.invalidRatio(*low, -1, place);
    return {};
}

bool inRatio(double ratio, double offset)
{
    ratio = std::clamp(ratio, -1.0, 1.0);
    return ratio >= 0 ? offset < ratio : offset >= 1 + ratio;
}

// The input of a selecting aggregation and which of its samples are taken.
struct Selection
{
    const AggregateExpr& expr;
    const Columns& input;
    const std::vector<double>& parameter;
    std::vector<std::vector<size_t>> groups; // Series by group, in the order of the input.
    Annotations& annotations;

    // Indices of the taken series at a step, in the order of an instant result.
    std::vector<size_t> taken(size_t step) const
    {
        std::vector<size_t> all;
        for (const std::vector<size_t>& group : groups) {
            std::vector<size_t> some = expr.op == AggregateOp::LimitRatio ? byRatio(group, step)
                : expr.op == AggregateOp::Limitk                          ? firstOf(group, step)
                                                                          : extremesOf(group, step);
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }

private:
    size_t countAt(size_t step) const
    {
        const double count = std::min(parameter[step], static_cast<double>(input.size()));
        return count < 1 ? 0 : static_cast<size_t>(count);
    }

    std::vector<size_t> byRatio(const std::vector<size_t>& group, size_t step) const
    {
        std::vector<size_t> result;
        for (const size_t i : group) {
            if (input[i].has(step) && parameter[step] != 0
                && inRatio(parameter[step], ratioOffset(input[i].labels)))
                result.push_back(i);
        }
        return result;
    }

    std::vector<size_t> firstOf(const std::vector<size_t>& group, size_t step) const
    {
        std::vector<size_t> result;
        const size_t count = countAt(step);
        for (const size_t i : group) {
            if (result.size() < count && input[i].has(step))
                result.push_back(i);
        }
        return result;
    }

    // The best come first; of equal ones those that stand first in the input are kept, NaN comes
    // last.
    std::vector<size_t> extremesOf(const std::vector<size_t>& group, size_t step) const
    {
        std::vector<size_t> result;
        const size_t count = countAt(step);
        if (count == 0)
            return result;
        for (const size_t i : group) {
            if (input[i].hasHistogram(step))
                annotations.histogramIgnoredInAggregation(toWord(expr.op), expr.range);
            else if (input[i].has(step))
                result.push_back(i);
        }
        const bool top = expr.op == AggregateOp::Topk;
        const auto better = [&](size_t a, size_t b) {
            const double x = input[a].values[step];
            const double y = input[b].values[step];
            if (std::isnan(x) || std::isnan(y))
                return !std::isnan(x) && std::isnan(y);
            return top ? x > y : x < y;
        };
        std::stable_sort(result.begin(), result.end(), better);
        if (result.size() > count)
            result.resize(count);
        return result;
    }
};

// Columns with the taken samples alone; in the order of the last step's selection, which is the
// order of an instant result.
Result<Columns> takenColumns(const Selection& selection, size_t steps, const QueryGuard& guard)
{
    Columns results;
    std::map<size_t, size_t> resultOf;
    for (size_t step = 0; step < steps; ++step) {
        if (auto alive = guard.check(); !alive)
            return failure(alive.error());
        for (const size_t i : selection.taken(step)) {
            const Column& source = selection.input[i];
            const auto [entry, isNew] = resultOf.try_emplace(i, results.size());
            if (isNew)
                results.emplace_back(source, steps);
            if (source.hasHistogram(step))
                results[entry->second].setHistogram(step, source.histograms[step]);
            else
                results[entry->second].values[step] = source.values[step];
        }
    }
    return results;
}

} // namespace

Result<void> selectSeries(
    Evaluator& evaluator, const AggregateExpr& expr, const Grid& grid, const ColumnSink& sink)
{
    const auto parameter = evaluator.scalar(*expr.parameter, grid);
    if (!parameter)
        return failure(parameter.error());
    const auto input = evaluator.evaluate(*expr.expr, grid);
    if (!input)
        return failure(input.error());
    const bool ratio = expr.op == AggregateOp::LimitRatio;
    const bool nothing = std::all_of(parameter->begin(), parameter->end(),
        [&](double value) { return ratio ? value == 0 : value < 1; });
    if (nothing)
        return {};
    auto valid = ratio ? checkRatios(*parameter, expr.parameter->range, evaluator.annotations())
                       : checkCounts(*parameter);
    if (!valid)
        return valid;
    Selection selection { expr, input->columns, *parameter, {}, evaluator.annotations() };
    Grouping grouping(expr);
    for (size_t i = 0; i < input->columns.size(); ++i) {
        const size_t group = grouping.groupOf(input->columns[i].labels);
        if (group == selection.groups.size())
            selection.groups.emplace_back();
        selection.groups[group].push_back(i);
    }
    auto results = takenColumns(selection, grid.steps, evaluator.guard());
    return results ? pushAll(std::move(*results), sink) : failure(results.error());
}

Result<void> countValues(
    Evaluator& evaluator, const AggregateExpr& expr, const Grid& grid, const ColumnSink& sink)
{
    const auto* literal = as<StringLiteral>(&unwrapped(*expr.parameter));
    const std::string name = literal ? literal->value : std::string();
    if (name.empty() || !isValidUtf8(name))
        return failure("invalid label name " + labels::quote(name));
    AggregateExpr byValue;
    byValue.grouping = expr.grouping;
    byValue.without = expr.without;
    if (!expr.without)
        byValue.grouping.push_back(name);
    const Grouping grouping(byValue);
    std::map<labels::Labels, Column> results;
    auto done = evaluator.stream(*expr.expr, grid, [&](const Column& column) {
        std::map<std::string, Column*> known; // By the text of the value.
        for (size_t step = 0; step < grid.steps; ++step) {
            if (!column.has(step))
                continue;
            std::string text = column.hasHistogram(step)
                ? histogram::toText(*column.histograms[step])
                : formatFloat(column.values[step]);
            const auto [entry, isNew] = known.try_emplace(std::move(text), nullptr);
            if (isNew) {
                labels::Builder builder(column.labels);
                builder.set(name, entry->first);
                const labels::Labels labels = grouping.labelsOf(builder.labels());
                entry->second = &results.try_emplace(labels, grid.steps).first->second;
                entry->second->labels = labels;
            }
            double& count = entry->second->values[step];
            count = isAbsent(count) ? 1 : count + 1;
        }
        return Result<void>();
    });
    if (!done)
        return done;
    for (auto& [labels, column] : results) {
        if (auto pushed = sink(std::move(column)); !pushed)
            return pushed;
    }
    return {};
}

} // namespace fleetglass::promql
