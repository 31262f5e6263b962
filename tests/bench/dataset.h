// Dataset: samples in a ring store, from a text with timestamps or made up. The samples of one
// instance at one time enter as a row, as a scrape would. Used from one thread at a time.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/tsdb/ring_store.h"

#include <memory>
#include <string>

namespace fleetglass::bench {

struct Dataset
{
    std::unique_ptr<Clock> clock;
    std::unique_ptr<tsdb::RingStore> store;
    size_t samples = 0;
    int64_t endMs = 0; // The newest sample's time.
};

// Prometheus text with a millisecond timestamp on each line.
Result<Dataset> loadDataset(const std::string& path);

// Counters, gauges and a histogram of some instances, six hours at 15 s; always the same.
Result<Dataset> makeDataset(size_t instances);

} // namespace fleetglass::bench
