// What libcurl is told for one hop. The list of options is that of the reliability rules: no
// redirects, environment, .netrc, cookies, HSTS or decoding of its own.
#include "core/http/curl_transport.h"
#include "core/http/header_text.h"
#include "core/http/transfer.h"

#include <algorithm>

namespace fleetglass::http {

namespace {

void append(SlistPtr& list, const std::string& text)
{
    curl_slist* longer = curl_slist_append(list.get(), text.c_str());
    if (longer == nullptr)
        return;
    static_cast<void>(list.release());
    list.reset(longer);
}

std::string bracketed(const std::string& address)
{
    return address.find(':') == std::string::npos ? address : '[' + address + ']';
}

long minimumOf(TlsVersion version)
{
    switch (version) {
    case TlsVersion::Tls10:
        return CURL_SSLVERSION_TLSv1_0;
    case TlsVersion::Tls11:
        return CURL_SSLVERSION_TLSv1_1;
    case TlsVersion::Tls13:
        return CURL_SSLVERSION_TLSv1_3;
    default:
        return CURL_SSLVERSION_TLSv1_2;
    }
}

long maximumOf(TlsVersion version)
{
    switch (version) {
    case TlsVersion::Tls10:
        return CURL_SSLVERSION_MAX_TLSv1_0;
    case TlsVersion::Tls11:
        return CURL_SSLVERSION_MAX_TLSv1_1;
    case TlsVersion::Tls12:
        return CURL_SSLVERSION_MAX_TLSv1_2;
    case TlsVersion::Tls13:
        return CURL_SSLVERSION_MAX_TLSv1_3;
    default:
        return CURL_SSLVERSION_MAX_DEFAULT;
    }
}

const std::string kTrustFolder = "/nonexistent/fleetglass-trust/";

void setPolicy(CURL* easy, const CurlOptions& options)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 64L * 1024); // A page comes in a few pieces.
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(
        easy, CURLOPT_MAXLIFETIME_CONN, static_cast<long>(options.connectionLifeMax.count()));
    curl_easy_setopt(
        easy, CURLOPT_MAXAGE_CONN, static_cast<long>(options.connectionIdleMax.count()));
}

} // namespace

void Transfer::setUp(const Resolution& resolution)
{
    m_easy.reset(curl_easy_init());
    m_headers.reset();
    m_proxyHeaders.reset();
    m_resolve.reset();
    m_connectTo.reset();
    m_errorText.fill('\0');
    m_hopStarted = std::chrono::steady_clock::now();
    m_tlsBegan.reset();
    m_peer = std::make_shared<PeerReport>();
    m_proxyPeer.reset();
    m_proxyTlsBegan = false;
    m_reader = std::make_unique<ResponseReader>(ReaderOptions { m_prepared.request.limits,
        m_prepared.request.compression, m_prepared.client().followRedirects, false,
        answersChallenges(), m_prepared.request.onBody });
    CURL* easy = m_easy.get();
    if (easy == nullptr) {
        fail({ Phase::Tcp, FailureCode::ConnectFailed, "out of memory" });
        return;
    }
    setPolicy(easy, m_options);
    const auto timeout = std::max<long>(static_cast<long>(remaining().count()), 1);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
        std::min(timeout, static_cast<long>(m_prepared.request.connectTimeout.count())));
    curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, m_errorText.data());
    setUpProxy();
    setUpTarget(resolution);
    setUpTls();
    setUpChallengeAuth();
    setUpHeaders();
    setUpCallbacks();
}

void Transfer::setUpTarget(const Resolution& resolution)
{
    CURL* easy = m_easy.get();
    Url url = m_url;
    // server_name decides SNI and the name to verify; the connection still goes to the target.
    const std::string& serverName = m_prepared.tls->serverName;
    if (url.isSecure() && !m_bare && !serverName.empty()) {
        url.host = serverName;
        append(m_connectTo,
            url.hostInBrackets() + ':' + std::to_string(url.port) + ':' + m_url.hostInBrackets()
                + ':' + std::to_string(url.port));
        curl_easy_setopt(easy, CURLOPT_CONNECT_TO, m_connectTo.get());
        addRequestHeader({ "Host", m_url.authority() }, false);
    }
    curl_easy_setopt(easy, CURLOPT_URL, url.toString().c_str());
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    if (usesUnixSocket()) {
        curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, m_prepared.client().unixSocket.c_str());
        return;
    }
    const bool direct = m_proxy.url.empty();
    addResolveEntry(
        m_lookupHost, direct || m_proxy.needsAddress ? m_url.port : m_proxy.port, resolution);
    if (m_proxy.needsAddress)
        addResolveEntry(m_proxy.host, m_proxy.port, m_proxyResolution);
    curl_easy_setopt(easy, CURLOPT_RESOLVE, m_resolve.get());
}

