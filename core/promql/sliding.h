// What windows over one column share: sums and extremes that are carried from window to window, so
// that a sample is looked at a few times and not once for each window that holds it. Windows only
// move forward. Used from one thread at a time; the column must outlive it.
#pragma once

#include "core/histogram/kahan.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <span>
#include <vector>

namespace fleetglass::promql {

// The compensated sum of values [begin, end). Nothing is ever subtracted, so a huge value leaves no
// trace once it is out of the window: sums of the older half are kept for each of its ends, those
// of the newer half as one ("two stacks").
class SlidingSum
{
public:
    explicit SlidingSum(std::span<const double> values)
        : m_values(values)
        , m_older(values.size())
    {
    }

    // begin < end, neither less than before.
    histogram::KahanSum over(size_t begin, size_t end)
    {
        if (begin >= m_middle) {
            histogram::KahanSum sum;
            for (size_t i = end; i > begin; --i) {
                sum.add(m_values[i - 1]);
                m_older[i - 1] = sum;
            }
            m_middle = end;
            m_end = end;
            m_newer = {};
            return m_older[begin];
        }
        for (; m_end < end; ++m_end)
            m_newer.add(m_values[m_end]);
        histogram::KahanSum sum = m_older[begin];
        sum.add(m_newer.sum);
        sum.lost += m_newer.lost;
        return sum;
    }

private:
    std::span<const double> m_values;
    std::vector<histogram::KahanSum> m_older; // From each index up to m_middle.
    histogram::KahanSum m_newer; // [m_middle, m_end)
    size_t m_middle = 0;
    size_t m_end = 0;
};

// The largest or smallest of values [begin, end); NaN only where there is no number.
template<bool Max>
class SlidingExtreme
{
public:
    explicit SlidingExtreme(std::span<const double> values)
        : m_values(values)
    {
    }

    double over(size_t begin, size_t end)
    {
        for (; m_end < end; ++m_end) {
            const double value = m_values[m_end];
            if (std::isnan(value))
                continue;
            while (!m_candidates.empty() && !beats(m_values[m_candidates.back()], value))
                m_candidates.pop_back();
            m_candidates.push_back(m_end);
        }
        while (!m_candidates.empty() && m_candidates.front() < begin)
            m_candidates.pop_front();
        return m_candidates.empty() ? std::numeric_limits<double>::quiet_NaN()
                                    : m_values[m_candidates.front()];
    }

private:
    static bool beats(double a, double b) { return Max ? a > b : a < b; }

    std::span<const double> m_values;
    std::deque<size_t> m_candidates; // Each better than all behind it.
    size_t m_end = 0;
};

// Mean and sum of squared distances from it, of values [begin, end): two stacks as in SlidingSum,
// joined as by Chan, Golub and LeVeque. Not finite where a value or a sum is not.
class SlidingSpread
{
public:
    explicit SlidingSpread(std::span<const double> values)
        : m_values(values)
        , m_older(values.size())
    {
    }

    // begin < end, neither less than before.
    double varianceOver(size_t begin, size_t end)
    {
        if (begin >= m_middle) {
            Spread spread;
            for (size_t i = end; i > begin; --i) {
                spread.add(m_values[i - 1]);
                m_older[i - 1] = spread;
            }
            m_middle = end;
            m_end = end;
            m_newer = {};
            return m_older[begin].squares() / m_older[begin].count;
        }
        for (; m_end < end; ++m_end)
            m_newer.add(m_values[m_end]);
        const Spread& older = m_older[begin];
        const double count = older.count + m_newer.count;
        const double apart = m_newer.count == 0 ? 0 : m_newer.mean() - older.mean();
        const double between = apart * apart * (older.count * m_newer.count / count);
        return (older.squares() + m_newer.squares() + between) / count;
    }

private:
    struct Spread
    {
        double count = 0;
        histogram::KahanSum means;
        histogram::KahanSum squared;

        double mean() const { return means.sum + means.lost; }
        double squares() const { return squared.sum + squared.lost; }
        void add(double value)
        {
            count += 1;
            const double delta = value - mean();
            means.add(delta / count);
            squared.add(delta * (value - mean()));
        }
    };

    std::span<const double> m_values;
    std::vector<Spread> m_older; // From each index up to m_middle.
    Spread m_newer; // [m_middle, m_end)
    size_t m_middle = 0;
    size_t m_end = 0;
};

// Values [begin, end) in order, NaN first.
class SlidingOrder
{
public:
    explicit SlidingOrder(std::span<const double> values)
        : m_values(values)
    {
    }

    // begin < end, neither less than before. Valid until the next call.
    std::span<const double> over(size_t begin, size_t end)
    {
        // A value is moved into place by shifting half of the others: many are better sorted anew.
        constexpr size_t kMovesMax = 1000;
        const size_t moves = (end - m_end) + (begin - m_begin);
        if (begin >= m_end || moves > kMovesMax || moves > (end - begin) / 2) {
            m_sorted.assign(m_values.begin() + static_cast<std::ptrdiff_t>(begin),
                m_values.begin() + static_cast<std::ptrdiff_t>(end));
            std::sort(m_sorted.begin(), m_sorted.end(), isBefore);
            m_begin = begin;
            m_end = end;
            return m_sorted;
        }
        for (; m_begin < begin; ++m_begin)
            m_sorted.erase(
                std::lower_bound(m_sorted.begin(), m_sorted.end(), m_values[m_begin], isBefore));
        for (; m_end < end; ++m_end)
            m_sorted.insert(
                std::upper_bound(m_sorted.begin(), m_sorted.end(), m_values[m_end], isBefore),
                m_values[m_end]);
        return m_sorted;
    }

private:
    // The two zeros are told apart, so that the one that leaves is the one that came.
    static bool isBefore(double a, double b)
    {
        if (std::isnan(a) || std::isnan(b))
            return std::isnan(a) && !std::isnan(b);
        return a < b || (a == b && std::signbit(a) && !std::signbit(b));
    }

    std::span<const double> m_values;
    std::vector<double> m_sorted;
    size_t m_begin = 0;
    size_t m_end = 0;
};

} // namespace fleetglass::promql
