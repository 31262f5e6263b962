#include "core/http/transfer.h"

#include "core/http/curl_transport.h"
#include "core/http/redirect.h"

#include <algorithm>

namespace fleetglass::http {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::string joined(const std::vector<std::string>& texts)
{
    std::string result;
    for (const std::string& text : texts)
        result += (result.empty() ? "" : ", ") + text;
    return result;
}

} // namespace

Transfer::Transfer(RequestId id, PreparedRequest prepared, Transport::Done done, const Clock& clock,
    const CurlOptions& options, Time started)
    : m_id(id)
    , m_prepared(std::move(prepared))
    , m_done(std::move(done))
    , m_clock(clock)
    , m_options(options)
    , m_started(started)
    , m_url(m_prepared.url)
{
    m_exchange.masker = m_prepared.masker;
}

milliseconds Transfer::remaining() const
{
    const auto deadline = m_started + m_prepared.request.timeout;
    return std::max(duration_cast<milliseconds>(deadline - steady_clock::now()), milliseconds(0));
}

void Transfer::line(const std::string& text)
{
    m_exchange.transcript.push_back(m_prepared.masker->mask(text));
}

void Transfer::fail(Failure failure)
{
    failure.message = m_prepared.masker->mask(failure.message);
    m_exchange.transcript.push_back("! " + failure.message);
    m_exchange.transcriptErrorLine = static_cast<int>(m_exchange.transcript.size());
    m_exchange.failure = std::move(failure);
}

bool Transfer::beginHop()
{
    m_exchange.url
        = m_prepared.masker->mask(maskUrl(m_url.toString(), m_prepared.request.maskedParams));
    m_exchange.times = {};
    m_exchange.reached = Phase::Dns;
    if (remaining().count() == 0) {
        fail({ Phase::Http, FailureCode::HttpTimeout,
            "nothing left of the " + elapsedText(m_prepared.request.timeout)
                + (m_hops > 0 ? " after the redirects"
                              : " before connecting: this computer is too busy") });
        return false;
    }
    if (usesUnixSocket()) {
        m_proxy = {};
        return true;
    }
    auto proxy = chooseProxy(m_prepared.client().proxy, m_prepared.proxyEnvironment, m_url);
    if (!proxy) {
        fail({ Phase::Tcp, FailureCode::Proxy, proxy.error().message });
        return false;
    }
    m_proxy = std::move(*proxy);
    m_proxyResolution = {};
    lookUp(m_proxy.url.empty() ? m_url.host : m_proxy.host);
    return true;
}

void Transfer::lookUp(const std::string& host)
{
    m_lookupHost = host;
    m_resolving = true;
    m_dnsStarted = steady_clock::now();
    m_dnsDeadline = m_dnsStarted + std::min(remaining(), m_prepared.request.connectTimeout);
}

// Another origin is not behind our socket.
bool Transfer::usesUnixSocket() const
{
    return !m_bare && !m_prepared.client().unixSocket.empty();
}

bool Transfer::mayVisit(const Resolution& resolution)
{
    const bool anyLocal
        = std::any_of(resolution.addresses.begin(), resolution.addresses.end(), isLocalAddress);
    if (m_hops == 0)
        m_startedLocal = anyLocal;
    if (m_hops == 0 || m_startedLocal || !m_bare)
        return true;
    // A server elsewhere must not make us ask this machine or its neighbours.
    if (!anyLocal && !isLocalAddress(m_url.host))
        return true;
    fail({ Phase::Http, FailureCode::RedirectBlocked,
        "redirect to " + m_url.hostInBrackets()
            + " was not followed: it leads to this computer or its own network segment" });
    return false;
}

CURL* Transfer::resolved(const Resolution& resolution)
{
    m_resolving = false;
    m_exchange.times.dns += duration_cast<microseconds>(steady_clock::now() - m_dnsStarted);
    if (resolution.addresses.empty()) {
        const std::string host = m_proxy.url.empty() || m_lookupHost != m_proxy.host
            ? m_lookupHost
            : "the proxy " + m_lookupHost;
        fail({ Phase::Dns, resolution.notFound ? FailureCode::DnsNotFound : FailureCode::DnsFailed,
            host + ": " + resolution.error });
        return nullptr;
    }
    if (m_proxy.needsAddress && m_proxyResolution.addresses.empty()) {
        m_proxyResolution = resolution;
        lookUp(m_url.host);
        return nullptr;
    }
    if (!mayVisit(resolution))
        return nullptr;
    return openHop(resolution);
}

CURL* Transfer::beginOnSocket()
{
    m_startedLocal = true;
    return openHop({});
}

CURL* Transfer::openHop(const Resolution& resolution)
{
    m_addresses = resolution.addresses;
    if (!m_addresses.empty() && literalAddress(m_lookupHost).empty())
        line("* " + m_lookupHost + " is " + joined(m_addresses));
    m_exchange.reached = Phase::Tcp;
    setUp(resolution);
    return m_easy.get();
}

void Transfer::dnsTimedOut()
{
    m_resolving = false;
    m_exchange.times.dns = duration_cast<microseconds>(steady_clock::now() - m_dnsStarted);
    fail({ Phase::Dns, FailureCode::DnsTimeout,
        m_lookupHost + ": the name server did not answer in "
            + elapsedText(duration_cast<milliseconds>(m_dnsDeadline - m_dnsStarted)) });
}

void Transfer::cancelled()
{
    m_resolving = false;
    fail({ m_exchange.reached, FailureCode::Cancelled, "cancelled" });
}

Transfer::Next Transfer::completed(CURLcode code)
{
    readPeer();
    readTimes(code);
    describeConnection();
    const bool cut = m_reader->isCut();
    readResponse();
    if (m_reader->failure())
        fail(*m_reader->failure());
    else if (code != CURLE_OK && !cut)
        fail(explain(code));
    else if (const auto failure = m_reader->finish())
        fail(*failure);
    const bool redirects = m_prepared.client().followRedirects
        && isRedirectStatus(m_exchange.status) && !m_reader->header("Location").empty();
    if (m_exchange.failure || !redirects)
        return Next::Finished;
    return followRedirect();
}

Transfer::Next Transfer::followRedirect()
{
    const std::string location(m_reader->header("Location"));
    auto next = nextHop(m_prepared.url, m_url, location, m_hops);
    if (const auto* failure = std::get_if<Failure>(&next)) {
        fail(*failure);
        return Next::Finished;
    }
    auto& step = std::get<RedirectStep>(next);
    m_url = std::move(step.url);
    // Once it has left its origin, a request stays bare: a way back would tell them apart.
    m_bare = m_bare || step.bare;
    ++m_hops;
    const std::string shown
        = m_prepared.masker->mask(maskUrl(m_url.toString(), m_prepared.request.maskedParams));
    m_exchange.redirects.push_back({ m_exchange.status, shown, m_bare });
    line("* redirect to " + shown + (m_bare ? ", without credentials" : ""));
    m_exchange.tls.reset();
    m_exchange.responseHeaders.clear();
    m_exchange.status = 0;
    return Next::AnotherHop;
}

void Transfer::finish()
{
    m_exchange.times.total = duration_cast<microseconds>(steady_clock::now() - m_started);
    if (m_exchange.failure && m_exchange.failure->phase >= Phase::Body)
        m_exchange.body.clear();
    m_easy.reset();
    m_done(std::move(m_exchange));
}

} // namespace fleetglass::http
