#include "core/scrape/discarding_appender.h"

namespace fleetglass::scrape {

Result<storage::SeriesRef> DiscardingAppender::seriesFor(const labels::Labels& labels)
{
    return m_series.with([&](auto& series) -> storage::SeriesRef {
        return series.emplace(labels, series.size() + 1).first->second;
    });
}

bool DiscardingAppender::isAlive(storage::SeriesRef series) const
{
    return series != 0;
}

Result<storage::AppendCounts> DiscardingAppender::append(const storage::Row& row)
{
    storage::AppendCounts counts;
    counts.appended = row.values.size() + row.loose.size();
    return counts;
}

} // namespace fleetglass::scrape
