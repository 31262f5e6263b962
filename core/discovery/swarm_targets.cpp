#include "core/discovery/swarm_targets.h"

#include "core/discovery/docker_targets.h"

#include <algorithm>

namespace fleetglass::discovery {

namespace {

constexpr const char* kPrefix = "__meta_dockerswarm_";
constexpr const char* kSource = "DockerSwarm";

using LabelsById = std::map<std::string, MetaLabels>;
using Groups = std::vector<TargetGroup>;

std::string label(const char* name)
{
    return std::string(kPrefix) + name;
}

std::string serviceMode(const Json& service)
{
    const Json& mode = memberAt(service, { "Spec", "Mode" });
    if (!memberOf(mode, "Global").is_null())
        return "global";
    return memberOf(mode, "Replicated").is_null() ? "" : "replicated";
}

// What services and their tasks share.
MetaLabels serviceLabels(const Json& service)
{
    MetaLabels labels;
    labels[label("service_id")] = textOf(service, "ID");
    labels[label("service_name")] = textOf(memberAt(service, { "Spec", "Name" }));
    labels[label("service_mode")] = serviceMode(service);
    addFamily(labels, label("service_label_"), textMapOf(memberOf(service, "Spec"), "Labels"));
    return labels;
}

// What nodes and the tasks on them share.
MetaLabels nodeLabels(const Json& node)
{
    const Json& description = memberOf(node, "Description");
    MetaLabels labels;
    labels[label("node_id")] = textOf(node, "ID");
    labels[label("node_role")] = textOf(memberAt(node, { "Spec", "Role" }));
    labels[label("node_availability")] = textOf(memberAt(node, { "Spec", "Availability" }));
    labels[label("node_hostname")] = textOf(description, "Hostname");
    labels[label("node_platform_architecture")]
        = textOf(memberAt(description, { "Platform", "Architecture" }));
    labels[label("node_platform_os")] = textOf(memberAt(description, { "Platform", "OS" }));
    labels[label("node_status")] = textOf(memberAt(node, { "Status", "State" }));
    labels[label("node_address")] = textOf(memberAt(node, { "Status", "Addr" }));
    addFamily(labels, label("node_label_"), textMapOf(memberOf(node, "Spec"), "Labels"));
    return labels;
}

LabelsById labelsById(const Json& list, MetaLabels (*labelsOf)(const Json&))
{
    LabelsById byId;
    for (const Json& item : listFrom(list))
        byId[textOf(item, "ID")] = labelsOf(item);
    return byId;
}

// As Go's maps.Copy: what is there is overwritten.
void addAll(MetaLabels& labels, const LabelsById& byId, const std::string& id)
{
    const auto found = byId.find(id);
    if (found == byId.end())
        return;
    for (const auto& [name, value] : found->second)
        labels[name] = value;
}

tl::unexpected<Error> badAddress(const std::string& address)
{
    return failure("error while parsing address " + address
        + ": an address with a prefix "
          "length is needed, like 10.0.0.3/24");
}

Groups nodeTargets(const Json& nodes, int port)
{
    Groups groups;
    for (const Json& node : listFrom(nodes)) {
        MetaLabels labels = nodeLabels(node);
        labels[label("node_engine_version")]
            = textOf(memberAt(node, { "Description", "Engine", "EngineVersion" }));
        const Json& manager = memberOf(node, "ManagerStatus");
        if (manager.is_object()) {
            labels[label("node_manager_leader")] = booleanOf(manager, "Leader") ? "true" : "false";
            labels[label("node_manager_reachability")] = textOf(manager, "Reachability");
            labels[label("node_manager_address")] = textOf(manager, "Addr");
        }
        groups.push_back(
            oneTarget(joinHostPort(labels[label("node_address")], port), labels, kSource));
    }
    return groups;
}

MetaLabels wholeServiceLabels(const Json& service)
{
    const Json& container = memberAt(service, { "Spec", "TaskTemplate", "ContainerSpec" });
    MetaLabels labels = serviceLabels(service);
    labels[label("service_task_container_hostname")] = textOf(container, "Hostname");
    labels[label("service_task_container_image")] = textOf(container, "Image");
    labels[label("service_updating_status")]
        = textOf(memberAt(service, { "UpdateStatus", "State" }));
    return labels;
}

void addService(const Json& service, const std::string& address, const MetaLabels& common, int port,
    Groups& groups)
{
    bool added = false;
    for (const Json& endpoint : listFrom(memberAt(service, { "Endpoint", "Ports" }))) {
        if (textOf(endpoint, "Protocol") != "tcp")
            continue;
        MetaLabels labels = common;
        labels[label("service_endpoint_port_name")] = textOf(endpoint, "Name");
        labels[label("service_endpoint_port_publish_mode")] = textOf(endpoint, "PublishMode");
        groups.push_back(
            oneTarget(joinHostPort(address, numberOf(endpoint, "PublishedPort")), labels, kSource));
        added = true;
    }
    if (!added)
        groups.push_back(oneTarget(joinHostPort(address, port), common, kSource));
}

Result<Groups> serviceTargets(const SwarmAnswers& answers, int port)
{
    const LabelsById networks = networkLabels(answers.networks, kPrefix);
    Groups groups;
    for (const Json& service : listFrom(answers.services)) {
        for (const Json& virtualIp : listFrom(memberAt(service, { "Endpoint", "VirtualIPs" }))) {
            const std::string cidr = textOf(virtualIp, "Addr");
            if (cidr.empty())
                continue; // The network has not given one yet.
            const std::string address = addressOfCidr(cidr);
            if (address.empty())
                return badAddress(cidr);
            MetaLabels labels = wholeServiceLabels(service);
            addAll(labels, networks, textOf(virtualIp, "NetworkID"));
            addService(service, address, labels, port, groups);
        }
    }
    return groups;
}

// Builds the targets of tasks; the tables are made once for all of them.
class TaskTargets
{
public:
    TaskTargets(const SwarmAnswers& answers, int port)
        : m_containers(answers.containerLabels)
        , m_services(labelsById(answers.services, serviceLabels))
        , m_nodes(labelsById(answers.nodes, nodeLabels))
        , m_networks(networkLabels(answers.networks, kPrefix))
        , m_port(port)
    {
        for (const Json& service : listFrom(answers.services))
            m_ports[textOf(service, "ID")] = &memberAt(service, { "Endpoint", "Ports" });
    }

