#include "core/demo/simulation.h"

#include "core/demo/scenario.h"

#include <cmath>

namespace fleetglass::demo {

namespace {

std::unique_ptr<HostModel> makeModel(uint64_t seed, const Host& host)
{
    if (host.job == "stash-pushgateway")
        return makePushgateway(seed);
    if (host.job == "stash-operator")
        return makeStashOperator(seed);
    if (host.job == "synse-server")
        return makeSynseServer(seed, host.name);
    if (host.job == "controller")
        return makeController(seed);
    return makeEtchaHost(seed, host.name);
}

} // namespace

const std::vector<Host>& Simulation::hosts()
{
    static const std::vector<Host> kHosts {
        { "web-01", "etcha", 4000, true },
        { "web-07", "etcha", 4000, true },
        { "db-01", "etcha", 4000, true },
        { "db-02", "etcha", 4000, true },
        { "db-04", "etcha", 4000, true },
        { "build-03", "etcha", 4000, true },
        { "stash", "stash-pushgateway", 56789, false },
        { "stash", "stash-operator", 8443, true },
        { "synse-01", "synse-server", 5000, false },
        { "synse-02", "synse-server", 5000, false },
        { "synse-03", "synse-server", 5000, false },
        { "awx-01", "controller", 443, true },
        { "awx-02", "controller", 443, true },
    };
    return kHosts;
}

Simulation::Simulation(uint64_t seed, int64_t liveMs)
    : m_liveMs(liveMs)
{
    m_state.with([&](State& state) {
        for (const Host& host : hosts())
            state.models[host.name + '/' + host.job] = makeModel(seed, host);
    });
}

int64_t Simulation::startMs() const
{
    return m_liveMs - static_cast<int64_t>(kHistoryS) * 1000;
}

ModelTime Simulation::timeAt(int64_t wallMs) const
{
    const double wallS = static_cast<double>(wallMs) / 1000;
    return { static_cast<double>(wallMs - m_liveMs) / 1000, wallS, std::fmod(wallS, 86400) };
}

Answer Simulation::answerOf(const std::string& host, int64_t wallMs) const
{
    const double sinceLiveS = timeAt(wallMs).sinceLiveS;
    if (host == "db-04/etcha" && sinceLiveS >= kExpiryS)
        return Answer::Expired;
    if (host == "build-03/etcha" && sinceLiveS >= kHangS)
        return Answer::Hangs;
    return host == "awx-02/controller" ? Answer::Unauthorized : Answer::Page;
}

PageWriter Simulation::page(const std::string& host, int64_t wallMs) const
{
    return m_state.with([&](State& state) {
        const int64_t second = (wallMs - startMs()) / 1000;
        for (; state.second < second; ++state.second) {
            const ModelTime now = timeAt(startMs() + (state.second + 1) * 1000);
            for (auto& [name, model] : state.models)
                model->step(now);
        }
        PageWriter writer;
        if (const auto found = state.models.find(host); found != state.models.end())
            found->second->write(writer, timeAt(wallMs));
        return writer;
    });
}

} // namespace fleetglass::demo
