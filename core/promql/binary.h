// Binary operators. Inner header of this folder. Used from one thread at a time.
#pragma once

#include "core/promql/evaluator.h"

namespace fleetglass::promql {

Result<void> evaluateBinary(
    Evaluator& evaluator, const BinaryExpr& expr, const Grid& grid, const ColumnSink& sink);

// Two sides of an operator at one step: a float, or a histogram.
struct Operand
{
    double value = 0;
    const histogram::HistogramPtr* histogram = nullptr; // Null: a float.

    bool isHistogram() const { return histogram != nullptr; }
};

// What an operator makes of two samples.
struct ElementResult
{
    bool valid = false; // Otherwise the types do not go together; an annotation says so.
    bool keep = false; // False: a comparison that does not hold.
    double value = 0;
    histogram::HistogramPtr histogram;
};

// Calls f with the operator as a function of two floats, so that a loop inside f has no switch in
// it. False, and no call, for what is not + - * / or a comparison.
template<class F>
bool withOperator(BinaryOp op, F&& f)
{
    switch (op) {
    case BinaryOp::Add:
        f([](double a, double b) { return a + b; });
        return true;
    case BinaryOp::Sub:
        f([](double a, double b) { return a - b; });
        return true;
    case BinaryOp::Mul:
        f([](double a, double b) { return a * b; });
        return true;
    case BinaryOp::Div:
        f([](double a, double b) { return a / b; });
        return true;
    case BinaryOp::Equal:
        f([](double a, double b) { return a == b ? a : kAbsent; });
        return true;
    case BinaryOp::NotEqual:
        f([](double a, double b) { return a != b ? a : kAbsent; });
        return true;
    case BinaryOp::Less:
        f([](double a, double b) { return a < b ? a : kAbsent; });
        return true;
    case BinaryOp::LessOrEqual:
        f([](double a, double b) { return a <= b ? a : kAbsent; });
        return true;
    case BinaryOp::Greater:
        f([](double a, double b) { return a > b ? a : kAbsent; });
        return true;
    case BinaryOp::GreaterOrEqual:
        f([](double a, double b) { return a >= b ? a : kAbsent; });
        return true;
    default:
        return false;
    }
}

double applyToFloats(BinaryOp op, double left, double right);
bool compareFloats(BinaryOp op, double left, double right);
ElementResult applyToElements(BinaryOp op, const Operand& left, const Operand& right,
    PosRange place, Annotations& annotations);

// + - * / % ^ atan2: what comes out is another metric.
bool changesMetric(BinaryOp op);

// Between two vectors (matching.cpp, set_operators.cpp).
Result<void> matchVectors(
    Evaluator& evaluator, const BinaryExpr& expr, const Grid& grid, const ColumnSink& sink);
Result<void> combineSets(
    Evaluator& evaluator, const BinaryExpr& expr, const Grid& grid, const ColumnSink& sink);

// The labels by which series of both sides find each other.
labels::Labels matchingLabelsOf(const labels::Labels& labels, const VectorMatching& matching);

} // namespace fleetglass::promql
