// Commits: which appends a reader sees. Every append stamps what it writes with its number; a
// snapshot knows the numbers that were finished when it was taken, so a scrape is seen whole or not
// at all, and nobody holds a lock while reading. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <vector>

namespace fleetglass::tsdb {

class Commits
{
public:
    // What was finished at one moment. Immutable; share freely.
    struct Snapshot
    {
        uint64_t next = 0;
        std::vector<uint64_t> open; // Appends under way then; a handful.

        bool sees(uint64_t number) const;
        uint64_t horizon() const; // Sees everything below.
    };

    // An append from begin to end; ends with its scope.
    class Append
    {
    public:
        explicit Append(Commits& commits);
        ~Append();
        Append(const Append&) = delete;
        Append& operator=(const Append&) = delete;
        uint64_t number() const { return m_number; }

    private:
        Commits& m_commits;
        uint64_t m_number;
    };

    // A reader from its snapshot to the end of its capture.
    class Reading
    {
    public:
        explicit Reading(Commits& commits);
        ~Reading();
        Reading(const Reading&) = delete;
        Reading& operator=(const Reading&) = delete;
        const Snapshot& snapshot() const { return m_snapshot; }

    private:
        Commits& m_commits;
        Snapshot m_snapshot;
    };

    // Appends below are seen by every reader there is and will be: their stamps may go.
    uint64_t horizon() const;

private:
    mutable std::mutex m_mutex;
    uint64_t m_next = 1;
    std::vector<uint64_t> m_open;
    std::multiset<uint64_t> m_readers; // Their horizons.
};

} // namespace fleetglass::tsdb
