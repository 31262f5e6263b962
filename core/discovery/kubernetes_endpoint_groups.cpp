// The roles endpoints and endpointslice: both walk addresses and ports, and both end with the ports
// of the pods they met that no endpoint named.
#include "core/discovery/kubernetes_groups.h"

#include <algorithm>
#include <set>

namespace fleetglass::discovery::kubernetes {

namespace {

std::string name(std::string_view suffix)
{
    return std::string(kMetaPrefix) + std::string(suffix);
}

void setIf(MetaLabels& labels, std::string_view suffix, const std::optional<std::string>& value)
{
    if (value)
        labels[name(suffix)] = *value;
}

void setIf(MetaLabels& labels, std::string_view suffix, const std::optional<bool>& value)
{
    if (value)
        labels[name(suffix)] = *value ? "true" : "false";
}

// The groups of one object, with the pods that were met on the way.
class Gathering
{
public:
    Gathering(const LabelBuilder& builder, MetaLabels common, std::string source)
        : m_builder(builder)
        , m_common(std::move(common))
        , m_source(std::move(source))
    {
    }

    // `labels` are those of the endpoint; a pod's own come on top of them.
    void add(const std::string& address, const MetaLabels& labels,
        const std::optional<Reference>& target, std::optional<int> port)
    {
        MetaLabels all = m_common;
        for (const auto& [key, value] : labels)
            all[key] = value;
        if (const Pod* pod = podOf(target)) {
            m_builder.addPod(all, *pod);
            addMatchingPort(all, *pod, port);
            noteSeen(*pod, port);
        }
        m_groups.push_back(oneTarget(address, all, m_source));
    }

    std::vector<TargetGroup> finish()
    {
        for (const Seen& seen : m_seen) {
            if (!seen.pod->ip.empty())
                addOtherPorts(seen);
        }
        return std::move(m_groups);
    }

private:
    struct Seen
    {
        const Pod* pod = nullptr;
        std::set<int> ports;
    };

    const Pod* podOf(const std::optional<Reference>& target) const
    {
        if (!target || target->kind != "Pod")
            return nullptr;
        return m_builder.cluster().find<Pod>(Kind::Pod, target->key());
    }

    // Of several containers with that port the last one counts, as upstream.
    static void addMatchingPort(MetaLabels& labels, const Pod& pod, std::optional<int> port)
    {
        for (const Container& container : pod.containers) {
            const auto found = std::find_if(container.ports.begin(), container.ports.end(),
                [&](const ContainerPort& candidate) { return port && candidate.number == *port; });
            if (found != container.ports.end())
                LabelBuilder::addContainerPort(labels, container, *found);
        }
    }

    void noteSeen(const Pod& pod, std::optional<int> port)
    {
        auto seen = std::find_if(m_seen.begin(), m_seen.end(),
            [&](const Seen& candidate) { return candidate.pod == &pod; });
        if (seen == m_seen.end())
            seen = m_seen.insert(m_seen.end(), { &pod, {} });
        if (port)
            seen->ports.insert(*port);
    }

    void addOtherPorts(const Seen& seen)
    {
        for (const Container& container : seen.pod->containers) {
            for (const ContainerPort& port : container.ports) {
                if (seen.ports.contains(port.number))
                    continue;
                MetaLabels labels = m_common;
                LabelBuilder::addContainerPort(labels, container, port);
                m_builder.addPod(labels, *seen.pod);
                m_groups.push_back(
                    oneTarget(joinHostPort(seen.pod->ip, port.number), labels, m_source));
            }
        }
    }

