// Arithmetic and comparison between two vectors. The pairing is worked out once for each match
// group, not once for each step; only groups with several series on the "one" side look at single
// steps.
#include "core/promql/binary.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace fleetglass::promql {

namespace {

using labels::Labels;

// Series of both sides that agree on the matching labels. With group_right the sides are swapped,
// so "many" is always the side that may have several.
struct MatchGroup
{
    Labels labels;
    std::vector<const Column*> many;
    std::vector<const Column*> one;
};

// As in Prometheus, a left fill stands in for the "many" side and a right fill for the "one" side,
// also where group_right swaps them.
struct Sides
{
    bool swapped = false;
    bool oneToOne = true;
    std::optional<double> fillMany;
    std::optional<double> fillOne;

    explicit Sides(const VectorMatching& matching)
        : swapped(matching.cardinality == Cardinality::OneToMany)
        , oneToOne(matching.cardinality == Cardinality::OneToOne)
        , fillMany(matching.fillLeft)
        , fillOne(matching.fillRight)
    {
    }
    bool fills() const { return fillMany || fillOne; }
};

std::vector<MatchGroup> groupsOf(
    const Columns& many, const Columns& one, const VectorMatching& matching)
{
    std::vector<MatchGroup> groups;
    std::unordered_map<Labels, size_t> byLabels;
    const auto groupFor = [&](const Column& column) -> MatchGroup& {
        Labels key = matchingLabelsOf(column.labels, matching);
        const auto [entry, isNew] = byLabels.try_emplace(key, groups.size());
        if (isNew)
            groups.push_back({ std::move(key), {}, {} });
        return groups[entry->second];
    };
    for (const Column& column : many)
        groupFor(column).many.push_back(&column);
    for (const Column& column : one)
        groupFor(column).one.push_back(&column);
    return groups;
}

std::vector<uint8_t> anyPresent(const Columns& columns, size_t steps)
{
    std::vector<uint8_t> present(steps, 0);
    for (const Column& column : columns) {
        for (size_t step = 0; step < steps; ++step)
            present[step] = present[step] != 0 || column.has(step) ? 1 : 0;
    }
    return present;
}

// Pairs the series of all groups and collects their results.
class VectorMatch
{
public:
    VectorMatch(Evaluator& evaluator, const BinaryExpr& expr, const Grid& grid)
        : m_evaluator(evaluator)
        , m_expr(expr)
        , m_matching(*expr.matching)
        , m_sides(m_matching)
        , m_steps(grid.steps)
    {
    }

    Result<Columns> run(const Columns& left, const Columns& right)
    {
        const Columns& many = m_sides.swapped ? right : left;
        const Columns& one = m_sides.swapped ? left : right;
        const std::vector<MatchGroup> groups = groupsOf(many, one, m_matching);
        for (const MatchGroup& group : groups) {
            if (group.one.size() > 1) {
                // Without a sample on one side nothing is matched, so nothing can be wrong.
                if (m_active.empty())
                    m_active = activeSteps(many, one);
                if (auto unique = checkUnique(group); !unique)
                    return failure(unique.error());
            }
        }
        for (const MatchGroup& group : groups) {
            if (auto matched = matchGroup(group); !matched)
                return failure(matched.error());
        }
        return std::move(m_results);
    }

private:
    std::vector<uint8_t> activeSteps(const Columns& many, const Columns& one) const
    {
        std::vector<uint8_t> active = anyPresent(many, m_steps);
        const std::vector<uint8_t> other = anyPresent(one, m_steps);
        for (size_t step = 0; step < m_steps; ++step)
            active[step] = m_sides.fills() || (active[step] != 0 && other[step] != 0) ? 1 : 0;
        return active;
    }

    Result<void> checkUnique(const MatchGroup& group) const
    {
        for (size_t step = 0; step < m_steps; ++step) {
            const Column* found = nullptr;
            for (const Column* column : group.one) {
                if (m_active[step] == 0 || !column->has(step))
                    continue;
                if (found)
                    return duplicates(group, *found, *column);
                found = column;
            }
        }
        return {};
    }

