#include "core/discovery/kubernetes_groups.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace fleetglass::discovery {

namespace {
constexpr std::array<std::string_view, 6> kRoles { "node", "service", "pod", "endpoints",
    "endpointslice", "ingress" };
}

std::string_view toWord(KubernetesRole role)
{
    return kRoles[static_cast<size_t>(role)];
}

std::optional<KubernetesRole> kubernetesRoleOf(std::string_view word)
{
    const auto found = std::find(kRoles.begin(), kRoles.end(), word);
    if (found == kRoles.end())
        return std::nullopt;
    return static_cast<KubernetesRole>(found - kRoles.begin());
}

} // namespace fleetglass::discovery

namespace fleetglass::discovery::kubernetes {

namespace {

std::string name(std::string_view suffix)
{
    return std::string(kMetaPrefix) + std::string(suffix);
}

std::string lower(std::string_view word)
{
    std::string result(word);
    std::transform(result.begin(), result.end(), result.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

// The kubelet's choice, most reachable first; null where a node has none of them.
const std::string* nodeAddress(const Node& node)
{
    constexpr std::array<std::string_view, 6> kOrder { "InternalIP", "InternalDNS", "ExternalIP",
        "ExternalDNS", "LegacyHostIP", "Hostname" };
    for (const std::string_view type : kOrder) {
        for (const auto& [known, address] : node.addresses) {
            if (known == type)
                return &address;
        }
    }
    return nullptr;
}

std::vector<TargetGroup> nodeGroups(const LabelBuilder& builder)
{
    std::vector<TargetGroup> groups;
    for (const auto& [key, object] : builder.cluster().all(Kind::Node)) {
        const auto& node = std::get<Node>(*object);
        const std::string* address = nodeAddress(node);
        if (address == nullptr)
            continue;
        MetaLabels labels;
        addMeta(labels, "node", node.meta);
        labels[name("node_provider_id")] = node.providerId;
        for (const auto& [type, status] : node.conditions)
            labels[name("node_condition_") + sanitizeLabelName(lower(type))] = lower(status);
        for (const auto& [type, value] : node.addresses)
            labels.emplace(name("node_address_") + sanitizeLabelName(type), value);
        labels["instance"] = node.meta.name;
        groups.push_back(
            oneTarget(joinHostPort(*address, node.kubeletPort), labels, "node/" + node.meta.name));
    }
    return groups;
}

std::vector<TargetGroup> serviceGroups(const LabelBuilder& builder)
{
    std::vector<TargetGroup> groups;
    for (const auto& [key, object] : builder.cluster().all(Kind::Service)) {
        const auto& service = std::get<Service>(*object);
        for (const ContainerPort& port : service.ports) {
            MetaLabels labels;
            builder.addService(labels, service);
            builder.addNamespace(labels, service.meta.nameSpace);
            labels[name("service_port_name")] = port.name;
            labels[name("service_port_number")] = std::to_string(port.number);
            labels[name("service_port_protocol")] = port.protocol;
            labels[name("service_type")] = service.type;
            if (service.type == "ExternalName")
                labels[name("service_external_name")] = service.externalName;
            else
                labels[name("service_cluster_ip")] = service.clusterIp;
            if (service.type == "LoadBalancer")
                labels[name("service_loadbalancer_ip")] = service.loadBalancerIp;
            const std::string host = service.meta.name + '.' + service.meta.nameSpace + ".svc";
            groups.push_back(oneTarget(joinHostPort(host, port.number), labels, "svc/" + key));
        }
    }
    return groups;
}

void addPodTargets(const LabelBuilder& builder, const Pod& pod, std::vector<TargetGroup>& groups)
{
    MetaLabels common;
    builder.addPod(common, pod);
    common[name("namespace")] = pod.meta.nameSpace;
    if (builder.attach().node)
        builder.addNode(common, pod.nodeName);
    builder.addNamespace(common, pod.meta.nameSpace);
    const std::string source = "pod/" + pod.meta.key();
    for (const Container& container : pod.containers) {
        MetaLabels labels = common;
        labels[name("pod_container_name")] = container.name;
        labels[name("pod_container_id")] = container.id;
        labels[name("pod_container_image")] = container.image;
        labels[name("pod_container_init")] = container.init ? "true" : "false";
        // Without a port the address is left to relabelling.
        if (container.ports.empty()) {
            const bool isIpv6 = pod.ip.find(':') != std::string::npos;
            groups.push_back(oneTarget(isIpv6 ? '[' + pod.ip + ']' : pod.ip, labels, source));
        }
        for (const ContainerPort& port : container.ports) {
            LabelBuilder::addContainerPort(labels, container, port);
            groups.push_back(oneTarget(joinHostPort(pod.ip, port.number), labels, source));
        }
    }
}

std::vector<TargetGroup> podGroups(const LabelBuilder& builder)
{
    std::vector<TargetGroup> groups;
    for (const auto& [key, object] : builder.cluster().all(Kind::Pod)) {
        const auto& pod = std::get<Pod>(*object);
        // A pod that starts or was evicted has no address.
        if (pod.ip.empty())
            continue;
        // A node selector leaves out the pods of other nodes.
        if (builder.attach().node
            && builder.cluster().find<Node>(Kind::Node, pod.nodeName) == nullptr)
            continue;
        addPodTargets(builder, pod, groups);
    }
    return groups;
}

// "*.example.com" stands for one label in place of the star.
bool coversHost(std::string_view pattern, std::string_view host)
{
    if (pattern == host)
        return true;
    if (!pattern.starts_with("*."))
        return false;
    const size_t dot = host.find('.');
    return dot != std::string_view::npos && pattern.substr(1) == host.substr(dot);
}

std::vector<TargetGroup> ingressGroups(const LabelBuilder& builder)
{
    std::vector<TargetGroup> groups;
    for (const auto& [key, object] : builder.cluster().all(Kind::Ingress)) {
        const auto& ingress = std::get<Ingress>(*object);
        MetaLabels labels;
        addMeta(labels, "ingress", ingress.meta);
        labels[name("namespace")] = ingress.meta.nameSpace;
        labels[name("ingress_class_name")] = ingress.className.value_or("");
        builder.addNamespace(labels, ingress.meta.nameSpace);
        for (const IngressRule& rule : ingress.rules) {
            const bool secure = std::any_of(ingress.tlsHosts.begin(), ingress.tlsHosts.end(),
                [&](const std::string& pattern) { return coversHost(pattern, rule.host); });
            labels[name("ingress_scheme")] = secure ? "https" : "http";
            labels[name("ingress_host")] = rule.host;
            const auto paths = rule.paths.empty() ? std::vector<std::string> { "/" } : rule.paths;
            for (const std::string& path : paths) {
                labels[name("ingress_path")] = path.empty() ? "/" : path;
                groups.push_back(oneTarget(rule.host, labels, "ingress/" + key));
            }
        }
    }
    return groups;
}

} // namespace

void Cluster::put(Kind kind, ObjectPtr object)
{
    std::string key = metaOf(*object).key();
    m_objects[static_cast<size_t>(kind)][std::move(key)] = std::move(object);
}

void addFamilies(MetaLabels& labels, std::string_view what, const Meta& meta)
{
    const std::string prefix = name(what);
    for (const auto& [key, value] : meta.labels) {
        const std::string clean = sanitizeLabelName(key);
        labels[prefix + "_label_" + clean] = value;
        labels[prefix + "_labelpresent_" + clean] = "true";
    }
    for (const auto& [key, value] : meta.annotations) {
        const std::string clean = sanitizeLabelName(key);
        labels[prefix + "_annotation_" + clean] = value;
        labels[prefix + "_annotationpresent_" + clean] = "true";
    }
}

void addMeta(MetaLabels& labels, std::string_view what, const Meta& meta)
{
    labels[name(what) + "_name"] = meta.name;
    addFamilies(labels, what, meta);
}

void LabelBuilder::addNamespace(MetaLabels& labels, const std::string& nameSpace) const
{
    if (!m_attach.nameSpace)
        return;
    if (const auto* owner = m_cluster.find<Owner>(Kind::Namespace, nameSpace))
        addFamilies(labels, "namespace", owner->meta);
}

void LabelBuilder::addNode(MetaLabels& labels, const std::string& nodeName) const
{
    if (const auto* node = m_cluster.find<Node>(Kind::Node, nodeName))
        addMeta(labels, "node", node->meta);
}

void LabelBuilder::addService(MetaLabels& labels, const Service& service) const
{
    labels[name("namespace")] = service.meta.nameSpace;
    addMeta(labels, "service", service.meta);
}

void LabelBuilder::addPod(MetaLabels& labels, const Pod& pod) const
{
    labels[name("pod_ip")] = pod.ip;
    labels[name("pod_ready")] = pod.ready;
    labels[name("pod_phase")] = pod.phase;
    labels[name("pod_node_name")] = pod.nodeName;
    labels[name("pod_host_ip")] = pod.hostIp;
    labels[name("pod_uid")] = pod.meta.uid;
    addMeta(labels, "pod", pod.meta);
    addController(labels, pod);
}

void LabelBuilder::addController(MetaLabels& labels, const Pod& pod) const
{
    const Meta& meta = pod.meta;
    labels[name("pod_controller_kind")] = meta.controllerKind;
    labels[name("pod_controller_name")] = meta.controllerName;
    const std::string key = meta.nameSpace + '/' + meta.controllerName;
    if (m_attach.deployment && meta.controllerKind == "ReplicaSet") {
        const auto* set = m_cluster.find<Owner>(Kind::ReplicaSet, key);
        if (set != nullptr && set->meta.controllerKind == "Deployment")
            labels[name("pod_deployment_name")] = set->meta.controllerName;
    }
    if (meta.controllerKind != "Job")
        return;
    if (m_attach.job)
        labels[name("pod_job_name")] = meta.controllerName;
    const auto* job = m_attach.cronJob ? m_cluster.find<Owner>(Kind::Job, key) : nullptr;
    if (job != nullptr && job->meta.controllerKind == "CronJob")
        labels[name("pod_cronjob_name")] = job->meta.controllerName;
}

void LabelBuilder::addContainerPort(
    MetaLabels& labels, const Container& container, const ContainerPort& port)
{
    labels[name("pod_container_name")] = container.name;
    labels[name("pod_container_image")] = container.image;
    labels[name("pod_container_init")] = container.init ? "true" : "false";
    labels[name("pod_container_port_name")] = port.name;
    labels[name("pod_container_port_number")] = std::to_string(port.number);
    labels[name("pod_container_port_protocol")] = port.protocol;
}

std::vector<TargetGroup> groupsOf(
    const Cluster& cluster, KubernetesRole role, const KubernetesAttach& attach)
{
    const LabelBuilder builder(cluster, attach);
    switch (role) {
    case KubernetesRole::Node:
        return nodeGroups(builder);
    case KubernetesRole::Service:
        return serviceGroups(builder);
    case KubernetesRole::Pod:
        return podGroups(builder);
    case KubernetesRole::Endpoints:
        return endpointsGroups(builder);
    case KubernetesRole::EndpointSlice:
        return endpointSliceGroups(builder);
    case KubernetesRole::Ingress:
        return ingressGroups(builder);
    }
    return {};
}

std::vector<Kind> kindsOf(KubernetesRole role, const KubernetesAttach& attach)
{
    std::vector<Kind> kinds;
    switch (role) {
    case KubernetesRole::Node:
        return { Kind::Node };
    case KubernetesRole::Service:
        kinds = { Kind::Service };
        break;
    case KubernetesRole::Pod:
        kinds = { Kind::Pod };
        break;
    case KubernetesRole::Endpoints:
        kinds = { Kind::Endpoints, Kind::Service, Kind::Pod };
        break;
    case KubernetesRole::EndpointSlice:
        kinds = { Kind::EndpointSlice, Kind::Service, Kind::Pod };
        break;
    case KubernetesRole::Ingress:
        kinds = { Kind::Ingress };
        break;
    }
    const bool hasPods = std::find(kinds.begin(), kinds.end(), Kind::Pod) != kinds.end();
    if (attach.nameSpace)
        kinds.push_back(Kind::Namespace);
    if (attach.node && hasPods)
        kinds.push_back(Kind::Node);
    if (attach.deployment && hasPods)
        kinds.push_back(Kind::ReplicaSet);
    if (attach.cronJob && hasPods)
        kinds.push_back(Kind::Job);
    return kinds;
}

} // namespace fleetglass::discovery::kubernetes