    const LabelBuilder& m_builder;
    const MetaLabels m_common;
    const std::string m_source;
    std::vector<Seen> m_seen;
    std::vector<TargetGroup> m_groups;
};

void append(std::vector<TargetGroup>& groups, std::vector<TargetGroup> more)
{
    std::move(more.begin(), more.end(), std::back_inserter(groups));
}

void addNodeOf(const LabelBuilder& builder, MetaLabels& labels,
    const std::optional<Reference>& target, const std::optional<std::string>& nodeName)
{
    if (!builder.attach().node)
        return;
    if (target && target->kind == "Node")
        builder.addNode(labels, target->name);
    else if (nodeName)
        builder.addNode(labels, *nodeName);
}

MetaLabels labelsOf(const LabelBuilder& builder, const EndpointAddress& address,
    const ContainerPort& port, bool ready)
{
    MetaLabels labels;
    labels[name("endpoint_port_name")] = port.name;
    labels[name("endpoint_port_protocol")] = port.protocol;
    labels[name("endpoint_ready")] = ready ? "true" : "false";
    if (address.target) {
        labels[name("endpoint_address_target_kind")] = address.target->kind;
        labels[name("endpoint_address_target_name")] = address.target->name;
    }
    setIf(labels, "endpoint_node_name", address.nodeName);
    labels[name("endpoint_hostname")] = address.hostname;
    addNodeOf(builder, labels, address.target, address.nodeName);
    return labels;
}

MetaLabels labelsOf(
    const LabelBuilder& builder, const SliceEndpoint& endpoint, const SlicePort& port)
{
    MetaLabels labels;
    setIf(labels, "endpointslice_port_name", port.name);
    setIf(labels, "endpointslice_port_protocol", port.protocol);
    if (port.number)
        labels[name("endpointslice_port")] = std::to_string(*port.number);
    setIf(labels, "endpointslice_port_app_protocol", port.appProtocol);
    setIf(labels, "endpointslice_endpoint_conditions_ready", endpoint.ready);
    setIf(labels, "endpointslice_endpoint_conditions_serving", endpoint.serving);
    setIf(labels, "endpointslice_endpoint_conditions_terminating", endpoint.terminating);
    setIf(labels, "endpointslice_endpoint_hostname", endpoint.hostname);
    if (endpoint.target) {
        labels[name("endpointslice_address_target_kind")] = endpoint.target->kind;
        labels[name("endpointslice_address_target_name")] = endpoint.target->name;
    }
    setIf(labels, "endpointslice_endpoint_node_name", endpoint.nodeName);
    setIf(labels, "endpointslice_endpoint_zone", endpoint.zone);
    for (const auto& [key, value] : endpoint.topology) {
        const std::string clean = sanitizeLabelName(key);
        labels[name("endpointslice_endpoint_topology_") + clean] = value;
        labels[name("endpointslice_endpoint_topology_present_") + clean] = "true";
    }
    addNodeOf(builder, labels, endpoint.target, endpoint.nodeName);
    return labels;
}

// The service of a slice; empty where it has none.
std::string serviceKey(const EndpointSlice& slice)
{
    for (const auto& [key, value] : slice.meta.labels) {
        if (key == "kubernetes.io/service-name")
            return slice.meta.nameSpace + '/' + value;
    }
    return {};
}

// A service of two IP families has the same endpoints once for each: the first family counts.
bool isSecondFamily(const EndpointSlice& slice, const Service* service)
{
    if (service == nullptr || service->primaryIpFamily.empty())
        return false;
    const std::string& policy = service->ipFamilyPolicy;
    const bool isDual = policy == "PreferDualStack" || policy == "RequireDualStack";
    return isDual && slice.addressType != "FQDN" && slice.addressType != service->primaryIpFamily;
}

std::vector<TargetGroup> sliceGroups(const LabelBuilder& builder, const EndpointSlice& slice)
{
    const auto* service = builder.cluster().find<Service>(Kind::Service, serviceKey(slice));
    if (isSecondFamily(slice, service))
        return {};
    MetaLabels common;
    common[name("namespace")] = slice.meta.nameSpace;
    common[name("endpointslice_address_type")] = slice.addressType;
    addMeta(common, "endpointslice", slice.meta);
    if (service != nullptr)
        builder.addService(common, *service);
    builder.addNamespace(common, slice.meta.nameSpace);
    Gathering gathering(builder, std::move(common), "endpointslice/" + slice.meta.key());
    for (const SliceEndpoint& endpoint : slice.endpoints) {
        for (const SlicePort& port : slice.ports) {
            const MetaLabels labels = labelsOf(builder, endpoint, port);
            for (const std::string& address : endpoint.addresses)
                gathering.add(port.number ? joinHostPort(address, *port.number) : address, labels,
                    endpoint.target, port.number);
        }
    }
    return gathering.finish();
}

} // namespace

std::vector<TargetGroup> endpointsGroups(const LabelBuilder& builder)
{
    std::vector<TargetGroup> groups;
    for (const auto& [key, object] : builder.cluster().all(Kind::Endpoints)) {
        const auto& endpoints = std::get<Endpoints>(*object);
        MetaLabels common;
        common[name("namespace")] = endpoints.meta.nameSpace;
        addMeta(common, "endpoints", endpoints.meta);
        if (const auto* service = builder.cluster().find<Service>(Kind::Service, key))
            builder.addService(common, *service);
        builder.addNamespace(common, endpoints.meta.nameSpace);
        Gathering gathering(builder, std::move(common), "endpoints/" + key);
        for (const EndpointSubset& subset : endpoints.subsets) {
            for (const ContainerPort& port : subset.ports) {
                for (const EndpointAddress& address : subset.ready)
                    gathering.add(joinHostPort(address.ip, port.number),
                        labelsOf(builder, address, port, true), address.target, port.number);
                for (const EndpointAddress& address : subset.notReady)
                    gathering.add(joinHostPort(address.ip, port.number),
                        labelsOf(builder, address, port, false), address.target, port.number);
            }
        }
        append(groups, gathering.finish());
    }
    return groups;
}

std::vector<TargetGroup> endpointSliceGroups(const LabelBuilder& builder)
{
    std::vector<TargetGroup> groups;
    for (const auto& [key, object] : builder.cluster().all(Kind::EndpointSlice))
        append(groups, sliceGroups(builder, std::get<EndpointSlice>(*object)));
    return groups;
}

} // namespace fleetglass::discovery::kubernetes