void Transfer::addResolveEntry(const std::string& host, int port, const Resolution& resolution)
{
    if (!literalAddress(host).empty())
        return;
    // '+': the entry ages, and the next hop to this name brings its own.
    std::string entry = '+' + host + ':' + std::to_string(port) + ':';
    for (size_t i = 0; i < resolution.addresses.size(); ++i)
        entry += (i == 0 ? "" : ",") + bracketed(resolution.addresses[i]);
    append(m_resolve, entry);
}

void Transfer::setUpTls()
{
    CURL* easy = m_easy.get();
    const TlsMaterial& material = m_bare ? *m_prepared.bareTls : *m_prepared.tls;
    const bool nameDecides = !material.insecure && material.trustedSha256.empty();
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, material.insecure ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, nameDecides ? 2L : 0L);
    curl_easy_setopt(
        easy, CURLOPT_SSLVERSION, minimumOf(material.minVersion) | maximumOf(material.maxVersion));
    // Each connection is verified anew: a resumed session skips the check of the dates.
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    // We fill the certificate store ourselves (installPeerCheck). This folder does not exist; its
    // name is how libcurl tells connections of different trust apart when it looks for one to
    // reuse.
    m_trustPath = kTrustFolder + material.id;
    curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
    curl_easy_setopt(easy, CURLOPT_CAPATH, m_trustPath.c_str());
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &Transfer::onSslContext);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
    const bool http2 = m_prepared.client().enableHttp2 && !m_prepared.request.http1Only;
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
        static_cast<long>(http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
}

void Transfer::setUpProxy()
{
    CURL* easy = m_easy.get();
    curl_easy_setopt(easy, CURLOPT_NOPROXY, ""); // Ours has decided; the environment has no say.
    curl_easy_setopt(easy, CURLOPT_PROXY, m_proxy.url.reveal().c_str());
    if (m_proxy.url.empty())
        return;
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
    for (const Header& header : m_prepared.client().proxy.connectHeaders) {
        for (const std::string& value : header.values) {
            if (isHeaderName(header.name) && isSafeHeaderValue(value))
                append(m_proxyHeaders, header.name + ": " + value);
        }
        for (const SecretSource& secret : header.secrets) {
            if (isHeaderName(header.name) && isSafeHeaderValue(secret.text.reveal()))
                append(m_proxyHeaders, header.name + ": " + secret.text.reveal());
        }
    }
    curl_easy_setopt(easy, CURLOPT_PROXYHEADER, m_proxyHeaders.get());
    if (m_proxy.isSecure)
        setUpProxyTls();
}

// The proxy is judged by the job's tls_config, as in Go, but is shown no client certificate.
void Transfer::setUpProxyTls()
{
    CURL* easy = m_easy.get();
    const TlsMaterial& material = *m_prepared.bareTls;
    m_proxyPeer = std::make_shared<PeerReport>();
    m_proxyTrustPath = kTrustFolder + material.id;
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, material.insecure ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, material.insecure ? 0L : 2L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION,
        minimumOf(material.minVersion) | maximumOf(material.maxVersion));
    curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, nullptr);
    curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, m_proxyTrustPath.c_str());
    // For plain targets nothing else sets these.
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &Transfer::onSslContext);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
}

bool Transfer::answersChallenges() const
{
    return !m_bare && m_prepared.client().challengeAuth.has_value();
}

