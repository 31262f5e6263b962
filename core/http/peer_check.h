// PeerCheck: whether the server's certificate is to be trusted, and what it presented either way.
// It sits in the SSL_CTX of one connection. Used from one thread at a time.
#pragma once

#include "core/http/exchange.h"
#include "core/http/tls_material.h"

#include <cstdint>
#include <memory>
#include <openssl/ssl.h>
#include <optional>
#include <string>
#include <vector>

namespace fleetglass::http {

struct PeerReport
{
    std::vector<Certificate> chain; // As presented, leaf first.
    bool seen = false; // The server has presented one.
    bool hostMatches = true;
    bool verified = false;
    std::string trust;
    std::optional<Failure> failure;
    bool clientCertificateAsked = false;
    std::string protocol; // Agreed on in the handshake: "h2"; empty: none was.
    std::string alert; // The last fatal alert we got: "certificate required".
};

struct PeerCheckOptions
{
    TlsMaterialPtr material;
    std::string host; // Whom the certificate must name.
    int64_t nowMs = 0;
};

// Makes a fresh SSL_CTX of libcurl's check peers our way; the report fills up during the handshake
// and stays with the connection. False where OpenSSL refused the client certificate.
bool installPeerCheck(
    SSL_CTX* context, PeerCheckOptions options, std::shared_ptr<PeerReport> report);

// The report of an open connection; null where it has none.
std::shared_ptr<PeerReport> peerReportOf(SSL* ssl);

} // namespace fleetglass::http
