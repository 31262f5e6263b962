#include "core/monitor/config_watch.h"

#include <condition_variable>
#include <mutex>
#include <sys/stat.h>

namespace fleetglass::monitor {

std::optional<FileStamp> DiskStamps::of(const std::string& path) const
{
    struct stat found
    {
    };
    if (::stat(path.c_str(), &found) != 0)
        return std::nullopt;
    constexpr int64_t kSecondNs = 1'000'000'000;
    return FileStamp { static_cast<int64_t>(found.st_mtim.tv_sec) * kSecondNs
            + static_cast<int64_t>(found.st_mtim.tv_nsec),
        static_cast<int64_t>(found.st_size), static_cast<uint64_t>(found.st_ino) };
}

ConfigWatch::ConfigWatch(const FileStamps& stamps, const Clock& clock, Callbacks callbacks)
    : m_stamps(stamps)
    , m_clock(clock)
    , m_callbacks(std::move(callbacks))
{
}

ConfigWatch::Stamps ConfigWatch::stampsNow() const
{
    Stamps stamps;
    for (const auto& file : m_callbacks.files())
        stamps.emplace(file, m_stamps.of(file));
    return stamps;
}

// A file that is included from now on is no change; one that changed since it was read still is.
void ConfigWatch::addNewFiles()
{
    auto stamps = stampsNow();
    for (auto& [file, stamp] : stamps) {
        if (const auto known = m_known->find(file); known != m_known->end())
            stamp = known->second;
    }
    m_known = std::move(stamps);
}

bool ConfigWatch::isDue(bool changed)
{
    const auto now = m_clock.bootTime();
    if (changed) {
        m_firstChange = m_settling ? m_firstChange : now;
        m_lastChange = now;
        m_settling = true;
    }
    if (m_settling)
        return now - m_lastChange >= kSettle || now - m_firstChange >= kSettleMax;
    return m_retrying && now >= m_retryAt;
}

std::chrono::milliseconds ConfigWatch::poll()
{
    // Before the files are read: what changes while they are read is seen at the next look.
    auto stamps = stampsNow();
    const bool changed = m_known && stamps != *m_known;
    m_known = std::move(stamps);
    const bool due = isDue(changed);
    const bool isRetry = m_retrying && !m_settling;
    if (!due)
        return m_settling || m_retrying ? kRetryAfter : kEvery;
    m_settling = false;
    const auto problem = m_callbacks.reload();
    if (problem && !isRetry) {
        m_retrying = true;
        m_retryAt = m_clock.bootTime() + kRetryAfter;
        return kRetryAfter;
    }
    m_retrying = false;
    if (problem || m_hasProblem)
        m_callbacks.tell(problem.value_or(view::ConfigProblemView()));
    m_hasProblem = problem.has_value();
    addNewFiles();
    return kEvery;
}

void ConfigWatch::run(std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        const auto pause = poll();
        wake.wait_for(lock, stop, pause, [] { return false; });
    }
}

} // namespace fleetglass::monitor
