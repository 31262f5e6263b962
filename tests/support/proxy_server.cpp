#include "tests/support/proxy_server.h"

#include <arpa/inet.h>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fleetglass::test {

namespace {

constexpr int kPollMs = 5;

// The other side of a tunnel.
class Upstream
{
public:
    explicit Upstream(int port)
        : m_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<uint16_t>(port));
        m_open = connect(m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~Upstream() { close(m_fd); }
    Upstream(const Upstream&) = delete;
    Upstream& operator=(const Upstream&) = delete;

    bool isOpen() const { return m_open; }
    void send(const std::string& bytes)
    {
        m_open = m_open && ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0;
    }
    std::string receive()
    {
        pollfd waiting { m_fd, POLLIN, 0 };
        if (poll(&waiting, 1, kPollMs) <= 0)
            return {};
        std::string text(16 * 1024, '\0');
        const ssize_t got = recv(m_fd, text.data(), text.size(), 0);
        m_open = got > 0;
        text.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
        return text;
    }

private:
    const int m_fd;
    bool m_open = false;
};

void passOn(FaultConnection& client, Upstream& upstream)
{
    while (client.isOpen() && upstream.isOpen()) {
        if (const std::string bytes = client.receive(); !bytes.empty())
            upstream.send(bytes);
        if (const std::string bytes = upstream.receive(); !bytes.empty())
            client.send(bytes);
    }
}

// Blocks until so many bytes are there; what came besides stays in `buffer`.
std::string take(FaultConnection& client, std::string& buffer, size_t size)
{
    while (buffer.size() < size && client.isOpen())
        buffer += client.receive();
    const std::string taken = buffer.substr(0, size);
    buffer.erase(0, taken.size());
    return taken;
}

int byteAt(const std::string& text, size_t at)
{
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

std::string v4Text(const std::string& bytes)
{
    char text[INET_ADDRSTRLEN] = {};
    inet_ntop(AF_INET, bytes.data(), text, sizeof text);
    return text;
}

int portOf(const std::string& bytes)
{
    return byteAt(bytes, 0) << 8 | byteAt(bytes, 1);
}

std::string untilNul(FaultConnection& client, std::string& buffer)
{
    std::string text;
    for (std::string c = take(client, buffer, 1); !c.empty() && c[0] != '\0';
         c = take(client, buffer, 1))
        text += c;
    return text;
}

} // namespace

class ProxyServer::Core
{
public:
    explicit Core(ProxyServerOptions options)
        : m_options(std::move(options))
        , m_server([this](FaultConnection& c, const ReceivedRequest& r) { serve(c, r); },
              serverOptions(m_options))
    {
    }

    const FaultServer& server() const { return m_server; }
    std::vector<std::string> asked() const
    {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }

private:
    static FaultServerOptions serverOptions(const ProxyServerOptions& options)
    {
        FaultServerOptions result;
        result.certificate = options.certificate;
        result.answersBeforeRequest = options.kind != ProxyKind::Http;
        return result;
    }

    void note(std::string text)
    {
        const std::lock_guard lock(m_mutex);
        m_asked.push_back(std::move(text));
    }

    void serve(FaultConnection& client, const ReceivedRequest& request)
    {
        switch (m_options.kind) {
        case ProxyKind::Http:
            return serveHttp(client, request);
        case ProxyKind::Socks4:
            return serveSocks4(client);
        case ProxyKind::Socks5:
            return serveSocks5(client);
        }
    }

    void serveHttp(FaultConnection& client, const ReceivedRequest& request)
    {
        note(request.method + ' ' + request.path);
        if (m_options.refuses) {
            client.send(httpAnswer("no", "text/plain", "407 Proxy Authentication Required",
                "Proxy-Authenticate: Basic realm=\"p\"\r\n"));
            return;
        }
        Upstream upstream(m_options.targetPort);
        if (request.method == "CONNECT") {
            client.send("HTTP/1.1 200 Connection established\r\n\r\n");
        } else {
            const size_t path = request.path.find('/', request.path.find("://") + 3);
            upstream.send(request.method + ' ' + request.path.substr(path)
                + request.head.substr(request.head.find(" HTTP/")) + "\r\n" + request.body);
        }
        passOn(client, upstream);
    }

