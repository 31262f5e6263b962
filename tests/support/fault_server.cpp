#include "tests/support/fault_server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace fleetglass::test {

namespace {

constexpr int kPollMs = 20;

int listenOnLoopback()
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        abort();
    listen(fd, 64);
    return fd;
}

int listenOnSocketFile(const std::string& path)
{
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address {};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        abort();
    listen(fd, 64);
    return fd;
}

int portOf(int fd)
{
    sockaddr_in address {};
    socklen_t size = sizeof address;
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

struct ContextFree
{
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, ContextFree>;

template<class T, class Read>
T* readPem(const std::string& pem, Read read)
{
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    T* object = read(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    return object;
}

// The first of ours that the client offers.
int selectProtocol(SSL*, const unsigned char** chosen, unsigned char* size,
    const unsigned char* offered, unsigned offeredSize, void* ours)
{
    for (const std::string& protocol : *static_cast<std::vector<std::string>*>(ours)) {
        for (unsigned at = 0; at < offeredSize; at += 1U + offered[at]) {
            const std::string_view name(
                reinterpret_cast<const char*>(offered + at + 1), offered[at]);
            if (name != protocol)
                continue;
            *chosen = offered + at + 1;
            *size = offered[at];
            return SSL_TLSEXT_ERR_OK;
        }
    }
    return SSL_TLSEXT_ERR_NOACK;
}

void addChain(SSL_CTX* context, const std::string& pem)
{
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    while (X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr))
        SSL_CTX_add_extra_chain_cert(context, certificate); // Takes it over.
    BIO_free(bio);
    ERR_clear_error();
}

Context makeContext(const FaultServerOptions& options)
{
    Context context(SSL_CTX_new(TLS_server_method()));
    X509* certificate = readPem<X509>(options.certificate->certificatePem, PEM_read_bio_X509);
    EVP_PKEY* key = readPem<EVP_PKEY>(options.certificate->keyPem, PEM_read_bio_PrivateKey);
    SSL_CTX_use_certificate(context.get(), certificate);
    SSL_CTX_use_PrivateKey(context.get(), key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    addChain(context.get(), options.certificate->chainPem);
    if (options.sessionTickets >= 0)
        SSL_CTX_set_num_tickets(context.get(), static_cast<size_t>(options.sessionTickets));
    if (options.tlsVersionMax != 0) {
        SSL_CTX_set_security_level(context.get(), 0);
        SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.get(), options.tlsVersionMax);
    }
    if (!options.alpn.empty())
        SSL_CTX_set_alpn_select_cb(
            context.get(), selectProtocol, const_cast<std::vector<std::string>*>(&options.alpn));
    if (!options.clientAuthorityPem.empty()) {
        X509* authority = readPem<X509>(options.clientAuthorityPem, PEM_read_bio_X509);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), authority);
        X509_free(authority);
        SSL_CTX_set_verify(
            context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    return context;
}

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

ReceivedRequest parseHead(const std::string& head)
{
    ReceivedRequest request;
    request.head = head;
    const size_t space = head.find(' ');
    request.method = head.substr(0, space);
    const size_t end = head.find(' ', space + 1);
    request.path = head.substr(space + 1, end - space - 1);
    size_t at = head.find("\r\n");
    while (at != std::string::npos && at + 2 < head.size()) {
        const size_t next = std::min(head.find("\r\n", at + 2), head.size());
        const std::string line = head.substr(at + 2, next - at - 2);
        const size_t colon = line.find(": ");
        if (colon != std::string::npos)
            request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        at = next;
    }
    return request;
}

// One accepted socket, with or without TLS.
class Connection : public FaultConnection
{
public:
    Connection(int fd, const std::atomic<bool>& stopping)
        : m_fd(fd)
        , m_stopping(stopping)
    {
        const int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }

    ~Connection() override
    {
        if (m_ssl != nullptr) {
            if (m_handshakeDone && !m_reset)
                SSL_shutdown(m_ssl);
            SSL_free(m_ssl);
        }
        if (m_reset) {
            const linger now { 1, 0 };
            setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        }
        close(m_fd);
    }

    bool startTls(SSL_CTX* context)
    {
        m_ssl = SSL_new(context);
        SSL_set_fd(m_ssl, m_fd);
        m_handshakeDone = SSL_accept(m_ssl) == 1;
        ERR_clear_error();
        if (!m_handshakeDone)
            waitForPeer(); // A close with unread bytes is a reset, and would swallow our alert.
        return m_handshakeDone;
    }

    bool send(std::string_view bytes) override
    {
        while (!bytes.empty()) {
            if (m_stopping)
                return false;
            const long sent = write(bytes);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<size_t>(sent));
        }
        return true;
    }

    void hang() override
    {
        while (!m_stopping && !peerGone())
            std::this_thread::yield();
    }

    void drip(std::string_view bytes, std::chrono::milliseconds pause) override
    {
        for (const char byte : bytes) {
            std::this_thread::sleep_for(pause);
            if (!send({ &byte, 1 }))
                return;
        }
    }

    void reset() override { m_reset = true; }
    void keepAlive() override { m_keepAlive = true; }
    bool takeKeepAlive() { return std::exchange(m_keepAlive, false); }
    int fd() const { return m_fd; }

    std::optional<ReceivedRequest> readRequest()
    {
        size_t end = m_received.find("\r\n\r\n");
        while (end == std::string::npos) {
            char buffer[4096];
            const long got = read(buffer, sizeof buffer);
            if (got <= 0)
                return std::nullopt;
            m_received.append(buffer, static_cast<size_t>(got));
            end = m_received.find("\r\n\r\n");
        }
        ReceivedRequest request = parseHead(m_received.substr(0, end + 2));
        m_received.erase(0, end + 4);
        readBody(request);
        describeClient(request);
        return request;
    }

    std::string receive() override
    {
        if (!m_received.empty())
            return std::exchange(m_received, {});
        if ((m_ssl == nullptr || SSL_pending(m_ssl) == 0) && !isReadable())
            return {};
        std::string text(16 * 1024, '\0');
        const long got = read(text.data(), text.size());
        m_open = got > 0;
        text.resize(static_cast<size_t>(std::max(got, 0L)));
        return text;
    }

    bool isOpen() override { return m_open && !m_stopping; }

private:
    bool isReadable() const
    {
        pollfd waiting { m_fd, POLLIN, 0 };
        return poll(&waiting, 1, kPollMs) > 0;
    }

    long read(char* buffer, size_t size)
    {
        const long got
            = m_ssl ? SSL_read(m_ssl, buffer, static_cast<int>(size)) : recv(m_fd, buffer, size, 0);
        ERR_clear_error();
        return got;
    }

    void readBody(ReceivedRequest& request)
    {
        const std::string length = request.header("Content-Length");
        const size_t size = length.empty() ? 0 : std::stoul(length);
        while (m_received.size() < size) {
            char buffer[4096];
            const long got = read(buffer, sizeof buffer);
            if (got <= 0)
                return;
            m_received.append(buffer, static_cast<size_t>(got));
        }
        request.body = m_received.substr(0, size);
        m_received.erase(0, size);
    }

    void waitForPeer() const
    {
        shutdown(m_fd, SHUT_WR);
        char buffer[4096];
        while (recv(m_fd, buffer, sizeof buffer, 0) > 0) { }
    }

    void describeClient(ReceivedRequest& request) const
    {
        if (m_ssl == nullptr)
            return;
        const char* sni = SSL_get_servername(m_ssl, TLSEXT_NAMETYPE_host_name);
        request.sni = sni == nullptr ? "" : sni;
        if (X509* certificate = SSL_get1_peer_certificate(m_ssl)) {
            char name[256] = {};
            X509_NAME_get_text_by_NID(
                X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
            request.clientCertificate = name;
            X509_free(certificate);
        }
    }

    long write(std::string_view bytes) const
    {
        if (m_ssl == nullptr)
            return ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        const int sent = SSL_write(m_ssl, bytes.data(), static_cast<int>(bytes.size()));
        ERR_clear_error();
        return sent;
    }

    bool peerGone() const
    {
        pollfd waiting { m_fd, POLLIN | POLLRDHUP, 0 };
        if (poll(&waiting, 1, kPollMs) <= 0)
            return false;
        if ((waiting.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0)
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(kPollMs)); // Unread bytes.
        return false;
    }

    const int m_fd;
    const std::atomic<bool>& m_stopping;
    SSL* m_ssl = nullptr;
    bool m_handshakeDone = false;
    bool m_reset = false;
    bool m_keepAlive = false;
    bool m_open = true;
    std::string m_received;
};

} // namespace

class FaultServer::Core
{
public:
    Core(FaultHandler handler, FaultServerOptions options)
        : m_handler(std::move(handler))
        , m_options(std::move(options))
        , m_listener(m_options.unixSocket.empty() ? listenOnLoopback()
                                                  : listenOnSocketFile(m_options.unixSocket))
        , m_port(m_options.unixSocket.empty() ? portOf(m_listener) : 0)
    {
        if (m_options.certificate)
            m_context = makeContext(m_options);
        m_acceptor = std::thread([this] { accept(); });
    }

    ~Core()
    {
        m_stopping = true;
        m_acceptor.join();
        close(m_listener);
        {
            const std::lock_guard lock(m_mutex);
            for (const int fd : m_open)
                shutdown(fd, SHUT_RDWR);
        }
        for (std::thread& thread : m_threads)
            thread.join();
    }

    int port() const { return m_port; }
    int connections() const { return m_connections; }

    std::vector<ReceivedRequest> requests() const
    {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }

private:
    void accept()
    {
        while (!m_stopping) {
            pollfd waiting { m_listener, POLLIN, 0 };
            if (poll(&waiting, 1, kPollMs) <= 0)
                continue;
            const int fd = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0)
                continue;
            ++m_connections;
            const std::lock_guard lock(m_mutex);
            m_open.push_back(fd);
            m_threads.emplace_back([this, fd] { serve(fd); });
        }
    }

    void serve(int fd)
    {
        {
            Connection connection(fd, m_stopping);
            talk(connection);
            const std::lock_guard lock(m_mutex);
            m_open.remove(fd);
        }
    }

    void talk(Connection& connection)
    {
        if (m_options.answersBeforeRequest) {
            m_handler(connection, {});
            return;
        }
        if (m_context && !connection.startTls(m_context.get()))
            return;
        if (m_options.answersAfterTls) {
            m_handler(connection, {});
            return;
        }
        do {
            auto request = connection.readRequest();
            if (!request)
                return;
            {
                const std::lock_guard lock(m_mutex);
                m_requests.push_back(*request);
            }
            m_handler(connection, *request);
        } while (connection.takeKeepAlive() && !m_stopping);
    }

    const FaultHandler m_handler;
    const FaultServerOptions m_options;
    const int m_listener;
    const int m_port;
    Context m_context;
    std::atomic<bool> m_stopping { false };
    std::atomic<int> m_connections { 0 };
    std::thread m_acceptor;
    mutable std::mutex m_mutex;
    std::list<int> m_open;
    std::list<std::thread> m_threads;
    std::vector<ReceivedRequest> m_requests;
};

