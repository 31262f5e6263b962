// Names, arguments and results as in Prometheus 3.14's promql/parser/functions.go.
#include "core/promql/function_table.h"

#include <algorithm>

namespace fleetglass::promql {

namespace {

constexpr ValueType kV = ValueType::Vector;
constexpr ValueType kM = ValueType::Matrix;
constexpr ValueType kS = ValueType::Scalar;
constexpr ValueType kT = ValueType::String;
constexpr bool kExperimental = true;

constexpr std::array kFunctions = {
    Function { "abs", { kV }, 1, 0, kV, false },
    Function { "absent", { kV }, 1, 0, kV, false },
    Function { "absent_over_time", { kM }, 1, 0, kV, false },
    Function { "acos", { kV }, 1, 0, kV, false },
    Function { "acosh", { kV }, 1, 0, kV, false },
    Function { "asin", { kV }, 1, 0, kV, false },
    Function { "asinh", { kV }, 1, 0, kV, false },
    Function { "atan", { kV }, 1, 0, kV, false },
    Function { "atanh", { kV }, 1, 0, kV, false },
    Function { "avg_over_time", { kM }, 1, 0, kV, false },
    Function { "ceil", { kV }, 1, 0, kV, false },
    Function { "changes", { kM }, 1, 0, kV, false },
    Function { "clamp", { kV, kS, kS }, 3, 0, kV, false },
    Function { "clamp_max", { kV, kS }, 2, 0, kV, false },
    Function { "clamp_min", { kV, kS }, 2, 0, kV, false },
    Function { "cos", { kV }, 1, 0, kV, false },
    Function { "cosh", { kV }, 1, 0, kV, false },
    Function { "count_over_time", { kM }, 1, 0, kV, false },
    Function { "day_of_month", { kV }, 1, 1, kV, false },
    Function { "day_of_week", { kV }, 1, 1, kV, false },
    Function { "day_of_year", { kV }, 1, 1, kV, false },
    Function { "days_in_month", { kV }, 1, 1, kV, false },
    Function { "deg", { kV }, 1, 0, kV, false },
    Function { "delta", { kM }, 1, 0, kV, false },
    Function { "deriv", { kM }, 1, 0, kV, false },
    Function { "double_exponential_smoothing", { kM, kS, kS }, 3, 0, kV, kExperimental },
    Function { "end", {}, 0, 0, kS, kExperimental },
    Function { "exp", { kV }, 1, 0, kV, false },
    Function { "first_over_time", { kM }, 1, 0, kV, false },
    Function { "floor", { kV }, 1, 0, kV, false },
    Function { "histogram_avg", { kV }, 1, 0, kV, false },
    Function { "histogram_count", { kV }, 1, 0, kV, false },
    Function { "histogram_fraction", { kS, kS, kV }, 3, 0, kV, false },
    Function { "histogram_quantile", { kS, kV }, 2, 0, kV, false },
    Function { "histogram_quantiles", { kV, kT, kS, kS }, 4, 9, kV, kExperimental },
    Function { "histogram_stddev", { kV }, 1, 0, kV, false },
    Function { "histogram_stdvar", { kV }, 1, 0, kV, false },
    Function { "histogram_sum", { kV }, 1, 0, kV, false },
    Function { "hour", { kV }, 1, 1, kV, false },
    Function { "idelta", { kM }, 1, 0, kV, false },
    Function { "increase", { kM }, 1, 0, kV, false },
    Function { "info", { kV, kV }, 2, 1, kV, kExperimental },
    Function { "irate", { kM }, 1, 0, kV, false },
    Function { "label_join", { kV, kT, kT, kT }, 4, -1, kV, false },
    Function { "label_replace", { kV, kT, kT, kT, kT }, 5, 0, kV, false },
    Function { "last_over_time", { kM }, 1, 0, kV, false },
    Function { "ln", { kV }, 1, 0, kV, false },
    Function { "log10", { kV }, 1, 0, kV, false },
    Function { "log2", { kV }, 1, 0, kV, false },
    Function { "mad_over_time", { kM }, 1, 0, kV, kExperimental },
    Function { "max_of", { kS, kS }, 2, 0, kS, kExperimental },
    Function { "max_over_time", { kM }, 1, 0, kV, false },
    Function { "min_of", { kS, kS }, 2, 0, kS, kExperimental },
    Function { "min_over_time", { kM }, 1, 0, kV, false },
    Function { "minute", { kV }, 1, 1, kV, false },
    Function { "month", { kV }, 1, 1, kV, false },
    Function { "pi", {}, 0, 0, kS, false },
    Function { "predict_linear", { kM, kS }, 2, 0, kV, false },
    Function { "present_over_time", { kM }, 1, 0, kV, false },
    Function { "quantile_over_time", { kS, kM }, 2, 0, kV, false },
    Function { "rad", { kV }, 1, 0, kV, false },
    Function { "range", {}, 0, 0, kS, kExperimental },
    Function { "rate", { kM }, 1, 0, kV, false },
    Function { "resets", { kM }, 1, 0, kV, false },
    Function { "round", { kV, kS }, 2, 1, kV, false },
    Function { "scalar", { kV }, 1, 0, kS, false },
    Function { "sgn", { kV }, 1, 0, kV, false },
    Function { "sin", { kV }, 1, 0, kV, false },
    Function { "sinh", { kV }, 1, 0, kV, false },
    Function { "sort", { kV }, 1, 0, kV, false },
    Function { "sort_by_label", { kV, kT }, 2, -1, kV, kExperimental },
    Function { "sort_by_label_desc", { kV, kT }, 2, -1, kV, kExperimental },
    Function { "sort_desc", { kV }, 1, 0, kV, false },
    Function { "sqrt", { kV }, 1, 0, kV, false },
    Function { "start", {}, 0, 0, kS, kExperimental },
    Function { "start_timestamp", { kV }, 1, 0, kV, kExperimental },
    Function { "stddev_over_time", { kM }, 1, 0, kV, false },
    Function { "stdvar_over_time", { kM }, 1, 0, kV, false },
    Function { "step", {}, 0, 0, kS, kExperimental },
    Function { "sum_over_time", { kM }, 1, 0, kV, false },
    Function { "tan", { kV }, 1, 0, kV, false },
    Function { "tanh", { kV }, 1, 0, kV, false },
    Function { "time", {}, 0, 0, kS, false },
    Function { "timestamp", { kV }, 1, 0, kV, false },
    Function { "ts_of_first_over_time", { kM }, 1, 0, kV, kExperimental },
    Function { "ts_of_last_over_time", { kM }, 1, 0, kV, kExperimental },
    Function { "ts_of_max_over_time", { kM }, 1, 0, kV, kExperimental },
    Function { "ts_of_min_over_time", { kM }, 1, 0, kV, kExperimental },
    Function { "vector", { kS }, 1, 0, kV, false },
    Function { "year", { kV }, 1, 1, kV, false },
};
static_assert(kFunctions.size() == 90);
static_assert(std::is_sorted(kFunctions.begin(), kFunctions.end(),
    [](const Function& a, const Function& b) { return a.name < b.name; }));

} // namespace

ValueType Function::argumentType(size_t i) const
{
    return listedCount == 0 ? ValueType::None : listedTypes[std::min(i, listedCount - 1)];
}

std::optional<size_t> Function::argumentsMax() const
{
    if (variadic < 0)
        return std::nullopt;
    return variadic == 0 ? listedCount : listedCount - 1 + static_cast<size_t>(variadic);
}

std::span<const Function> functions()
{
    return kFunctions;
}

const Function* findFunction(std::string_view name)
{
    const auto found = std::lower_bound(kFunctions.begin(), kFunctions.end(), name,
        [](const Function& function, std::string_view wanted) { return function.name < wanted; });
    return found != kFunctions.end() && found->name == name ? &*found : nullptr;
}

} // namespace fleetglass::promql
