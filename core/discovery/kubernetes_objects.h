// What we keep of the objects of the Kubernetes API: the fields that become labels. Values.
#pragma once

#include "core/discovery/kubernetes_options.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fleetglass::discovery::kubernetes {

using Texts = std::vector<std::pair<std::string, std::string>>;

struct Meta
{
    std::string name;
    std::string nameSpace; // Empty: not in one.
    std::string uid;
    Texts labels;
    Texts annotations;
    std::string controllerKind; // Of the owner that controls it; empty: none.
    std::string controllerName;
    std::string key() const { return nameSpace.empty() ? name : nameSpace + '/' + name; }
    friend bool operator==(const Meta&, const Meta&) = default;
};

struct ContainerPort
{
    std::string name;
    int number = 0;
    std::string protocol;
    friend bool operator==(const ContainerPort&, const ContainerPort&) = default;
};

struct Container
{
    std::string name;
    std::string image;
    std::string id; // "containerd://..."; empty until it runs.
    bool init = false;
    std::vector<ContainerPort> ports;
    friend bool operator==(const Container&, const Container&) = default;
};

struct Pod
{
    Meta meta;
    std::string ip;
    std::string hostIp;
    std::string nodeName;
    std::string phase;
    std::string ready; // "true", "false", "unknown"
    std::vector<Container> containers; // Those of init come last.
    friend bool operator==(const Pod&, const Pod&) = default;
};

struct Service
{
    Meta meta;
    std::string type;
    std::string clusterIp;
    std::string externalName;
    std::string loadBalancerIp;
    std::string ipFamilyPolicy;
    std::string primaryIpFamily; // "IPv4", "IPv6"
    std::vector<ContainerPort> ports;
    friend bool operator==(const Service&, const Service&) = default;
};

struct Node
{
    Meta meta;
    std::string providerId;
    int kubeletPort = 0;
    Texts addresses; // Type and address.
    Texts conditions; // Type and status.
    friend bool operator==(const Node&, const Node&) = default;
};

struct Reference
{
    std::string kind;
    std::string nameSpace;
    std::string name;
    std::string key() const { return nameSpace.empty() ? name : nameSpace + '/' + name; }
    friend bool operator==(const Reference&, const Reference&) = default;
};

struct EndpointAddress
{
    std::string ip;
    std::string hostname;
    std::optional<std::string> nodeName;
    std::optional<Reference> target;
    friend bool operator==(const EndpointAddress&, const EndpointAddress&) = default;
};

struct EndpointSubset
{
    std::vector<EndpointAddress> ready;
    std::vector<EndpointAddress> notReady;
    std::vector<ContainerPort> ports;
    friend bool operator==(const EndpointSubset&, const EndpointSubset&) = default;
};

struct Endpoints
{
    Meta meta;
    std::vector<EndpointSubset> subsets;
    friend bool operator==(const Endpoints&, const Endpoints&) = default;
};

struct SlicePort
{
    std::optional<std::string> name;
    std::optional<int> number;
    std::optional<std::string> protocol;
    std::optional<std::string> appProtocol;
    friend bool operator==(const SlicePort&, const SlicePort&) = default;
};

struct SliceEndpoint
{
    std::vector<std::string> addresses;
    std::optional<bool> ready;
    std::optional<bool> serving;
    std::optional<bool> terminating;
    std::optional<std::string> hostname;
    std::optional<std::string> nodeName;
    std::optional<std::string> zone;
    std::optional<Reference> target;
    Texts topology; // Deprecated in the API, still answered by old slices.
    friend bool operator==(const SliceEndpoint&, const SliceEndpoint&) = default;
};

struct EndpointSlice
{
    Meta meta;
    std::string addressType;
    std::vector<SliceEndpoint> endpoints;
    std::vector<SlicePort> ports;
    friend bool operator==(const EndpointSlice&, const EndpointSlice&) = default;
};

struct IngressRule
{
    std::string host;
    std::vector<std::string> paths;
    friend bool operator==(const IngressRule&, const IngressRule&) = default;
};

struct Ingress
{
    Meta meta;
    std::optional<std::string> className;
    std::vector<IngressRule> rules;
    std::vector<std::string> tlsHosts;
    friend bool operator==(const Ingress&, const Ingress&) = default;
};

// A namespace, replica set or job: only who it is counts.
struct Owner
{
    Meta meta;
    friend bool operator==(const Owner&, const Owner&) = default;
};

enum class Kind
{
    Node,
    Namespace,
    Pod,
    Service,
    Endpoints,
    EndpointSlice,
    Ingress,
    ReplicaSet,
    Job
};

// How the API names a kind.
struct KindNames
{
    std::string_view group; // "/api/v1", "/apis/networking.k8s.io/v1"
    std::string_view plural; // "pods"
    bool namespaced = true;
};
const KindNames& namesOf(Kind kind);

using Object = std::variant<Node, Service, Pod, Endpoints, EndpointSlice, Ingress, Owner>;
using ObjectPtr = std::shared_ptr<const Object>;

const Meta& metaOf(const Object& object);

// One answer of a list call.
struct ListPage
{
    std::vector<ObjectPtr> objects;
    std::string resourceVersion;
    std::string continueToken; // Empty: that was the last page.
};
Result<ListPage> readList(Kind kind, std::string_view json);

// One line of a watch.
struct WatchEvent
{
    enum class Type
    {
        Added,
        Modified,
        Deleted,
        Bookmark,
        Error
    };
    Type type = Type::Error;
    ObjectPtr object; // Null for bookmarks and errors.
    std::string resourceVersion;
    int statusCode = 0; // Of an error.
    std::string message;
};
Result<WatchEvent> readEvent(Kind kind, std::string_view line);

// The `Status` that the API answers instead of what was asked.
struct Status
{
    int code = 0;
    std::string reason; // "Forbidden"
    std::string message;
};
std::optional<Status> readStatus(std::string_view json);

} // namespace fleetglass::discovery::kubernetes
