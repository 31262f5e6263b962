// Exchange: what one request to a server came to, with the time of each phase, the certificates
// that were presented and, where it failed, the place and plain words for it. Every text in it may
// be shown: secrets are already masked. Values.
#pragma once

#include "core/http/masker.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::http {

// Where a request can fail, in the order it passes through.
enum class Phase
{
    None,
    Dns,
    Tcp,
    Tls,
    Http,
    Body
};

enum class FailureCode
{
    None,
    Cancelled,
    BadUrl,
    Credentials, // A secret file cannot be read.
    BadTlsOptions, // The CA, certificate or key given cannot be used.
    DnsNotFound,
    DnsTimeout,
    DnsFailed,
    ConnectRefused,
    ConnectTimeout,
    ConnectUnreachable,
    ConnectFailed,
    Proxy,
    TlsUnknownAuthority,
    TlsSelfSigned,
    TlsExpired,
    TlsNotYetValid,
    TlsWrongHost,
    TlsRevoked,
    TlsUntrusted, // The chain is broken in another way.
    TlsVersion, // No version that both sides speak.
    TlsClientCertificate, // The server wants one, or rejects ours.
    TlsTimeout,
    TlsHandshake,
    HttpTimeout, // Connected, but no answer.
    HttpClosed, // Connected, and closed without an answer.
    HttpProtocol,
    HeadersTooLarge,
    RedirectBlocked,
    RedirectLimit,
    Status, // Answered, but not with 200.
    Unauthorized, // 401
    Forbidden, // 403
    TooManyRequests, // 429
    BodyTimeout,
    BodyTruncated,
    BodyTooLarge, // Decoded bytes.
    CompressedTooLarge,
    Encoding, // One that was not asked for, or more than one.
    Decode, // The gzip stream is damaged.
};

struct Failure
{
    Phase phase = Phase::None;
    FailureCode code = FailureCode::None;
    std::string message; // Lower case, no secret: "connection refused by 127.0.0.1:9100".
    friend bool operator==(const Failure&, const Failure&) = default;
};

// Durations of the phases of the last hop; zero where a phase was not reached or not needed.
struct PhaseTimes
{
    std::chrono::microseconds dns {};
    std::chrono::microseconds tcp {};
    std::chrono::microseconds tls {};
    std::chrono::microseconds http {}; // Request sent until the first byte of the answer.
    std::chrono::microseconds body {};
    std::chrono::microseconds total {}; // From the start, redirects included.
};

struct Certificate
{
    std::string subject; // "CN=etcha,O=Example"
    std::string issuer;
    std::vector<std::string> altNames; // "DNS:web-07", "IP:10.0.3.14"
    int64_t notBeforeMs = 0;
    int64_t notAfterMs = 0;
    std::string serial;
    std::string sha256; // Colon-separated upper-case hex.
    std::string key; // "ECDSA P-256", "RSA 2048"
    std::string pem;
};

struct TlsReport
{
    std::string version; // "TLS 1.3"
    std::string cipher;
    std::vector<Certificate> chain; // As presented, leaf first; known on failure as well.
    bool hostMatches = true;
    bool verified = false;
    bool clientCertificateAsked = false;
    std::string trust; // "trusted by /etc/etcha/ca.pem", "not verified (insecure_skip_verify)"
};

struct HeaderLine
{
    std::string name;
    std::string value;
    friend bool operator==(const HeaderLine&, const HeaderLine&) = default;
};

struct Redirect
{
    int status = 0;
    std::string url; // Where it led, masked.
    bool bare = false; // To another origin: without credentials, own headers, client certificate.
};

struct Exchange
{
    std::optional<Failure> failure; // Of the transport; a status other than 200 is no such failure.
    PhaseTimes times;
    Phase reached = Phase::None; // The last phase that was begun.
    std::string remoteAddress; // "127.0.0.1:9100"
    bool connectionReused = false;
    std::optional<TlsReport> tls;
    std::string url; // Of the last hop, masked.
    std::vector<HeaderLine> requestHeaders; // Masked.
    int status = 0;
    std::string reasonPhrase;
    std::string httpVersion; // "1.1", "2"
    std::vector<HeaderLine> responseHeaders;
    std::string body; // Decoded; empty after a failure of the body.
    size_t bodyBytes = 0; // Decoded.
    size_t wireBytes = 0; // As they came.
    bool closeDelimited = false; // Only the end of the connection ended the body.
    std::vector<Redirect> redirects;
    std::vector<std::string> authSchemes; // Of WWW-Authenticate: "Bearer", "Basic".
    std::optional<std::chrono::seconds> retryAfter;
    std::vector<std::string> transcript; // What happened, line by line.
    int transcriptErrorLine = 0; // From 1; 0 none.

    std::shared_ptr<const Masker> masker; // For the body, before it is shown; may be null.

    // "" where there is no such header; any case.
    std::string_view header(std::string_view name) const;
};

// "dns", "tcp", "tls", "http", "body"; "" for none.
std::string_view toWord(Phase phase);
// A short name for counting: "connect_refused", "tls_expired".
std::string_view toWord(FailureCode code);

// The failure of an exchange whose only good answer is 200: its own, or that of the status
// ("401 Unauthorized: the server asks for Bearer").
std::optional<Failure> failureUnlessOk(const Exchange& exchange);

} // namespace fleetglass::http
