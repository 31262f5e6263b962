// and, or, unless: series of one side by whether the other has their match group at a step.
#include "core/promql/binary.h"

#include <unordered_map>

namespace fleetglass::promql {

namespace {

// The steps at which any series of a match group has a sample.
class Presence
{
public:
    Presence(const Columns& columns, const VectorMatching& matching, size_t steps)
        : m_matching(matching)
    {
        for (const Column& column : columns) {
            std::vector<uint8_t>& present = m_present[matchingLabelsOf(column.labels, matching)];
            present.resize(steps, 0);
            for (size_t step = 0; step < steps; ++step)
                present[step] = present[step] != 0 || column.has(step) ? 1 : 0;
        }
    }

    // Takes the samples out of a column at the steps where its group is there, or where it is not.
    void mask(Column& column, bool keepPresent) const
    {
        const auto found = m_present.find(matchingLabelsOf(column.labels, m_matching));
        for (size_t step = 0; step < column.values.size(); ++step) {
            const bool present = found != m_present.end() && found->second[step] != 0;
            if (present != keepPresent)
                column.clear(step);
        }
    }

private:
    const VectorMatching& m_matching;
    std::unordered_map<labels::Labels, std::vector<uint8_t>> m_present;
};

void maskAll(Columns& columns, const Presence& presence, bool keepPresent)
{
    for (Column& column : columns)
        presence.mask(column, keepPresent);
    std::erase_if(columns, [](const Column& column) { return column.empty(); });
}

} // namespace

Result<void> combineSets(
    Evaluator& evaluator, const BinaryExpr& expr, const Grid& grid, const ColumnSink& sink)
{
    auto left = evaluator.evaluate(*expr.lhs, grid);
    if (!left)
        return failure(left.error());
    auto right = evaluator.evaluate(*expr.rhs, grid);
    if (!right)
        return failure(right.error());
    const VectorMatching& matching = *expr.matching;
    if (expr.op == BinaryOp::Or) {
        maskAll(right->columns, Presence(left->columns, matching, grid.steps), false);
        for (Column& column : right->columns)
            left->columns.push_back(std::move(column));
        // An instant result may repeat labels until names are dropped at its end.
        if (grid.steps > 1 || !evaluator.options().delayedNameRemoval) {
            if (auto merged = mergeSameLabels(left->columns); !merged)
                return merged;
        }
    } else {
        const Presence presence(right->columns, matching, grid.steps);
        maskAll(left->columns, presence, expr.op == BinaryOp::And);
    }
    return pushAll(std::move(left->columns), sink);
}

} // namespace fleetglass::promql
