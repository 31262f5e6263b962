// What the store's tests share: a clock in the hand, rows in one line, a select in one line. Used
// from one thread at a time.
#pragma once

#include "core/tsdb/ring_store.h"

#include <atomic>

namespace fleetglass::tsdb::test {

class HandClock : public Clock
{
public:
    int64_t wallMs() const override { return m_wallMs; }
    std::chrono::nanoseconds bootTime() const override
    {
        return std::chrono::milliseconds(m_bootMs.load());
    }
    void advance(int64_t ms)
    {
        m_wallMs += ms;
        m_bootMs += ms;
    }
    void jumpWall(int64_t ms) { m_wallMs += ms; }

private:
    std::atomic<int64_t> m_wallMs { 1'000'000'000 };
    std::atomic<int64_t> m_bootMs { 50'000 };
};

inline constexpr storage::TimeRange kAlways { INT64_MIN, INT64_MAX };

inline storage::SeriesRef refFor(RingStore& store, const labels::Labels& labels)
{
    return store.seriesFor(labels).value();
}

inline storage::AppendCounts appendRow(
    RingStore& store, int64_t timestampMs, const std::vector<storage::RowValue>& values)
{
    return store.append({ timestampMs, values, {}, {} }).value();
}

inline storage::AppendCounts appendLoose(
    RingStore& store, const std::vector<storage::LooseSample>& samples)
{
    return store.append({ 0, {}, samples, {} }).value();
}

inline labels::Matcher named(const std::string& metric)
{
    return labels::Matcher::equal("__name__", metric);
}

inline std::vector<storage::SeriesSlice> selectAll(const RingStore& store,
    const std::vector<labels::Matcher>& matchers = {}, storage::TimeRange range = kAlways)
{
    return store.select(matchers, range, {}).value();
}

} // namespace fleetglass::tsdb::test
