// FaultServer: a server that can break every rule of TCP, TLS and HTTP, byte by byte, and remembers
// what it was sent. Raw sockets and OpenSSL, so that no library repairs what a test wants broken.
// Thread-safe; handlers run on a thread of their connection.
#pragma once

#include "tests/support/test_certificates.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::test {

struct ReceivedRequest
{
    std::string method;
    std::string path; // With its query.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body; // As long as its Content-Length said.
    std::string head; // Everything up to the empty line.
    std::string clientCertificate; // Its common name; empty: none was shown.
    std::string sni;

    std::string header(std::string_view name) const; // Any case; "" where there is none.
};

class FaultConnection
{
public:
    virtual ~FaultConnection() = default;

    // False: the peer is gone.
    virtual bool send(std::string_view bytes) = 0;
    // What has come, waiting a moment for it; nothing where the peer is silent or gone.
    virtual std::string receive() = 0;
    virtual bool isOpen() = 0;
    // Until the server is stopped or the peer is gone.
    virtual void hang() = 0;
    // Byte by byte, with a pause before each.
    virtual void drip(std::string_view bytes, std::chrono::milliseconds pause) = 0;
    // The socket's end as a reset instead of a close.
    virtual void reset() = 0;
    // Wait for another request on this connection after the handler.
    virtual void keepAlive() = 0;
};

using FaultHandler = std::function<void(FaultConnection&, const ReceivedRequest&)>;

struct FaultServerOptions
{
    std::optional<KeyAndCertificate> certificate; // Speak TLS.
    std::string clientAuthorityPem; // Demand a client certificate of this authority.
    int sessionTickets = -1; // After a handshake of TLS 1.3; -1: as many as usual.
    int tlsVersionMax = 0; // An OpenSSL number; 0: the newest.
    std::string unixSocket; // Listen on this path instead of a port.
    bool answersBeforeRequest = false; // The handler runs at once, without a request or TLS.
    bool answersAfterTls = false; // The handler runs after the handshake, without a request.
    std::vector<std::string> alpn; // Protocols offered in the handshake, best first.
};

class FaultServer
{
public:
    explicit FaultServer(FaultHandler handler, FaultServerOptions options = {});
    ~FaultServer();
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;

    int port() const;
    std::string url(std::string_view path = "/metrics") const; // By 127.0.0.1.
    std::string address() const; // "127.0.0.1:PORT"
    std::vector<ReceivedRequest> requests() const;
    int connections() const;

private:
    class Core;
    std::unique_ptr<Core> m_core;
};

// A whole answer with its length.
std::string httpAnswer(std::string_view body,
    std::string_view contentType = "text/plain; version=0.0.4", std::string_view status = "200 OK",
    std::string_view moreHeaders = {});

std::string gzipOf(std::string_view bytes);

// A loopback port where nobody listens.
int closedPort();

} // namespace fleetglass::test
