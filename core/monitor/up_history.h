// What the store remembers of each target's scrapes: more than the scraper's own list, which holds
// the newest only and begins anew with the program. Pure function; thread-safe.
#pragma once

#include "core/storage/querier.h"
#include "core/view/target_view.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fleetglass::monitor {

struct UpHistory
{
    // One for each half minute of the last hour in which there was a scrape; ok where all were.
    std::shared_ptr<const std::vector<view::AttemptView>> hour;
    bool isUp = false; // By the newest sample.
    int64_t sinceMs = 0; // When `up` became what it is; the first sample where it never changed.
};

// By job and instance joined with a zero byte (sparkKey), over the last 24 hours.
std::map<std::string, UpHistory> upHistories(const storage::Querier& querier, int64_t nowMs);

} // namespace fleetglass::monitor
