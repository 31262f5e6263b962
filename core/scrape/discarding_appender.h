// DiscardingAppender: a store that keeps nothing but the identity of the series, for a scrape whose
// samples nobody asks for. Thread-safe.
#pragma once

#include "core/base/guarded.h"
#include "core/storage/appender.h"

#include <unordered_map>

namespace fleetglass::scrape {

class DiscardingAppender : public storage::Appender
{
public:
    Result<storage::SeriesRef> seriesFor(const labels::Labels& labels) override;
    bool isAlive(storage::SeriesRef series) const override;
    Result<storage::AppendCounts> append(const storage::Row& row) override;

private:
    Guarded<std::unordered_map<labels::Labels, storage::SeriesRef>> m_series;
};

} // namespace fleetglass::scrape
