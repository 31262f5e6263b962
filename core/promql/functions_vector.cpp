// Functions that look at a vector as a whole: scalar, vector, absent, timestamp, start_timestamp.
#include "core/promql/functions.h"

#include "core/promql/prepare.h"

#include <limits>
#include <set>

namespace fleetglass::promql {

namespace {

// The one float of each step; NaN where there is none or more than one.
Result<void> scalarOf(const CallContext& context)
{
    const size_t steps = context.grid.steps;
    Column result(steps);
    std::vector<uint8_t> found(steps, 0);
    auto done
        = context.evaluator.stream(context.argument(0), context.grid, [&](const Column& column) {
              for (size_t step = 0; step < steps; ++step) {
                  if (isAbsent(column.values[step]))
                      continue;
                  found[step] = found[step] == 0 ? 1 : 2;
                  result.values[step] = column.values[step];
              }
              return Result<void>();
          });
    if (!done)
        return done;
    for (size_t step = 0; step < steps; ++step) {
        if (found[step] != 1)
            result.values[step] = std::numeric_limits<double>::quiet_NaN();
    }
    return context.sink(std::move(result));
}

Result<void> vectorOf(const CallContext& context)
{
    auto values = context.scalar(0);
    if (!values)
        return failure(values.error());
    Column column;
    column.values = std::move(*values);
    return context.sink(std::move(column));
}

Result<void> absentOf(const CallContext& context)
{
    Column absent(context.grid.steps);
    absent.values.assign(context.grid.steps, 1.0);
    auto done
        = context.evaluator.stream(context.argument(0), context.grid, [&](const Column& column) {
              for (size_t step = 0; step < context.grid.steps; ++step) {
                  if (column.has(step))
                      absent.values[step] = kAbsent;
              }
              return Result<void>();
          });
    if (!done)
        return done;
    if (absent.empty())
        return {};
    if (const auto* selector = as<VectorSelector>(&unwrapped(context.argument(0))))
        absent.labels = labelsForAbsent(*selector);
    return context.sink(std::move(absent));
}

// The time of a selector's samples; an expression's samples are as old as the step.
Result<void> timestampOf(const CallContext& context)
{
    const Expr& argument = unwrapped(context.argument(0));
    const bool pinned = context.argument(0).kind == ExprKind::StepInvariant;
    if (const auto* selector = as<VectorSelector>(&argument)) {
        const Grid grid = pinned ? context.grid.once() : context.grid;
        return context.evaluator.select(
            *selector, grid, LatestOf::Timestamp, [&](Column column) -> Result<void> {
                if (pinned)
                    broadcast(column, context.grid.steps);
                column.dropName = true;
                return context.sink(std::move(column));
            });
    }
    return context.evaluator.stream(
        context.argument(0), context.grid, [&](Column column) -> Result<void> {
            for (size_t step = 0; step < context.grid.steps; ++step) {
                if (column.has(step))
                    column.values[step] = static_cast<double>(context.grid.at(step)) / 1000;
            }
            column.histograms.clear();
            column.dropName = true;
            return context.sink(std::move(column));
        });
}

// Nothing for an expression: only stored samples know when their counter began.
Result<void> startTimestampOf(const CallContext& context)
{
    const Expr& argument = unwrapped(context.argument(0));
    const auto* selector = as<VectorSelector>(&argument);
    if (!selector || !context.evaluator.options().startTimestamps)
        return {};
    const bool pinned = context.argument(0).kind == ExprKind::StepInvariant;
    const Grid grid = pinned ? context.grid.once() : context.grid;
    return context.evaluator.select(
        *selector, grid, LatestOf::StartTimestamp, [&](Column column) -> Result<void> {
            if (pinned)
                broadcast(column, context.grid.steps);
            column.dropName = true;
            return context.sink(std::move(column));
        });
}

constexpr VectorFunctionEntry kVectorFunctions[] {
    { "scalar", scalarOf },
    { "vector", vectorOf },
    { "absent", absentOf },
    { "timestamp", timestampOf },
    { "start_timestamp", startTimestampOf },
};

} // namespace

std::span<const VectorFunctionEntry> vectorFunctions()
{
    return kVectorFunctions;
}

labels::Labels labelsForAbsent(const VectorSelector& selector)
{
    labels::Builder builder;
    std::set<std::string_view> seen;
    for (const labels::Matcher& matcher : selector.matchers) {
        if (matcher.name() == labels::kMetricName)
            continue;
        if (matcher.type() == labels::MatchType::Equal && seen.insert(matcher.name()).second)
            builder.set(matcher.name(), matcher.value());
        else
            builder.remove(matcher.name());
    }
    return builder.labels();
}

} // namespace fleetglass::promql
