// Durations that are computed, as in foo[2 * step()] (Prometheus promql/durations.go).
// Pure functions; thread-safe.
#pragma once

#include "core/base/result.h"
#include "core/promql/ast.h"

#include <chrono>

namespace fleetglass::promql {

// What step() and range() stand for in a query.
struct QuerySpan
{
    int64_t startMs = 0;
    int64_t endMs = 0;
    int64_t stepMs = 0; // Zero in an instant query.
};

// Whole milliseconds, cut towards zero. Fails for what is not a duration; zero and below only where
// `mayBeNegative`.
Result<std::chrono::nanoseconds> evaluateDuration(
    const DurationExpr& expr, const QuerySpan& span, bool mayBeNegative);

} // namespace fleetglass::promql
