// BodyArchive: the last pages of all targets within one budget of bytes; the oldest goes first, but
// each target keeps its last one and its last good one. A page that is the same as the one before
// it takes no room. Thread-safe.
#pragma once

#include "core/base/guarded.h"
#include "core/scrape/target_status.h"

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <vector>

namespace fleetglass::scrape {

class BodyArchive
{
public:
    explicit BodyArchive(size_t bytesMax)
        : m_bytesMax(bytesMax)
    {
    }

    void add(uint64_t target, KeptBody body);
    void remove(uint64_t target);
    // Newest last.
    std::vector<KeptBody> of(uint64_t target) const;
    size_t bytes() const;

    static constexpr size_t kBodyBytesMax = 1u << 20;
    static constexpr size_t kBodiesPerTargetMax = 20;

private:
    struct Contents
    {
        std::map<uint64_t, std::deque<KeptBody>> targets;
        std::list<uint64_t> order; // A target for each body, oldest first.
        size_t bytes = 0;
    };
    static bool dropOldestOf(Contents& contents, uint64_t target);
    void makeRoom(Contents& contents) const;

    const size_t m_bytesMax;
    Guarded<Contents> m_contents;
};

} // namespace fleetglass::scrape
