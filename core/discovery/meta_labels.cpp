#include "core/discovery/meta_labels.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace fleetglass::discovery {

namespace {

bool isLabelCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool isContinuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// The canonical text of an address, in dots also where IPv4 is written as IPv6 (net.IP.String).
std::string canonicalAddress(const std::string& text)
{
    std::array<unsigned char, 16> bytes {};
    std::array<char, INET6_ADDRSTRLEN> shown {};
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1)
        return inet_ntop(AF_INET, bytes.data(), shown.data(), shown.size());
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1)
        return {};
    constexpr std::array<unsigned char, 12> kMapped { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin()))
        return inet_ntop(AF_INET, bytes.data() + kMapped.size(), shown.data(), shown.size());
    return inet_ntop(AF_INET6, bytes.data(), shown.data(), shown.size());
}

} // namespace

std::string sanitizeLabelName(std::string_view name)
{
    std::string result;
    for (size_t i = 0; i < name.size(); ++i) {
        if (isLabelCharacter(name[i])) {
            result += name[i];
            continue;
        }
        result += '_';
        const bool isLead = static_cast<unsigned char>(name[i]) >= 0xc0;
        while (isLead && i + 1 < name.size() && isContinuation(name[i + 1]))
            ++i;
    }
    return result;
}

void addFamily(MetaLabels& labels, std::string_view prefix, const MetaLabels& family)
{
    for (const auto& [key, value] : family)
        labels[std::string(prefix) + sanitizeLabelName(key)] = value;
}

std::string joinHostPort(std::string_view host, std::string_view port)
{
    const bool isV6 = host.find(':') != std::string_view::npos;
    std::string result = isV6 ? "[" : "";
    result += host;
    result += isV6 ? "]:" : ":";
    return result += port;
}

std::string joinHostPort(std::string_view host, int64_t port)
{
    return joinHostPort(host, std::to_string(port));
}

std::string addressOfCidr(const std::string& cidr)
{
    const size_t slash = cidr.find('/');
    if (slash == std::string::npos)
        return {};
    const std::string address = cidr.substr(0, slash);
    int bits = -1;
    const char* end = cidr.data() + cidr.size();
    const auto [stop, error] = std::from_chars(cidr.data() + slash + 1, end, bits);
    const int bitsMax = address.find(':') == std::string::npos ? 32 : 128;
    if (error != std::errc() || stop != end || bits < 0 || bits > bitsMax)
        return {};
    return canonicalAddress(address);
}

TargetGroup oneTarget(std::string address, const MetaLabels& labels, std::string source)
{
    TargetGroup group { { std::move(address) }, {}, std::move(source) };
    for (const auto& [name, value] : labels) {
        if (!value.empty())
            group.labels.emplace_back(name, value);
    }
    return group;
}

} // namespace fleetglass::discovery
