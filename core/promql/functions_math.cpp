// Functions of one number, applied to each float of a vector; histograms are left out.
#include "core/promql/functions.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace fleetglass::promql {

namespace {

double degrees(double radians)
{
    return radians * 180 / std::numbers::pi;
}

double radians(double degrees)
{
    return degrees * std::numbers::pi / 180;
}

double sign(double value)
{
    if (value < 0)
        return -1;
    return value > 0 ? 1 : value;
}

// Go's math.Min and math.Max: NaN wins, unlike fmin's rule, save that an infinity of the right sign
// wins over it.
double goMin(double a, double b)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (a == -kInfinity || b == -kInfinity)
        return -kInfinity;
    if (std::isnan(a) || std::isnan(b))
        return std::numeric_limits<double>::quiet_NaN();
    return std::fmin(a, b);
}

double goMax(double a, double b)
{
    return -goMin(-a, -b);
}

template<class F>
Result<void> mapFloats(const CallContext& context, F f)
{
    return context.evaluator.stream(
        context.argument(0), context.grid, [&](Column column) -> Result<void> {
            column.histograms.clear();
            bool any = false;
            for (size_t step = 0; step < column.values.size(); ++step) {
                double& value = column.values[step];
                if (isAbsent(value))
                    continue;
                value = f(value, step);
                any = true;
            }
            column.dropName = true;
            return any ? context.sink(std::move(column)) : Result<void>();
        });
}

template<double (*Function)(double)>
Result<void> applied(const CallContext& context)
{
    return mapFloats(context, [](double value, size_t) { return Function(value); });
}

Result<void> rounded(const CallContext& context)
{
    std::vector<double> nearest(context.grid.steps, 1.0);
    if (context.size() > 1) {
        auto values = context.scalar(1);
        if (!values)
            return failure(values.error());
        nearest = std::move(*values);
    }
    // The inverse loses less than dividing by it twice.
    return mapFloats(context, [&](double value, size_t step) {
        const double inverse = 1.0 / nearest[step];
        return std::floor(value * inverse + 0.5) / inverse;
    });
}

Result<void> clampBetween(
    const CallContext& context, const std::vector<double>& low, const std::vector<double>& high)
{
    return context.evaluator.stream(
        context.argument(0), context.grid, [&](Column column) -> Result<void> {
            column.histograms.clear();
            for (size_t step = 0; step < column.values.size(); ++step) {
                double& value = column.values[step];
                if (high[step] < low[step])
                    value = kAbsent;
                if (!isAbsent(value))
                    value = goMax(low[step], goMin(high[step], value));
            }
            column.dropName = true;
            return column.empty() ? Result<void>() : context.sink(std::move(column));
        });
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Result<void> clamped(const CallContext& context)
{
    const auto low = context.scalar(1);
    if (!low)
        return failure(low.error());
    const auto high = context.scalar(2);
    if (!high)
        return failure(high.error());
    return clampBetween(context, *low, *high);
}

Result<void> clampedBelow(const CallContext& context)
{
    const auto low = context.scalar(1);
    if (!low)
        return failure(low.error());
    return clampBetween(context, *low, std::vector<double>(context.grid.steps, kInfinity));
}

Result<void> clampedAbove(const CallContext& context)
{
    const auto high = context.scalar(1);
    if (!high)
        return failure(high.error());
    return clampBetween(context, std::vector<double>(context.grid.steps, -kInfinity), *high);
}

// max_of, min_of: of two scalars.
template<double (*Choose)(double, double)>
Result<void> chosen(const CallContext& context)
{
    const auto a = context.scalar(0);
    if (!a)
        return failure(a.error());
    const auto b = context.scalar(1);
    if (!b)
        return failure(b.error());
    Column column(context.grid.steps);
    for (size_t step = 0; step < context.grid.steps; ++step)
        column.values[step] = Choose((*a)[step], (*b)[step]);
    return context.sink(std::move(column));
}

Result<void> pi(const CallContext& context)
{
    Column column(context.grid.steps);
    column.values.assign(context.grid.steps, std::numbers::pi);
    return context.sink(std::move(column));
}

constexpr VectorFunctionEntry kMathFunctions[] {
    { "abs", applied<std::fabs> },
    { "ceil", applied<std::ceil> },
    { "floor", applied<std::floor> },
    { "exp", applied<std::exp> },
    { "ln", applied<std::log> },
    { "log2", applied<std::log2> },
    { "log10", applied<std::log10> },
    { "sqrt", applied<std::sqrt> },
    { "sgn", applied<sign> },
    { "sin", applied<std::sin> },
    { "cos", applied<std::cos> },
    { "tan", applied<std::tan> },
    { "asin", applied<std::asin> },
    { "acos", applied<std::acos> },
    { "atan", applied<std::atan> },
    { "sinh", applied<std::sinh> },
    { "cosh", applied<std::cosh> },
    { "tanh", applied<std::tanh> },
    { "asinh", applied<std::asinh> },
    { "acosh", applied<std::acosh> },
    { "atanh", applied<std::atanh> },
    { "deg", applied<degrees> },
    { "rad", applied<radians> },
    { "round", rounded },
    { "clamp", clamped },
    { "clamp_min", clampedBelow },
    { "clamp_max", clampedAbove },
    { "max_of", chosen<goMax> },
    { "min_of", chosen<goMin> },
    { "pi", pi },
};

} // namespace

std::span<const VectorFunctionEntry> mathFunctions()
{
    return kMathFunctions;
}

} // namespace fleetglass::promql
