#include "core/dns/cares_lookup.h"

#include "core/dns/query.h"

#include <array>
#include <deque>
#include <list>
#include <mutex>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

namespace fleetglass::dns {

namespace {

constexpr std::chrono::milliseconds kPollMax { 60'000 };

// Wakes a thread that waits in poll().
class Bell
{
public:
    Bell()
        : m_fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    {
    }
    ~Bell() { close(m_fd); }
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    int fd() const { return m_fd; }
    void ring() const { [[maybe_unused]] const auto written = eventfd_write(m_fd, 1); }
    void quiet() const
    {
        eventfd_t count = 0;
        [[maybe_unused]] const auto read = eventfd_read(m_fd, &count);
    }

private:
    const int m_fd;
};

struct Waiting
{
    std::string name;
    RecordType type;
    Lookup::Done done;
};

using Queries = std::list<std::unique_ptr<Query>>;

// The sockets of all queries, to be polled at once.
struct Sockets
{
    std::vector<pollfd> fds;
    std::vector<Query*> owners; // Of fds[i + 1]; the first is the bell.
    int waitMs = static_cast<int>(kPollMax.count());
};

void addSockets(Query& query, Sockets& sockets)
{
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> fds {};
    const auto bits = static_cast<unsigned>(
        ares_getsock(query.channel(), fds.data(), static_cast<int>(fds.size())));
    for (unsigned i = 0; i < fds.size(); ++i) {
        const bool reads = (bits >> i & 1) != 0;
        const bool writes = (bits >> (i + ARES_GETSOCK_MAXNUM) & 1) != 0;
        if (!reads && !writes)
            continue;
        const int events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
        sockets.fds.push_back({ fds.at(i), static_cast<short>(events), 0 });
        sockets.owners.push_back(&query);
    }
    timeval next {};
    if (ares_timeout(query.channel(), nullptr, &next) != nullptr) {
        const auto milliseconds = next.tv_sec * 1'000 + (next.tv_usec + 999) / 1'000;
        sockets.waitMs = std::min(sockets.waitMs, static_cast<int>(milliseconds));
    }
}

void process(const Sockets& sockets, const Queries& queries)
{
    for (size_t i = 1; i < sockets.fds.size(); ++i) {
        const pollfd& ready = sockets.fds[i];
        // An error shows itself to whoever reads or writes.
        const bool failed = (ready.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
        const bool reads
            = (ready.events & POLLIN) != 0 && (failed || (ready.revents & POLLIN) != 0);
        const bool writes
            = (ready.events & POLLOUT) != 0 && (failed || (ready.revents & POLLOUT) != 0);
        if (reads || writes)
            ares_process_fd(sockets.owners[i - 1]->channel(), reads ? ready.fd : ARES_SOCKET_BAD,
                writes ? ready.fd : ARES_SOCKET_BAD);
    }
    for (const auto& query : queries) {
        ares_process_fd(query->channel(), ARES_SOCKET_BAD, ARES_SOCKET_BAD);
        query->step();
    }
}

} // namespace

class CaresLookup::Worker
{
public:
    explicit Worker(LookupOptions options)
        : m_options(std::move(options))
    {
    }
    ~Worker()
    {
        m_thread.request_stop();
        m_bell.ring();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // False: there are too many already.
    bool add(Waiting& waiting)
    {
        const std::lock_guard lock(m_mutex);
        if (m_waiting.size() >= m_options.queueMax)
            return false;
        m_waiting.push_back(std::move(waiting));
        if (!m_thread.joinable())
            m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
        m_bell.ring();
        return true;
    }

private:
    void run(const std::stop_token& stop)
    {
        Queries queries;
        while (!stop.stop_requested()) {
            do {
                admit(queries);
            } while (deliver(queries) > 0);
            Sockets sockets;
            sockets.fds.push_back({ m_bell.fd(), POLLIN, 0 });
            for (const auto& query : queries)
                addSockets(*query, sockets);
            poll(sockets.fds.data(), sockets.fds.size(), sockets.waitMs);
            m_bell.quiet();
            process(sockets, queries);
        }
    }

    void admit(Queries& queries)
    {
        while (queries.size() < m_options.activeMax) {
            Waiting next;
            {
                const std::lock_guard lock(m_mutex);
                if (m_waiting.empty())
                    return;
                next = std::move(m_waiting.front());
                m_waiting.pop_front();
            }
            queries.push_back(std::make_unique<Query>(
                std::move(next.name), next.type, std::move(next.done), m_options));
            queries.back()->step(); // It may have failed already.
        }
    }

    static size_t deliver(Queries& queries)
    {
        return std::erase_if(queries, [](const auto& query) {
            if (query->isFinished())
                query->deliver();
            return query->isFinished();
        });
    }

    const LookupOptions m_options;
    const Bell m_bell;
    std::mutex m_mutex;
    std::deque<Waiting> m_waiting;
    std::jthread m_thread; // Last: it ends before what it uses.
};

CaresLookup::CaresLookup(LookupOptions options)
    : m_worker(std::make_unique<Worker>(std::move(options)))
{
}

CaresLookup::~CaresLookup() = default;

void CaresLookup::start(std::string name, RecordType type, Done done)
{
    Waiting waiting { std::move(name), type, std::move(done) };
    if (!m_worker->add(waiting))
        waiting.done({ {}, "too many names are being looked up at once" });
}

} // namespace fleetglass::dns
