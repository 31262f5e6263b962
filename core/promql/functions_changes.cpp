// changes and resets: what happens from one sample to the next (Prometheus promql/functions.go).
#include "core/promql/functions.h"

#include "core/histogram/arithmetic.h"

#include <cmath>

namespace fleetglass::promql {

namespace {

using histogram::Histogram;

struct MixedSample
{
    StartedSample at;
    double value = 0;
    const Histogram* histogram = nullptr;
};

// Floats and histograms of a window in the order of time.
class InOrder
{
public:
    explicit InOrder(const Window& window)
        : m_window(window)
    {
    }

    bool next(MixedSample& sample)
    {
        const bool floats = m_float < m_window.values.size();
        const bool histograms = m_histogram < m_window.histograms.size();
        if (!floats && !histograms)
            return false;
        if (floats
            && (!histograms
                || m_window.timestampsMs[m_float] < m_window.histograms[m_histogram].timestampMs)) {
            const auto& starts = m_window.startTimestampsMs;
            sample = { { m_window.timestampsMs[m_float], starts.empty() ? 0 : starts[m_float] },
                m_window.values[m_float], nullptr };
            ++m_float;
            return true;
        }
        const auto& native = m_window.histograms[m_histogram];
        sample = { { native.timestampMs, m_window.histogramStart(m_histogram) }, 0,
            native.histogram.get() };
        ++m_histogram;
        return true;
    }

private:
    const Window& m_window;
    size_t m_float = 0;
    size_t m_histogram = 0;
};

bool isResetBetween(const MixedSample& before, const MixedSample& now)
{
    if ((before.histogram == nullptr) != (now.histogram == nullptr))
        return true;
    if (isStartReset(before.at, now.at))
        return true;
    return now.histogram ? histogram::isReset(*now.histogram, *before.histogram)
                         : now.value < before.value;
}

bool isChangeBetween(const MixedSample& before, const MixedSample& now)
{
    if ((before.histogram == nullptr) != (now.histogram == nullptr))
        return true;
    if (now.histogram)
        return !histogram::equal(*now.histogram, *before.histogram);
    return now.value != before.value && !(std::isnan(now.value) && std::isnan(before.value));
}

template<auto Differs>
void countBetween(const Window& window, RangeCall& call, Column& out)
{
    InOrder samples(window);
    MixedSample before;
    MixedSample now;
    bool hasBefore = false;
    bool inRange = !call.windows.anchored;
    size_t count = 0;
    while (samples.next(now)) {
        const bool inside = now.at.timestampMs > window.rangeStartMs;
        // Anchored: of the samples before the range only the last one counts, to compare with.
        if (hasBefore && (!call.windows.anchored || inside))
            count += Differs(before, now) ? 1 : 0;
        inRange = inRange || inside;
        before = now;
        hasBefore = true;
    }
    if (inRange)
        out.values[window.step] = static_cast<double>(count);
}

// Floats alone are compared once for the series, not once for each window.
template<auto Differs>
void countInRun(const SampleRun& run, RangeCall& call, Column& out)
{
    if (!run.histograms.empty() || call.windows.anchored)
        return overWindows<countBetween<Differs>>(run, call, out);
    const auto sampleAt = [&](size_t i) {
        return MixedSample { { run.timestampsMs[i],
                                 run.startTimestampsMs.empty() ? 0 : run.startTimestampsMs[i] },
            run.values[i], nullptr };
    };
    std::vector<uint32_t> counts(run.values.size(), 0); // Up to each sample.
    for (size_t i = 1; i < counts.size(); ++i)
        counts[i] = counts[i - 1] + (Differs(sampleAt(i - 1), sampleAt(i)) ? 1 : 0);
    slide(run, call.windows, [&](const Window& window) {
        const auto begin = static_cast<size_t>(window.values.data() - run.values.data());
        const size_t last = begin + window.values.size() - 1;
        out.values[window.step] = counts[last] - counts[begin];
    });
}

constexpr RangeFunctionEntry kChangeFunctions[] {
    { "resets", countInRun<isResetBetween> },
    { "changes", countInRun<isChangeBetween> },
};

} // namespace

std::span<const RangeFunctionEntry> changeFunctions()
{
    return kChangeFunctions;
}

} // namespace fleetglass::promql
