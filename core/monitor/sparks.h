// What each cell of the Overview plots: the number that says most of a job of a known system, over
// the last hour. Used from one thread at a time.
#pragma once

#include "core/promql/engine.h"
#include "core/storage/querier.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace fleetglass::monitor {

struct Spark
{
    std::shared_ptr<const std::vector<double>> values; // Newest last, NaN for gaps.
    std::string title; // "commands per second"
    std::string text; // The newest value with its unit; empty where there is none.
};

// By job and instance joined with a zero byte; a job of a known system has a spark for each target.
using Sparks = std::map<std::string, Spark>;

std::string sparkKey(const std::string& job, const std::string& instance);

// `intervals`: the scrape interval of each job, which decides over how long rates are taken.
Sparks computeSparks(const storage::Querier& querier, const promql::Engine& engine,
    const std::map<std::string, std::chrono::milliseconds>& intervals, int64_t nowMs,
    std::stop_token stop = {});

} // namespace fleetglass::monitor
