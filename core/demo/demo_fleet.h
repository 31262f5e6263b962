// DemoFleet: the simulated hosts served on loopback as the real systems would: Etcha over HTTPS
// with its own CA and ?key= secret, Stash's Pushgateway and operator, Synse Server, the automation
// controller with a bearer token, as text and JSON. One listener a host; one hangs, one has an
// expired certificate, one wants another token. Thread-safe once started; stops in its destructor.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/demo/certificates.h"
#include "core/demo/simulation.h"

#include <memory>
#include <string>
#include <vector>

namespace fleetglass::demo {

struct DemoOptions
{
    uint64_t seed = 1;
    int portFirst = 0; // Hosts take the ports from here on; 0: any free ones.
};

class DemoFleet
{
public:
    // The clock must outlive the fleet. Fails where a port is taken.
    static Result<std::unique_ptr<DemoFleet>> start(const DemoOptions& options, const Clock& clock);
    ~DemoFleet();
    DemoFleet(const DemoFleet&) = delete;
    DemoFleet& operator=(const DemoFleet&) = delete;

    // A prometheus.yml for this fleet, secrets and CA in place, rule_files left out.
    std::string config() const;
    // The rules that go with it: those of the systems' documentation and a few an operator would
    // add.
    static std::string rules();
    // Questions worth asking of it first.
    static std::vector<std::string> queries();
    // Whose keys they are, one "key<TAB>owner" a line.
    static std::string addressBook();

    const Simulation& simulation() const { return m_simulation; }
    // "127.0.0.1:43001" of a host, as in the config; empty: unknown.
    std::string addressOf(const std::string& host, const std::string& job) const;

private:
    struct Listener;
    DemoFleet(const DemoOptions& options, const Clock& clock);
    Result<bool> listen(const DemoOptions& options);

    const Clock& m_clock;
    Simulation m_simulation;
    KeyPair m_authority;
    std::vector<std::unique_ptr<Listener>> m_listeners;
};

} // namespace fleetglass::demo
