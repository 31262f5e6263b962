#include "core/discovery/consul_targets.h"

namespace fleetglass::discovery {

namespace {

constexpr const char* kPrefix = "__meta_consul_";
constexpr std::string_view kNodeMaintenance = "_node_maintenance";
constexpr std::string_view kServiceMaintenance = "_service_maintenance:";

std::string label(const char* name)
{
    return std::string(kPrefix) + name;
}

// The separator stands around the list as well, so that an expression need not care for places.
std::string joinedTags(const Json& tags, const std::string& separator)
{
    std::string text = separator;
    bool first = true;
    for (const Json& tag : listFrom(tags)) {
        text += (first ? "" : separator) + textOf(tag);
        first = false;
    }
    return text + separator;
}

} // namespace

std::string aggregatedHealth(const Json& checks)
{
    bool warning = false;
    bool critical = false;
    bool maintenance = false;
    for (const Json& check : listFrom(checks)) {
        const std::string id = textOf(check, "CheckID");
        const std::string status = textOf(check, "Status");
        if (id == kNodeMaintenance || id.starts_with(kServiceMaintenance))
            maintenance = true;
        else if (status == "critical")
            critical = true;
        else if (status == "warning")
            warning = true;
        else if (status != "passing")
            return {};
    }
    if (maintenance)
        return "maintenance";
    if (critical)
        return "critical";
    return warning ? "warning" : "passing";
}

std::vector<TargetGroup> consulTargets(const Json& instances, const std::string& service,
    const std::string& datacenter, const std::string& tagSeparator)
{
    std::vector<TargetGroup> groups;
    for (const Json& instance : listFrom(instances)) {
        const Json& node = memberOf(instance, "Node");
        const Json& offered = memberOf(instance, "Service");
        const std::string port = std::to_string(numberOf(offered, "Port"));
        const std::string nodeAddress = textOf(node, "Address");
        // A service may have been registered through another node.
        const std::string ownAddress = textOf(offered, "Address");
        MetaLabels labels;
        labels[label("service")] = service;
        labels[label("dc")] = datacenter;
        labels[label("address")] = nodeAddress;
        labels[label("node")] = textOf(node, "Node");
        labels[label("namespace")] = textOf(offered, "Namespace");
        labels[label("partition")] = textOf(offered, "Partition");
        labels[label("tags")] = joinedTags(memberOf(offered, "Tags"), tagSeparator);
        labels[label("service_address")] = ownAddress;
        labels[label("service_port")] = port;
        labels[label("service_id")] = textOf(offered, "ID");
        labels[label("health")] = aggregatedHealth(memberOf(instance, "Checks"));
        addFamily(labels, label("metadata_"), textMapOf(node, "Meta"));
        addFamily(labels, label("service_metadata_"), textMapOf(offered, "Meta"));
        addFamily(labels, label("tagged_address_"), textMapOf(node, "TaggedAddresses"));
        groups.push_back(oneTarget(
            joinHostPort(ownAddress.empty() ? nodeAddress : ownAddress, port), labels, service));
    }
    return groups;
}

} // namespace fleetglass::discovery
