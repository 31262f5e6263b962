#include "tests/support/dns_server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace fleetglass::test {

namespace {

constexpr size_t kPlainUdpMax = 512;

struct Fate
{
    DnsFate kind = DnsFate::NoSuchName;
    std::vector<DnsRecord> records;
};

void add16(std::string& bytes, size_t number)
{
    bytes += static_cast<char>(number >> 8 & 0xff);
    bytes += static_cast<char>(number & 0xff);
}

size_t read16(std::string_view bytes, size_t at)
{
    if (at + 2 > bytes.size())
        return 0;
    return static_cast<size_t>(static_cast<unsigned char>(bytes[at])) << 8
        | static_cast<unsigned char>(bytes[at + 1]);
}

void addName(std::string& bytes, std::string_view name)
{
    while (!name.empty() && name != ".") {
        const size_t dot = std::min(name.find('.'), name.size());
        bytes += static_cast<char>(dot);
        bytes += name.substr(0, dot);
        name.remove_prefix(std::min(dot + 1, name.size()));
    }
    bytes += '\0';
}

struct Parsed
{
    DnsQuestion question;
    size_t end = 0; // Behind the question.
    size_t udpMax = kPlainUdpMax;
};

Parsed parse(std::string_view query)
{
    Parsed parsed;
    size_t at = 12;
    while (at < query.size() && query[at] != 0) {
        const auto length = static_cast<unsigned char>(query[at]);
        parsed.question.name += std::string(query.substr(at + 1, length)) + '.';
        at += length + 1u;
    }
    for (char& c : parsed.question.name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    parsed.question.type = static_cast<DnsType>(read16(query, at + 1));
    parsed.end = at + 5;
    // One more record, without a name: the OPT of EDNS, whose class is the size it can take.
    parsed.question.edns = read16(query, 10) == 1;
    if (parsed.question.edns)
        parsed.udpMax = std::max(kPlainUdpMax, read16(query, parsed.end + 3));
    return parsed;
}

std::string dataOf(const DnsRecord& record)
{
    std::string data;
    std::array<char, 16> address {};
    if (record.type == DnsType::A || record.type == DnsType::Aaaa) {
        const bool isV4 = record.type == DnsType::A;
        inet_pton(isV4 ? AF_INET : AF_INET6, record.value.c_str(), address.data());
        return { address.data(), isV4 ? 4u : 16u };
    }
    if (record.type == DnsType::Srv) {
        add16(data, 10);
        add16(data, 60);
        add16(data, record.port);
    } else if (record.type == DnsType::Mx) {
        add16(data, 5);
    }
    addName(data, record.value);
    return data;
}

// Empty for silence.
std::string answerTo(std::string_view query, const Parsed& parsed, const Fate& fate, bool tcp)
{
    if (fate.kind == DnsFate::Silence)
        return {};
    if (fate.kind == DnsFate::Garbage)
        return std::string(query.substr(0, 2)) + "\x81\x80" + std::string(9, '\xff');
    size_t count = 0;
    std::string body;
    for (const DnsRecord& record : fate.records) {
        if (record.type != parsed.question.type && record.type != DnsType::Cname)
            continue;
        std::string bytes("\xc0\x0c", 2); // The name of the question.
        add16(bytes, static_cast<size_t>(record.type));
        add16(bytes, 1);
        add16(bytes, 0);
        add16(bytes, 30);
        const std::string data = dataOf(record);
        add16(bytes, data.size());
        body += bytes + data;
        ++count;
    }
    const bool cut = !tcp && parsed.end + body.size() > parsed.udpMax;
    size_t code = 0;
    if (fate.kind != DnsFate::Answer)
        code = fate.kind == DnsFate::NoSuchName ? 3 : fate.kind == DnsFate::Refused ? 5 : 2;
    std::string answer(query.substr(0, 2));
    add16(answer, 0x8180 | (cut ? 0x0200u : 0u) | code);
    add16(answer, 1);
    add16(answer, cut ? 0 : count);
    add16(answer, 0);
    add16(answer, 0);
    answer += query.substr(12, parsed.end - 12);
    return cut ? answer : answer + body;
}

int listenOn(int kind, uint16_t& port)
{
    const int fd = socket(AF_INET, kind | SOCK_CLOEXEC, 0);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof(address);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    const bool bound = bind(fd, plain, size) == 0 && (kind != SOCK_STREAM || listen(fd, 16) == 0)
        && getsockname(fd, plain, &size) == 0;
    if (!bound) {
        close(fd);
        return -1;
    }
    port = ntohs(address.sin_port);
    return fd;
}

} // namespace

class DnsServer::Core
{
public:
    Core()
    {
        for (int attempt = 0; attempt < 50 && m_tcp < 0; ++attempt) {
            m_port = 0;
            m_udp = listenOn(SOCK_DGRAM, m_port);
            m_tcp = listenOn(SOCK_STREAM, m_port);
            if (m_tcp < 0)
                close(m_udp);
        }
        if (m_tcp < 0)
            throw std::runtime_error("no port for a name server");
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
    ~Core()
    {
        m_thread.request_stop();
        m_thread.join();
        for (const int fd : m_connections)
            close(fd);
        close(m_udp);
        close(m_tcp);
    }
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    uint16_t port() const { return m_port; }
    void set(const std::string& name, Fate fate)
    {
        const std::lock_guard lock(m_mutex);
        m_fates[name] = std::move(fate);
    }
    std::vector<DnsQuestion> questions() const
    {
        const std::lock_guard lock(m_mutex);
        return m_questions;
    }

private:
    void run(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            std::vector<pollfd> fds { { m_udp, POLLIN, 0 }, { m_tcp, POLLIN, 0 } };
            for (const int fd : m_connections)
                fds.push_back({ fd, POLLIN, 0 });
            poll(fds.data(), fds.size(), 20);
            if (fds[0].revents != 0)
                serveUdp();
            for (size_t i = 2; i < fds.size(); ++i) {
                if (fds[i].revents != 0 && !serveTcp(fds[i].fd)) {
                    close(fds[i].fd);
                    std::erase(m_connections, fds[i].fd);
                }
            }
            if (fds[1].revents != 0)
                m_connections.push_back(accept(m_tcp, nullptr, nullptr));
        }
    }

