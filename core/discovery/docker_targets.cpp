#include "core/discovery/docker_targets.h"

namespace fleetglass::discovery {

namespace {

constexpr const char* kPrefix = "__meta_docker_";
constexpr const char* kSource = "Docker";
constexpr std::string_view kSharedMode = "container:";
constexpr int kSharedDepthMax = 16;

std::string label(const char* name)
{
    return std::string(kPrefix) + name;
}

std::string networkModeOf(const Json& container)
{
    return textOf(memberAt(container, { "HostConfig", "NetworkMode" }));
}

MetaLabels containerLabels(const Json& container)
{
    MetaLabels labels;
    labels[label("container_id")] = textOf(container, "Id");
    labels[label("container_name")] = textOf(listOf(container, "Names").front());
    labels[label("container_image")] = textOf(container, "Image");
    labels[label("container_image_id")] = textOf(container, "ImageID");
    labels[label("container_network_mode")] = networkModeOf(container);
    addFamily(labels, label("container_label_"), textMapOf(container, "Labels"));
    return labels;
}

// A container may use the networks of another one, which may do so as well.
const Json& networksOf(const Json& container, const std::map<std::string, const Json*>& byId)
{
    const Json* place = &container;
    for (int depth = 0; depth < kSharedDepthMax; ++depth) {
        const Json& networks = memberAt(*place, { "NetworkSettings", "Networks" });
        const std::string mode = networkModeOf(*place);
        if ((networks.is_object() && !networks.empty()) || !mode.starts_with(kSharedMode))
            return networks;
        const auto other = byId.find(mode.substr(kSharedMode.size()));
        if (other == byId.end())
            return networks;
        place = other->second;
    }
    static const Json kNone; // They only point at each other.
    return kNone;
}

class Targets
{
public:
    Targets(const Json& networks, const DockerOptions& options)
        : m_networkLabels(networkLabels(networks, kPrefix))
        , m_options(options)
    {
    }

    void addContainer(const Json& container, const Json& networks)
    {
        if (!networks.is_object())
            return;
        const MetaLabels common = containerLabels(container);
        for (const auto& [name, network] : networks.items()) { // By name.
            if (network.is_null())
                continue;
            addNetwork(container, network, common);
            if (m_options.matchFirstNetwork)
                return;
        }
    }

    std::vector<TargetGroup> take() { return std::move(m_groups); }

private:
    void addNetwork(const Json& container, const Json& network, const MetaLabels& common)
    {
        const std::string v4 = textOf(network, "IPAddress");
        const std::string address = v4.empty() ? textOf(network, "GlobalIPv6Address") : v4;
        MetaLabels labels = common;
        labels[label("network_ip")] = address;
        const auto more = m_networkLabels.find(textOf(network, "NetworkID"));
        if (more != m_networkLabels.end())
            labels.insert(more->second.begin(), more->second.end());
        bool added = false;
        for (const Json& port : listOf(container, "Ports")) {
            if (textOf(port, "Type") != "tcp")
                continue;
            addPort(port, address, labels);
            added = true;
        }
        // Also all containers in host mode: they have no ports of their own.
        if (!added)
            add(networkModeOf(container) == "host" ? m_options.hostNetworkingHost
                                                   : joinHostPort(address, m_options.port),
                labels);
    }

    void addPort(const Json& port, const std::string& address, MetaLabels labels)
    {
        const int64_t inside = numberOf(port, "PrivatePort");
        const int64_t outside = numberOf(port, "PublicPort");
        labels[label("port_private")] = std::to_string(inside);
        if (outside > 0) {
            labels[label("port_public")] = std::to_string(outside);
            labels[label("port_public_ip")] = textOf(port, "IP");
        }
        add(joinHostPort(address, inside), labels);
    }

    void add(const std::string& address, const MetaLabels& labels)
    {
        m_groups.push_back(oneTarget(address, labels, kSource));
    }

    const std::map<std::string, MetaLabels> m_networkLabels;
    const DockerOptions& m_options;
    std::vector<TargetGroup> m_groups;
};

} // namespace

std::map<std::string, MetaLabels> networkLabels(const Json& networks, const std::string& prefix)
{
    const auto word = [](bool is) { return is ? "true" : "false"; };
    std::map<std::string, MetaLabels> byId;
    for (const Json& network : listFrom(networks)) {
        MetaLabels& labels = byId[textOf(network, "Id")];
        labels[prefix + "network_id"] = textOf(network, "Id");
        labels[prefix + "network_name"] = textOf(network, "Name");
        labels[prefix + "network_scope"] = textOf(network, "Scope");
        labels[prefix + "network_internal"] = word(booleanOf(network, "Internal"));
        labels[prefix + "network_ingress"] = word(booleanOf(network, "Ingress"));
        addFamily(labels, prefix + "network_label_", textMapOf(network, "Labels"));
    }
    return byId;
}

std::vector<TargetGroup> dockerTargets(
    const Json& containers, const Json& networks, const DockerOptions& options)
{
    std::map<std::string, const Json*> byId;
    for (const Json& container : listFrom(containers))
        byId[textOf(container, "Id")] = &container;
    Targets targets(networks, options);
    for (const Json& container : listFrom(containers)) {
        if (!listOf(container, "Names").empty())
            targets.addContainer(container, networksOf(container, byId));
    }
    return targets.take();
}

} // namespace fleetglass::discovery
