// CurlTransport: requests by libcurl, all on one thread that the owner gives to run(). It follows
// no redirect of libcurl's, no environment, no .netrc, no cookies; bodies and headers are counted
// as they arrive. Thread-safe.
#pragma once

#include "core/base/clock.h"
#include "core/http/resolver.h"
#include "core/http/transport.h"

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace fleetglass::http {

struct CurlOptions
{
    std::string userAgent = "fleetglass";
    std::chrono::seconds connectionLifeMax { 600 };
    std::chrono::seconds connectionIdleMax { 118 };
    long connectionsMax = 512; // Open ones that are kept.
    // Taken only where a job says proxy_from_environment.
    std::string environmentHttpProxy;
    std::string environmentHttpsProxy;
    std::string environmentNoProxy;
};

class CurlTransport : public Transport
{
public:
    // The resolver and the clock must outlive it.
    CurlTransport(Resolver& resolver, const Clock& clock, CurlOptions options = {});
    // run() must have returned.
    ~CurlTransport() override;
    CurlTransport(const CurlTransport&) = delete;
    CurlTransport& operator=(const CurlTransport&) = delete;

    // The network loop; call it from one thread. On stop every open request ends as cancelled.
    void run(std::stop_token stop);

    RequestId start(Request request, Done done) override;
    void cancel(RequestId id) override;

private:
    class Loop;
    std::shared_ptr<Loop> loopOf(const Request& request);

    std::shared_ptr<Loop> m_loop;
    // Kerberos asks its servers in the middle of a request, and waits for them: those requests have
    // a loop of their own, whose thread begins with the first of them and ends with run().
    std::shared_ptr<Loop> m_waitingLoop;
    std::mutex m_mutex;
    bool m_stopped = false;
    std::jthread m_waitingThread;
};

// Takes the variables that libcurl or OpenSSL would obey (SSLKEYLOGFILE, http_proxy, ALL_PROXY,
// CURL_HOME ...) out of the environment. Call it before the first thread starts.
void forgetNetworkEnvironment();

} // namespace fleetglass::http
