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

std::chrono::milliseconds ConfigWatch::poll()
{
    // Before the files are read: what changes while they are read is seen at the next look.
    auto stamps = stampsNow();
    const bool isRetry = m_retrying && m_clock.bootTime() >= m_retryAt;
    const bool changed = m_known && stamps != *m_known;
    m_known = std::move(stamps);
    if (!changed && !isRetry)
        return m_retrying ? kRetryAfter : kEvery;
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
