#include "core/http/curl_transport.h"

#include "core/http/oauth_tokens.h"
#include "core/http/prepared_request.h"
#include "core/http/transfer.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <curl/curl.h>
#include <map>
#include <mutex>
#include <utility>
#include <variant>

namespace fleetglass::http {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPollMax { 1'000 };
constexpr RequestId kWaitingIdBase = RequestId(1) << 62;

void initLibcurlOnce()
{
    static const bool kDone = [] {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        // OpenSSL writes to sockets that may be closed; CURLOPT_NOSIGNAL leaves that to us.
        std::signal(SIGPIPE, SIG_IGN);
        return true;
    }();
    static_cast<void>(kDone);
}

Exchange failedExchange(Failure failure, std::string url)
{
    Exchange exchange;
    exchange.url = std::move(url);
    exchange.reached = failure.phase;
    exchange.transcript.push_back("! " + failure.message);
    exchange.transcriptErrorLine = 1;
    exchange.failure = std::move(failure);
    return exchange;
}

std::string shownUrl(const Request& request)
{
    return maskUrl(request.url, request.maskedParams);
}

Failure stopped()
{
    return { Phase::None, FailureCode::Cancelled, "cancelled" };
}

} // namespace

class CurlTransport::Loop : public std::enable_shared_from_this<CurlTransport::Loop>
{
public:
    // Its requests are numbered after `idBase`.
    Loop(Resolver& resolver, const Clock& clock, CurlOptions options, RequestId idBase);
    ~Loop();

    void run(std::stop_token stop);
    RequestId start(Request request, Transport::Done done);
    void cancel(RequestId id);

private:
    struct Submission
    {
        RequestId id = 0;
        PreparedRequest prepared;
        Transport::Done done;
        Transfer::Time started;
    };
    struct Resolved
    {
        RequestId id = 0;
        Resolution resolution;
    };
    struct Cancellation
    {
        RequestId id = 0;
    };
    using Command = std::variant<Submission, Resolved, Cancellation>;
    using Transfers = std::map<RequestId, std::unique_ptr<Transfer>>;

    // A request as it was given to us.
    struct Submitted
    {
        RequestId id = 0;
        Request request;
        Transport::Done done;
        Transfer::Time started;
        bool renewed = false; // With another token than the one that was refused.
    };

    void begin(Submitted submitted, const std::string& token);
    void beginWithToken(Submitted submitted);
    void beginOnce(Submitted submitted, const AccessToken& token);
    bool post(Command command);
    void obeyCommands();
    void obey(Submission submission);
    void obey(Resolved resolved);
    void obey(Cancellation cancellation);
    void beginHop(Transfer& transfer);
    void lookUp(const Transfer& transfer);
    void addToMulti(Transfer& transfer, CURL* easy);
    void takeResults();
    void expireLookups();
    milliseconds pollTime() const;
    void end(RequestId id);
    void closeDown();

    Resolver& m_resolver;
    const Clock& m_clock;
    const CurlOptions m_options;
    const ProxyEnvironment m_proxyEnvironment;
    TlsMaterials m_materials;
    OAuthTokens m_tokens;
    CURLM* m_multi;
    std::atomic<RequestId> m_lastId;
    Transfers m_transfers; // Touched by the loop's thread only.

