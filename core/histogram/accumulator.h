// Accumulator: adds and subtracts native histograms of different layouts, with compensated sums.
// Differences of schema, zero threshold and custom bounds are brought to what both can express, as
// Prometheus' FloatHistogram.Add, Sub and KahanAdd do. Used from one thread at a time.
#pragma once

#include "core/histogram/histogram.h"
#include "core/histogram/kahan.h"

#include <vector>

namespace fleetglass::histogram {

struct AddOutcome
{
    bool incompatible = false; // Exponential and custom buckets do not mix; nothing was changed.
    bool resetCollision = false; // One said "reset", the other "not reset".
    bool boundsReconciled = false; // Custom bounds differed; their intersection is used.
};

class Accumulator
{
public:
    explicit Accumulator(const Histogram& first);

    AddOutcome add(const Histogram& other) { return combine(other, 1); }
    AddOutcome subtract(const Histogram& other) { return combine(other, -1); }
    void multiply(double factor);
    // By zero: the buckets go, the counts become infinite or NaN.
    void divide(double divisor);

    bool hasOverflow() const;
    // Compact; with the reset hint that follows from the operands.
    Histogram total() const;

private:
    struct Cell
    {
        int32_t index = 0;
        KahanSum count;
    };
    using Cells = std::vector<Cell>; // Sorted by index.

    AddOutcome combine(const Histogram& other, double sign);
    bool combineHints(ResetHint other);
    void combineCustom(const Accumulator& other, double sign, AddOutcome& outcome);
    void combineExponential(Accumulator other, double sign);
    void growZeroBucket(double threshold);
    void reduceTo(int32_t schema);
    void mapToBounds(const std::vector<double>& bounds);
    template<class F>
    void forEachSum(F&& f);

    static Cells cellsOf(const std::vector<Span>& spans, const std::vector<double>& counts);
    static void mergeCells(Cells& into, const Cells& other, double sign);
    static void store(const Cells& cells, std::vector<Span>& spans, std::vector<double>& counts);

    ResetHint m_hint = ResetHint::Unknown;
    int32_t m_schema = 0;
    double m_zeroThreshold = 0;
    KahanSum m_zeroCount;
    KahanSum m_count;
    KahanSum m_sum;
    Cells m_positive;
    Cells m_negative;
    std::vector<double> m_customValues;
};

} // namespace fleetglass::histogram
