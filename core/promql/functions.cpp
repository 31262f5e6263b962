#include "core/promql/functions.h"

#include "core/promql/function_table.h"
#include "core/promql/prepare.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace fleetglass::promql {

namespace {

template<class Entry>
void addAll(std::unordered_map<std::string_view, Entry>& all, std::span<const Entry> family)
{
    for (const Entry& entry : family)
        all.emplace(entry.name, entry);
}

const VectorFunctionEntry* findVectorFunction(std::string_view name)
{
    static const auto kAll = [] {
        std::unordered_map<std::string_view, VectorFunctionEntry> all;
        for (const auto family : { mathFunctions(), timeFunctions(), labelFunctions(),
                 vectorFunctions(), sortFunctions(), histogramFunctions() })
            addAll(all, family);
        all.emplace("info", VectorFunctionEntry { "info", evaluateInfo });
        return all;
    }();
    const auto found = kAll.find(name);
    return found == kAll.end() ? nullptr : &found->second;
}

const RangeFunctionEntry* findRangeFunction(std::string_view name)
{
    static const auto kAll = [] {
        std::unordered_map<std::string_view, RangeFunctionEntry> all;
        for (const auto family :
            { rateFunctions(), overTimeFunctions(), changeFunctions(), regressionFunctions() })
            addAll(all, family);
        return all;
    }();
    const auto found = kAll.find(name);
    return found == kAll.end() ? nullptr : &found->second;
}

bool keepsName(std::string_view function)
{
    return function == "last_over_time" || function == "first_over_time";
}

Result<void> checkModifier(const WindowGrid& windows, std::string_view function)
{
    constexpr std::array<std::string_view, 5> kAnchored { "changes", "delta", "increase", "rate",
        "resets" };
    constexpr std::array<std::string_view, 3> kSmoothed { "delta", "increase", "rate" };
    const auto knows = [&](auto& names) {
        return std::find(names.begin(), names.end(), function) != names.end();
    };
    if (windows.anchored && !knows(kAnchored))
        return failure(
            "anchored modifier can only be used with: changes, delta, increase, rate, resets - "
            "not with "
            + std::string(function));
    if (windows.smoothed && !knows(kSmoothed))
        return failure("smoothed modifier can only be used with: delta, increase, rate - not with "
            + std::string(function));
    return {};
}

bool endsLikeCounter(std::string_view metric)
{
    return metric.ends_with("_total") || metric.ends_with("_sum") || metric.ends_with("_count")
        || metric.ends_with("_bucket");
}

void doubtCounter(const Evaluator& evaluator, const RangeCall& call, const labels::Labels& labels)
{
    if (call.metric.empty())
        return;
    if (!evaluator.options().typeAndUnitLabels) {
        if (!endsLikeCounter(call.metric))
            call.annotations.possibleNonCounter(call.metric, call.place);
        return;
    }
    const std::string_view type = labels.get("__type__");
    if (type != "counter" && type != "histogram")
        call.annotations.possibleNonCounterType(call.metric, type, call.place);
}

bool hasFloat(const Column& column)
{
    return std::any_of(
        column.values.begin(), column.values.end(), [](double value) { return !isAbsent(value); });
}

struct RangeCallPlan
{
    const RangeFunctionEntry* function = nullptr;
    const Expr* range = nullptr;
    WindowGrid windows;
    std::vector<std::vector<double>> scalars;
};

Result<RangeCallPlan> planRangeCall(Evaluator& evaluator, const Call& call, const Grid& grid)
{
    RangeCallPlan plan;
    plan.function = findRangeFunction(call.function->name);
    for (const ExprPtr& argument : call.arguments) {
        const Expr& inner = unwrapped(*argument);
        if (typeOf(inner) == ValueType::Matrix) {
            plan.range = &inner;
            continue;
        }
        auto values = evaluator.scalar(*argument, grid);
        if (!values)
            return failure(values.error());
        plan.scalars.push_back(std::move(*values));
    }
    auto windows = evaluator.windowsOf(*plan.range, grid);
    if (!windows)
        return failure(windows.error());
    plan.windows = *windows;
    if (auto allowed = checkModifier(plan.windows, call.function->name); !allowed)
        return failure(allowed.error());
    return plan;
}

// Series of a range call, some at a time: their columns are worked out together, on several threads
// where the query has them, and go on in order.
class RangeBatch
{
public:
    RangeBatch(
        Evaluator& evaluator, const Call& call, const RangeCallPlan& plan, const ColumnSink& sink)
        : m_evaluator(evaluator)
        , m_call(call)
        , m_plan(plan)
        , m_sink(sink)
        , m_isCounterFunction(isCounterFunction(call.function->name))
        , m_keepsName(keepsName(call.function->name))
        , m_itemsMax(itemsMax())
    {
    }

