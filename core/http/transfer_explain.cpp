// libcurl's codes into plain words that are true: who did what, where, and after how long.
#include "core/base/number.h"
#include "core/http/header_text.h"
#include "core/http/transfer.h"

#include <cerrno>
#include <cstring>

namespace fleetglass::http {

namespace {

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

std::string durationText(std::chrono::milliseconds time)
{
    if (time.count() % 1000 == 0)
        return std::to_string(time.count() / 1000) + " s";
    return time.count() < 1000 ? std::to_string(time.count()) + " ms"
                               : formatFloat(static_cast<double>(time.count()) / 1000.0) + " s";
}

Failure protocolFailure(const std::string& message)
{
    return { Phase::Http, FailureCode::HttpProtocol, message };
}

} // namespace

std::string Transfer::elapsedText(std::chrono::milliseconds limit) const
{
    return durationText(limit);
}

std::string Transfer::peerText() const
{
    if (usesUnixSocket())
        return "the socket " + m_prepared.client().unixSocket;
    const int port = m_proxy.url.empty() ? m_url.port : m_proxy.port;
    const std::string proxy = m_proxy.url.empty() ? "" : "the proxy ";
    if (!m_exchange.remoteAddress.empty())
        return proxy + m_exchange.remoteAddress;
    if (m_addresses.size() == 1) {
        const bool v6 = contains(m_addresses.front(), ":");
        return proxy + (v6 ? '[' + m_addresses.front() + ']' : m_addresses.front()) + ':'
            + std::to_string(port);
    }
    return proxy + m_lookupHost + ':' + std::to_string(port);
}

std::optional<Failure> Transfer::explainProxy(CURLcode code) const
{
    const std::string proxy = "the proxy " + m_proxy.shown;
    if (code == CURLE_PROXY)
        return Failure { Phase::Tcp, FailureCode::Proxy,
            proxy + " refused: " + m_errorText.data() };
    if (m_proxyPeer && m_proxyPeer->failure)
        return Failure { Phase::Tls, m_proxyPeer->failure->code,
            proxy + ": " + m_proxyPeer->failure->message };
    const int status = static_cast<int>(infoLong(CURLINFO_HTTP_CONNECTCODE));
    if (status < 300 || !m_reader->isEmpty())
        return std::nullopt;
    return Failure { Phase::Tcp, FailureCode::Proxy,
        proxy + " opened no tunnel to " + m_url.hostInBrackets() + ':' + std::to_string(m_url.port)
            + ": " + std::to_string(status) + ' ' + std::string(standardPhrase(status)) };
}

Failure Transfer::explain(CURLcode code)
{
    if (!m_proxy.url.empty()) {
        if (auto failed = explainProxy(code))
            return *failed;
    }
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return explainTimeout();
    case CURLE_COULDNT_CONNECT:
        return explainConnect();
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return { Phase::Dns, FailureCode::DnsFailed, m_lookupHost + ": the name lookup failed" };
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CLIENTCERT:
        return explainTls(code);
    default:
        return explainBroken(code);
    }
}

Failure Transfer::explainTimeout() const
{
    const auto whole = m_prepared.request.timeout;
    const auto connecting = std::min(whole, m_prepared.request.connectTimeout);
    switch (m_exchange.reached) {
    case Phase::None:
    case Phase::Dns:
    case Phase::Tcp:
        return { Phase::Tcp, FailureCode::ConnectTimeout,
            "no connection to " + peerText() + " in " + durationText(connecting) };
    case Phase::Tls:
        return { Phase::Tls, FailureCode::TlsTimeout,
            "TLS handshake with " + peerText() + " not finished in " + durationText(connecting) };
    case Phase::Http:
        return { Phase::Http, FailureCode::HttpTimeout,
            m_reader->isEmpty()
                ? "no answer in " + durationText(whole) + " after connecting"
                : "the headers of the answer were not complete after " + durationText(whole) };
    case Phase::Body:
        break;
    }
    return { Phase::Body, FailureCode::BodyTimeout,
        "the page was not complete after " + durationText(whole) + " ("
            + groupDigits(static_cast<int64_t>(m_reader->wireBytes())) + " bytes so far)" };
}

Failure Transfer::explainConnect() const
{
    const int error = static_cast<int>(infoLong(CURLINFO_OS_ERRNO));
    const std::string peer = peerText();
    switch (error) {
    case ENOENT:
        return { Phase::Tcp, FailureCode::ConnectRefused,
            "there is no socket " + m_prepared.client().unixSocket };
    case EACCES:
        return { Phase::Tcp, FailureCode::ConnectRefused, "no permission to use " + peer };
    case ECONNREFUSED:
        return { Phase::Tcp, FailureCode::ConnectRefused, "connection refused by " + peer };
    case EHOSTUNREACH:
    case ENETUNREACH:
        return { Phase::Tcp, FailureCode::ConnectUnreachable, "no route to " + peer };
    case ETIMEDOUT:
        return { Phase::Tcp, FailureCode::ConnectTimeout, "no connection to " + peer };
    case 0:
        return { Phase::Tcp, FailureCode::ConnectFailed, "cannot connect to " + peer };
    default:
        return { Phase::Tcp, FailureCode::ConnectFailed,
            "cannot connect to " + peer + ": " + std::strerror(error) };
    }
}

