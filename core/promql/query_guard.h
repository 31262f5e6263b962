// QueryGuard: keeps one query within its time, samples and memory. Used from one thread at a time.
#pragma once

#include "core/base/result.h"
#include "core/promql/engine.h"

#include <chrono>
#include <stop_token>

namespace fleetglass::promql {

class QueryGuard
{
public:
    using Clock = std::chrono::steady_clock;

    QueryGuard(const EngineOptions& limits, std::stop_token stop);

    // Fails once the query was cancelled or ran out of time. Cheap enough for each series.
    Result<void> check() const;
    // Takes samples into account that are now in memory; fails past the limit.
    Result<void> take(size_t samples, size_t bytes);
    void release(size_t samples, size_t bytes);

    size_t samplesPeak() const { return m_samplesPeak; }
    std::chrono::nanoseconds elapsed() const { return Clock::now() - m_start; }
    std::stop_token stop() const { return m_stop; }

private:
    const EngineOptions& m_limits;
    std::stop_token m_stop;
    Clock::time_point m_start;
    Clock::time_point m_deadline;
    size_t m_samples = 0;
    size_t m_samplesPeak = 0;
    size_t m_bytes = 0;
};

// Gives back at the end of its life what it took. Used from one thread at a time.
class Charge
{
public:
    explicit Charge(QueryGuard& guard)
        : m_guard(&guard)
    {
    }
    Charge(const Charge&) = delete;
    Charge& operator=(const Charge&) = delete;
    ~Charge() { m_guard->release(m_samples, m_bytes); }

    Result<void> take(size_t samples, size_t bytes)
    {
        m_samples += samples;
        m_bytes += bytes;
        return m_guard->take(samples, bytes);
    }

private:
    QueryGuard* m_guard;
    size_t m_samples = 0;
    size_t m_bytes = 0;
};

} // namespace fleetglass::promql
