#include "core/scrape/series_cache.h"

#include <algorithm>

namespace fleetglass::scrape {

namespace {
constexpr size_t kLookAhead = 4; // Lines that may have vanished between two pages.
constexpr size_t kEntriesSpare = 1'000;
} // namespace

void SeriesCache::begin()
{
    ++m_scrape;
    m_current.clear();
    m_seen.clear();
    m_next = 0;
}

SeriesCache::Entry* SeriesCache::find(std::string_view text)
{
    Entry* found = nullptr;
    const size_t end = std::min(m_expected.size(), m_next + kLookAhead);
    for (size_t i = m_next; i < end && found == nullptr; ++i) {
        if (m_expected[i]->text == text) {
            found = m_expected[i];
            m_next = i + 1;
        }
    }
    if (found == nullptr) {
        const auto entry = m_entries.find(text);
        if (entry == m_entries.end())
            return nullptr;
        found = entry->second.get();
    }
    found->lastSeen = m_scrape;
    m_current.push_back(found);
    return found;
}

SeriesCache::Entry& SeriesCache::add(std::string_view text)
{
    auto entry = std::make_unique<Entry>();
    entry->text = std::string(text);
    entry->lastSeen = m_scrape;
    Entry& added = *entry;
    m_entries.emplace(std::string_view(added.text), std::move(entry));
    m_current.push_back(&added);
    return added;
}

SeriesCache::Live& SeriesCache::liveOf(storage::SeriesRef ref)
{
    auto& live = m_lives[ref];
    if (!live)
        live = std::make_unique<Live>(Live { ref });
    return *live;
}

void SeriesCache::noteSeen(Live& live)
{
    live.lastSeen = m_scrape;
    m_seen.push_back(&live);
}

void SeriesCache::commit(const std::function<void(Live&)>& gone)
{
    size_t stillActive = 0;
    for (Live* live : m_seen) {
        stillActive += live->active ? 1 : 0;
        live->active = true;
    }
    if (stillActive < m_activeCount) {
        for (auto& [ref, live] : m_lives) {
            if (live->active && live->lastSeen != m_scrape) {
                live->active = false;
                gone(*live);
            }
        }
    }
    m_activeCount = m_seen.size();
    m_expected.swap(m_current);
    if (m_entries.size() > 2 * m_expected.size() + kEntriesSpare)
        forgetOld();
}

void SeriesCache::endAll(const std::function<void(Live&)>& gone)
{
    for (auto& [ref, live] : m_lives) {
        if (live->active) {
            live->active = false;
            gone(*live);
        }
    }
    m_activeCount = 0;
}

void SeriesCache::forgetOld()
{
    std::erase_if(m_entries, [&](const auto& entry) { return entry.second->lastSeen != m_scrape; });
    std::erase_if(m_lives, [&](const auto& live) {
        return live.second->lastSeen != m_scrape && !live.second->active;
    });
}

void SeriesCache::clearTexts()
{
    m_expected.clear();
    m_current.clear();
    m_entries.clear();
}

void SeriesCache::forgetAll()
{
    clearTexts();
    m_seen.clear();
    m_lives.clear();
    m_activeCount = 0;
}

} // namespace fleetglass::scrape
