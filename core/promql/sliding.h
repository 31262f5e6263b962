// What windows over one column share: sums and extremes that are carried from window to window, so
// that a sample is looked at a few times and not once for each window that holds it. Windows only
// move forward. Used from one thread at a time; the column must outlive it.
#pragma once

#include "core/histogram/kahan.h"

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

} // namespace fleetglass::promql
