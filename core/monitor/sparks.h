// What each cell of the Overview plots: the number that says most of a job of a known system, over
// the last hour. Used from one thread at a time.
#pragma once

#include "core/promql/engine.h"
#include "core/storage/querier.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
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

Sparks computeSparks(const storage::Querier& querier, const promql::Engine& engine,
    const std::set<std::string>& jobs, int64_t nowMs);

} // namespace fleetglass::monitor
