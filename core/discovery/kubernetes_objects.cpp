// The JSON of the Kubernetes API (kubernetes.io/docs/reference/kubernetes-api) as values. Fields
// that are missing or of another type count as absent: newer servers may know more than we do.
#include "core/discovery/kubernetes_objects.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

namespace fleetglass::discovery::kubernetes {

namespace {

using Json = nlohmann::json;

const Json& at(const Json& object, const char* key)
{
    static const Json kNone;
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() ? *found : kNone;
}

std::string text(const Json& object, const char* key)
{
    const Json& value = at(object, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

std::optional<std::string> textIfAny(const Json& object, const char* key)
{
    const Json& value = at(object, key);
    return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
}

std::optional<int> numberIfAny(const Json& object, const char* key)
{
    const Json& value = at(object, key);
    return value.is_number_integer() ? std::optional(value.get<int>()) : std::nullopt;
}

std::optional<bool> flagIfAny(const Json& object, const char* key)
{
    const Json& value = at(object, key);
    return value.is_boolean() ? std::optional(value.get<bool>()) : std::nullopt;
}

Texts textMap(const Json& object, const char* key)
{
    Texts pairs;
    const Json& map = at(object, key);
    if (!map.is_object())
        return pairs;
    for (const auto& [name, value] : map.items()) {
        if (value.is_string())
            pairs.emplace_back(name, value.get<std::string>());
    }
    return pairs;
}

// Calls read(item) for each object of a list.
template<class F>
void forEach(const Json& object, const char* key, F&& read)
{
    const Json& list = at(object, key);
    if (!list.is_array())
        return;
    for (const Json& item : list) {
        if (item.is_object())
            read(item);
    }
}

Meta readMeta(const Json& object)
{
    const Json& json = at(object, "metadata");
    Meta meta { text(json, "name"), text(json, "namespace"), text(json, "uid"),
        textMap(json, "labels"), textMap(json, "annotations"), {}, {} };
    forEach(json, "ownerReferences", [&](const Json& owner) {
        if (meta.controllerName.empty() && flagIfAny(owner, "controller").value_or(false)) {
            meta.controllerKind = text(owner, "kind");
            meta.controllerName = text(owner, "name");
        }
    });
    return meta;
}

std::string lower(std::string word)
{
    std::transform(word.begin(), word.end(), word.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return word;
}

std::string containerId(const Json& status, const char* list, const std::string& name)
{
    std::string id;
    forEach(status, list, [&](const Json& container) {
        if (id.empty() && text(container, "name") == name)
            id = text(container, "containerID");
    });
    return id;
}

void readContainers(const Json& pod, bool init, std::vector<Container>& containers)
{
    const Json& status = at(pod, "status");
    forEach(at(pod, "spec"), init ? "initContainers" : "containers", [&](const Json& json) {
        Container container { text(json, "name"), text(json, "image"), {}, init, {} };
        container.id = containerId(
            status, init ? "initContainerStatuses" : "containerStatuses", container.name);
        forEach(json, "ports", [&](const Json& port) {
            container.ports.push_back({ text(port, "name"),
                numberIfAny(port, "containerPort").value_or(0), text(port, "protocol") });
        });
        containers.push_back(std::move(container));
    });
}

Object readPod(const Json& json)
{
    const Json& status = at(json, "status");
    Pod pod { readMeta(json), text(status, "podIP"), text(status, "hostIP"),
        text(at(json, "spec"), "nodeName"), text(status, "phase"), "unknown", {} };
    forEach(status, "conditions", [&](const Json& condition) {
        if (text(condition, "type") == "Ready")
            pod.ready = lower(text(condition, "status"));
    });
    readContainers(json, false, pod.containers);
    readContainers(json, true, pod.containers);
    return pod;
}

Object readService(const Json& json)
{
    const Json& spec = at(json, "spec");
    Service service { readMeta(json), text(spec, "type"), text(spec, "clusterIP"),
        text(spec, "externalName"), text(spec, "loadBalancerIP"), text(spec, "ipFamilyPolicy"), {},
        {} };
    const Json& families = at(spec, "ipFamilies");
    if (families.is_array() && !families.empty() && families.front().is_string())
        service.primaryIpFamily = families.front().get<std::string>();
    forEach(spec, "ports", [&](const Json& port) {
        service.ports.push_back(
            { text(port, "name"), numberIfAny(port, "port").value_or(0), text(port, "protocol") });
    });
    return service;
}

Object readNode(const Json& json)
{
    const Json& status = at(json, "status");
    Node node { readMeta(json), text(at(json, "spec"), "providerID"), 0, {}, {} };
    const Json& kubelet = at(at(status, "daemonEndpoints"), "kubeletEndpoint");
    node.kubeletPort = numberIfAny(kubelet, "Port").value_or(0);
    forEach(status, "addresses", [&](const Json& address) {
        node.addresses.emplace_back(text(address, "type"), text(address, "address"));
    });
    forEach(status, "conditions", [&](const Json& condition) {
        node.conditions.emplace_back(text(condition, "type"), text(condition, "status"));
    });
    return node;
}

std::optional<Reference> readReference(const Json& json)
{
    const Json& target = at(json, "targetRef");
    if (!target.is_object())
        return std::nullopt;
    return Reference { text(target, "kind"), text(target, "namespace"), text(target, "name") };
}

std::vector<EndpointAddress> readAddresses(const Json& subset, const char* key)
{
    std::vector<EndpointAddress> addresses;
    forEach(subset, key, [&](const Json& json) {
        addresses.push_back({ text(json, "ip"), text(json, "hostname"), textIfAny(json, "nodeName"),
            readReference(json) });
    });
    return addresses;
}

Object readEndpoints(const Json& json)
{
    Endpoints endpoints { readMeta(json), {} };
    forEach(json, "subsets", [&](const Json& item) {
        EndpointSubset subset { readAddresses(item, "addresses"),
            readAddresses(item, "notReadyAddresses"), {} };
        forEach(item, "ports", [&](const Json& port) {
            subset.ports.push_back({ text(port, "name"), numberIfAny(port, "port").value_or(0),
                text(port, "protocol") });
        });
        endpoints.subsets.push_back(std::move(subset));
    });
    return endpoints;
}

SliceEndpoint readSliceEndpoint(const Json& json)
{
    SliceEndpoint endpoint;
    const Json& addresses = at(json, "addresses");
    for (const Json& address : addresses.is_array() ? addresses : Json::array()) {
        if (address.is_string())
            endpoint.addresses.push_back(address.get<std::string>());
    }
    const Json& conditions = at(json, "conditions");
    endpoint.ready = flagIfAny(conditions, "ready");
    endpoint.serving = flagIfAny(conditions, "serving");
    endpoint.terminating = flagIfAny(conditions, "terminating");
    endpoint.hostname = textIfAny(json, "hostname");
    endpoint.nodeName = textIfAny(json, "nodeName");
    endpoint.zone = textIfAny(json, "zone");
    endpoint.target = readReference(json);
    endpoint.topology = textMap(json, "deprecatedTopology");
    return endpoint;
}

Object readEndpointSlice(const Json& json)
{
    EndpointSlice slice { readMeta(json), text(json, "addressType"), {}, {} };
    forEach(json, "endpoints",
        [&](const Json& item) { slice.endpoints.push_back(readSliceEndpoint(item)); });
    forEach(json, "ports", [&](const Json& port) {
        slice.ports.push_back({ textIfAny(port, "name"), numberIfAny(port, "port"),
            textIfAny(port, "protocol"), textIfAny(port, "appProtocol") });
    });
    return slice;
}

Object readIngress(const Json& json)
{
    const Json& spec = at(json, "spec");
    Ingress ingress { readMeta(json), textIfAny(spec, "ingressClassName"), {}, {} };
    forEach(spec, "tls", [&](const Json& tls) {
        const Json& hosts = at(tls, "hosts");
        for (const Json& host : hosts.is_array() ? hosts : Json::array()) {
            if (host.is_string())
                ingress.tlsHosts.push_back(host.get<std::string>());
        }
    });
    forEach(spec, "rules", [&](const Json& item) {
        IngressRule rule { text(item, "host"), {} };
        forEach(at(item, "http"), "paths",
            [&](const Json& path) { rule.paths.push_back(text(path, "path")); });
        ingress.rules.push_back(std::move(rule));
    });
    return ingress;
}

ObjectPtr readObject(Kind kind, const Json& json)
{
    const auto make
        = [](Object object) { return std::make_shared<const Object>(std::move(object)); };
    switch (kind) {
    case Kind::Node:
        return make(readNode(json));
    case Kind::Pod:
        return make(readPod(json));
    case Kind::Service:
        return make(readService(json));
    case Kind::Endpoints:
        return make(readEndpoints(json));
    case Kind::EndpointSlice:
        return make(readEndpointSlice(json));
    case Kind::Ingress:
        return make(readIngress(json));
    case Kind::Namespace:
    case Kind::ReplicaSet:
    case Kind::Job:
        return make(Owner { readMeta(json) });
    }
    return nullptr;
}

constexpr int kDepthMax = 64;

// The parser itself recurses, so depth is refused before it sees the text.
bool isTooDeep(std::string_view json)
{
    int depth = 0;
    bool inString = false;
    for (size_t i = 0; i < json.size(); ++i) {
        if (inString) {
            if (json[i] == '\\')
                ++i;
            else
                inString = json[i] != '"';
            continue;
        }
        inString = json[i] == '"';
        depth += json[i] == '[' || json[i] == '{' ? 1 : 0;
        depth -= json[i] == ']' || json[i] == '}' ? 1 : 0;
        if (depth > kDepthMax)
            return true;
    }
    return false;
}

Result<Json> parse(std::string_view text)
{
    if (isTooDeep(text))
        return failure("the API server's answer is nested deeper than " + std::to_string(kDepthMax)
            + " levels");
    Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (!json.is_object())
        return failure("the API server's answer is not a JSON object: \""
            + clipUtf8(std::string(text.substr(0, 200)), 60) + "\"");
    return json;
}

std::optional<Status> statusOf(const Json& json)
{
    if (text(json, "kind") != "Status")
        return std::nullopt;
    return Status { numberIfAny(json, "code").value_or(0), text(json, "reason"),
        text(json, "message") };
}

} // namespace

const KindNames& namesOf(Kind kind)
{
    static constexpr std::string_view kCore = "/api/v1";
    static constexpr std::array<KindNames, 9> kNames { {
        { kCore, "nodes", false },
        { kCore, "namespaces", false },
        { kCore, "pods", true },
        { kCore, "services", true },
        { kCore, "endpoints", true },
        { "/apis/discovery.k8s.io/v1", "endpointslices", true },
        { "/apis/networking.k8s.io/v1", "ingresses", true },
        { "/apis/apps/v1", "replicasets", true },
        { "/apis/batch/v1", "jobs", true },
    } };
    return kNames[static_cast<size_t>(kind)];
}

const Meta& metaOf(const Object& object)
{
    return std::visit([](const auto& known) -> const Meta& { return known.meta; }, object);
}

Result<ListPage> readList(Kind kind, std::string_view json)
{
    const auto parsed = parse(json);
    if (!parsed)
        return failure(parsed.error());
    if (!at(*parsed, "items").is_array() && !at(*parsed, "items").is_null())
        return failure("the API server's answer has no list of items");
    if (const auto status = statusOf(*parsed))
        return failure(status->message);
    const Json& meta = at(*parsed, "metadata");
    ListPage page { {}, text(meta, "resourceVersion"), text(meta, "continue") };
    forEach(*parsed, "items",
        [&](const Json& item) { page.objects.push_back(readObject(kind, item)); });
    return page;
}

Result<WatchEvent> readEvent(Kind kind, std::string_view line)
{
    const auto parsed = parse(line);
    if (!parsed)
        return failure(parsed.error());
    const std::string type = text(*parsed, "type");
    const Json& object = at(*parsed, "object");
    WatchEvent event;
    event.resourceVersion = text(at(object, "metadata"), "resourceVersion");
    if (type == "ERROR") {
        event.statusCode = numberIfAny(object, "code").value_or(0);
        event.message = text(object, "message");
        return event;
    }
    if (type == "BOOKMARK") {
        event.type = WatchEvent::Type::Bookmark;
        return event;
    }
    if (type != "ADDED" && type != "MODIFIED" && type != "DELETED")
        return failure("the API server told of an unknown event \"" + clipUtf8(type, 40) + '"');
    event.type = type == "ADDED" ? WatchEvent::Type::Added
        : type == "MODIFIED"     ? WatchEvent::Type::Modified
                                 : WatchEvent::Type::Deleted;
    event.object = readObject(kind, object);
    return event;
}

std::optional<Status> readStatus(std::string_view json)
{
    if (isTooDeep(json))
        return std::nullopt;
    const Json parsed = Json::parse(json.begin(), json.end(), nullptr, false);
    return parsed.is_object() ? statusOf(parsed) : std::nullopt;
}

} // namespace fleetglass::discovery::kubernetes