void Transfer::setUpChallengeAuth()
{
    if (!answersChallenges())
        return;
    CURL* easy = m_easy.get();
    const ChallengeAuth& auth = *m_prepared.client().challengeAuth;
    const unsigned long scheme = auth.scheme == ChallengeScheme::Digest ? CURLAUTH_DIGEST
        : auth.scheme == ChallengeScheme::Ntlm                          ? CURLAUTH_NTLM
                                                                        : CURLAUTH_NEGOTIATE;
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(scheme));
    // libcurl counts each answer to a challenge as a redirect. FOLLOWLOCATION stays off.
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 4L);
    // With Negotiate an empty name stands for whoever holds the ticket.
    curl_easy_setopt(easy, CURLOPT_USERNAME, auth.username.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, m_prepared.challengePassword.reveal().c_str());
    if (auth.scheme == ChallengeScheme::Digest)
        return;
    // These authenticate the connection: it is fresh, stays with this request, and is closed after
    // it. HTTP/2 shares connections and has no such schemes (RFC 7540 9.2.2 asks for 1.1).
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
}

void Transfer::addRequestHeader(const HeaderLine& header, bool isSecret)
{
    // "Name;" is how libcurl sends a header without a value.
    append(m_headers, header.name + (header.value.empty() ? ";" : ": " + header.value));
    const std::string shown = isSecret ? Secret::kMask : m_prepared.masker->mask(header.value);
    m_exchange.requestHeaders.push_back({ header.name, shown });
}

void Transfer::setUpHeaders()
{
    CURL* easy = m_easy.get();
    const Request& request = m_prepared.request;
    for (const HeaderLine& header : request.headers)
        addRequestHeader(header, false);
    addRequestHeader({ "Accept-Encoding", request.compression ? "gzip" : "identity" }, false);
    addRequestHeader(
        { "User-Agent", request.userAgent.empty() ? m_options.userAgent : request.userAgent },
        false);
    if (!m_bare) {
        for (const HeaderLine& header : m_prepared.ownHeaders)
            addRequestHeader(header, equalsIgnoringCase(header.name, "Authorization"));
    }
    // A POST stays one only until the first redirect that is not 307 or 308; ours never follow one.
    if (request.method != "GET") {
        append(m_headers, "Expect:");
        curl_easy_setopt(
            easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, m_headers.get());
}

void Transfer::setUpCallbacks()
{
    CURL* easy = m_easy.get();
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::onHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::onBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
}

size_t Transfer::onHeader(char* data, size_t size, size_t count, void* self)
{
    auto& transfer = *static_cast<Transfer*>(self);
    if (transfer.m_reader->isEmpty())
        transfer.readPeer(); // The connection may be an older one's, with its own report.
    const std::string_view text(data, size * count);
    return transfer.m_reader->addHeaderLine(text) ? text.size() : 0;
}

size_t Transfer::onBody(char* data, size_t size, size_t count, void* self)
{
    auto& transfer = *static_cast<Transfer*>(self);
    const std::string_view bytes(data, size * count);
    return transfer.m_reader->addBody(bytes) ? bytes.size() : 0;
}

CURLcode Transfer::onSslContext(CURL*, void* context, void* self)
{
    auto& transfer = *static_cast<Transfer*>(self);
    if (transfer.m_proxyPeer && !std::exchange(transfer.m_proxyTlsBegan, true))
        return transfer.onProxySslContext(context);
    transfer.m_tlsBegan = std::chrono::steady_clock::now();
    PeerCheckOptions options;
    options.material = transfer.m_bare ? transfer.m_prepared.bareTls : transfer.m_prepared.tls;
    const std::string& serverName = options.material->serverName;
    options.host = serverName.empty() || transfer.m_bare ? transfer.m_url.host : serverName;
    options.nowMs = transfer.m_clock.wallMs();
    const bool ok
        = installPeerCheck(static_cast<SSL_CTX*>(context), std::move(options), transfer.m_peer);
    return ok ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

// TLS with the proxy comes first, then that with the target inside of it.
CURLcode Transfer::onProxySslContext(void* context)
{
    PeerCheckOptions options;
    options.material = m_prepared.bareTls;
    options.host = m_proxy.host;
    options.nowMs = m_clock.wallMs();
    const bool ok
        = installPeerCheck(static_cast<SSL_CTX*>(context), std::move(options), m_proxyPeer);
    return ok ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

} // namespace fleetglass::http
