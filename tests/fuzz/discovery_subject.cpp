#include "core/discovery/consul_targets.h"
#include "core/discovery/docker_targets.h"
#include "core/discovery/source.h"
#include "core/discovery/swarm_targets.h"
#include "core/dns/reply.h"
#include "tests/fuzz/subject.h"

#include <algorithm>
#include <cctype>

namespace fleetglass::fuzz {

namespace {

using discovery::Json;
using Groups = std::vector<discovery::TargetGroup>;

// Each group of an API is one target, and relabelling can take what it carries.
Complaint checkGroups(const Groups& groups)
{
    for (const discovery::TargetGroup& group : groups) {
        if (group.targets.size() != 1)
            return "a group of " + std::to_string(group.targets.size()) + " targets";
        for (const auto& [name, value] : group.labels) {
            const bool plain = std::all_of(name.begin(), name.end(),
                [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
            if (!plain || !name.starts_with("__meta_"))
                return "the label name " + name;
            if (value.empty())
                return "no value of " + name;
        }
    }
    return std::nullopt;
}

Complaint checkSwarm(const Json& json, Mutator& random)
{
    const char* const roles[] = { "nodes", "services", "tasks" };
    discovery::SwarmOptions options;
    options.role = roles[random.below(3)];
    discovery::SwarmAnswers answers { json, json, json, json, {} };
    for (const std::string& id : discovery::taskContainers(json))
        answers.containerLabels[id] = { { id, "x" } };
    const auto groups = discovery::swarmTargets(answers, options);
    if (!groups)
        return groups.error().message.empty() ? Complaint("failed without a message")
                                              : std::nullopt;
    return checkGroups(*groups);
}

Complaint checkApis(const Json& json, Mutator& random)
{
    discovery::DockerOptions docker;
    docker.matchFirstNetwork = random.below(2) == 1;
    if (const Complaint complaint = checkGroups(discovery::dockerTargets(json, json, docker)))
        return complaint;
    if (const Complaint complaint = checkGroups(discovery::consulTargets(json, "web", "dc1", ",")))
        return complaint;
    return checkSwarm(json, random);
}

Complaint checkReply(const std::string& input)
{
    using enum dns::RecordType;
    const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
    for (const dns::RecordType type : { A, Aaaa, Srv, Mx, Ns }) {
        const auto records = dns::recordsOf({ bytes, input.size() }, type);
        if (!records && records.error().message.empty())
            return "failed without a message";
        if (records && records->size() > input.size())
            return "more records than bytes";
    }
    return std::nullopt;
}

Complaint check(const std::string& input, Mutator& random)
{
    if (const Complaint complaint = checkReply(input))
        return complaint;
    const auto groups = discovery::groupsFromJson(input);
    if (!groups && groups.error().message.empty())
        return "failed without a message";
    const auto json = discovery::parseJson(input);
    return json ? checkApis(*json, random) : std::nullopt;
}

// An answer of two A records behind one alias.
std::string reply()
{
    return std::string("\x12\x34\x81\x80\x00\x01\x00\x03\x00\x00\x00\x00", 12)
        + std::string("\x01\x61\x04test\x00\x00\x01\x00\x01", 13)
        + std::string("\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x1e\x00\x04\x01\x62\xc0\x0e", 16)
        + std::string("\xc0\x24\x00\x01\x00\x01\x00\x00\x00\x1e\x00\x04\x7f\x00\x00\x01", 16)
        + std::string("\xc0\x24\x00\x01\x00\x01\x00\x00\x00\x1e\x00\x04\x7f\x00\x00\x02", 16);
}

} // namespace

Subject discoverySubject()
{
    return { "discovery",
        { reply(), R"([{"targets": ["a:1"], "labels": {"k": "v"}}])",
            R"([{"Id": "c1", "Names": ["/a"], "Image": "i", "HostConfig": {"NetworkMode":
               "container:c1"}, "Labels": {"x.y": "z"}, "Ports": [{"PrivatePort": 80, "PublicPort":
               8080, "IP": "0.0.0.0", "Type": "tcp"}], "NetworkSettings": {"Networks": {"n":
               {"NetworkID": "n1", "IPAddress": "10.0.0.2", "GlobalIPv6Address": "fd00::2"}}}}])",
            R"([{"ID": "t1", "Slot": 1, "ServiceID": "t1", "NodeID": "t1", "Spec": {"Name": "s",
               "Labels": {"a-b": "c"}, "ContainerSpec": {"Labels": {"d": "e"}}, "Mode":
               {"Global": {}}, "Role": "manager"}, "Status": {"State": "ready", "Addr":
               "10.0.0.1", "ContainerStatus": {"ContainerID": "c1"}, "PortStatus": {"Ports":
               [{"Protocol": "tcp", "PublishedPort": 1}]}}, "Endpoint": {"Ports": [{"Protocol":
               "tcp", "PublishedPort": 9}], "VirtualIPs": [{"Addr": "10.0.0.3/24"}]},
               "NetworksAttachments": [{"Network": {"ID": "t1"}, "Addresses": ["fd00::3/64"]}]}])",
            R"([{"Node": {"Node": "n", "Address": "10.0.0.1", "Meta": {"r k": "1"},
               "TaggedAddresses": {"lan": "x"}}, "Service": {"ID": "w", "Port": 80, "Tags":
               ["a", "b"], "Meta": {"v": "2"}}, "Checks": [{"CheckID": "_node_maintenance",
               "Status": "passing"}]}])" },
        { "\"Labels\"", "\"Networks\"", "\"Ports\"", "null", "{}", "[]", "\"tcp\"",
            "container:", "10.0.0.3/33", "fd00::/129", "-1", "18446744073709551616", "\xc0\x0c" },
        check };
}

} // namespace fleetglass::fuzz
