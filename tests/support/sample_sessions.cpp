// Shell sessions of the sample fleet.
#include "tests/support/sample_view.h"

namespace fleetglass::support {

namespace {

using view::SessionState;
using view::SessionView;

struct SessionSeed
{
    const char* host;
    const char* source;
    const char* key;
    const char* owner; // "": not in the address book.
    const char* address;
    SessionState state;
    int64_t openedAgoS;
    int64_t closedAgoS; // Or when it was last seen.
    int64_t commands;
};

constexpr int64_t kWindowMs = 15'000;

SessionView makeSession(const SessionSeed& seed, uint64_t id, int64_t nowMs)
{
    SessionView session;
    session.id = id;
    session.job = "etcha";
    session.host = seed.host;
    session.instance = session.host + ":4000";
    session.source = seed.source;
    session.publicKey = seed.key;
    session.keyOwner = seed.owner;
    session.remoteAddress = seed.address;
    session.state = seed.state;
    session.openedLatestMs = nowMs - seed.openedAgoS * 1000;
    session.openedEarliestMs = session.openedLatestMs - kWindowMs;
    session.lastSeenMs = nowMs - 5'000;
    session.intervalMs = kWindowMs;
    session.keyUnknown = session.keyOwner.empty();
    session.addressNew = session.keyUnknown;
    session.commands = seed.commands;
    if (seed.state == SessionState::OpenBeforeWatch)
        session.openedEarliestMs = 0;
    if (seed.state == SessionState::Unknown)
        session.lastSeenMs = nowMs - seed.closedAgoS * 1000;
    else if (seed.closedAgoS > 0) {
        session.closedLatestMs = nowMs - seed.closedAgoS * 1000;
        session.closedEarliestMs = session.closedLatestMs - kWindowMs;
    }
    return session;
}

} // namespace

std::vector<SessionView> sampleSessions(int64_t nowMs)
{
    using enum SessionState;
    const SessionSeed kSeeds[] = {
        { "web-07", "debug", "ops-anna-2025", "ops-anna", "10.0.4.7", Open, 575, 0, 204 },
        { "db-02", "pg-fix", "k-7f31c2", "", "10.0.9.23", Open, 200, 0, 31 },
        { "build-03", "build", "ops-jon-2024", "ops-jon", "10.0.4.11", Unknown, 2'610, 710, 18 },
        { "web-03", "debug", "ops-anna-2025", "ops-anna", "10.0.4.7", Closed, 5'345, 4'190, 57 },
        { "db-01", "pg-fix", "ops-lena-2025", "ops-lena", "10.0.4.9", Closed, 10'895, 6'560, 143 },
        { "edge-01", "core", "ops-jon-2024", "ops-jon", "10.0.4.11", Closed, 16'580, 16'430, 9 },
        { "build-01", "build", "jenkins-2024", "jenkins-prod", "10.12.0.7", BetweenScrapes, 19'613,
            19'613, -1 },
        { "web-07", "debug", "ops-anna-2025", "ops-anna", "10.0.4.7", Closed, 21'065, 20'360, 33 },
        { "db-02", "pg-fix", "ops-lena-2025", "ops-lena", "10.0.4.9", Closed, 55'895, 54'005, 88 },
        { "edge-02", "core", "ops-anna-2025", "ops-anna", "10.0.4.7", OpenBeforeWatch, 87'700,
            81'575, 61 },
    };
    std::vector<SessionView> sessions;
    for (const SessionSeed& seed : kSeeds)
        sessions.push_back(makeSession(seed, sessions.size() + 1, nowMs));
    sessions.back().state = Closed;
    return sessions;
}

std::vector<view::UnreachableView> sampleUnreachable(int64_t nowMs)
{
    return {
        { "build-03:4000", nowMs - 640'000, 0 },
        { "build-03:4000", nowMs - 44'500'000, nowMs - 43'300'000 },
        { "edge-01:4000", nowMs - 66'600'000, nowMs - 64'600'000 },
        { "web-07:4000", nowMs - 13'200'000, nowMs - 13'100'000 },
    };
}

} // namespace fleetglass::support
