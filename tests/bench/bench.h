// What a benchmark is to the tool: a name, its arguments, and a function that measures and answers
// with JSON. A file adds itself with a BenchEntry at namespace scope.
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace fleetglass::bench {

using Arguments = std::span<const std::string>;

struct Bench
{
    std::string usage; // The arguments in words; empty: it needs no input, and `all` runs it.
    std::function<Result<nlohmann::json>(Arguments)> run;
};

std::map<std::string, Bench>& benches();

struct BenchEntry
{
    BenchEntry(const std::string& name, Bench bench) { benches()[name] = std::move(bench); }
};

// Medians over the repeats; what the first round costs is not counted.
struct Timing
{
    double wallMs = 0;
    double cpuMs = 0; // Mean of user and system time of the whole process.
};
Timing measure(size_t repeats, const std::function<void()>& work);

double medianOf(std::vector<double> values); // 0 where there is none.
double geometricMean(std::span<const double> values); // 0 where there is none.

// The value behind `--name`, or the fallback; fails where it is no number or below `min`.
Result<double> numberOption(
    Arguments arguments, const std::string& name, double fallback, double min);

} // namespace fleetglass::bench
