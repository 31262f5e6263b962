#include "core/discovery/kubernetes_relay.h"

#include <algorithm>

namespace fleetglass::discovery::kubernetes {

namespace {

std::string valueOf(const LabelPairs& labels, std::string_view suffix)
{
    const std::string name = "__meta_kubernetes_" + std::string(suffix);
    const auto found = std::find_if(
        labels.begin(), labels.end(), [&](const auto& label) { return label.first == name; });
    return found == labels.end() ? std::string() : found->second;
}

std::string portOf(const RelayedTarget& target)
{
    const size_t colon = target.address.rfind(':');
    const size_t bracket = target.address.rfind(']');
    if (colon != std::string::npos && (bracket == std::string::npos || bracket < colon)
        && (bracket != std::string::npos || target.address.find(':') == colon))
        return target.address.substr(colon + 1);
    return target.scheme == "https" ? "443" : "80";
}

class ProxyRelay : public Relay
{
public:
    ProxyRelay(std::shared_ptr<const Credentials> credentials, const std::string& path)
        : m_credentials(std::move(credentials))
        , m_parent(path.substr(0, path.rfind('/') + 1))
        , m_name(path.substr(path.rfind('/') + 1))
    {
    }

    // .../pods/[https:]NAME:PORT/proxy/PATH
    std::string url(const RelayedTarget& target) const override
    {
        return m_credentials->access().server + m_parent
            + (target.scheme == "https" ? "https:" : "") + m_name + ':' + portOf(target) + "/proxy"
            + target.pathAndQuery;
    }

    std::shared_ptr<const http::ClientOptions> client() const override
    {
        auto client = m_credentials->client();
        return client ? client : std::make_shared<const http::ClientOptions>();
    }

private:
    const std::shared_ptr<const Credentials> m_credentials;
    const std::string m_parent;
    const std::string m_name;
};

} // namespace

std::string relayPath(const LabelPairs& labels)
{
    const std::string nameSpace = valueOf(labels, "namespace");
    const std::string inNamespace = "/api/v1/namespaces/" + nameSpace;
    if (const std::string pod = valueOf(labels, "pod_name"); !pod.empty() && !nameSpace.empty())
        return inNamespace + "/pods/" + pod;
    // Only the role itself: an endpoint that is no pod has an address of its own.
    const std::string service = valueOf(labels, "service_name");
    const bool isService = !valueOf(labels, "service_port_number").empty();
    if (isService && !service.empty() && !nameSpace.empty())
        return inNamespace + "/services/" + service;
    const std::string node = valueOf(labels, "node_name");
    return node.empty() || !nameSpace.empty() ? std::string() : "/api/v1/nodes/" + node;
}

std::shared_ptr<const Relay> makeRelay(
    std::shared_ptr<const Credentials> credentials, const std::string& path)
{
    return std::make_shared<const ProxyRelay>(std::move(credentials), path);
}

} // namespace fleetglass::discovery::kubernetes