    std::mutex m_mutex;
    std::vector<Command> m_commands;
    bool m_closed = false;
};

CurlTransport::Loop::Loop(
    Resolver& resolver, const Clock& clock, CurlOptions options, RequestId idBase)
    : m_resolver(resolver)
    , m_clock(clock)
    , m_options(std::move(options))
    , m_proxyEnvironment { m_options.environmentHttpProxy, m_options.environmentHttpsProxy,
        m_options.environmentNoProxy }
    , m_tokens(clock)
    , m_multi(curl_multi_init())
    , m_lastId(idBase)
{
    curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, m_options.connectionsMax);
    curl_multi_setopt(m_multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
}

CurlTransport::Loop::~Loop()
{
    closeDown();
    curl_multi_cleanup(m_multi);
}

RequestId CurlTransport::Loop::start(Request request, Transport::Done done)
{
    const RequestId id = ++m_lastId;
    const auto started = steady_clock::now();
    if (!request.client || !request.client->oauth2)
        begin({ id, std::move(request), std::move(done), started, false }, {});
    else
        beginWithToken({ id, std::move(request), std::move(done), started, false });
    return id;
}

// The token first, by a request of its own; most times it is still good.
void CurlTransport::Loop::beginWithToken(Submitted submitted)
{
    const auto client = submitted.request.client;
    const auto timeout = submitted.request.timeout;
    auto onToken = [self = weak_from_this(), submitted = std::move(submitted)](
                       const Result<AccessToken>& token) {
        const auto loop = self.lock();
        if (!loop)
            return;
        if (token)
            loop->beginOnce(submitted, *token);
        else
            submitted.done(
                failedExchange({ Phase::Http, FailureCode::Credentials, token.error().message },
                    shownUrl(submitted.request)));
    };
    const auto fetch = [this](Request tokenRequest, Transport::Done tokenDone) {
        start(std::move(tokenRequest), std::move(tokenDone));
    };
    m_tokens.get(client, timeout, fetch, std::move(onToken));
}

// A token may be withdrawn before its time: where one that we kept is refused, a new one is asked
// for, once.
void CurlTransport::Loop::beginOnce(Submitted submitted, const AccessToken& token)
{
    if (token.isNew || submitted.renewed) {
        begin(std::move(submitted), token.text.reveal());
        return;
    }
    Submitted first = submitted;
    submitted.renewed = true;
    first.done
        = [self = weak_from_this(), submitted = std::move(submitted), token](Exchange exchange) {
              const auto loop = self.lock();
              const bool refused = !exchange.failure && exchange.status == 401;
              if (!loop || !refused) {
                  submitted.done(std::move(exchange));
                  return;
              }
              loop->m_tokens.refused(token.text);
              loop->beginWithToken(submitted);
          };
    begin(std::move(first), token.text.reveal());
}

void CurlTransport::Loop::begin(Submitted submitted, const std::string& token)
{
    const std::string shown = shownUrl(submitted.request);
    auto& done = submitted.done;
    auto prepared
        = prepare(std::move(submitted.request), { m_materials, m_proxyEnvironment, token });
    if (auto* failure = std::get_if<Failure>(&prepared)) {
        done(failedExchange(std::move(*failure), shown));
        return;
    }
    auto& ready = std::get<PreparedRequest>(prepared);
    Submission submission { submitted.id, std::move(ready), done, submitted.started };
    if (!post(std::move(submission)))
        done(failedExchange(stopped(), shown));
}

void CurlTransport::Loop::cancel(RequestId id)
{
    post(Cancellation { id });
}

bool CurlTransport::Loop::post(Command command)
{
    bool isFirst = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed)
            return false;
        isFirst = m_commands.empty(); // Else the loop has been woken already.
        m_commands.push_back(std::move(command));
    }
    if (isFirst)
        curl_multi_wakeup(m_multi);
    return true;
}

void CurlTransport::Loop::run(std::stop_token stop)
{
    const std::stop_callback wakeOnStop(stop, [this] { curl_multi_wakeup(m_multi); });
    while (!stop.stop_requested()) {
        obeyCommands();
        int running = 0;
        curl_multi_perform(m_multi, &running);
        takeResults();
        expireLookups();
        curl_multi_poll(m_multi, nullptr, 0, static_cast<int>(pollTime().count()), nullptr);
    }
    closeDown();
}

void CurlTransport::Loop::obeyCommands()
{
    std::vector<Command> commands;
    {
        const std::lock_guard lock(m_mutex);
        commands.swap(m_commands);
    }
    for (Command& command : commands)
        std::visit([this](auto& c) { obey(std::move(c)); }, command);
}

void CurlTransport::Loop::obey(Submission submission)
{
    auto transfer = std::make_unique<Transfer>(submission.id, std::move(submission.prepared),
        std::move(submission.done), m_clock, m_options, submission.started);
    Transfer& added = *transfer;
    m_transfers[submission.id] = std::move(transfer);
    beginHop(added);
}

void CurlTransport::Loop::obey(Resolved resolved)
{
    const auto found = m_transfers.find(resolved.id);
    if (found == m_transfers.end() || !found->second->isResolving())
        return; // Timed out or cancelled meanwhile.
    if (CURL* easy = found->second->resolved(resolved.resolution))
        addToMulti(*found->second, easy);
    else if (found->second->isResolving())
        lookUp(*found->second);
    else
        end(resolved.id);
}

void CurlTransport::Loop::obey(Cancellation cancellation)
{
    const auto found = m_transfers.find(cancellation.id);
    if (found == m_transfers.end())
        return;
    if (CURL* easy = found->second->easy())
        curl_multi_remove_handle(m_multi, easy);
    found->second->cancelled();
    end(cancellation.id);
}

