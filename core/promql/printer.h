// From a tree back to PromQL on one line: Prometheus' canonical form, which parses to the same
// tree. Pure functions; thread-safe.
#pragma once

#include "core/promql/ast.h"

#include <string>

namespace fleetglass::promql {

std::string print(const Expr& expr);

// Pieces of the one-line form that tree views and the prettifier need.
std::string printAggregateHead(const AggregateExpr& aggregate); // sum by (job) , topk
std::string printOperator(const BinaryExpr& binary); // == bool on (a) group_left ()
std::string printSubquerySuffix(const Subquery& subquery); // [1h:5m] @ start() offset 1m
// Whether the left operand ends with an offset that would take the operator for its own when read
// back: a offset (5m) + 1m. It is printed in parentheses then.
bool offsetWouldTakeOperator(const BinaryExpr& binary);

} // namespace fleetglass::promql
