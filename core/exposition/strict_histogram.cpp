#include "core/exposition/strict_histogram.h"

#include <cmath>

namespace fleetglass::exposition {

Result<void> StrictHistogram::add(std::string_view group, std::optional<double> seconds,
    std::string_view suffix, double bound, double value)
{
    if (!m_active || group != m_group || seconds != m_seconds) {
        if (auto good = finish(); !good)
            return good;
        m_active = true;
        m_group = std::string(group);
        m_seconds = seconds;
    }
    if (suffix == "_bucket")
        return addBucket(bound, value);
    if (suffix == "_count" || suffix == "_gcount")
        m_lines.count = value;
    if (suffix == "_sum" || suffix == "_gsum") {
        m_lines.hasSum = true;
        m_lines.hasNegativeSum = value < 0;
    }
    return {};
}

Result<void> StrictHistogram::addBucket(double bound, double value)
{
    if (m_lines.lastBound && bound <= *m_lines.lastBound)
        return failure("buckets out of order");
    if (value < m_lines.lastValue)
        return failure("bucket values out of order");
    m_lines.hasNegativeBuckets = m_lines.hasNegativeBuckets || bound < 0;
    m_lines.lastBound = bound;
    m_lines.lastValue = value;
    return {};
}

Result<void> StrictHistogram::finish()
{
    if (!m_active)
        return {};
    const Lines lines = m_lines;
    m_active = false;
    m_lines = {};
    if (!lines.lastBound || !std::isinf(*lines.lastBound))
        return failure("+Inf bucket missing");
    if (lines.count && *lines.count != lines.lastValue)
        return failure("count does not match +Inf value");
    if (lines.hasSum && !lines.count)
        return failure("_count must be present if _sum is present");
    if (lines.count && !lines.hasSum && !lines.hasNegativeBuckets)
        return failure("_sum must be present if _count is present");
    if (!lines.hasNegativeBuckets && lines.hasNegativeSum)
        return failure("cannot have negative _gsum with non-negative buckets");
    return {};
}

} // namespace fleetglass::exposition
