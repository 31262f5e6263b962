// kubernetes_sd_configs as plain values, and how a kubeconfig says to reach a cluster. Values.
#pragma once

#include "core/base/duration.h"
#include "core/base/result.h"
#include "core/http/client_options.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetglass::discovery {

enum class KubernetesRole
{
    Node,
    Service,
    Pod,
    Endpoints,
    EndpointSlice,
    Ingress
};

std::string_view toWord(KubernetesRole role); // "endpointslice"
std::optional<KubernetesRole> kubernetesRoleOf(std::string_view word);

struct KubernetesSelector
{
    KubernetesRole role = KubernetesRole::Pod;
    std::string label; // As the API takes it: "app=web,tier!=cache".
    std::string field; // "spec.nodeName=worker-1"
    friend bool operator==(const KubernetesSelector&, const KubernetesSelector&) = default;
};

// What is added to a target from other objects.
struct KubernetesAttach
{
    bool node = false;
    bool nameSpace = false;
    bool deployment = false; // By the pod's replica set.
    bool job = false;
    bool cronJob = false; // By the pod's job.
    friend bool operator==(const KubernetesAttach&, const KubernetesAttach&) = default;
};

// A program that answers credentials (client.authentication.k8s.io).
struct KubernetesExec
{
    std::string apiVersion;
    std::string command; // A path, or a name that PATH finds.
    std::vector<std::string> args;
    std::vector<std::pair<std::string, std::string>> environment;
    std::string installHint;
    std::string interactiveMode; // "Never", "IfAvailable", "Always"
    bool provideClusterInfo = false;
    std::string clusterConfigJson; // What the cluster has for the plugin; empty: nothing.
    friend bool operator==(const KubernetesExec&, const KubernetesExec&) = default;
};

// Where the API server is and who we are to it.
struct KubernetesAccess
{
    std::string server; // "https://10.0.0.1:6443", without a slash at the end.
    http::ClientOptions client;
    std::optional<KubernetesExec> exec;
    std::string ownNamespace; // Of the service account; empty: not known.
    std::string source; // "kubeconfig /home/ada/.kube/config, context dev": for messages.
    friend bool operator==(const KubernetesAccess&, const KubernetesAccess&) = default;
};

// Reads a kubeconfig; `path` is for messages and for the relative paths in it.
using KubeconfigReader
    = Result<KubernetesAccess> (*)(std::string_view text, const std::string& path);

struct KubernetesOptions
{
    KubernetesRole role = KubernetesRole::Pod;
    std::string apiServer; // Empty: the kubeconfig, the service account, or the user's kubeconfig.
    std::string kubeconfigFile;
    std::vector<std::string> namespaces; // Empty: all.
    bool ownNamespace = false;
    std::vector<KubernetesSelector> selectors; // At most one for each role.
    KubernetesAttach attach;
    http::ClientOptions client; // For apiServer.
    bool viaProxy = false; // Ask pods, services and nodes through the API server.
    KubeconfigReader readKubeconfig = nullptr; // Whoever knows YAML gives it.
    friend bool operator==(const KubernetesOptions&, const KubernetesOptions&) = default;
};

} // namespace fleetglass::discovery