    tl::unexpected<Error> duplicates(
        const MatchGroup& group, const Column& a, const Column& b) const
    {
        const auto [first, second] = std::minmax(a.labels, b.labels);
        return failure("found duplicate series for the match group " + group.labels.toString()
            + " on the " + (m_sides.swapped ? "left" : "right") + " hand-side of the operation: ["
            + first.toString() + ", " + second.toString()
            + "];many-to-many matching not allowed: matching labels must be unique on one side");
    }

    // The one-side series at a step; null where there is none.
    static const Column* oneAt(const MatchGroup& group, size_t step)
    {
        for (const Column* column : group.one) {
            if (column->has(step))
                return column;
        }
        return nullptr;
    }

    Result<void> matchGroup(const MatchGroup& group)
    {
        if (group.many.empty() && !m_sides.fillMany)
            return {};
        if (group.one.empty() && !m_sides.fillOne)
            return {};
        std::vector<uint32_t> matches(m_steps, 0);
        std::vector<std::pair<Labels, std::vector<uint8_t>>> taken;
        for (const Column* column : group.many) {
            if (auto alive = m_evaluator.guard().check(); !alive)
                return alive;
            if (auto matched = matchColumn(*column, group, matches, taken); !matched)
                return matched;
        }
        if (m_sides.fillMany)
            fillMissingMany(group, matches);
        return {};
    }

    // A many-side series against all partners it has over time.
    Result<void> matchColumn(const Column& column, const MatchGroup& group,
        std::vector<uint32_t>& matches, std::vector<std::pair<Labels, std::vector<uint8_t>>>& taken)
    {
        for (const Column* partner : group.one) {
            if (auto paired = pair(column, partner, group, matches, taken); !paired)
                return paired;
        }
        return m_sides.fillOne ? pair(column, nullptr, group, matches, taken) : Result<void>();
    }

    Result<void> pair(const Column& column, const Column* partner, const MatchGroup& group,
        std::vector<uint32_t>& matches, std::vector<std::pair<Labels, std::vector<uint8_t>>>& taken)
    {
        Column result(m_steps);
        result.labels = resultLabels(column.labels, partner ? partner->labels : group.labels);
        result.dropName = m_expr.returnBool;
        std::vector<uint8_t>* steps = nullptr;
        if (!m_sides.oneToOne && group.many.size() > 1)
            steps = &stepsOf(result.labels, taken);
        if (partner && group.many.size() == 1 && group.one.size() == 1 && !m_sides.fills()
            && applyWhole(column, *partner, result)) {
            keep(std::move(result));
            return {};
        }
        for (size_t step = 0; step < m_steps; ++step) {
            if (!column.has(step))
                continue;
            if (partner ? !partner->has(step) : oneAt(group, step) != nullptr)
                continue;
            const Operand many = operandOf(column, step);
            const Operand one
                = partner ? operandOf(*partner, step) : Operand { *m_sides.fillOne, nullptr };
            if (!apply(many, one, step, result))
                continue;
            if (m_sides.oneToOne && matches[step] > 0)
                return failure("multiple matches for labels: many-to-one matching must be explicit "
                               "(group_left/group_right)");
            ++matches[step];
            if (steps && std::exchange((*steps)[step], uint8_t { 1 }) != 0)
                return failure(
                    "multiple matches for labels: grouping labels must ensure unique matches");
        }
        keep(std::move(result));
        return {};
    }

