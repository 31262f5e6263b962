// A store's content as plain maps, and random appends that a map can follow. Used from one thread
// at a time.
#pragma once

#include "tests/support/memory_disk.h"
#include "tests/support/ring_fixture.h"

#include <random>

namespace fleetglass::tsdb::test {

// Bits of a value, or of a histogram's count, by time.
using History = std::map<labels::Labels, std::map<int64_t, uint64_t>>;

inline History historyOf(const RingStore& store, storage::TimeRange range = kAlways)
{
    History all;
    for (const auto& slice : selectAll(store, {}, range)) {
        auto& points = all[slice.labels];
        for (size_t i = 0; i < slice.timestampsMs.size(); ++i)
            points[slice.timestampsMs[i]] = std::bit_cast<uint64_t>(slice.values[i]);
        for (const auto& sample : slice.histograms)
            points[sample.timestampMs] = std::bit_cast<uint64_t>(sample.histogram->count);
    }
    return all;
}

// Whether each sample of `part` stands in `whole` with the same value.
inline bool isInside(const History& part, const History& whole)
{
    for (const auto& [labels, points] : part) {
        const auto series = whole.find(labels);
        if (series == whole.end())
            return false;
        for (const auto& [time, bits] : points) {
            const auto point = series->second.find(time);
            if (point == series->second.end() || point->second != bits)
                return false;
        }
    }
    return true;
}

inline std::unique_ptr<RingStore> openOn(Disk& disk, const Clock& clock,
    const DirectoryOptions& options = { .fileBytes = 1U << 16U }, DirectoryReport* report = nullptr,
    const RingStoreOptions& ring = { .retention = {} })
{
    auto store = std::make_unique<RingStore>(ring, clock);
    auto opened = store->openDirectory(disk, "data", options);
    if (!opened)
        qFatal("%s", opened.error().message.c_str());
    if (report != nullptr)
        *report = *opened;
    return store;
}

// Scrapes of three targets as they come: mostly rows, some loose samples and histograms, gaps,
// series that move from one target to another.
class RandomScrapes
{
public:
    explicit RandomScrapes(uint64_t seed)
        : m_random(seed)
    {
    }

    void append(RingStore& store)
    {
        m_nowMs += 1 + static_cast<int64_t>(m_random() % 20);
        const auto target = std::to_string(m_random() % 3);
        std::vector<storage::RowValue> values;
        std::vector<storage::LooseSample> loose;
        for (int i = 0; i < 12; ++i) {
            if (m_random() % 9 == 0)
                continue;
            const bool strays = m_random() % 60 == 0;
            values.push_back({ refFor(store,
                                   { { "__name__", "m" + std::to_string(i) },
                                       { "target", strays ? "9" : std::string_view(target) } }),
                value(i) });
        }
        if (m_random() % 3 == 0)
            loose.push_back({ refFor(store, { { "__name__", "own" }, { "target", target } }),
                m_nowMs - 1, value(1), nullptr, static_cast<int64_t>(m_random() % 3) });
        if (m_random() % 4 == 0) {
            auto histogram = std::make_shared<histogram::Histogram>();
            histogram->count = static_cast<double>(m_random() % 4);
            loose.push_back({ refFor(store, { { "__name__", "h" }, { "target", target } }), m_nowMs,
                0, histogram, 0 });
        }
        if (!store.append({ m_nowMs, values, loose, {} }))
            qFatal("a row was refused");
    }

    std::mt19937_64& random() { return m_random; }
    int64_t nowMs() const { return m_nowMs; }

private:
    double value(int kind)
    {
        switch (kind % 4) {
        case 0:
            return 42;
        case 1:
            return m_random() % 30 == 0 ? storage::kStaleMarker
                                        : static_cast<double>(m_counter += m_random() % 7);
        case 2:
            return static_cast<double>(m_random() % 1000) / 8;
        default:
            return m_random() % 20 == 0 ? std::bit_cast<double>(m_random() | 1U)
                                        : static_cast<double>(m_random() % 100000) / 100;
        }
    }

    std::mt19937_64 m_random;
    int64_t m_nowMs = 1'000'000'000;
    uint64_t m_counter = 0;
};

} // namespace fleetglass::tsdb::test