FaultServer::FaultServer(FaultHandler handler, FaultServerOptions options)
    : m_core(std::make_unique<Core>(std::move(handler), std::move(options)))
{
    // OpenSSL writes its goodbye to a peer that may be gone; that is no end of the test.
    std::signal(SIGPIPE, SIG_IGN);
}

FaultServer::~FaultServer() = default;

int FaultServer::port() const
{
    return m_core->port();
}

std::string FaultServer::address() const
{
    return "127.0.0.1:" + std::to_string(port());
}

std::string FaultServer::url(std::string_view path) const
{
    return "http://" + address() + std::string(path);
}

std::vector<ReceivedRequest> FaultServer::requests() const
{
    return m_core->requests();
}

int FaultServer::connections() const
{
    return m_core->connections();
}

std::string ReceivedRequest::header(std::string_view name) const
{
    for (const auto& [key, value] : headers) {
        if (lowered(key) == lowered(name))
            return value;
    }
    return {};
}

std::string httpAnswer(std::string_view body, std::string_view contentType, std::string_view status,
    std::string_view moreHeaders)
{
    std::string text = "HTTP/1.1 " + std::string(status) + "\r\n";
    if (!contentType.empty())
        text += "Content-Type: " + std::string(contentType) + "\r\n";
    text += std::string(moreHeaders);
    return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string gzipOf(std::string_view bytes)
{
    z_stream z {};
    deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&z, bytes.size()), '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

int closedPort()
{
    const int fd = listenOnLoopback();
    const int port = portOf(fd);
    close(fd);
    return port;
}

} // namespace fleetglass::test
