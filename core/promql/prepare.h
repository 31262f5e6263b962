// Makes of a parsed expression what the evaluator runs: durations and @ start()/end() resolved, the
// functions of the query's span folded into numbers, and StepInvariantExpr around what has the same
// value at each step (Prometheus promql.PreprocessExpr). Pure function; thread-safe.
#pragma once

#include "core/promql/ast.h"
#include "core/promql/duration_expression.h"

namespace fleetglass::promql {

Result<ExprPtr> prepare(const Expr& expr, const QuerySpan& span);

// The node below step-invariant wrappers and parentheses.
const Expr& unwrapped(const Expr& expr);

} // namespace fleetglass::promql
