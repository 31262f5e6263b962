// CreatedTimes: the start timestamps that the `_created` lines of one family give to its other
// lines. Used from one thread at a time.
#pragma once

#include "core/exposition/openmetrics_sample.h"

#include <unordered_map>

namespace fleetglass::exposition {

// Whether samples of that type may have a `_created` line.
bool hasCreatedLines(labels::MetricType type);
bool isCreatedName(std::string_view name);

class CreatedTimes
{
public:
    // Reads ahead from a copy of the lexer up to the next line that is no sample. A line that
    // cannot be read ends it; the parser will meet the same line again.
    void scan(OpenMetricsLexer lexer, const FamilyState& family, const ParseOptions& options);
    void clear() { m_startMs.clear(); }

    // 0 where no line names it.
    int64_t startOf(const TextSeries& series, const FamilyState& family) const;

private:
    std::unordered_map<uint64_t, int64_t> m_startMs; // By the identity without le and quantile.
};

} // namespace fleetglass::exposition