Failure Transfer::explainTls(CURLcode code) const
{
    if (m_peer->failure)
        return *m_peer->failure;
    const std::string_view text(m_errorText.data());
    const std::string& alert = m_peer->alert;
    if (alert == "protocol version" || contains(text, "unsupported protocol")
        || contains(text, "alert protocol version"))
        return { Phase::Tls, FailureCode::TlsVersion,
            "the server speaks no TLS version that is allowed here (TLS 1.2 or newer unless "
            "min_version says otherwise)" };
    if (contains(text, "wrong version number") || contains(text, "http request"))
        return { Phase::Tls, FailureCode::TlsHandshake,
            peerText() + " does not speak TLS: is the scheme https right?" };
    if (code == CURLE_SSL_CERTPROBLEM)
        return { Phase::Tls, FailureCode::BadTlsOptions, "the client certificate cannot be used" };
    if (!alert.empty() && m_peer->clientCertificateAsked)
        return { Phase::Tls, FailureCode::TlsClientCertificate,
            "the server asks for a client certificate (TLS alert: " + alert + ")" };
    if (!alert.empty() && !m_prepared.tls->clientChain.empty())
        return { Phase::Tls, FailureCode::TlsClientCertificate,
            "the server rejects our client certificate (TLS alert: " + alert + ")" };
    if (!alert.empty())
        return { Phase::Tls, FailureCode::TlsHandshake,
            "the server ended the TLS handshake (alert: " + alert + ")" };
    if (contains(text, "unexpected eof") || contains(text, "SYSCALL") || contains(text, "reset"))
        return { Phase::Tls, FailureCode::TlsHandshake,
            peerText() + " closed the connection during the TLS handshake" };
    return { Phase::Tls, FailureCode::TlsHandshake,
        "TLS handshake with " + peerText() + " failed: " + std::string(text) };
}

// libcurl has one code for a connection that was closed and one that it closed itself because of
// what came.
std::optional<Failure> Transfer::explainHttp2(CURLcode code) const
{
    const std::string_view text(m_errorText.data());
    const bool isStream = code == CURLE_HTTP2_STREAM;
    const bool isConnection = code == CURLE_HTTP2 || code == CURLE_SEND_ERROR
        || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
    if (m_peer->protocol != "h2" || (!isStream && !isConnection))
        return std::nullopt;
    std::string message = "the server broke HTTP/2";
    if (isStream)
        message += ": " + std::string(text);
    else if (contains(text, "nghttp2"))
        message += ": " + std::string(text.substr(text.rfind(':') + 1));
    else
        message += ": the connection ended "
            + std::string(m_reader->isEmpty() ? "without" : "within") + " an answer";
    return protocolFailure(message);
}

Failure Transfer::explainBroken(CURLcode code) const
{
    const std::string_view text(m_errorText.data());
    // TLS 1.3 servers reject a client after the handshake, when we already read.
    if (!m_peer->alert.empty()
        && (m_peer->clientCertificateAsked || !m_prepared.tls->clientChain.empty()))
        return explainTls(CURLE_SSL_CONNECT_ERROR);
    if (auto broken = explainHttp2(code))
        return *broken;
    if (code == CURLE_OUT_OF_MEMORY)
        return { Phase::Http, FailureCode::HeadersTooLarge,
            "headers too large: a line of more than 100 KiB" };
    if (code == CURLE_UNSUPPORTED_PROTOCOL)
        return protocolFailure("the answer is not HTTP/1.0 or newer");
    if (contains(text, "chunk") || contains(text, "Chunk"))
        return protocolFailure("bad chunk in the answer's body");
    if (code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM)
        return protocolFailure("the answer breaks HTTP: " + std::string(text));
    // The alert gets lost where the server closes at once.
    if (m_reader->isEmpty() && m_peer->clientCertificateAsked)
        return { Phase::Tls, FailureCode::TlsClientCertificate,
            "the server asks for a client certificate, and closed the connection without one" };
    if (m_reader->isEmpty())
        return { Phase::Http, FailureCode::HttpClosed,
            peerText() + " closed the connection without an answer" };
    if (!m_reader->headersDone())
        return protocolFailure("the connection was closed within the headers");
    const std::string length(m_reader->header("Content-Length"));
    const std::string got = groupDigits(static_cast<int64_t>(m_reader->wireBytes()));
    const auto announced = parseInt(length);
    return { Phase::Body, FailureCode::BodyTruncated,
        announced ? "the page ended after " + got + " of " + groupDigits(*announced) + " bytes"
                  : "the page ended early, after " + got + " bytes" };
}

} // namespace fleetglass::http
