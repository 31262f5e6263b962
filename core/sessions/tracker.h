// Tracker: tells from stored samples who has a live shell on which host, since when, from where.
//
// It reads etcha_sources_shells{name,public_key,remote_addr} (1: live) and `up` of the same target,
// and so says the same of a running fleet, after a restart, and of an opened capsule. A shell is
// known only at scrapes: it opened after the last good scrape that did not show it. A host that
// cannot be reached leaves its shells unknown; they are never called closed for that. Used from one
// thread at a time.
#pragma once

#include "core/sessions/address_book.h"
#include "core/storage/querier.h"
#include "core/view/session_view.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fleetglass::sessions {

class Tracker
{
public:
    explicit Tracker(AddressBook book = {});

    // Reads what was stored since the last call, up to nowMs; false where the store did not answer.
    bool advance(const storage::Querier& querier, int64_t nowMs);

    AddressBook& addressBook() { return m_book; }
    const AddressBook& addressBook() const { return m_book; }

    // Live and unknown ones first, then by start, newest first; closed ones back to sinceMs.
    std::vector<view::SessionView> sessions(int64_t sinceMs) const;
    std::vector<view::UnreachableView> unreachable(int64_t sinceMs) const;

private:
    struct Shell // One label set of one target.
    {
        view::SessionView identity; // Labels only; the times are those of no session.
        bool everSeen = false;
        int open = -1; // Index into m_sessions of the session that goes on.
    };
    struct Target
    {
        int64_t lastGoodMs = 0; // 0: never reached.
        int64_t lastScrapeMs = 0;
        int64_t intervalMs = 0;
        int outage = -1; // Index into m_outages of the one that goes on.
        std::map<std::string, Shell> shells; // By the series' labels as text.
    };
    struct Reading // What one scrape said of one shell.
    {
        bool present = false;
        double value = 0;
    };

    using Slices = std::vector<const storage::SeriesSlice*>;

    void readTarget(Target& target, const storage::SeriesSlice& up, const Slices& shells);
    void scrapeFailed(Target& target, const std::string& instance, int64_t timeMs);
    void scrapeSucceeded(
        Target& target, int64_t timeMs, const std::map<std::string, Reading>& readings);
    void readShell(Target& target, Shell& shell, Reading reading, int64_t timeMs);
    void openSession(Target& target, Shell& shell, int64_t timeMs, bool alreadyOver);

    AddressBook m_book;
    int64_t m_advancedMs = 0;
    std::map<std::string, Target> m_targets; // By job and instance.
    std::vector<view::SessionView> m_sessions; // In order of their start.
    std::vector<view::UnreachableView> m_outages;
};

} // namespace fleetglass::sessions
