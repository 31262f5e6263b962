// Simulation: the demo fleet's hosts moving through time, the same for the same seed. It begins an
// hour before it goes live. Thread-safe.
#pragma once

#include "core/base/guarded.h"
#include "core/demo/host_model.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fleetglass::demo {

// How a host answers at a given moment.
enum class Answer
{
    Page,
    Expired, // Its certificate has run out.
    Unauthorized, // 401: its token is not the one the config has.
    Hangs, // Accepts, then says nothing.
};

struct Host
{
    std::string name; // "web-07"
    std::string job; // "etcha"
    int port = 0; // Of the real system, for `instance`.
    bool tls = false;
};

class Simulation
{
public:
    Simulation(uint64_t seed, int64_t liveMs);

    static const std::vector<Host>& hosts();
    int64_t liveMs() const { return m_liveMs; }
    int64_t startMs() const;

    Answer answerOf(const std::string& host, int64_t wallMs) const;
    // The page at that moment; time only moves forward, an earlier moment gets the newest state.
    PageWriter page(const std::string& host, int64_t wallMs) const;

private:
    struct State
    {
        int64_t second = 0; // Steps done so far, from startMs.
        std::map<std::string, std::unique_ptr<HostModel>> models;
    };
    ModelTime timeAt(int64_t wallMs) const;

    int64_t m_liveMs;
    mutable Guarded<State> m_state;
};

} // namespace fleetglass::demo