    std::string reply(std::string_view query, bool tcp)
    {
        Parsed parsed = parse(query);
        parsed.question.tcp = tcp;
        const std::lock_guard lock(m_mutex);
        m_questions.push_back(parsed.question);
        const auto fate = m_fates.find(parsed.question.name);
        return answerTo(query, parsed, fate == m_fates.end() ? Fate {} : fate->second, tcp);
    }

    void serveUdp()
    {
        std::array<char, 4'096> buffer {};
        sockaddr_in peer {};
        socklen_t size = sizeof(peer);
        auto* plain = reinterpret_cast<sockaddr*>(&peer);
        const ssize_t got = recvfrom(m_udp, buffer.data(), buffer.size(), 0, plain, &size);
        if (got < 12)
            return;
        const std::string answer = reply({ buffer.data(), static_cast<size_t>(got) }, false);
        if (!answer.empty())
            sendto(m_udp, answer.data(), answer.size(), 0, plain, size);
    }

    // A query is small: it comes whole, behind its length.
    bool serveTcp(int fd)
    {
        std::array<char, 4'096> buffer {};
        const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
        if (got < 14)
            return false;
        const std::string answer = reply({ buffer.data() + 2, static_cast<size_t>(got) - 2 }, true);
        if (answer.empty())
            return true;
        std::string framed;
        add16(framed, answer.size());
        framed += answer;
        return send(fd, framed.data(), framed.size(), MSG_NOSIGNAL)
            == static_cast<ssize_t>(framed.size());
    }

    uint16_t m_port = 0;
    int m_udp = -1;
    int m_tcp = -1;
    std::vector<int> m_connections; // Of the thread alone.
    mutable std::mutex m_mutex;
    std::map<std::string, Fate> m_fates;
    std::vector<DnsQuestion> m_questions;
    std::jthread m_thread;
};

DnsServer::DnsServer()
    : m_core(std::make_unique<Core>())
{
}

DnsServer::~DnsServer() = default;

std::string DnsServer::address() const
{
    return "127.0.0.1:" + std::to_string(m_core->port());
}

void DnsServer::set(const std::string& name, std::vector<DnsRecord> records)
{
    m_core->set(name, { DnsFate::Answer, std::move(records) });
}

void DnsServer::set(const std::string& name, DnsFate fate)
{
    m_core->set(name, { fate, {} });
}

std::vector<DnsQuestion> DnsServer::questions() const
{
    return m_core->questions();
}

} // namespace fleetglass::test
