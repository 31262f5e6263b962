// Compares what a query gave with what a promqltest script expects. Pure functions; thread-safe.
#pragma once

#include "core/promql/engine.h"
#include "tests/support/promqltest_script.h"

#include <optional>
#include <string>

namespace fleetglass::test {

// Why the result is not the expected one, in Prometheus' words; nothing where it is.
std::optional<std::string> compareResult(
    const EvalStatement& eval, const promql::QueryResult& result);

// The annotations against the expect lines; `query` is what they name.
std::optional<std::string> compareAnnotations(
    const EvalStatement& eval, const promql::QueryResult& result);

// Whether a failure is the one that was expected; nothing where it is.
std::optional<std::string> compareFailure(const EvalStatement& eval, const std::string& message);

} // namespace fleetglass::test
