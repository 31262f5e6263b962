#include "core/discovery/swarm_source.h"

#include "core/discovery/swarm_targets.h"

#include <algorithm>

namespace fleetglass::discovery {

namespace {

constexpr std::chrono::milliseconds kTimeout { 30'000 };
constexpr const char* kServices = "/services";
constexpr const char* kNodes = "/nodes";
constexpr const char* kTasks = "/tasks";
constexpr const char* kNetworks = "/networks";

std::string containerPath(const std::string& id)
{
    return "/containers/" + id + "/json";
}

} // namespace

SwarmSource::SwarmSource(
    SwarmOptions options, http::Transport& transport, std::function<void()> answered)
    : m_options(std::move(options))
    , m_api({ m_options.host, m_options.client, std::min(kTimeout, m_options.refreshInterval) },
          transport, std::move(answered))
{
}

std::chrono::nanoseconds SwarmSource::untilDue(std::chrono::nanoseconds bootTime) const
{
    return std::max(m_nextPoll - bootTime, std::chrono::nanoseconds(0));
}

// The filters are for what the role lists; the tables beside it are asked for whole.
std::vector<DockerApi::Call> SwarmSource::calls() const
{
    const std::string filters = DockerApi::filterQuery(m_options.filters);
    const DockerApi::Call networks { kNetworks, {}, "computing swarm network labels" };
    if (m_options.role == "nodes")
        return { { kNodes, filters, "listing swarm nodes" } };
    if (m_options.role == "services")
        return { { kServices, filters, "listing swarm services" }, networks };
    return { { kTasks, filters, "listing swarm tasks" },
        { kServices, {}, "computing services labels and ports" },
        { kNodes, {}, "computing nodes labels and ports" }, networks };
}

void SwarmSource::poll(std::chrono::nanoseconds bootTime)
{
    if (bootTime >= m_nextPoll) {
        m_nextPoll = bootTime + pauseOf(m_options.refreshInterval);
        if (!m_api.isBusy()) {
            m_containersAsked = false;
            m_api.begin(calls());
        }
    }
    if (m_api.poll())
        takeRound();
}

bool SwarmSource::wantsContainers()
{
    if (m_options.role != "tasks" || m_containersAsked || !m_api.error().empty())
        return false;
    m_containersAsked = true;
    m_containers = taskContainers(m_api.answerTo(kTasks));
    return !m_containers.empty();
}

void SwarmSource::takeRound()
{
    if (wantsContainers()) {
        std::vector<DockerApi::Call> inspections;
        // Only those on this node are known to it; the others' images' labels cannot be had.
        for (const std::string& id : m_containers)
            inspections.push_back({ containerPath(id), {}, "looking at a container", true });
        m_api.add(std::move(inspections));
        return;
    }
    m_answered = true;
    m_changed = true;
    if (m_api.error().empty())
        takeTargets();
    else
        m_snapshot.errors = { m_api.error() };
}

void SwarmSource::takeTargets()
{
    SwarmAnswers answers { m_api.answerTo(kServices), m_api.answerTo(kNodes),
        m_api.answerTo(kTasks), m_api.answerTo(kNetworks), {} };
    if (m_options.role == "tasks") {
        for (const std::string& id : m_containers)
            answers.containerLabels[id]
                = textMapOf(memberOf(m_api.answerTo(containerPath(id)), "Config"), "Labels");
    }
    auto groups = swarmTargets(answers, m_options);
    if (groups)
        m_snapshot = { std::move(*groups), {} };
    else
        m_snapshot.errors = { m_options.host + ": " + groups.error().message };
}

} // namespace fleetglass::discovery
