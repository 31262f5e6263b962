// EvictionQueue: every packed block of a store in the order in which it goes: by its newest sample,
// whosever it is. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>

namespace fleetglass::tsdb {

class TargetGroup;
struct Series;

class EvictionQueue
{
public:
    // The front block of the group's rows or, where there is a series, of its loose samples.
    struct Entry
    {
        int64_t maxMs = 0;
        uint64_t order = 0; // Of packing; tells blocks of one time apart.
        TargetGroup* group = nullptr;
        Series* series = nullptr;
        friend bool operator<(const Entry& a, const Entry& b)
        {
            return std::tie(a.maxMs, a.order) < std::tie(b.maxMs, b.order);
        }
    };

    // What remove() asks for.
    uint64_t push(int64_t maxMs, TargetGroup* group, Series* series)
    {
        const std::lock_guard lock(m_mutex);
        m_entries.insert({ maxMs, ++m_order, group, series });
        return m_order;
    }

    // For a block that became part of another. It may have been taken already.
    void remove(int64_t maxMs, uint64_t order)
    {
        const std::lock_guard lock(m_mutex);
        m_entries.erase({ maxMs, order, nullptr, nullptr });
    }

    // The oldest, when its newest sample is before `beforeMs`.
    std::optional<Entry> takeBefore(int64_t beforeMs)
    {
        const std::lock_guard lock(m_mutex);
        if (m_entries.empty() || m_entries.begin()->maxMs >= beforeMs)
            return std::nullopt;
        return m_entries.extract(m_entries.begin()).value();
    }

    size_t size() const
    {
        const std::lock_guard lock(m_mutex);
        return m_entries.size();
    }

private:
    mutable std::mutex m_mutex;
    std::set<Entry> m_entries;
    uint64_t m_order = 0;
};

} // namespace fleetglass::tsdb