    // SOCKS: A Protocol for TCP proxy across firewalls, and its 4A extension.
    void serveSocks4(FaultConnection& client)
    {
        std::string buffer;
        const std::string head = take(client, buffer, 8);
        const std::string user = untilNul(client, buffer);
        const std::string address = head.substr(4, 4);
        const bool isName = address.starts_with(std::string(3, '\0')) && address[3] != '\0';
        const std::string host = isName ? untilNul(client, buffer) : v4Text(address);
        note((isName ? "4a " : "4 ") + host + ':' + std::to_string(portOf(head.substr(2)))
            + (user.empty() ? "" : ' ' + user));
        client.send(
            std::string("\0", 1) + (m_options.refuses ? '\x5b' : '\x5a') + std::string(6, '\0'));
        tunnel(client, buffer);
    }

    // RFC 1928 and RFC 1929.
    void serveSocks5(FaultConnection& client)
    {
        std::string buffer;
        const std::string hello = take(client, buffer, 2);
        const std::string methods = take(client, buffer, static_cast<size_t>(byteAt(hello, 1)));
        const bool login = !m_options.user.empty();
        if (login && methods.find('\x02') == std::string::npos) {
            client.send("\x05\xff");
            return;
        }
        client.send(login ? std::string("\x05\x02") : std::string("\x05\x00", 2));
        std::string user;
        if (login && !checkLogin(client, buffer, user))
            return;
        const std::string head = take(client, buffer, 4);
        const bool isName = byteAt(head, 3) == 3;
        const size_t size = isName ? static_cast<size_t>(byteAt(take(client, buffer, 1), 0))
            : byteAt(head, 3) == 4 ? 16
                                   : 4;
        const std::string address = take(client, buffer, size);
        const std::string port = take(client, buffer, 2);
        note("5 " + (isName ? address : v4Text(address)) + ':' + std::to_string(portOf(port))
            + (user.empty() ? "" : ' ' + user));
        client.send(std::string("\x05") + (m_options.refuses ? '\x02' : '\x00')
            + std::string("\x00\x01\x00\x00\x00\x00\x00\x00", 8));
        tunnel(client, buffer);
    }

    bool checkLogin(FaultConnection& client, std::string& buffer, std::string& user) const
    {
        const std::string head = take(client, buffer, 2);
        user = take(client, buffer, static_cast<size_t>(byteAt(head, 1)));
        const std::string size = take(client, buffer, 1);
        const std::string password = take(client, buffer, static_cast<size_t>(byteAt(size, 0)));
        const bool ok = user == m_options.user && password == m_options.password;
        client.send(ok ? std::string("\x01\x00", 2) : std::string("\x01\x01"));
        return ok;
    }

    void tunnel(FaultConnection& client, const std::string& buffer)
    {
        if (m_options.refuses)
            return;
        Upstream upstream(m_options.targetPort);
        if (!buffer.empty())
            upstream.send(buffer);
        passOn(client, upstream);
    }

    const ProxyServerOptions m_options;
    mutable std::mutex m_mutex;
    std::vector<std::string> m_asked;
    FaultServer m_server; // Last: its threads use the rest.
};

ProxyServer::ProxyServer(ProxyServerOptions options)
    : m_core(std::make_unique<Core>(std::move(options)))
{
}

ProxyServer::~ProxyServer() = default;

std::string ProxyServer::address() const
{
    return m_core->server().address();
}

std::vector<std::string> ProxyServer::asked() const
{
    return m_core->asked();
}

std::vector<ReceivedRequest> ProxyServer::requests() const
{
    return m_core->server().requests();
}

} // namespace fleetglass::test
