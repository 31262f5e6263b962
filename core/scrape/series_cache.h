// SeriesCache: which series of the store each line of a target's page is. The next page has nearly
// the same lines in the same order, so the line expected next is tried before the hash table.
// Used from one thread at a time; pointers live until the next call of forget or clearTexts.
#pragma once

#include "core/storage/sample.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fleetglass::scrape {

class SeriesCache
{
public:
    // A series of the store that this target feeds.
    struct Live
    {
        storage::SeriesRef ref = 0;
        uint64_t lastSeen = 0; // The scrape it stood on; 0 never.
        bool active = false; // It has a sample in the store after which no stale marker came.
    };

    struct Entry
    {
        enum class Kind
        {
            Stored,
            Dropped,
            Refused,
            Unread // Its labels broke a limit, and the page with them.
        };
        std::string text;
        Kind kind = Kind::Dropped; // Dropped: by metric_relabel_configs.
        Live* live = nullptr;
        uint64_t lastSeen = 0;
        uint64_t refusedInWindow = 0;
    };

    // A new page begins; scrapes count from 1.
    void begin();
    uint64_t scrape() const { return m_scrape; }

    // The entry of a line; null where it is new.
    Entry* find(std::string_view text);
    Entry& add(std::string_view text);
    Live& liveOf(storage::SeriesRef ref);

    // The page ended well: what it held is active from now on; calls f for each series that was
    // active and is gone.
    void commit(const std::function<void(Live&)>& gone);
    // The page failed, or the target ended: calls f for each active series.
    void endAll(const std::function<void(Live&)>& gone);
    void noteSeen(Live& live);

    // After a change of the rules: lines are read anew, series stay.
    void clearTexts();
    // Everything; the store has dropped series.
    void forgetAll();

    template<class F>
    void forEachLive(F f)
    {
        for (auto& [ref, live] : m_lives)
            f(*live);
    }
    size_t liveCount() const { return m_lives.size(); }

private:
    struct TextHash
    {
        using is_transparent = void;
        size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view> {}(text);
        }
    };

    void forgetOld();

    uint64_t m_scrape = 0;
    std::unordered_map<std::string_view, std::unique_ptr<Entry>, TextHash> m_entries;
    std::unordered_map<storage::SeriesRef, std::unique_ptr<Live>> m_lives;
    std::vector<Entry*> m_expected; // The lines of the last page, in order.
    std::vector<Entry*> m_current;
    size_t m_next = 0;
    std::vector<Live*> m_seen;
    size_t m_activeCount = 0;
};

} // namespace fleetglass::scrape