    Result<void> add(const Json& task)
    {
        const MetaLabels common = labelsOf(task);
        addPublished(task, common);
        for (const Json& attachment : listOf(task, "NetworksAttachments")) {
            MetaLabels labels = common;
            addAll(labels, m_networks, textOf(memberAt(attachment, { "Network", "ID" })));
            for (const Json& cidr : listOf(attachment, "Addresses")) {
                const std::string address = addressOfCidr(textOf(cidr));
                if (address.empty())
                    return badAddress(textOf(cidr));
                addAttached(task, address, labels);
            }
        }
        return {};
    }

    Groups take() { return std::move(m_groups); }

private:
    MetaLabels labelsOf(const Json& task) const
    {
        const Json& status = memberOf(task, "Status");
        const std::string container
            = textOf(memberAt(status, { "ContainerStatus", "ContainerID" }));
        MetaLabels labels;
        labels[label("task_id")] = textOf(task, "ID");
        labels[label("task_desired_state")] = textOf(task, "DesiredState");
        labels[label("task_state")] = textOf(status, "State");
        labels[label("task_slot")] = std::to_string(numberOf(task, "Slot"));
        labels[label("task_container_id")] = container;
        const Json& spec = memberAt(task, { "Spec", "ContainerSpec" });
        if (!spec.is_null()) {
            const auto known = m_containers.find(container);
            if (known != m_containers.end())
                addFamily(labels, label("container_label_"), known->second);
            addFamily(labels, label("container_label_"), textMapOf(spec, "Labels"));
        }
        addAll(labels, m_services, textOf(task, "ServiceID"));
        addAll(labels, m_nodes, textOf(task, "NodeID"));
        return labels;
    }

    // Ports in host mode are on the task itself.
    void addPublished(const Json& task, const MetaLabels& common)
    {
        const auto node = common.find(label("node_address"));
        const std::string address = node == common.end() ? std::string() : node->second;
        for (const Json& port : listFrom(memberAt(task, { "Status", "PortStatus", "Ports" }))) {
            if (textOf(port, "Protocol") == "tcp")
                addPort(port, address, common);
        }
    }

    void addAttached(const Json& task, const std::string& address, const MetaLabels& labels)
    {
        bool added = false;
        const auto ports = m_ports.find(textOf(task, "ServiceID"));
        if (ports != m_ports.end()) {
            for (const Json& port : listFrom(*ports->second)) {
                if (textOf(port, "Protocol") != "tcp")
                    continue;
                addPort(port, address, labels);
                added = true;
            }
        }
        if (!added)
            m_groups.push_back(oneTarget(joinHostPort(address, m_port), labels, kSource));
    }

    void addPort(const Json& port, const std::string& address, MetaLabels labels)
    {
        labels[label("task_port_publish_mode")] = textOf(port, "PublishMode");
        m_groups.push_back(
            oneTarget(joinHostPort(address, numberOf(port, "PublishedPort")), labels, kSource));
    }

    const LabelsById& m_containers;
    const LabelsById m_services;
    const LabelsById m_nodes;
    const LabelsById m_networks;
    const int m_port;
    std::map<std::string, const Json*> m_ports; // Of each service.
    Groups m_groups;
};

} // namespace

Result<std::vector<TargetGroup>> swarmTargets(
    const SwarmAnswers& answers, const SwarmOptions& options)
{
    if (options.role == "nodes")
        return nodeTargets(answers.nodes, options.port);
    if (options.role == "services")
        return serviceTargets(answers, options.port);
    TaskTargets targets(answers, options.port);
    for (const Json& task : listFrom(answers.tasks)) {
        if (auto added = targets.add(task); !added)
            return failure(added.error());
    }
    return targets.take();
}

std::vector<std::string> taskContainers(const Json& tasks)
{
    std::vector<std::string> ids;
    for (const Json& task : listFrom(tasks)) {
        std::string id = textOf(memberAt(task, { "Status", "ContainerStatus", "ContainerID" }));
        // What is no id would be a path of the API.
        const bool isId = !id.empty() && std::all_of(id.begin(), id.end(), [](unsigned char c) {
            return std::isalnum(c) || c == '_' || c == '-' || c == '.';
        });
        if (isId)
            ids.push_back(std::move(id));
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

} // namespace fleetglass::discovery