    Result<void> add(SampleRun run)
    {
        if (m_itemsMax == 1) {
            RateWindows rateWindows;
            Column column;
            const auto error = compute(run, column, m_evaluator.annotations(), rateWindows);
            return error ? failure(*error) : push(std::move(column));
        }
        m_items.push_back(Item { std::move(run), Column(), {}, std::nullopt });
        return m_items.size() < m_itemsMax ? Result<void>() : flush();
    }

    Result<void> flush()
    {
        if (auto computed = computeAll(); !computed)
            return computed;
        for (Item& item : m_items) {
            m_evaluator.annotations().add(item.annotations);
            if (item.error)
                return failure(*item.error);
            if (auto pushed = push(std::move(item.column)); !pushed)
                return pushed;
        }
        m_items.clear();
        return {};
    }

private:
    struct Item
    {
        SampleRun run;
        Column column;
        Annotations annotations;
        std::optional<Error> error;
    };

    Result<void> push(Column column)
    {
        return column.empty() ? Result<void>() : m_sink(std::move(column));
    }

    static bool isCounterFunction(std::string_view name)
    {
        return name == "rate" || name == "increase";
    }

    // A subquery's steps are counted into the budget one series at a time; a few steps are not
    // worth waking anybody.
    size_t itemsMax() const
    {
        constexpr size_t kStepsMin = 32;
        constexpr size_t kItemsPerThread = 64;
        if (m_plan.range->kind == ExprKind::Subquery || m_plan.windows.grid.steps < kStepsMin)
            return 1;
        const Parallel* parallel = m_evaluator.options().parallel;
        return kItemsPerThread * (parallel ? std::max<size_t>(parallel->threads(), 1) : 1);
    }

    // Series with the same times stay together, as they share the windows' places; though not all
    // where other threads would have nothing to do.
    std::vector<std::vector<Item*>> pieces()
    {
        constexpr size_t kSharedMax = 16;
        const size_t itemsMax = m_evaluator.options().parallel ? kSharedMax : m_items.size();
        std::vector<std::vector<Item*>> pieces;
        std::unordered_map<const int64_t*, size_t> pieceOf;
        for (Item& item : m_items) {
            const auto [entry, isNew]
                = pieceOf.try_emplace(item.run.timestampsMs.data(), pieces.size());
            if (!isNew && pieces[entry->second].size() == itemsMax)
                entry->second = pieces.size();
            if (entry->second == pieces.size())
                pieces.emplace_back();
            pieces[entry->second].push_back(&item);
        }
        return pieces;
    }

    Result<void> computeAll()
    {
        if (m_items.empty())
            return {};
        const auto all = pieces();
        const auto run = [&](size_t i) {
            RateWindows rateWindows;
            for (Item* item : all[i]) {
                if (!m_evaluator.guard().check())
                    return; // The check below tells why.
                item->error = compute(item->run, item->column, item->annotations, rateWindows);
            }
        };
        Parallel* parallel = m_evaluator.options().parallel;
        if (parallel && all.size() > 1) {
            parallel->forEach(all.size(), run);
        } else {
            for (size_t i = 0; i < all.size(); ++i)
                run(i);
        }
        return m_evaluator.guard().check();
    }

    // Reads the evaluator and changes its arguments alone: series are worked on at the same time.
    std::optional<Error> compute(const SampleRun& run, Column& column, Annotations& annotations,
        RateWindows& rateWindows) const
    {
        column.values.assign(m_plan.windows.grid.steps, kAbsent);
        column.labels = run.labels;
        column.dropName = m_keepsName ? run.dropName : true;
        RangeCall context { annotations, m_plan.windows, m_plan.scalars,
            m_call.arguments.front()->range, run.labels.metricName(), &rateWindows };
        m_plan.function->run(run, context, column);
        if (!context.error && m_isCounterFunction && hasFloat(column))
            doubtCounter(m_evaluator, context, run.labels);
        return std::move(context.error);
    }

