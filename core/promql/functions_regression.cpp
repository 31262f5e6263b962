// deriv, predict_linear, double_exponential_smoothing (Prometheus promql/functions.go).
#include "core/promql/functions.h"

#include "core/histogram/kahan.h"

#include <cmath>
#include <cstdio>
#include <limits>

namespace fleetglass::promql {

namespace {

using histogram::KahanSum;

struct Line
{
    double slope = 0;
    double intercept = 0;
};

// Least squares; times count from `originMs`, which keeps them small.
Line fitLine(const Window& window, int64_t originMs)
{
    KahanSum x;
    KahanSum y;
    KahanSum xy;
    KahanSum xx;
    bool constant = true;
    for (size_t i = 0; i < window.values.size(); ++i) {
        const double at = static_cast<double>(window.timestampsMs[i] - originMs) / 1000;
        const double value = window.values[i];
        constant = constant && (i == 0 || value == window.values.front());
        x.add(at);
        y.add(value);
        xy.add(at * value);
        xx.add(at * at);
    }
    if (constant) {
        constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
        return std::isinf(window.values.front()) ? Line { kNan, kNan }
                                                 : Line { 0, window.values.front() };
    }
    const auto total = [](const KahanSum& sum) { return sum.sum + sum.lost; };
    const auto n = static_cast<double>(window.values.size());
    const double covariance = total(xy) - total(x) * total(y) / n;
    const double variance = total(xx) - total(x) * total(x) / n;
    const double slope = covariance / variance;
    return { slope, total(y) / n - slope * total(x) / n };
}

// Two floats at least; tells where histograms are passed over.
bool hasEnough(const Window& window, RangeCall& call)
{
    if (!window.values.empty() && !window.histograms.empty())
        call.annotations.histogramIgnoredInMixedRange(call.metric, call.place);
    return window.values.size() >= 2;
}

void derivOf(const Window& window, RangeCall& call, Column& out)
{
    if (hasEnough(window, call))
        out.values[window.step] = fitLine(window, window.timestampsMs.front()).slope;
}

void predictOf(const Window& window, RangeCall& call, Column& out)
{
    if (!hasEnough(window, call))
        return;
    const Line line = fitLine(window, window.timeMs);
    out.values[window.step] = line.slope * call.scalars[0][window.step] + line.intercept;
}

bool isFactor(double factor, const char* name, RangeCall& call)
{
    if (factor > 0 && factor < 1)
        return true;
    char text[128];
    std::snprintf(text, sizeof text, "invalid %s factor. Expected: 0 < %cf < 1, got: %f", name,
        name[0], factor);
    call.error = Error { ErrorCode::Invalid, text, std::nullopt };
    return false;
}

// Holt's linear trend: a smoothed level and a smoothed slope.
void smoothOf(const Window& window, RangeCall& call, Column& out)
{
    const double levelFactor = call.scalars[0][window.step];
    const double trendFactor = call.scalars[1][window.step];
    if (!isFactor(levelFactor, "smoothing", call) || !isFactor(trendFactor, "trend", call))
        return;
    if (!hasEnough(window, call))
        return;
    const auto& values = window.values;
    double before = 0;
    double level = values[0];
    double trend = values[1] - values[0];
    for (size_t i = 1; i < values.size(); ++i) {
        if (i > 1)
            trend = trendFactor * (level - before) + (1 - trendFactor) * trend;
        const double next = levelFactor * values[i] + (1 - levelFactor) * (level + trend);
        before = level;
        level = next;
    }
    out.values[window.step] = level;
}

constexpr RangeFunctionEntry kRegressionFunctions[] {
    { "deriv", overWindows<derivOf> },
    { "predict_linear", overWindows<predictOf> },
    { "double_exponential_smoothing", overWindows<smoothOf> },
};

} // namespace

std::span<const RangeFunctionEntry> regressionFunctions()
{
    return kRegressionFunctions;
}

} // namespace fleetglass::promql
