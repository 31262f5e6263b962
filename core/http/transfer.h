// Transfer: one request on its way through its hops, each one a libcurl easy handle. Used from one
// thread at a time: the network loop's.
#pragma once

#include "core/base/clock.h"
#include "core/http/peer_check.h"
#include "core/http/prepared_request.h"
#include "core/http/resolver.h"
#include "core/http/response_reader.h"
#include "core/http/transport.h"

#include <array>
#include <chrono>
#include <curl/curl.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fleetglass::http {

struct CurlOptions;

struct SlistFree
{
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using SlistPtr = std::unique_ptr<curl_slist, SlistFree>;

struct EasyFree
{
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using EasyPtr = std::unique_ptr<CURL, EasyFree>;

class Transfer
{
public:
    using Time = std::chrono::steady_clock::time_point;

    Transfer(RequestId id, PreparedRequest prepared, Transport::Done done, const Clock& clock,
        const CurlOptions& options, Time started);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    RequestId id() const { return m_id; }
    // The name that must be looked up before the hop can begin.
    const std::string& hostToResolve() const { return m_lookupHost; }
    Time dnsDeadline() const { return m_dnsDeadline; }
    bool isResolving() const { return m_resolving; }

    // The hop goes to a socket file: nothing is looked up.
    bool usesUnixSocket() const;

    // Picks the proxy of the hop and the name to look up; false: it has failed, see finish().
    bool beginHop();
    // The easy handle to add to the multi handle; null: it has failed, or isResolving() again,
    // another name.
    CURL* resolved(const Resolution& resolution);
    // The same where usesUnixSocket().
    CURL* beginOnSocket();
    void dnsTimedOut();
    void cancelled();

    enum class Next
    {
        Finished,
        AnotherHop
    };
    // The hop's handle is out of the multi handle again.
    Next completed(CURLcode code);
    CURL* easy() const { return m_easy.get(); }

    // Hands the exchange over; call it once, last.
    void finish();

private:
    void fail(Failure failure);
    CURL* openHop(const Resolution& resolution);
    void lookUp(const std::string& host);
    void addResolveEntry(const std::string& host, int port, const Resolution& resolution);
    bool answersChallenges() const;
    bool mayVisit(const Resolution& resolution);
    void setUp(const Resolution& resolution);
    void setUpTarget(const Resolution& resolution);
    void setUpTls();
    void setUpProxy();
    void setUpProxyTls();
    void setUpChallengeAuth();
    void setUpHeaders();
    void setUpCallbacks();
    void addRequestHeader(const HeaderLine& line, bool isSecret);
    void readTimes(CURLcode code);
    void readPeer();
    void readResponse();
    void describeRequest();
    void describeConnection();
    void describeTls();
    void describeResponse();
    Failure explain(CURLcode code);
    Failure explainTimeout() const;
    Failure explainConnect() const;
    std::optional<Failure> explainProxy(CURLcode code) const;
    Failure explainTls(CURLcode code) const;
    Failure explainBroken(CURLcode code) const;
    std::optional<Failure> explainHttp2(CURLcode code) const;
    Next followRedirect();
    std::string peerText() const;
    std::string elapsedText(std::chrono::milliseconds limit) const;
    std::chrono::milliseconds remaining() const;
    long infoLong(CURLINFO info) const;
    std::chrono::microseconds infoTime(CURLINFO info) const;
    void line(const std::string& text);

    static size_t onHeader(char* data, size_t size, size_t count, void* self);
    static size_t onBody(char* data, size_t size, size_t count, void* self);
    static CURLcode onSslContext(CURL* easy, void* context, void* self);
    CURLcode onProxySslContext(void* context);

    const RequestId m_id;
    PreparedRequest m_prepared;
    Transport::Done m_done;
    const Clock& m_clock;
    const CurlOptions& m_options;
    const Time m_started;

    Url m_url; // Of this hop.
    bool m_bare = false;
    int m_hops = 0;
    bool m_startedLocal = false; // The first hop led to this machine or link.
    ProxyChoice m_proxy;
    std::string m_lookupHost;
    bool m_resolving = false;
    Time m_dnsStarted;
    Time m_dnsDeadline;
    std::vector<std::string> m_addresses;
    Resolution m_proxyResolution; // Where the target's name is looked up after the proxy's.

    EasyPtr m_easy;
    SlistPtr m_headers;
    SlistPtr m_proxyHeaders;
    SlistPtr m_resolve;
    SlistPtr m_connectTo;
    std::string m_trustPath;
    std::string m_proxyTrustPath;
    bool m_proxyTlsBegan = false;
    Time m_hopStarted;
    std::optional<Time> m_tlsBegan; // libcurl tells of no connect time before TLS is done.
    std::array<char, CURL_ERROR_SIZE> m_errorText {};
    std::unique_ptr<ResponseReader> m_reader;
    std::shared_ptr<PeerReport> m_peer;
    std::shared_ptr<PeerReport> m_proxyPeer; // Null: no TLS with the proxy.
    Exchange m_exchange;
};

} // namespace fleetglass::http
