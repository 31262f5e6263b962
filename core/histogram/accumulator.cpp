#include "core/histogram/accumulator.h"

#include "core/histogram/buckets.h"

#include <algorithm>
#include <iterator>

namespace fleetglass::histogram {

Accumulator::Accumulator(const Histogram& first)
    : m_hint(first.resetHint)
    , m_schema(first.schema)
    , m_zeroThreshold(first.zeroThreshold)
    , m_zeroCount { first.zeroCount, 0 }
    , m_count { first.count, 0 }
    , m_sum { first.sum, 0 }
    , m_positive(cellsOf(first.positiveSpans, first.positiveBuckets))
    , m_negative(cellsOf(first.negativeSpans, first.negativeBuckets))
    , m_customValues(first.customValues)
{
}

Accumulator::Cells Accumulator::cellsOf(
    const std::vector<Span>& spans, const std::vector<double>& counts)
{
    Cells cells;
    cells.reserve(counts.size());
    int32_t index = 0;
    size_t next = 0;
    for (const Span& span : spans) {
        index += span.offset;
        for (uint32_t i = 0; i < span.length && next < counts.size(); ++i)
            cells.push_back({ index++, { counts[next++], 0 } });
    }
    return cells;
}

AddOutcome Accumulator::combine(const Histogram& other, double sign)
{
    AddOutcome outcome;
    const bool custom = m_schema == kCustomBucketsSchema;
    if (custom != other.usesCustomBuckets()) {
        outcome.incompatible = true;
        return outcome;
    }
    outcome.resetCollision = combineHints(other.resetHint);
    m_count.add(sign * other.count);
    m_sum.add(sign * other.sum);
    if (custom)
        combineCustom(Accumulator(other), sign, outcome);
    else
        combineExponential(Accumulator(other), sign);
    return outcome;
}

// The hint of a sum: a gauge stays a gauge, and a claim survives only where both make it.
bool Accumulator::combineHints(ResetHint other)
{
    if (other == m_hint || m_hint == ResetHint::Gauge)
        return false;
    if (other == ResetHint::Gauge) {
        m_hint = ResetHint::Gauge;
        return false;
    }
    const bool collision = m_hint != ResetHint::Unknown && other != ResetHint::Unknown;
    m_hint = ResetHint::Unknown;
    return collision;
}

void Accumulator::combineCustom(const Accumulator& other, double sign, AddOutcome& outcome)
{
    if (m_customValues == other.m_customValues) {
        mergeCells(m_positive, other.m_positive, sign);
        return;
    }
    outcome.boundsReconciled = true;
    std::vector<double> common;
    std::set_intersection(m_customValues.begin(), m_customValues.end(),
        other.m_customValues.begin(), other.m_customValues.end(), std::back_inserter(common));
    Accumulator mapped = other;
    mapped.mapToBounds(common);
    mapToBounds(common);
    mergeCells(m_positive, mapped.m_positive, sign);
}

void Accumulator::combineExponential(Accumulator other, double sign)
{
    // Each side may have to widen its zero bucket to a bucket bound of its own, hence the loop.
    while (other.m_zeroThreshold != m_zeroThreshold) {
        if (m_zeroThreshold > other.m_zeroThreshold)
            other.growZeroBucket(m_zeroThreshold);
        else
            growZeroBucket(other.m_zeroThreshold);
    }
    m_zeroCount.add(sign * other.m_zeroCount.sum);
    m_zeroCount.add(sign * other.m_zeroCount.lost);
    const int32_t schema = std::min(m_schema, other.m_schema);
    reduceTo(schema);
    other.reduceTo(schema);
    mergeCells(m_positive, other.m_positive, sign);
    mergeCells(m_negative, other.m_negative, sign);
}

// Widens the zero bucket to `threshold`, or to the far bound of a populated bucket it would cut.
void Accumulator::growZeroBucket(double threshold)
{
    double wanted = threshold;
    for (bool settled = false; !settled;) {
        settled = true;
        for (const Cells* cells : { &m_positive, &m_negative }) {
            for (const Cell& cell : *cells) {
                const double upper = exponentialBound(cell.index, m_schema);
                if (exponentialBound(cell.index - 1, m_schema) >= wanted)
                    break;
                if (upper > wanted && cell.count.sum != 0) {
                    wanted = upper;
                    settled = false;
                }
            }
        }
    }
    for (Cells* cells : { &m_positive, &m_negative }) {
        const auto outside = std::find_if(cells->begin(), cells->end(),
            [&](const Cell& cell) { return exponentialBound(cell.index, m_schema) > wanted; });
        for (auto cell = cells->begin(); cell != outside; ++cell) {
            m_zeroCount.add(cell->count.sum);
            m_zeroCount.add(cell->count.lost);
        }
        cells->erase(cells->begin(), outside);
    }
    m_zeroThreshold = wanted;
}

void Accumulator::reduceTo(int32_t schema)
{
    if (schema == m_schema)
        return;
    for (Cells* cells : { &m_positive, &m_negative }) {
        Cells reduced;
        for (const Cell& cell : *cells) {
            const int32_t index = coarserIndex(cell.index, m_schema, schema);
            if (reduced.empty() || reduced.back().index != index) {
                reduced.push_back({ index, cell.count });
                continue;
            }
            reduced.back().count.add(cell.count.sum);
            reduced.back().count.add(cell.count.lost);
        }
        *cells = std::move(reduced);
    }
    m_schema = schema;
}

void Accumulator::mapToBounds(const std::vector<double>& bounds)
{
    Cells mapped;
    for (const Cell& cell : m_positive) {
        auto index = static_cast<int32_t>(bounds.size());
        if (static_cast<size_t>(cell.index) < m_customValues.size()) {
            const double upper = m_customValues[static_cast<size_t>(cell.index)];
            index = static_cast<int32_t>(
                std::lower_bound(bounds.begin(), bounds.end(), upper) - bounds.begin());
        }
        if (mapped.empty() || mapped.back().index != index) {
            mapped.push_back({ index, cell.count });
            continue;
        }
        mapped.back().count.add(cell.count.sum);
        mapped.back().count.add(cell.count.lost);
    }
    m_positive = std::move(mapped);
    m_customValues = bounds;
}

void Accumulator::mergeCells(Cells& into, const Cells& other, double sign)
{
    Cells merged;
    merged.reserve(std::max(into.size(), other.size()));
    size_t a = 0;
    for (const Cell& cell : other) {
        while (a < into.size() && into[a].index < cell.index)
            merged.push_back(into[a++]);
        const bool same = a < into.size() && into[a].index == cell.index;
        Cell result = same ? into[a++] : Cell { cell.index, {} };
        result.count.add(sign * cell.count.sum);
        result.count.add(sign * cell.count.lost);
        merged.push_back(result);
    }
    merged.insert(merged.end(), into.begin() + static_cast<std::ptrdiff_t>(a), into.end());
    into = std::move(merged);
}

template<class F>
void Accumulator::forEachSum(F&& f)
{
    f(m_zeroCount);
    f(m_count);
    f(m_sum);
    for (Cell& cell : m_positive)
        f(cell.count);
    for (Cell& cell : m_negative)
        f(cell.count);
}

void Accumulator::multiply(double factor)
{
    forEachSum([factor](KahanSum& sum) {
        sum.sum *= factor;
        sum.lost *= factor;
    });
    if (factor < 0)
        m_hint = ResetHint::Gauge;
}

void Accumulator::divide(double divisor)
{
    if (divisor == 0) {
        m_positive.clear();
        m_negative.clear();
    }
    forEachSum([divisor](KahanSum& sum) {
        sum.sum /= divisor;
        sum.lost = divisor == 0 ? 0 : sum.lost / divisor;
    });
    if (divisor < 0)
        m_hint = ResetHint::Gauge;
}

bool Accumulator::hasOverflow() const
{
    const auto overflows = [](const KahanSum& sum) { return std::isinf(sum.sum); };
    const auto any = [&](const Cells& cells) {
        return std::any_of(
            cells.begin(), cells.end(), [&](const Cell& cell) { return overflows(cell.count); });
    };
    return overflows(m_zeroCount) || overflows(m_count) || overflows(m_sum) || any(m_positive)
        || any(m_negative);
}

// Neighbouring cells make a span; empty ones are left out, which is what compacting means.
void Accumulator::store(const Cells& cells, std::vector<Span>& spans, std::vector<double>& counts)
{
    int32_t next = 0;
    for (const Cell& cell : cells) {
        const double count = cell.count.value();
        if (count == 0)
            continue;
        if (spans.empty() || cell.index != next)
            spans.push_back({ cell.index - next, 0 });
        ++spans.back().length;
        counts.push_back(count);
        next = cell.index + 1;
    }
}

Histogram Accumulator::total() const
{
    Histogram h;
    h.resetHint = m_hint;
    h.schema = m_schema;
    h.zeroThreshold = m_zeroThreshold;
    h.zeroCount = m_zeroCount.value();
    h.count = m_count.value();
    h.sum = m_sum.value();
    store(m_positive, h.positiveSpans, h.positiveBuckets);
    store(m_negative, h.negativeSpans, h.negativeBuckets);
    h.customValues = m_customValues;
    return h;
}

} // namespace fleetglass::histogram
