#include "core/discovery/docker_source.h"

#include "core/discovery/docker_targets.h"

#include <algorithm>

namespace fleetglass::discovery {

namespace {

constexpr std::chrono::milliseconds kTimeout { 30'000 };
constexpr const char* kContainers = "/containers/json";
constexpr const char* kNetworks = "/networks";

} // namespace

DockerSource::DockerSource(
    DockerOptions options, http::Transport& transport, std::function<void()> answered)
    : m_options(std::move(options))
    , m_api({ m_options.host, m_options.client, std::min(kTimeout, m_options.refreshInterval) },
          transport, std::move(answered))
{
}

std::chrono::nanoseconds DockerSource::untilDue(std::chrono::nanoseconds bootTime) const
{
    return std::max(m_nextPoll - bootTime, std::chrono::nanoseconds(0));
}

void DockerSource::poll(std::chrono::nanoseconds bootTime)
{
    if (bootTime >= m_nextPoll) {
        m_nextPoll = bootTime + pauseOf(m_options.refreshInterval);
        if (!m_api.isBusy())
            m_api.begin(
                { { kContainers, DockerApi::filterQuery(m_options.filters), "listing containers" },
                    { kNetworks, {}, "computing network labels" } });
    }
    if (m_api.poll())
        takeRound();
}

void DockerSource::takeRound()
{
    m_answered = true;
    m_changed = true;
    if (!m_api.error().empty())
        m_snapshot.errors = { m_api.error() };
    else
        m_snapshot
            = { dockerTargets(m_api.answerTo(kContainers), m_api.answerTo(kNetworks), m_options),
                  {} };
}

} // namespace fleetglass::discovery
