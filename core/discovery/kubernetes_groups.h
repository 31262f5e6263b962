// From the objects of a cluster to target groups with the __meta_kubernetes_ labels of Prometheus
// 3.14 (discovery/kubernetes/{node,service,pod,endpoints,endpointslice,ingress}.go). Pure
// functions; share freely.
#pragma once

#include "core/discovery/kubernetes_objects.h"
#include "core/discovery/meta_labels.h"
#include "core/discovery/options.h"

#include <map>
#include <string>
#include <vector>

namespace fleetglass::discovery::kubernetes {

// The objects that are known, by kind and "namespace/name".
class Cluster
{
public:
    using Objects = std::map<std::string, ObjectPtr>;

    void put(Kind kind, ObjectPtr object);
    const Objects& all(Kind kind) const { return m_objects[static_cast<size_t>(kind)]; }

    // Null where there is none.
    template<class T>
    const T* find(Kind kind, const std::string& key) const
    {
        const Objects& objects = all(kind);
        const auto found = objects.find(key);
        return found == objects.end() ? nullptr : std::get_if<T>(found->second.get());
    }

private:
    std::vector<Objects> m_objects = std::vector<Objects>(9);
};

std::vector<TargetGroup> groupsOf(
    const Cluster& cluster, KubernetesRole role, const KubernetesAttach& attach);

// The kinds that a role is made of, the one with the targets first.
std::vector<Kind> kindsOf(KubernetesRole role, const KubernetesAttach& attach);

inline constexpr std::string_view kMetaPrefix = "__meta_kubernetes_";

// Sets prefix + WHAT + "_label_..." and its three siblings.
void addFamilies(MetaLabels& labels, std::string_view what, const Meta& meta);
// The same, and WHAT + "_name".
void addMeta(MetaLabels& labels, std::string_view what, const Meta& meta);

// The parts that more than one role needs. `labels` is what they add to.
class LabelBuilder
{
public:
    LabelBuilder(const Cluster& cluster, const KubernetesAttach& attach)
        : m_cluster(cluster)
        , m_attach(attach)
    {
    }

    void addNamespace(MetaLabels& labels, const std::string& nameSpace) const;
    void addNode(MetaLabels& labels, const std::string& name) const;
    void addService(MetaLabels& labels, const Service& service) const;
    void addPod(MetaLabels& labels, const Pod& pod) const;
    static void addContainerPort(
        MetaLabels& labels, const Container& container, const ContainerPort& port);
    const Cluster& cluster() const { return m_cluster; }
    const KubernetesAttach& attach() const { return m_attach; }

private:
    void addController(MetaLabels& labels, const Pod& pod) const;

    const Cluster& m_cluster;
    const KubernetesAttach& m_attach;
};

// The targets behind a service: pods found by an endpoint get their labels, and the ports of such a
// pod that no endpoint names get targets of their own.
std::vector<TargetGroup> endpointsGroups(const LabelBuilder& builder);
std::vector<TargetGroup> endpointSliceGroups(const LabelBuilder& builder);

} // namespace fleetglass::discovery::kubernetes
