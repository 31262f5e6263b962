#include "core/scrape/network_watch.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fleetglass::scrape {

namespace {

// A link that comes up says so several times: one look after it has calmed down.
constexpr int kCalmMs = 200;

class Descriptor
{
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    ~Descriptor()
    {
        if (m_fd >= 0)
            close(m_fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_fd; }

private:
    int m_fd;
};

int openNetlink()
{
    const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    sockaddr_nl address {};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (fd >= 0 && bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

void drain(int fd)
{
    std::array<char, 8192> buffer {};
    while (recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT) > 0) { }
}

std::string textOf(const sockaddr& address)
{
    std::array<char, INET6_ADDRSTRLEN> text {};
    if (address.sa_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
        const bool linkLocal = (ntohl(v4.s_addr) >> 16) == 0xa9fe; // 169.254/16
        return linkLocal ? "" : inet_ntop(AF_INET, &v4, text.data(), text.size());
    }
    if (address.sa_family != AF_INET6)
        return {};
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    return IN6_IS_ADDR_LINKLOCAL(&v6) ? "" : inet_ntop(AF_INET6, &v6, text.data(), text.size());
}

} // namespace

void NetworkWatch::look(NetworkAddresses addresses)
{
    const bool wasOnline = m_first || !m_addresses.empty();
    const bool online = !addresses.empty();
    const bool more = !m_first
        && !std::includes(
            m_addresses.begin(), m_addresses.end(), addresses.begin(), addresses.end());
    m_first = false;
    m_addresses = std::move(addresses);
    if (online != wasOnline)
        m_callbacks.online(online);
    if (more)
        m_callbacks.returned();
}

NetworkAddresses currentAddresses()
{
    NetworkAddresses addresses;
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0)
        return addresses;
    constexpr unsigned kUsable = IFF_UP | IFF_RUNNING;
    for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
        const bool usable = (entry->ifa_flags & (kUsable | IFF_LOOPBACK)) == kUsable;
        const std::string text
            = usable && entry->ifa_addr != nullptr ? textOf(*entry->ifa_addr) : std::string();
        if (!text.empty())
            addresses.insert(std::string(entry->ifa_name) + ' ' + text);
    }
    freeifaddrs(list);
    return addresses;
}

void watchNetwork(NetworkWatch& watch, std::stop_token stop)
{
    const Descriptor netlink(openNetlink());
    const Descriptor wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const std::stop_callback wakeOnStop(stop, [&wake] {
        const uint64_t one = 1;
        static_cast<void>(!write(wake.get(), &one, sizeof one));
    });
    while (!stop.stop_requested()) {
        watch.look(currentAddresses());
        std::array<pollfd, 2> waiting { pollfd { wake.get(), POLLIN, 0 },
            pollfd { netlink.get(), POLLIN, 0 } };
        poll(waiting.data(), waiting.size(), -1);
        if (stop.stop_requested())
            return;
        poll(waiting.data(), 1, kCalmMs);
        drain(netlink.get());
    }
}

} // namespace fleetglass::scrape
