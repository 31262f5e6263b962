// What a hop leaves in the Exchange: times, certificates, headers, the transcript.
#include "core/http/curl_transport.h"
#include "core/http/header_text.h"
#include "core/http/redirect.h"
#include "core/http/transfer.h"

#include <algorithm>
#include <cstdio>

namespace fleetglass::http {

namespace {

using std::chrono::microseconds;

// Values that a browser would keep to itself.
bool isPrivateHeader(const std::string& name)
{
    return equalsIgnoringCase(name, "Set-Cookie") || equalsIgnoringCase(name, "Authorization")
        || equalsIgnoringCase(name, "Proxy-Authorization");
}

std::string millisText(microseconds time)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(time.count()) / 1000.0);
    return text;
}

std::string tlsVersionText(const char* openssl)
{
    const std::string_view version(openssl == nullptr ? "" : openssl);
    if (version == "TLSv1")
        return "TLS 1.0";
    return version.starts_with("TLSv") ? "TLS " + std::string(version.substr(4))
                                       : std::string(version);
}

} // namespace

long Transfer::infoLong(CURLINFO info) const
{
    long value = 0;
    curl_easy_getinfo(m_easy.get(), info, &value);
    return value;
}

microseconds Transfer::infoTime(CURLINFO info) const
{
    curl_off_t value = 0;
    curl_easy_getinfo(m_easy.get(), info, &value);
    return microseconds(value);
}

void Transfer::readTimes(CURLcode code)
{
    const auto lookup = infoTime(CURLINFO_NAMELOOKUP_TIME_T);
    auto connected = infoTime(CURLINFO_CONNECT_TIME_T);
    if (connected.count() == 0 && m_tlsBegan)
        connected = std::chrono::duration_cast<microseconds>(*m_tlsBegan - m_hopStarted);
    const auto secured = infoTime(CURLINFO_APPCONNECT_TIME_T);
    const auto sent = infoTime(CURLINFO_PRETRANSFER_TIME_T);
    const auto first = infoTime(CURLINFO_STARTTRANSFER_TIME_T);
    const auto total = infoTime(CURLINFO_TOTAL_TIME_T);
    PhaseTimes& times = m_exchange.times;
    const bool secure = m_url.isSecure();
    const bool answered = first.count() > 0 && !m_reader->isEmpty();
    m_exchange.connectionReused = code == CURLE_OK && infoLong(CURLINFO_NUM_CONNECTS) == 0;
    const bool isConnected = connected.count() > 0 || m_exchange.connectionReused;
    const bool isSecured = !secure || secured.count() > 0 || m_exchange.connectionReused;
    times.tcp = isConnected ? std::max(connected - lookup, microseconds(0)) : total;
    if (!isConnected)
        return;
    m_exchange.reached = secure ? Phase::Tls : Phase::Http;
    times.tls = !secure ? microseconds(0)
        : isSecured     ? std::max(secured - connected, microseconds(0))
                        : total - connected;
    if (!isSecured)
        return;
    m_exchange.reached = answered && m_reader->headersDone() ? Phase::Body : Phase::Http;
    times.http = std::max((answered ? first : total) - sent, microseconds(0));
    if (answered)
        times.body = std::max(total - first, microseconds(0));
}

void Transfer::readPeer()
{
    if (!m_url.isSecure())
        return;
    curl_tlssessioninfo* session = nullptr;
    curl_easy_getinfo(m_easy.get(), CURLINFO_TLS_SSL_PTR, &session);
    SSL* ssl = session && session->backend == CURLSSLBACKEND_OPENSSL
        ? static_cast<SSL*>(session->internals)
        : nullptr;
    if (const auto report = peerReportOf(ssl))
        m_peer = report;
    if (!m_peer->seen && ssl == nullptr && m_exchange.tls)
        return;
    TlsReport report = m_exchange.tls.value_or(TlsReport {});
    if (ssl != nullptr) {
        report.version = tlsVersionText(SSL_get_version(ssl));
        const char* cipher = SSL_get_cipher_name(ssl);
        report.cipher = cipher == nullptr ? "" : cipher;
    }
    report.chain = m_peer->chain;
    report.hostMatches = m_peer->hostMatches;
    report.verified = m_peer->verified;
    report.trust = m_peer->trust;
    report.clientCertificateAsked = m_peer->clientCertificateAsked;
    m_exchange.tls = std::move(report);
}

