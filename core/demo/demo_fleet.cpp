#include "core/demo/demo_fleet.h"

#include "core/demo/scenario.h"

#include <atomic>
#include <condition_variable>
#include <httplib.h>
#include <mutex>
#include <openssl/pem.h>
#include <thread>

namespace fleetglass::demo {

namespace {

constexpr int64_t kDayS = 86400;
constexpr const char* kTextType = "text/plain; version=0.0.4; charset=utf-8";

// Each listener is asked once a second by one scraper; only one that hangs has several at work.
httplib::TaskQueue* makeQueue()
{
    return new httplib::ThreadPool(2);
}

httplib::TaskQueue* makeHangingQueue()
{
    return new httplib::ThreadPool(8);
}

struct PemReader
{
    explicit PemReader(const std::string& text)
        : bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())))
    {
    }
    ~PemReader() { BIO_free_all(bio); }
    PemReader(const PemReader&) = delete;
    PemReader& operator=(const PemReader&) = delete;
    BIO* bio;
};

std::unique_ptr<httplib::Server> makeServer(const KeyPair* pair)
{
    if (!pair)
        return std::make_unique<httplib::Server>();
    const PemReader certificateText(pair->certificatePem);
    const PemReader keyText(pair->keyPem);
    X509* certificate = PEM_read_bio_X509(certificateText.bio, nullptr, nullptr, nullptr);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(keyText.bio, nullptr, nullptr, nullptr);
    auto server = std::make_unique<httplib::SSLServer>(certificate, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return server;
}

} // namespace

struct DemoFleet::Listener
{
    Host host;
    int port = 0;
    std::unique_ptr<httplib::Server> server;
    std::thread thread;
    std::mutex mutex;
    std::condition_variable stopped;
    bool stopping = false;

    // Says nothing for longer than anybody waits, as a wedged process would.
    void hang()
    {
        using namespace std::chrono_literals;
        std::unique_lock lock(mutex);
        stopped.wait_for(lock, 4s, [&] { return stopping; });
    }

    void stop()
    {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
        }
        stopped.notify_all();
        server->stop();
        if (thread.joinable())
            thread.join();
    }
};

namespace {

bool isAllowed(const Host& host, const httplib::Request& request)
{
    if (host.job == "etcha")
        return request.get_param_value("key") == kEtchaKey;
    if (host.job == "controller")
        return request.get_header_value("Authorization") == "Bearer " + std::string(kAwxToken)
            && host.name != "awx-02";
    if (host.job == "stash-operator") {
        const auto [name, value] = httplib::make_basic_authentication_header(
            "prometheus", std::string(kOperatorPassword));
        return request.get_header_value(name) == value;
    }
    return true;
}

void refuse(const Host& host, httplib::Response& response)
{
    response.status = 401;
    if (host.job == "controller") {
        response.set_header(
            "WWW-Authenticate", "Bearer realm=api authorization_url=/api/o/authorize/");
        response.set_content("{\"detail\":\"Authentication credentials were not provided. To "
                             "establish a login session, "
                             "visit /api/login/.\"}",
            "application/json");
        return;
    }
    if (host.job == "stash-operator")
        response.set_header("WWW-Authenticate", "Basic realm=\"stash-operator\"");
    response.set_content("unauthorized\n", "text/plain; charset=utf-8");
}

bool wantsJson(const httplib::Request& request)
{
    if (request.has_param("format"))
        return request.get_param_value("format") == "json";
    return request.get_header_value("Accept").rfind("application/json", 0) == 0;
}

std::string pathOf(const Host& host)
{
    if (host.job == "etcha")
        return "/etcha/v1/system/metrics";
    return host.job == "controller" ? "/api/v2/metrics/" : "/metrics";
}

} // namespace

DemoFleet::DemoFleet(const DemoOptions& options, const Clock& clock)
    : m_clock(clock)
    , m_simulation(options.seed, clock.wallMs())
{
}

Result<std::unique_ptr<DemoFleet>> DemoFleet::start(const DemoOptions& options, const Clock& clock)
{
    std::unique_ptr<DemoFleet> fleet(new DemoFleet(options, clock));
    const int64_t nowS = clock.wallMs() / 1000;
    auto authority = makeAuthority("Etcha demo CA", nowS - 30 * kDayS, nowS + 365 * kDayS);
    if (!authority)
        return failure(authority.error());
    fleet->m_authority = std::move(*authority);
    if (auto listening = fleet->listen(options); !listening)
        return failure(listening.error());
    return fleet;
}

Result<bool> DemoFleet::listen(const DemoOptions& options)
{
    const int64_t liveS = m_simulation.liveMs() / 1000;
    int next = options.portFirst;
    for (const Host& host : Simulation::hosts()) {
        const bool expired = host.name == "db-04";
        const auto pair = makeLeaf(m_authority,
            { host.name, "DNS:" + host.name + ",DNS:localhost,IP:127.0.0.1", liveS - 30 * kDayS,
                expired ? liveS + static_cast<int64_t>(kExpiryS) : liveS + 19 * kDayS });
        if (!pair)
            return failure(pair.error());
        auto listener = std::make_unique<Listener>();
        listener->host = host;
        listener->server = makeServer(host.tls ? &*pair : nullptr);
        listener->server->new_task_queue = host.name == "build-03" ? makeHangingQueue : makeQueue;
        listener->server->set_keep_alive_max_count(1'000'000);
        Listener* self = listener.get();
        listener->server->Get(pathOf(host),
            [this, self](const httplib::Request& request, httplib::Response& response) {
                const std::string name = self->host.name + '/' + self->host.job;
                const int64_t nowMs = m_clock.wallMs();
                if (m_simulation.answerOf(name, nowMs) == Answer::Hangs)
                    return self->hang();
                if (!isAllowed(self->host, request))
                    return refuse(self->host, response);
                const PageWriter page = m_simulation.page(name, nowMs);
                if (self->host.job == "controller" && wantsJson(request))
                    response.set_content(page.awxJson(), "application/json");
                else
                    response.set_content(page.text(), kTextType);
            });
        listener->port = next == 0 ? listener->server->bind_to_any_port("127.0.0.1")
            : listener->server->bind_to_port("127.0.0.1", next) ? next
                                                                : -1;
        if (listener->port < 0)
            return failure("cannot listen on 127.0.0.1:" + std::to_string(next)
                    + " for the demo fleet: the port is taken; choose another with --listen",
                ErrorCode::Unavailable);
        if (next != 0)
            ++next;
        listener->thread = std::thread([self] { self->server->listen_after_bind(); });
        m_listeners.push_back(std::move(listener));
    }
    return true;
}

DemoFleet::~DemoFleet()
{
    for (auto& listener : m_listeners) {
        // stop() before the accept loop runs would be forgotten.
        while (listener->thread.joinable() && !listener->server->is_running())
            std::this_thread::yield();
        listener->stop();
    }
}

std::string DemoFleet::addressOf(const std::string& host, const std::string& job) const
{
    for (const auto& listener : m_listeners) {
        if (listener->host.name == host && listener->host.job == job)
            return "127.0.0.1:" + std::to_string(listener->port);
    }
    return {};
}

} // namespace fleetglass::demo
