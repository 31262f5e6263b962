// Schedule: when a target is due. Slots lie at offset + k * interval on CLOCK_BOOTTIME; the offset
// comes from the target's hash, so that many targets spread evenly (as Prometheus' scrape loop).
// Pure functions; thread-safe.
#pragma once

#include <chrono>
#include <cstdint>

namespace fleetglass::scrape {

using BootTime = std::chrono::nanoseconds;

// Slots lie on a grid: targets that are due together wake the schedule, the network and a worker
// once and not each. Short intervals get a finer one.
BootTime slotGrid(BootTime interval);

// In [0, interval), on the grid.
BootTime slotOffset(uint64_t targetHash, uint64_t seed, BootTime interval);

// The first slot after `now`.
BootTime nextSlot(BootTime now, BootTime offset, BootTime interval);

// A slot that is noticed later than this was slept through (suspend, a stopped process): it is
// skipped, so that waking up makes no burst.
BootTime lateMax(BootTime interval);

// The timestamp of a scrape: `wallMs`, or exactly one interval after the last one where the two
// differ by no more than the scheduler's jitter; even gaps compress better (scrape.go does so too).
int64_t alignedTimestampMs(int64_t wallMs, int64_t lastMs, int64_t intervalMs);

} // namespace fleetglass::scrape