void Transfer::readResponse()
{
    m_exchange.status = m_reader->status();
    m_exchange.httpVersion = m_reader->httpVersion();
    m_exchange.reasonPhrase = m_prepared.masker->mask(m_reader->reasonPhrase());
    m_exchange.wireBytes = m_reader->wireBytes();
    m_exchange.bodyBytes = m_reader->bodyBytes();
    m_exchange.closeDelimited = m_reader->isCloseDelimited();
    m_exchange.responseHeaders.clear();
    m_exchange.authSchemes.clear();
    for (const HeaderLine& header : m_reader->headers()) {
        std::string value = isPrivateHeader(header.name) ? std::string(Secret::kMask)
                                                         : m_prepared.masker->mask(header.value);
        if (equalsIgnoringCase(header.name, "Location"))
            value = maskUrl(value, m_prepared.request.maskedParams);
        m_exchange.responseHeaders.push_back({ header.name, std::move(value) });
        if (equalsIgnoringCase(header.name, "WWW-Authenticate")) {
            for (std::string& scheme : authSchemesOf(header.value))
                m_exchange.authSchemes.push_back(std::move(scheme));
        }
    }
    m_exchange.retryAfter = parseRetryAfter(m_reader->header("Retry-After"), m_clock.wallMs());
    describeResponse();
    m_exchange.body = m_reader->takeBody();
}

void Transfer::describeRequest()
{
    const size_t path = m_exchange.url.find('/', m_exchange.url.find("://") + 3);
    line("> " + m_prepared.request.method + ' ' + m_exchange.url.substr(path));
    line("> Host: " + m_url.authority());
    for (const HeaderLine& header : m_exchange.requestHeaders) {
        if (header.name != "Host")
            line("> " + header.name + ": " + header.value);
    }
}

void Transfer::describeConnection()
{
    char* address = nullptr;
    curl_easy_getinfo(m_easy.get(), CURLINFO_PRIMARY_IP, &address);
    const long port = infoLong(CURLINFO_PRIMARY_PORT);
    if (usesUnixSocket()) {
        m_exchange.remoteAddress = "unix:" + m_prepared.client().unixSocket;
    } else if (address != nullptr && *address != '\0') {
        const bool v6 = std::string_view(address).find(':') != std::string_view::npos;
        m_exchange.remoteAddress = (v6 ? '[' + std::string(address) + ']' : std::string(address))
            + ':' + std::to_string(port);
    }
    if (m_exchange.reached <= Phase::Tcp)
        return; // Nothing was sent.
    if (!m_proxy.url.empty())
        line("* through the proxy " + m_proxy.shown);
    line(m_exchange.connectionReused ? "* connection to " + m_exchange.remoteAddress + " used again"
                                     : "* connected to " + m_exchange.remoteAddress + " in "
                + millisText(m_exchange.times.tcp));
    describeTls();
    if (m_exchange.reached >= Phase::Http)
        describeRequest();
}

void Transfer::describeTls()
{
    if (!m_exchange.tls || !m_peer->seen)
        return;
    const TlsReport& tls = *m_exchange.tls;
    if (!tls.version.empty())
        line("* " + tls.version + ", " + tls.cipher);
    if (!tls.chain.empty())
        line("* certificate of " + tls.chain.front().subject + ", issued by "
            + tls.chain.front().issuer);
    line("* " + tls.trust);
}

void Transfer::describeResponse()
{
    if (m_exchange.status == 0)
        return;
    line("< HTTP/" + m_exchange.httpVersion + ' ' + std::to_string(m_exchange.status) + ' '
        + m_exchange.reasonPhrase);
    for (const HeaderLine& header : m_exchange.responseHeaders)
        line("< " + header.name + ": " + header.value);
    if (m_exchange.status == 401 && answersChallenges()
        && m_prepared.client().challengeAuth->scheme == ChallengeScheme::Negotiate)
        line("* no Kerberos ticket for this server was accepted, or there is none: see kinit");
    line("* " + std::to_string(m_exchange.bodyBytes) + " bytes"
        + (m_reader->isGzip() ? " (" + std::to_string(m_exchange.wireBytes) + " compressed)"
                              : std::string())
        + " in " + millisText(m_exchange.times.http + m_exchange.times.body));
}

} // namespace fleetglass::http
