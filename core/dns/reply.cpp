#include "core/dns/reply.h"

#include <algorithm>
#include <ares.h>
#include <arpa/inet.h>
#include <array>
#include <memory>
#include <netdb.h>

namespace fleetglass::dns {

namespace {

// The classic type numbers of RFC 1035, 3596 and 2782.
constexpr int kTypeA = 1;
constexpr int kTypeNs = 2;
constexpr int kTypeMx = 15;
constexpr int kTypeAaaa = 28;
constexpr int kTypeSrv = 33;

using Reply = std::span<const unsigned char>;
using Records = std::vector<Record>;

int sizeOf(Reply reply)
{
    return static_cast<int>(reply.size());
}

// How many answers the header announces; each address takes 16 bytes at least, so it cannot be
// made to ask for much memory.
int answersOf(Reply reply)
{
    const int announced = reply.size() < 12 ? 0 : reply[6] << 8 | reply[7];
    return std::min(announced, sizeOf(reply) / 12 + 1);
}

// c-ares takes the final dot away; upstream's labels have it.
std::string rooted(const char* host)
{
    std::string name = host == nullptr ? "" : host;
    if (!name.ends_with('.'))
        name += '.';
    return name;
}

std::string textOf(const in_addr& address)
{
    std::array<char, INET6_ADDRSTRLEN> text {};
    return inet_ntop(AF_INET, &address, text.data(), text.size());
}

// An IPv4 address in IPv6 is shown as the former (Go's net.IP.String).
std::string textOf(const ares_in6_addr& address)
{
    std::array<char, INET6_ADDRSTRLEN> text {};
    const unsigned char* bytes = address._S6_un._S6_u8;
    constexpr std::array<unsigned char, 12> kMapped { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    if (std::equal(kMapped.begin(), kMapped.end(), bytes))
        return inet_ntop(AF_INET, bytes + kMapped.size(), text.data(), text.size());
    return inet_ntop(AF_INET6, bytes, text.data(), text.size());
}

int readV4(Reply reply, Records& records)
{
    int count = answersOf(reply);
    std::vector<ares_addrttl> found(static_cast<size_t>(count));
    const int status
        = ares_parse_a_reply(reply.data(), sizeOf(reply), nullptr, found.data(), &count);
    for (int i = 0; status == ARES_SUCCESS && i < count; ++i)
        records.push_back({ textOf(found[static_cast<size_t>(i)].ipaddr), 0 });
    return status;
}

int readV6(Reply reply, Records& records)
{
    int count = answersOf(reply);
    std::vector<ares_addr6ttl> found(static_cast<size_t>(count));
    const int status
        = ares_parse_aaaa_reply(reply.data(), sizeOf(reply), nullptr, found.data(), &count);
    for (int i = 0; status == ARES_SUCCESS && i < count; ++i)
        records.push_back({ textOf(found[static_cast<size_t>(i)].ip6addr), 0 });
    return status;
}

int readSrv(Reply reply, Records& records)
{
    ares_srv_reply* list = nullptr;
    const int status = ares_parse_srv_reply(reply.data(), sizeOf(reply), &list);
    for (const ares_srv_reply* record = list; record != nullptr; record = record->next)
        records.push_back({ rooted(record->host), record->port });
    ares_free_data(list);
    return status;
}

int readMx(Reply reply, Records& records)
{
    ares_mx_reply* list = nullptr;
    const int status = ares_parse_mx_reply(reply.data(), sizeOf(reply), &list);
    for (const ares_mx_reply* record = list; record != nullptr; record = record->next)
        records.push_back({ rooted(record->host), 0 });
    ares_free_data(list);
    return status;
}

int readNs(Reply reply, Records& records)
{
    hostent* host = nullptr;
    const int status = ares_parse_ns_reply(reply.data(), sizeOf(reply), &host);
    if (status != ARES_SUCCESS)
        return status;
    for (char** name = host->h_aliases; name != nullptr && *name != nullptr; ++name)
        records.push_back({ rooted(*name), 0 });
    ares_free_hostent(host);
    return status;
}

int readType(Reply reply, RecordType type, Records& records)
{
    switch (type) {
    case RecordType::A:
        return readV4(reply, records);
    case RecordType::Aaaa:
        return readV6(reply, records);
    case RecordType::Srv:
        return readSrv(reply, records);
    case RecordType::Mx:
        return readMx(reply, records);
    case RecordType::Ns:
        return readNs(reply, records);
    }
    return ARES_EBADQUERY;
}

} // namespace

const char* toWord(RecordType type)
{
    constexpr std::array kWords { "A", "AAAA", "SRV", "MX", "NS" };
    return kWords.at(static_cast<size_t>(type));
}

int wireType(RecordType type)
{
    constexpr std::array kTypes { kTypeA, kTypeAaaa, kTypeSrv, kTypeMx, kTypeNs };
    return kTypes.at(static_cast<size_t>(type));
}

Result<std::vector<Record>> recordsOf(std::span<const unsigned char> reply, RecordType type)
{
    Records records;
    const int status = readType(reply, type, records);
    if (status != ARES_SUCCESS && status != ARES_ENODATA)
        return failure(explainStatus(status));
    return records;
}

std::string explainStatus(int status)
{
    switch (status) {
    case ARES_ETIMEOUT:
        return "the name server did not answer";
    case ARES_ECONNREFUSED:
        return "no name server could be reached";
    case ARES_ESERVFAIL:
        return "the name server failed (SERVFAIL)";
    case ARES_EREFUSED:
        return "the name server refused to answer (REFUSED)";
    case ARES_ENOTIMP:
        return "the name server does not know this kind of question (NOTIMP)";
    case ARES_EBADRESP:
        return "the name server's answer is damaged";
    case ARES_EBADNAME:
        return "this is no name that can be looked up";
    default:
        return ares_strerror(status);
    }
}

} // namespace fleetglass::dns
