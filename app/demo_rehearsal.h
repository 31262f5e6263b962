// The hour before the demo fleet went live: the simulation answers the scraper at once, without a
// network, so that charts, alerts and sessions have a past. Thread-safe.
#pragma once

#include "core/base/clock.h"
#include "core/demo/demo_fleet.h"
#include "core/http/transport.h"

#include <map>
#include <string>

namespace fleetglass::app {

class RehearsalTransport : public http::Transport
{
public:
    // Both must outlive it.
    RehearsalTransport(const demo::DemoFleet& fleet, const Clock& clock);

    // `done` is called before it returns.
    http::RequestId start(http::Request request, Done done) override;
    void cancel(http::RequestId) override { }

private:
    const demo::DemoFleet& m_fleet;
    const Clock& m_clock;
    std::map<std::string, std::string> m_hosts; // "127.0.0.1:43001" -> "web-07/etcha"
};

} // namespace fleetglass::app
