// The functions of PromQL, by family. Inner header of this folder: the engine's users never see it.
// Used from one thread at a time.
#pragma once

#include "core/promql/evaluator.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace fleetglass::promql {

Result<void> evaluateCall(
    Evaluator& evaluator, const Call& call, const Grid& grid, const ColumnSink& sink);

// A call of a function over instant vectors or scalars.
struct CallContext
{
    Evaluator& evaluator;
    const Call& call;
    const Grid& grid;
    const ColumnSink& sink;

    size_t size() const { return call.arguments.size(); }
    const Expr& argument(size_t i) const { return *call.arguments[i]; }
    PosRange place(size_t i) const { return call.arguments[i]->range; }
    // Of a string argument.
    const std::string& text(size_t i) const;
    Result<std::vector<double>> scalar(size_t i) const
    {
        return evaluator.scalar(argument(i), grid);
    }
    Annotations& annotations() const { return evaluator.annotations(); }
};

using VectorFunction = Result<void> (*)(const CallContext&);

struct VectorFunctionEntry
{
    std::string_view name;
    VectorFunction run;
};

std::span<const VectorFunctionEntry> mathFunctions();
std::span<const VectorFunctionEntry> timeFunctions();
std::span<const VectorFunctionEntry> labelFunctions();
std::span<const VectorFunctionEntry> vectorFunctions(); // scalar, vector, absent, timestamp ...
std::span<const VectorFunctionEntry> sortFunctions();
std::span<const VectorFunctionEntry> histogramFunctions();
Result<void> evaluateInfo(const CallContext& context);

// What rate needs of the windows over one column of times, whatever the values. The series of a
// target share theirs, so it is worked out once for them. Used from one thread at a time.
class RateWindows
{
public:
    struct Entry
    {
        uint32_t first = 0; // Indices of the first and the last sample.
        uint32_t last = 0;
        bool valid = false; // Two samples at least.
        double toStart = 0; // Seconds that extrapolation adds at each end,
        double toEnd = 0;
        double sampled = 0; // and those between the samples.
        double factor = 1; // From the sampled time to the whole.
    };

    // Valid until the next call with other times; those must live as long.
    std::span<const Entry> over(const SampleRun& run, const WindowGrid& windows);

private:
    std::span<const int64_t> m_times;
    std::vector<Entry> m_entries; // By step.
};

// What the windows of one series are evaluated with.
struct RangeCall
{
    Annotations& annotations;
    const WindowGrid& windows;
    std::span<const std::vector<double>> scalars; // The other arguments, by step.
    PosRange place; // Of the first argument.
    std::string_view metric;
    RateWindows* rateWindows = nullptr; // Set for a range function over a run.
    std::optional<Error> error {}; // Ends the query.
};

using RangeFunction = void (*)(const SampleRun&, RangeCall&, Column&);

struct RangeFunctionEntry
{
    std::string_view name;
    RangeFunction run;
};

std::span<const RangeFunctionEntry> rateFunctions();
std::span<const RangeFunctionEntry> overTimeFunctions();
std::span<const RangeFunctionEntry> changeFunctions();
std::span<const RangeFunctionEntry> regressionFunctions();

// Makes a range function of one that knows a single window.
template<auto Function>
void overWindows(const SampleRun& run, RangeCall& call, Column& out)
{
    slide(run, call.windows, [&](const Window& window) {
        if (!call.error)
            Function(window, call, out);
    });
}

// Whether a start timestamp says that the counter began anew between two samples.
struct StartedSample
{
    int64_t timestampMs = 0;
    int64_t startMs = 0;
};
bool isStartReset(StartedSample previous, StartedSample current);

// An instant selector with `smoothed`: values between samples, on the steps.
Column smoothedColumn(
    const SampleRun& run, const WindowGrid& reference, PosRange place, Annotations& annotations);
// A range selector with anchored or smoothed as a result: with points on both ends of the window.
Result<SampleRun> extendedRun(const SampleRun& run, const WindowGrid& windows);

// What absent() says of a selector: the labels its equality matchers name exactly once.
labels::Labels labelsForAbsent(const VectorSelector& selector);

// Prometheus' quantile of plain values, NaN being the least: moves them around.
double quantileOf(double quantile, std::vector<double>& values);
double quantileOfSorted(double quantile, std::span<const double> values);

} // namespace fleetglass::promql
