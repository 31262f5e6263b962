// StrictHistogram: whether the lines of one classic histogram make a whole one: buckets in order
// and cumulative, +Inf present and equal to the count, sum and count together. Used from one thread
// at a time.
#pragma once

#include "core/base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace fleetglass::exposition {

class StrictHistogram
{
public:
    // `suffix` is what the sample's name has beyond the family's; `bound` is of `_bucket` lines.
    // Lines of another group or time begin another histogram.
    Result<void> add(std::string_view group, std::optional<double> seconds, std::string_view suffix,
        double bound, double value);
    // Checks the one at hand.
    Result<void> finish();

private:
    Result<void> addBucket(double bound, double value);

    struct Lines
    {
        std::optional<double> lastBound;
        double lastValue = 0;
        std::optional<double> count;
        bool hasSum = false;
        bool hasNegativeSum = false;
        bool hasNegativeBuckets = false;
    };

    bool m_active = false;
    std::string m_group;
    std::optional<double> m_seconds;
    Lines m_lines;
};

} // namespace fleetglass::exposition
