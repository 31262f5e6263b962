#include "core/tsdb/slot_sets.h"

#include <algorithm>

namespace fleetglass::tsdb {

void sortUnique(std::vector<uint32_t>& slots)
{
    if (!std::is_sorted(slots.begin(), slots.end()))
        std::sort(slots.begin(), slots.end());
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
}

void retain(std::vector<Match>& matches, std::span<const uint32_t> slots, bool isKept)
{
    auto place = slots.begin();
    // A few matches against a long list: leap; otherwise walk both.
    const bool leaps = matches.size() * 16 < slots.size();
    std::erase_if(matches, [&](const Match& match) {
        const uint32_t slot = match.series->slot;
        if (leaps)
            place = std::lower_bound(place, slots.end(), slot);
        while (place != slots.end() && *place < slot)
            ++place;
        const bool found = place != slots.end() && *place == slot;
        return found != isKept;
    });
}

void insertSlot(std::vector<uint32_t>& slots, uint32_t slot)
{
    const bool isLast = slots.empty() || slots.back() < slot;
    slots.insert(isLast ? slots.end() : std::lower_bound(slots.begin(), slots.end(), slot), slot);
}

void removeSlot(std::vector<uint32_t>& slots, uint32_t slot)
{
    const auto place = std::lower_bound(slots.begin(), slots.end(), slot);
    if (place != slots.end() && *place == slot)
        slots.erase(place);
}

} // namespace fleetglass::tsdb
