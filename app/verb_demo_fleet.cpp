// fleetglass demo-fleet: serves the simulated fleet until it is interrupted.
#include "app/arguments.h"
#include "app/interrupt.h"
#include "app/verbs.h"
#include "core/base/number.h"
#include "core/demo/demo_fleet.h"

#include <iostream>

namespace fleetglass::app {

namespace {

// "127.0.0.1:9000"; only loopback is served, the demo's secrets are in its source.
Result<int> portOf(const std::string& listen)
{
    const size_t colon = listen.rfind(':');
    const std::string host = listen.substr(0, colon);
    const auto port
        = colon == std::string::npos ? std::nullopt : parseInt(listen.substr(colon + 1));
    if (host != "127.0.0.1" && host != "localhost")
        return failure("--listen " + listen
            + ": the demo fleet listens on 127.0.0.1 only; write 127.0.0.1:PORT");
    const auto last = static_cast<int64_t>(demo::Simulation::hosts().size()) - 1;
    if (!port || *port < 0 || *port + last > 65535)
        return failure("--listen " + listen + ": the port must lie between 0 and "
            + std::to_string(65535 - last) + "; the hosts take it and the next "
            + std::to_string(last));
    return static_cast<int>(*port);
}

} // namespace

int demoFleetVerb(const Words& words)
{
    const auto arguments
        = Arguments::parse(words, { { "listen" }, { "seed" }, { "print-config", false } });
    if (!arguments)
        return usageError(arguments.error().message);
    demo::DemoOptions options;
    const auto port = portOf(arguments->valueOr("listen", "127.0.0.1:0"));
    if (!port)
        return usageError(port.error().message);
    options.portFirst = *port;
    const auto seed = parseInt(arguments->valueOr("seed", "1"));
    if (!seed || *seed < 0)
        return usageError("--seed must be a whole number from 0 on");
    options.seed = static_cast<uint64_t>(*seed);

    const Interrupt interrupt;
    const SystemClock clock;
    const auto fleet = demo::DemoFleet::start(options, clock);
    if (!fleet)
        return badInput(fleet.error().message);
    if (arguments->has("print-config")) {
        std::cout << (*fleet)->config() << std::flush;
    } else {
        for (const auto& host : demo::Simulation::hosts())
            std::cout << host.name << ' ' << host.job << ' '
                      << (*fleet)->addressOf(host.name, host.job) << '\n';
        std::cout << std::flush;
    }
    interrupt.wait();
    return kExitGood;
}

} // namespace fleetglass::app
