// sort, sort_desc, sort_by_label, sort_by_label_desc: the order of an instant result. A range
// result is always ordered by labels.
#include "core/promql/functions.h"

#include "core/promql/natural_order.h"

#include <algorithm>
#include <cmath>

namespace fleetglass::promql {

namespace {

template<class Arrange>
Result<void> arranged(const CallContext& context, Arrange arrange)
{
    auto input = context.evaluator.evaluate(context.argument(0), context.grid);
    if (!input)
        return failure(input.error());
    if (context.grid.steps > 1)
        context.annotations().sortInRangeQuery(context.call.range);
    arrange(input->columns);
    return pushAll(std::move(input->columns), context.sink);
}

// NaN stands last either way. Histograms have no order and are left out.
template<bool Descending>
Result<void> byValue(const CallContext& context)
{
    return arranged(context, [](Columns& columns) {
        for (Column& column : columns)
            column.histograms.clear();
        std::erase_if(columns, [](const Column& column) { return column.empty(); });
        std::stable_sort(columns.begin(), columns.end(), [](const Column& a, const Column& b) {
            const double left = a.values.front();
            const double right = b.values.front();
            if (std::isnan(left) || std::isnan(right))
                return !std::isnan(left) && std::isnan(right);
            return Descending ? left > right : left < right;
        });
    });
}

template<bool Descending>
Result<void> byLabel(const CallContext& context)
{
    std::vector<std::string> names;
    for (size_t i = 1; i < context.size(); ++i)
        names.push_back(context.text(i));
    return arranged(context, [&](Columns& columns) {
        std::stable_sort(columns.begin(), columns.end(), [&](const Column& x, const Column& y) {
            const Column& a = Descending ? y : x;
            const Column& b = Descending ? x : y;
            for (const std::string& name : names) {
                const std::string_view left = a.labels.get(name);
                const std::string_view right = b.labels.get(name);
                if (left != right)
                    return naturallyBefore(left, right);
            }
            return a.labels < b.labels;
        });
    });
}

constexpr VectorFunctionEntry kSortFunctions[] {
    { "sort", byValue<false> },
    { "sort_desc", byValue<true> },
    { "sort_by_label", byLabel<false> },
    { "sort_by_label_desc", byLabel<true> },
};

} // namespace

std::span<const VectorFunctionEntry> sortFunctions()
{
    return kSortFunctions;
}

} // namespace fleetglass::promql
