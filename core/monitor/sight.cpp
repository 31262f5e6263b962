#include "core/monitor/sight.h"

#include <cstdlib>

namespace fleetglass::monitor {

namespace {

using std::chrono::duration_cast;
using std::chrono::nanoseconds;

// Looks come ten times a second; a busy machine may be late by seconds.
constexpr std::chrono::seconds kStalledAfter { 10 };
constexpr std::chrono::seconds kSleptAtLeast { 1 };
constexpr int64_t kStepMsMin = 1'000; // NTP slews below it.

} // namespace

std::string Sight::absence(const Now& now) const
{
    const auto slept = (now.boot - m_last.boot) - (now.awake - m_last.awake);
    if (slept >= kSleptAtLeast)
        return "this computer was asleep for "
            + formatDuration(std::chrono::floor<std::chrono::seconds>(slept));
    if (now.boot - m_lookedBoot >= kStalledAfter)
        return "this program stood still for "
            + formatDuration(std::chrono::floor<std::chrono::seconds>(now.boot - m_lookedBoot));
    const int64_t passedMs = duration_cast<Millis>(now.boot - m_last.boot).count();
    const int64_t stepMs = now.wallMs - m_last.wallMs - passedMs;
    if (std::llabs(stepMs) >= kStepMsMin)
        return "the clock was set " + std::string(stepMs < 0 ? "back by " : "forward by ")
            + formatDuration(Millis(std::llabs(stepMs)));
    return now.isBlind ? "this computer has no network" : "";
}

Sight::Verdict Sight::look(const Now& now, Millis settle)
{
    Verdict verdict;
    if (m_first) {
        m_first = false;
        m_last = now;
        m_lookedBoot = now.boot;
        m_seenWallMs = now.wallMs;
    }
    std::string why = absence(now);
    if (!why.empty()) {
        m_returned = now.boot;
        if (!m_away)
            verdict.began = std::move(why);
        m_away = true;
    }
    m_last = now;
    verdict.sees = !m_away || (!now.isBlind && now.boot - m_returned >= settle);
    if (!verdict.sees)
        return verdict;
    if (m_away)
        verdict.uncounted = Millis(now.wallMs - m_seenWallMs);
    m_away = false;
    m_seenWallMs = now.wallMs;
    return verdict;
}

} // namespace fleetglass::monitor
