// What a Kubernetes API, a kubeconfig and an exec plugin say.
#include "core/config/kubernetes_kubeconfig.h"
#include "core/discovery/kubernetes_exec.h"
#include "core/discovery/kubernetes_groups.h"
#include "tests/fuzz/subject.h"

#include <algorithm>
#include <cctype>

namespace fleetglass::fuzz {

namespace {

using namespace discovery::kubernetes;

const std::string kPods = R"({"kind": "PodList", "metadata": {"resourceVersion": "7",
"continue": "c"}, "items": [{"metadata": {"name": "p", "namespace": "n", "uid": "u",
"labels": {"app.kubernetes.io/name": "x"}, "annotations": {"a": "b"}, "ownerReferences":
[{"kind": "ReplicaSet", "name": "r", "controller": true}]}, "spec": {"nodeName": "w",
"containers": [{"name": "c", "image": "i", "ports": [{"name": "web", "containerPort": 80,
"protocol": "TCP"}]}], "initContainers": [{"name": "d"}]}, "status": {"podIP": "fd00::1",
"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}]})";

const std::string kSlices = R"({"items": [{"metadata": {"name": "s", "namespace": "n",
"labels": {"kubernetes.io/service-name": "v"}}, "addressType": "IPv4", "endpoints":
[{"addresses": ["10.0.0.1"], "conditions": {"ready": true}, "targetRef": {"kind": "Pod",
"namespace": "n", "name": "p"}, "deprecatedTopology": {"z": "y"}}], "ports": [{"port": 80}],
"subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}], "spec": {"type":
"LoadBalancer", "ports": [{"port": 1}], "rules": [{"host": "*.a", "http": {"paths": [{}]}}],
"tls": [{"hosts": ["*.a"]}]}, "status": {"addresses": [{"type": "InternalIP", "address": "a"}],
"daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}}}}]})";

const std::string kEvent = R"({"type": "ERROR", "object": {"kind": "Status", "code": 410,
"message": "too old"}})";

const std::string kCredential = R"({"apiVersion": "client.authentication.k8s.io/v1", "kind":
"ExecCredential", "status": {"token": "t", "expirationTimestamp": "2026-01-02T03:04:05.6+07:00"}})";

const std::string kKubeconfig = R"(apiVersion: v1
kind: Config
current-context: a
contexts: [{name: a, context: {cluster: c, user: u, namespace: n}}]
clusters:
- name: c
  cluster: {server: "https://h:6443", certificate-authority-data: LS0tLS1CRUdJTiBYLS0tLS0K}
users:
- name: u
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, command: x, args: [a], env: [{name: b}]}
)";

// The same list taken for every kind, and every role made of that.
Complaint checkLists(const std::string& input)
{
    Cluster cluster;
    for (int i = 0; i <= static_cast<int>(Kind::Job); ++i) {
        const auto kind = static_cast<Kind>(i);
        const auto page = readList(kind, input);
        if (!page && page.error().message.empty())
            return "a list failed without a message";
        for (const ObjectPtr& object : page ? page->objects : std::vector<ObjectPtr> {})
            cluster.put(kind, object);
    }
    for (int i = 0; i < 6; ++i) {
        const auto groups = groupsOf(
            cluster, static_cast<discovery::KubernetesRole>(i), { true, true, true, true, true });
        for (const auto& group : groups) {
            for (const auto& [name, value] : group.labels) {
                const bool plain = std::all_of(name.begin(), name.end(),
                    [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
                if (!plain || value.empty())
                    return "the label " + name + "=" + value;
            }
        }
    }
    return std::nullopt;
}

Complaint check(const std::string& input, Mutator&)
{
    if (const Complaint complaint = checkLists(input))
        return complaint;
    const auto event = readEvent(Kind::Pod, input);
    if (!event && event.error().message.empty())
        return "an event failed without a message";
    static_cast<void>(readStatus(input));
    static_cast<void>(parseTimestampMs(input));
    const auto credential = readExecCredential(input, "x", "client.authentication.k8s.io/v1");
    if (!credential && credential.error().message.empty())
        return "a credential failed without a message";
    const auto access = config::readKubeconfig(input, "config");
    if (access && access->server.empty())
        return "a kubeconfig without a server was taken";
    if (!access && !access.error().message.starts_with("config:"))
        return "an error without its place: " + access.error().message;
    return std::nullopt;
}

} // namespace

Subject kubernetesSubject()
{
    return { "kubernetes", { kPods, kSlices, kEvent, kCredential, kKubeconfig, "{}", "" },
        { "{", "}", "[", "]", "null", "\"", ":", ",", "-1", "1e999", "true", "\\u0000",
            "\"metadata\":", "\"status\":", "- ", "  ", "&a ", "*a ", "\xff" },
        check };
}

} // namespace fleetglass::fuzz
