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

// The same for windows that move on over a run of floats, from sums that are carried along ("two
// stacks", see SlidingSum). Times count from the border between the stacks, which is in or near the
// window, so that they stay small.
class SlidingLine
{
public:
    explicit SlidingLine(const SampleRun& run)
        : m_times(run.timestampsMs)
        , m_values(run.values)
        , m_older(run.values.size())
    {
    }

    // Not finite where only fitLine can tell.
    Line over(const Window& window, int64_t originMs)
    {
        const auto begin = static_cast<size_t>(window.values.data() - m_values.data());
        const size_t end = begin + window.values.size();
        if (isConstant(begin, end) && std::isfinite(m_values[begin]))
            return { 0, m_values[begin] };
        const Sums sums = sumsOver(begin, end);
        const auto n = static_cast<double>(end - begin);
        const double covariance = sums.xy.value() - sums.x.value() * sums.y.value() / n;
        const double variance = sums.xx.value() - sums.x.value() * sums.x.value() / n;
        const double slope = covariance / variance;
        const double origin = seconds(originMs - m_originMs);
        return { slope, sums.y.value() / n - slope * (sums.x.value() / n - origin) };
    }

private:
    struct Sums
    {
        KahanSum x;
        KahanSum y;
        KahanSum xy;
        KahanSum xx;

        void add(double at, double value)
        {
            x.add(at);
            y.add(value);
            xy.add(at * value);
            xx.add(at * at);
        }
        void add(const Sums& other)
        {
            join(x, other.x);
            join(y, other.y);
            join(xy, other.xy);
            join(xx, other.xx);
        }
        static void join(KahanSum& sum, const KahanSum& other)
        {
            sum.add(other.sum);
            sum.lost += other.lost;
        }
    };

    static double seconds(int64_t ms) { return static_cast<double>(ms) / 1000; }

    bool isConstant(size_t begin, size_t end)
    {
        for (; m_compared < end; ++m_compared) {
            if (m_compared > 0 && !(m_values[m_compared] == m_values[m_compared - 1]))
                m_changedAt = m_compared;
        }
        return m_changedAt <= begin;
    }

    Sums sumsOver(size_t begin, size_t end)
    {
        if (begin >= m_middle) {
            Sums sums;
            m_originMs = m_times[end - 1];
            for (size_t i = end; i > begin; --i) {
                sums.add(seconds(m_times[i - 1] - m_originMs), m_values[i - 1]);
                m_older[i - 1] = sums;
            }
            m_middle = end;
            m_end = end;
            m_newer = {};
            return sums;
        }
        for (; m_end < end; ++m_end)
            m_newer.add(seconds(m_times[m_end] - m_originMs), m_values[m_end]);
        Sums sums = m_older[begin];
        sums.add(m_newer);
        return sums;
    }

    std::span<const int64_t> m_times;
    std::span<const double> m_values;
    std::vector<Sums> m_older; // From each index up to m_middle.
    Sums m_newer; // [m_middle, m_end)
    int64_t m_originMs = 0;
    size_t m_middle = 0;
    size_t m_end = 0;
    size_t m_compared = 0;
    size_t m_changedAt = 0; // The last sample that differs from the one before it.
};

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

// Calls f(window, line) for each window of two floats; `originOf` says where the line's times
// begin.
template<class Origin, class F>
void slideLines(const SampleRun& run, const WindowGrid& windows, Origin originOf, F f)
{
    SlidingLine lines(run);
    slide(run, windows, [&](const Window& window) {
        if (window.values.size() < 2)
            return;
        Line line = lines.over(window, originOf(window));
        if (!std::isfinite(line.slope) || !std::isfinite(line.intercept))
            line = fitLine(window, originOf(window));
        f(window, line);
    });
}

bool isPlain(const SampleRun& run, const RangeCall& call)
{
    return run.histograms.empty() && call.windows.grid.steps > 1;
}

void derivOfRun(const SampleRun& run, RangeCall& call, Column& out)
{
    if (!isPlain(run, call))
        return overWindows<derivOf>(run, call, out);
    slideLines(
        run, call.windows, [](const Window& window) { return window.timestampsMs.front(); },
        [&](const Window& window, const Line& line) { out.values[window.step] = line.slope; });
}

void predictOfRun(const SampleRun& run, RangeCall& call, Column& out)
{
    if (!isPlain(run, call))
        return overWindows<predictOf>(run, call, out);
    slideLines(
        run, call.windows, [](const Window& window) { return window.timeMs; },
        [&](const Window& window, const Line& line) {
            out.values[window.step] = line.slope * call.scalars[0][window.step] + line.intercept;
        });
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
    { "deriv", derivOfRun },
    { "predict_linear", predictOfRun },
    { "double_exponential_smoothing", overWindows<smoothOf> },
};

} // namespace

std::span<const RangeFunctionEntry> regressionFunctions()
{
    return kRegressionFunctions;
}

} // namespace fleetglass::promql
