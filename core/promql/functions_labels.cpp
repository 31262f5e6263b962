// label_replace and label_join: they change series, not samples.
#include "core/promql/functions.h"

#include "core/base/utf8.h"
#include "core/regex/regex.h"

namespace fleetglass::promql {

namespace {

bool isLabelName(std::string_view name)
{
    return !name.empty() && isValidUtf8(name);
}

// Relabelled series; a name that was set anew is there to stay.
template<class NewValue>
Result<void> relabel(const CallContext& context, const std::string& target, NewValue newValue)
{
    auto input = context.evaluator.evaluate(context.argument(0), context.grid);
    if (!input)
        return failure(input.error());
    for (Column& column : input->columns) {
        const std::optional<std::string> value = newValue(column.labels);
        if (!value)
            continue;
        labels::Builder builder(column.labels);
        builder.set(target, *value);
        column.labels = builder.labels();
        if (target == labels::kMetricName)
            column.dropName = false;
    }
    if (auto merged = mergeSameLabels(input->columns); !merged)
        return merged;
    return pushAll(std::move(input->columns), context.sink);
}

Result<void> labelReplace(const CallContext& context)
{
    const std::string& target = context.text(1);
    const std::string& replacement = context.text(2);
    const std::string& source = context.text(3);
    const auto pattern = regex::Regex::compileAnchored(context.text(4));
    if (!pattern)
        return failure("invalid regular expression in label_replace(): " + context.text(4));
    if (!isLabelName(target))
        return failure("invalid destination label name in label_replace(): " + target);
    return relabel(context, target, [&](const labels::Labels& labels) {
        return pattern->expand(labels.get(source), replacement);
    });
}

Result<void> labelJoin(const CallContext& context)
{
    const std::string& target = context.text(1);
    const std::string& separator = context.text(2);
    std::vector<std::string> sources;
    for (size_t i = 3; i < context.size(); ++i) {
        if (!isLabelName(context.text(i)))
            return failure("invalid source label name in label_join(): " + context.text(i));
        sources.push_back(context.text(i));
    }
    if (!isLabelName(target))
        return failure("invalid destination label name in label_join(): " + target);
    return relabel(context, target, [&](const labels::Labels& labels) {
        std::string joined;
        for (size_t i = 0; i < sources.size(); ++i) {
            if (i > 0)
                joined += separator;
            joined += labels.get(sources[i]);
        }
        return std::optional(joined);
    });
}

constexpr VectorFunctionEntry kLabelFunctions[] {
    { "label_replace", labelReplace },
    { "label_join", labelJoin },
};

} // namespace

std::span<const VectorFunctionEntry> labelFunctions()
{
    return kLabelFunctions;
}

} // namespace fleetglass::promql
