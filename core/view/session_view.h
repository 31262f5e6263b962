// Shell sessions as the window shows them. Immutable once published; share freely.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fleetglass::view {

enum class SessionState
{
    Open,
    OpenBeforeWatch, // Was open when watching began; its start is not known.
    Unknown, // Was open when the target was last reached.
    Closed,
    BetweenScrapes, // Opened and closed between two scrapes: the series first appeared as 0.
};

struct SessionView
{
    uint64_t id = 0;
    std::string job;
    std::string instance;
    std::string host; // The instance without its port.
    std::string source; // Label `name`.
    std::string publicKey;
    std::string keyOwner; // From the address book; empty: unknown key.
    std::string remoteAddress; // Label `remote_addr`.
    SessionState state = SessionState::Open;
    // It opened after openedEarliestMs and at or before openedLatestMs (when it was first seen);
    // openedEarliestMs is 0 where watching began later.
    int64_t openedEarliestMs = 0;
    int64_t openedLatestMs = 0;
    int64_t closedEarliestMs = 0; // 0: not closed.
    int64_t closedLatestMs = 0;
    int64_t lastSeenMs = 0; // Last scrape that told its state.
    int64_t intervalMs = 0; // Detection window.
    bool keyUnknown = false;
    bool addressNew = false; // First time this key comes from this address.
    int64_t commands = -1; // Run on the host while open, where the metrics tell; -1 unknown.
};

// A stretch in which a host with sessions could not be reached.
struct UnreachableView
{
    std::string instance;
    int64_t startMs = 0;
    int64_t endMs = 0; // 0: goes on.
};

} // namespace fleetglass::view
