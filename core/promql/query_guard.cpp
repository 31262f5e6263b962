#include "core/promql/query_guard.h"

#include <algorithm>

namespace fleetglass::promql {

QueryGuard::QueryGuard(const EngineOptions& limits, std::stop_token stop)
    : m_limits(limits)
    , m_stop(std::move(stop))
    , m_start(Clock::now())
    , m_deadline(m_start + limits.timeout)
{
}

Result<void> QueryGuard::check() const
{
    if (m_stop.stop_requested())
        return failure("query was canceled in expression evaluation", ErrorCode::Cancelled);
    if (Clock::now() > m_deadline)
        return failure("query timed out in expression evaluation (limit "
                + formatDuration(m_limits.timeout) + ", setting query.timeout)",
            ErrorCode::Timeout);
    return {};
}

Result<void> QueryGuard::take(size_t samples, size_t bytes)
{
    m_samples += samples;
    m_bytes += bytes;
    m_samplesPeak = std::max(m_samplesPeak, m_samples);
    if (m_samples > m_limits.samplesMax)
        return failure(
            "query processing would load too many samples into memory in query execution "
            "(limit "
                + std::to_string(m_limits.samplesMax) + ", setting query.samples_max)",
            ErrorCode::Limit);
    if (m_bytes > m_limits.memoryBytesMax)
        return failure("query needs more memory than allowed (limit "
                + std::to_string(m_limits.memoryBytesMax >> 20U)
                + " MiB, setting query.memory_max)",
            ErrorCode::Limit);
    return {};
}

void QueryGuard::release(size_t samples, size_t bytes)
{
    m_samples -= samples;
    m_bytes -= bytes;
}

} // namespace fleetglass::promql