void CurlTransport::Loop::beginHop(Transfer& transfer)
{
    if (!transfer.beginHop()) {
        end(transfer.id());
        return;
    }
    if (transfer.usesUnixSocket()) {
        if (CURL* easy = transfer.beginOnSocket())
            addToMulti(transfer, easy);
        else
            end(transfer.id());
        return;
    }
    lookUp(transfer);
}

void CurlTransport::Loop::lookUp(const Transfer& transfer)
{
    if (std::string literal = literalAddress(transfer.hostToResolve()); !literal.empty()) {
        obey(Resolved { transfer.id(), { { std::move(literal) }, false, {} } });
        return;
    }
    m_resolver.resolve(transfer.hostToResolve(),
        [self = weak_from_this(), id = transfer.id()](Resolution resolution) {
            if (const auto loop = self.lock())
                loop->post(Resolved { id, std::move(resolution) });
        });
}

void CurlTransport::Loop::addToMulti(Transfer& transfer, CURL* easy)
{
    if (curl_multi_add_handle(m_multi, easy) != CURLM_OK)
        end(transfer.id());
}

void CurlTransport::Loop::takeResults()
{
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(m_multi, &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURL* easy = message->easy_handle;
        const CURLcode code = message->data.result;
        Transfer* transfer = nullptr;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
        const Transfer::Next next = transfer->completed(code);
        curl_multi_remove_handle(m_multi, easy);
        if (next == Transfer::Next::AnotherHop)
            beginHop(*transfer);
        else
            end(transfer->id());
    }
}

void CurlTransport::Loop::expireLookups()
{
    const auto now = steady_clock::now();
    std::vector<RequestId> expired;
    for (const auto& [id, transfer] : m_transfers) {
        if (transfer->isResolving() && transfer->dnsDeadline() <= now)
            expired.push_back(id);
    }
    for (const RequestId id : expired) {
        m_transfers[id]->dnsTimedOut();
        end(id);
    }
}

milliseconds CurlTransport::Loop::pollTime() const
{
    const auto now = steady_clock::now();
    milliseconds time = kPollMax;
    for (const auto& [id, transfer] : m_transfers) {
        if (!transfer->isResolving())
            continue;
        const auto left = std::chrono::ceil<milliseconds>(transfer->dnsDeadline() - now);
        time = std::clamp(left, milliseconds(0), time);
    }
    return time;
}

void CurlTransport::Loop::end(RequestId id)
{
    const auto found = m_transfers.find(id);
    if (found == m_transfers.end())
        return;
    const std::unique_ptr<Transfer> transfer = std::move(found->second);
    m_transfers.erase(found);
    transfer->finish();
}

void CurlTransport::Loop::closeDown()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    obeyCommands(); // Whatever was posted before, so that each gets its answer.
    while (!m_transfers.empty())
        obey(Cancellation { m_transfers.begin()->first });
}

CurlTransport::CurlTransport(Resolver& resolver, const Clock& clock, CurlOptions options)
{
    initLibcurlOnce();
    m_loop = std::make_shared<Loop>(resolver, clock, options, 0);
    m_waitingLoop = std::make_shared<Loop>(resolver, clock, std::move(options), kWaitingIdBase);
}

CurlTransport::~CurlTransport() = default;

void CurlTransport::run(std::stop_token stop)
{
    m_loop->run(stop);
    std::jthread waiting;
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        waiting = std::move(m_waitingThread);
    }
    waiting.request_stop();
    if (waiting.joinable())
        waiting.join();
    m_waitingLoop->run(stop); // Refuses what comes from now on.
}

std::shared_ptr<CurlTransport::Loop> CurlTransport::loopOf(const Request& request)
{
    const auto& auth = request.client ? request.client->challengeAuth : std::nullopt;
    if (!auth || auth->scheme != ChallengeScheme::Negotiate)
        return m_loop;
    const std::lock_guard lock(m_mutex);
    if (!m_stopped && !m_waitingThread.joinable())
        m_waitingThread
            = std::jthread([loop = m_waitingLoop](std::stop_token stop) { loop->run(stop); });
    return m_waitingLoop;
}

RequestId CurlTransport::start(Request request, Done done)
{
    const auto loop = loopOf(request);
    return loop->start(std::move(request), std::move(done));
}

void CurlTransport::cancel(RequestId id)
{
    (id > kWaitingIdBase ? m_waitingLoop : m_loop)->cancel(id);
}

void forgetNetworkEnvironment()
{
    for (const char* name : { "SSLKEYLOGFILE", "http_proxy", "https_proxy", "HTTPS_PROXY",
             "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY", "ftp_proxy",
             "FTP_PROXY", "CURL_HOME", "CURL_CA_BUNDLE" })
        unsetenv(name);
}

} // namespace fleetglass::http