    // The common case: floats alone, one series on each side, so no step can go wrong.
    bool applyWhole(const Column& many, const Column& one, Column& result) const
    {
        if (!many.histograms.empty() || !one.histograms.empty() || m_expr.returnBool)
            return false;
        const std::vector<double>& left = m_sides.swapped ? one.values : many.values;
        const std::vector<double>& right = m_sides.swapped ? many.values : one.values;
        return withOperator(m_expr.op, [&](auto apply) {
            for (size_t step = 0; step < m_steps; ++step) {
                if (!isAbsent(left[step]) && !isAbsent(right[step]))
                    result.values[step] = apply(left[step], right[step]);
            }
        });
    }

    void fillMissingMany(const MatchGroup& group, std::vector<uint32_t>& matches)
    {
        for (const Column* partner : group.one) {
            Column result(m_steps);
            result.labels = resultLabels(group.labels, partner->labels);
            result.dropName = m_expr.returnBool;
            for (size_t step = 0; step < m_steps; ++step) {
                if (partner->has(step) && matches[step] == 0)
                    apply({ *m_sides.fillMany, nullptr }, operandOf(*partner, step), step, result);
            }
            keep(std::move(result));
        }
    }

    std::vector<uint8_t>& stepsOf(
        const Labels& labels, std::vector<std::pair<Labels, std::vector<uint8_t>>>& taken) const
    {
        for (auto& [known, steps] : taken) {
            if (known == labels)
                return steps;
        }
        return taken.emplace_back(labels, std::vector<uint8_t>(m_steps, 0)).second;
    }

    static Operand operandOf(const Column& column, size_t step)
    {
        return { column.values[step],
            column.hasHistogram(step) ? &column.histograms[step] : nullptr };
    }

    // Writes the result of a step; false where the two samples do not go together.
    bool apply(const Operand& many, const Operand& one, size_t step, Column& result)
    {
        const Operand& left = m_sides.swapped ? one : many;
        const Operand& right = m_sides.swapped ? many : one;
        ElementResult element
            = applyToElements(m_expr.op, left, right, m_expr.range, m_evaluator.annotations());
        if (!element.valid)
            return false;
        if (m_expr.returnBool)
            result.values[step] = element.keep ? 1 : 0;
        else if (element.keep && element.histogram)
            result.setHistogram(step, std::move(element.histogram));
        else if (element.keep)
            result.values[step] = element.value;
        return true;
    }

    void keep(Column result)
    {
        if (!result.empty())
            m_results.push_back(std::move(result));
    }

    Labels resultLabels(const Labels& many, const Labels& one) const
    {
        labels::Builder builder(changesMetric(m_expr.op) ? withoutMetadata(many) : many);
        Labels result = builder.labels();
        if (m_sides.oneToOne)
            result = m_matching.on ? result.only(m_matching.matchingLabels)
                                   : result.without(m_matching.matchingLabels);
        if (m_matching.include.empty())
            return result;
        builder = labels::Builder(result);
        for (const std::string& name : m_matching.include)
            builder.set(name, one.get(name));
        return builder.labels();
    }

    Evaluator& m_evaluator;
    const BinaryExpr& m_expr;
    const VectorMatching& m_matching;
    Sides m_sides;
    size_t m_steps = 0;
    std::vector<uint8_t> m_active; // Steps at which both sides have samples; made when needed.
    Columns m_results;
};

} // namespace

Result<void> matchVectors(
    Evaluator& evaluator, const BinaryExpr& expr, const Grid& grid, const ColumnSink& sink)
{
    const auto left = evaluator.evaluate(*expr.lhs, grid);
    if (!left)
        return failure(left.error());
    const auto right = evaluator.evaluate(*expr.rhs, grid);
    if (!right)
        return failure(right.error());
    auto results = VectorMatch(evaluator, expr, grid).run(left->columns, right->columns);
    if (!results)
        return failure(results.error());
    // An instant result may repeat labels until names are dropped at its end.
    if (grid.steps > 1 || !evaluator.options().delayedNameRemoval) {
        if (auto merged = mergeSameLabels(*results); !merged)
            return merged;
    }
    return pushAll(std::move(*results), sink);
}

} // namespace fleetglass::promql
