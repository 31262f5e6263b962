#include "core/http/resolver.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <sys/socket.h>
#include <thread>

namespace fleetglass::http {

namespace {

constexpr size_t kAddressesMax = 16; // More only delay the failure of a dead host.
constexpr size_t kCacheMax = 50'000;

std::string numericText(const sockaddr* address, socklen_t size)
{
    std::array<char, NI_MAXHOST> text {};
    if (getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
        return {};
    return text.data();
}

Resolution failedLookup(int code)
{
    Resolution result;
    result.notFound = code == EAI_NONAME || code == EAI_NODATA;
    if (result.notFound)
        result.error = "no such host";
    else if (code == EAI_AGAIN)
        result.error = "the name server did not answer";
    else
        result.error = std::string("the name lookup failed: ") + gai_strerror(code);
    return result;
}

Resolution lookupBySystem(const std::string& host)
{
    addrinfo hints {};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (const int code = getaddrinfo(host.c_str(), nullptr, &hints, &list); code != 0)
        return failedLookup(code);
    Resolution result;
    for (const addrinfo* item = list; item; item = item->ai_next) {
        const std::string text = numericText(item->ai_addr, item->ai_addrlen);
        const bool known = std::find(result.addresses.begin(), result.addresses.end(), text)
            != result.addresses.end();
        if (!text.empty() && !known && result.addresses.size() < kAddressesMax)
            result.addresses.push_back(text);
    }
    freeaddrinfo(list);
    if (result.addresses.empty())
        return failedLookup(EAI_NONAME);
    return result;
}

} // namespace

struct SystemResolver::State : std::enable_shared_from_this<SystemResolver::State>
{
    struct Cached
    {
        Resolution resolution;
        std::chrono::nanoseconds until {};
    };
    struct Job
    {
        std::string host;
        bool wasSlow = false;
    };

    State(ResolverOptions o, Lookup l)
        : options(o)
        , lookup(std::move(l))
    {
    }

    std::optional<Resolution> cachedOrQueue(
        const std::string& host, Done& done, std::chrono::nanoseconds now);
    void startThreadIfNeeded();
    void work();
    std::optional<Job> takeJob();
    void finish(const Job& job, Resolution resolution, bool slow);

    const ResolverOptions options;
    const Lookup lookup;

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Job> queue;
    std::map<std::string, std::vector<Done>> waiting; // Hosts queued or being looked up.
    std::map<std::string, Cached> cache;
    std::map<std::string, bool> slow; // Hosts whose last lookup took long.
    size_t threads = 0;
    size_t idle = 0;
    size_t slowRunning = 0;
    bool closed = false;
    std::chrono::nanoseconds now {}; // As of the last resolve().
};

std::optional<Resolution> SystemResolver::State::cachedOrQueue(
    const std::string& host, Done& done, std::chrono::nanoseconds time)
{
    const std::lock_guard lock(mutex);
    now = time;
    if (const auto found = cache.find(host); found != cache.end() && found->second.until > time)
        return found->second.resolution;
    if (const auto found = waiting.find(host); found != waiting.end()) {
        found->second.push_back(std::move(done));
        return std::nullopt;
    }
    if (queue.size() >= options.queueMax)
        return Resolution { {}, false, "too many name lookups are waiting" };
    waiting[host].push_back(std::move(done));
    queue.push_back({ host, slow.count(host) > 0 });
    startThreadIfNeeded();
    wake.notify_one();
    return std::nullopt;
}

void SystemResolver::State::startThreadIfNeeded()
{
    if (idle >= queue.size() || threads >= options.threadsMax)
        return;
    ++threads;
    std::thread([self = shared_from_this()] { self->work(); }).detach();
}

// Names that were slow the last time leave two threads to the others.
std::optional<SystemResolver::State::Job> SystemResolver::State::takeJob()
{
    const size_t slowMax = options.threadsMax > 2 ? options.threadsMax - 2 : 1;
    for (auto job = queue.begin(); job != queue.end(); ++job) {
        if (job->wasSlow && slowRunning >= slowMax)
            continue;
        Job taken = std::move(*job);
        queue.erase(job);
        slowRunning += taken.wasSlow ? 1 : 0;
        return taken;
    }
    return std::nullopt;
}

void SystemResolver::State::work()
{
    std::unique_lock lock(mutex);
    while (!closed) {
        const auto job = takeJob();
        if (!job) {
            ++idle;
            wake.wait(lock);
            --idle;
            continue;
        }
        lock.unlock();
        const auto start = std::chrono::steady_clock::now();
        Resolution resolution = lookup(job->host);
        const bool wasSlow = std::chrono::steady_clock::now() - start > options.slowAfter;
        finish(*job, std::move(resolution), wasSlow);
        lock.lock();
    }
    --threads;
}

void SystemResolver::State::finish(const Job& job, Resolution resolution, bool nowSlow)
{
    std::vector<Done> callbacks;
    {
        const std::lock_guard lock(mutex);
        slowRunning -= job.wasSlow ? 1 : 0;
        if (nowSlow)
            slow[job.host] = true;
        else
            slow.erase(job.host);
        if (cache.size() >= kCacheMax)
            cache.clear();
        const auto life
            = resolution.addresses.empty() ? options.negativeLife : options.positiveLife;
        cache[job.host] = { resolution, now + life };
        callbacks = std::move(waiting[job.host]);
        waiting.erase(job.host);
        wake.notify_all(); // A slow name that was passed over may run now.
    }
    for (const Done& done : callbacks)
        done(resolution);
}

SystemResolver::SystemResolver(const Clock& clock, ResolverOptions options, Lookup lookup)
    : m_state(std::make_shared<State>(options, lookup ? std::move(lookup) : lookupBySystem))
    , m_clock(clock)
{
}

SystemResolver::~SystemResolver()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->closed = true;
    m_state->queue.clear();
    m_state->waiting.clear();
    m_state->wake.notify_all();
}

void SystemResolver::resolve(const std::string& host, Done done)
{
    if (const std::string literal = literalAddress(host); !literal.empty()) {
        done({ { literal }, false, {} });
        return;
    }
    if (const auto known = m_state->cachedOrQueue(host, done, m_clock.bootTime()))
        done(*known);
}

std::string literalAddress(const std::string& host)
{
    std::string text = host;
    if (text.size() > 2 && text.front() == '[' && text.back() == ']')
        text = text.substr(1, text.size() - 2);
    std::array<unsigned char, 16> bytes {};
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1)
        return text;
    const std::string withoutZone = text.substr(0, text.find('%'));
    return inet_pton(AF_INET6, withoutZone.c_str(), bytes.data()) == 1 ? text : std::string();
}

} // namespace fleetglass::http
