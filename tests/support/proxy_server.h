// ProxyServer: an HTTP or SOCKS proxy that passes bytes on and remembers whom it was asked for.
// Names are not looked up: everything goes to the one port it was made for. Thread-safe.
#pragma once

#include "tests/support/fault_server.h"

#include <memory>
#include <string>
#include <vector>

namespace fleetglass::test {

enum class ProxyKind
{
    Http, // CONNECT and whole URLs.
    Socks4, // 4a too.
    Socks5 // 5h too.
};

struct ProxyServerOptions
{
    ProxyKind kind = ProxyKind::Http;
    int targetPort = 0; // On 127.0.0.1.
    bool refuses = false;
    std::string user; // Demanded by SOCKS 5 where given.
    std::string password;
    std::optional<KeyAndCertificate> certificate; // A proxy behind TLS.
};

class ProxyServer
{
public:
    explicit ProxyServer(ProxyServerOptions options);
    ~ProxyServer();
    ProxyServer(const ProxyServer&) = delete;
    ProxyServer& operator=(const ProxyServer&) = delete;

    std::string address() const; // "127.0.0.1:PORT"
    // "CONNECT web:443", "GET http://web/metrics", "4 10.0.0.1:80", "4a web:80", "5 web:80 anna".
    std::vector<std::string> asked() const;
    // HTTP only: as they came.
    std::vector<ReceivedRequest> requests() const;

private:
    class Core;
    std::unique_ptr<Core> m_core;
};

} // namespace fleetglass::test
