// DnsServer: a name server of our own on loopback, over UDP and TCP, that answers as a test says:
// records, no such name, a failure, silence, an answer that is cut. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fleetglass::test {

// The type numbers of the wire.
enum class DnsType : uint16_t
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Mx = 15,
    Aaaa = 28,
    Srv = 33
};

struct DnsRecord
{
    DnsType type = DnsType::A;
    std::string value; // An address or a host name.
    uint16_t port = 0;
};

enum class DnsFate
{
    Answer,
    NoSuchName,
    ServerFailure,
    Refused,
    Silence,
    Garbage
};

struct DnsQuestion
{
    std::string name; // "web.example.", lower case
    DnsType type = DnsType::A;
    bool tcp = false;
    bool edns = false;
    friend bool operator==(const DnsQuestion&, const DnsQuestion&) = default;
};

class DnsServer
{
public:
    DnsServer();
    ~DnsServer();
    DnsServer(const DnsServer&) = delete;
    DnsServer& operator=(const DnsServer&) = delete;

    std::string address() const; // "127.0.0.1:PORT"
    // What a name with its final dot answers; names that were not set do not exist. Records of
    // other types than asked for are left out, apart from CNAMEs.
    void set(const std::string& name, std::vector<DnsRecord> records);
    void set(const std::string& name, DnsFate fate);
    std::vector<DnsQuestion> questions() const;

private:
    class Core;
    std::unique_ptr<Core> m_core;
};

} // namespace fleetglass::test
