#include "core/scrape/schedule.h"

#include <algorithm>
#include <cstdlib>

namespace fleetglass::scrape {

namespace {

// splitmix64: neighbouring hashes end up far apart.
uint64_t scrambled(uint64_t x)
{
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

} // namespace

BootTime slotGrid(BootTime interval)
{
    constexpr BootTime kCoarsest = std::chrono::milliseconds(25);
    constexpr int kSlotsMin = 40;
    return std::clamp<BootTime>(interval / kSlotsMin, BootTime(1), kCoarsest);
}

BootTime slotOffset(uint64_t targetHash, uint64_t seed, BootTime interval)
{
    if (interval.count() <= 0)
        return BootTime(0);
    const auto length = static_cast<uint64_t>(interval.count());
    const auto offset = static_cast<int64_t>(scrambled(targetHash ^ seed) % length);
    return BootTime(offset - offset % slotGrid(interval).count());
}

BootTime nextSlot(BootTime now, BootTime offset, BootTime interval)
{
    if (now < offset)
        return offset;
    const int64_t passed = (now - offset).count() / interval.count();
    return offset + interval * (passed + 1);
}

BootTime lateMax(BootTime interval)
{
    return std::max<BootTime>(interval / 10, std::chrono::milliseconds(500));
}

int64_t alignedTimestampMs(int64_t wallMs, int64_t lastMs, int64_t intervalMs)
{
    const int64_t expected = lastMs + intervalMs;
    const int64_t tolerance = std::min<int64_t>(std::max<int64_t>(intervalMs / 100, 1), 2);
    return lastMs > 0 && std::llabs(wallMs - expected) <= tolerance ? expected : wallMs;
}

} // namespace fleetglass::scrape