    Evaluator& m_evaluator;
    const Call& m_call;
    const RangeCallPlan& m_plan;
    const ColumnSink& m_sink;
    const bool m_isCounterFunction;
    const bool m_keepsName;
    const size_t m_itemsMax;
    std::vector<Item> m_items;
};

Result<void> evaluateRangeCall(
    Evaluator& evaluator, const Call& call, const Grid& grid, const ColumnSink& sink)
{
    const auto plan = planRangeCall(evaluator, call, grid);
    if (!plan)
        return failure(plan.error());
    RangeBatch batch(evaluator, call, *plan, sink);
    auto done = evaluator.runs(
        *plan->range, plan->windows, [&](SampleRun run) { return batch.add(std::move(run)); });
    return done ? batch.flush() : done;
}

// absent_over_time looks at all series together.
Result<void> evaluateAbsentOverTime(
    Evaluator& evaluator, const Call& call, const Grid& grid, const ColumnSink& sink)
{
    const auto plan = planRangeCall(evaluator, call, grid);
    if (!plan)
        return failure(plan.error());
    Column absent(grid.steps);
    absent.values.assign(grid.steps, 1.0);
    absent.dropName = true;
    auto done
        = evaluator.runs(*plan->range, plan->windows, [&](const SampleRun& run) -> Result<void> {
              slide(run, plan->windows,
                  [&](const Window& window) { absent.values[window.step] = kAbsent; });
              return {};
          });
    if (!done)
        return done;
    if (absent.empty())
        return {};
    if (const auto* matrix = as<MatrixSelector>(plan->range))
        absent.labels = labelsForAbsent(matrix->vector());
    return sink(std::move(absent));
}

} // namespace

const std::string& CallContext::text(size_t i) const
{
    static const std::string kNone;
    const auto* literal = as<StringLiteral>(&unwrapped(argument(i)));
    return literal ? literal->value : kNone;
}

Result<void> evaluateCall(
    Evaluator& evaluator, const Call& call, const Grid& grid, const ColumnSink& sink)
{
    const std::string_view name = call.function->name;
    if (name == "absent_over_time")
        return evaluateAbsentOverTime(evaluator, call, grid, sink);
    if (findRangeFunction(name))
        return evaluateRangeCall(evaluator, call, grid, sink);
    if (const VectorFunctionEntry* function = findVectorFunction(name))
        return function->run(CallContext { evaluator, call, grid, sink });
    return failure(
        "function \"" + std::string(name) + "\" has no implementation", ErrorCode::Internal);
}

namespace {

struct Rank
{
    size_t lower = 0;
    size_t upper = 0;
    double weight = 0; // Of the upper one.
};

Rank rankOf(double quantile, size_t count)
{
    const auto last = static_cast<double>(count - 1);
    const double rank = quantile * last;
    const double lower = std::max(0.0, std::floor(rank));
    return { static_cast<size_t>(lower), static_cast<size_t>(std::min(last, lower + 1)),
        rank - std::floor(rank) };
}

// Where no value has to be looked at.
std::optional<double> quantileWithout(double quantile, size_t count)
{
    if (count == 0 || std::isnan(quantile))
        return std::numeric_limits<double>::quiet_NaN();
    if (quantile < 0)
        return -std::numeric_limits<double>::infinity();
    if (quantile > 1)
        return std::numeric_limits<double>::infinity();
    return std::nullopt;
}

} // namespace

double quantileOf(double quantile, std::vector<double>& values)
{
    if (const auto known = quantileWithout(quantile, values.size()))
        return *known;
    const auto isLess = [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; };
    const Rank rank = rankOf(quantile, values.size());
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank.lower);
    std::nth_element(values.begin(), at, values.end(), isLess);
    const double lower = *at;
    const double upper
        = rank.upper == rank.lower ? lower : *std::min_element(at + 1, values.end(), isLess);
    return lower * (1 - rank.weight) + upper * rank.weight;
}

double quantileOfSorted(double quantile, std::span<const double> values)
{
    if (const auto known = quantileWithout(quantile, values.size()))
        return *known;
    const Rank rank = rankOf(quantile, values.size());
    return values[rank.lower] * (1 - rank.weight) + values[rank.upper] * rank.weight;
}

} // namespace fleetglass::promql
