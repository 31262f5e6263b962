// NetworkWatch: tells when this computer loses its network and gets one back. Used from one thread
// at a time.
#pragma once

#include <functional>
#include <set>
#include <stop_token>
#include <string>

namespace fleetglass::scrape {

// The addresses by which others can be reached: no loopback, no link-local.
using NetworkAddresses = std::set<std::string>;

struct NetworkCallbacks
{
    std::function<void(bool online)> online; // On each change.
    std::function<void()> returned; // An address came that was not there: a cable, a VPN.
};

// What changes of the addresses mean.
class NetworkWatch
{
public:
    explicit NetworkWatch(NetworkCallbacks callbacks)
        : m_callbacks(std::move(callbacks))
    {
    }

    // The first look only says whether there is a network.
    void look(NetworkAddresses addresses);

private:
    const NetworkCallbacks m_callbacks;
    bool m_first = true;
    NetworkAddresses m_addresses;
};

// The addresses as the kernel has them now.
NetworkAddresses currentAddresses();

// Looks whenever the kernel (netlink) says that links or addresses have changed; returns on stop.
void watchNetwork(NetworkWatch& watch, std::stop_token stop);

} // namespace fleetglass::scrape
