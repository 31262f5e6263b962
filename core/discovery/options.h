// Where the targets of a job come from, as plain values. Values.
#pragma once

#include "core/base/duration.h"
#include "core/discovery/kubernetes_options.h"
#include "core/discovery/relay.h"
#include "core/http/client_options.h"
#include "core/labels/labels.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fleetglass::discovery {

using LabelPairs = std::vector<std::pair<std::string, std::string>>;

// The shape of static_configs, file_sd and http_sd alike: addresses that share labels.
struct TargetGroup
{
    std::vector<std::string> targets;
    LabelPairs labels;
    std::string source; // "static/0", a file path, a URL without secrets.
    std::shared_ptr<const Relay> relay = nullptr; // Null: its targets are asked directly.
    friend bool operator==(const TargetGroup&, const TargetGroup&) = default;
};

struct FileOptions
{
    std::vector<std::string> files; // Absolute; the last element may be a glob.
    Millis refreshInterval { 300'000 };
    friend bool operator==(const FileOptions&, const FileOptions&) = default;
};

struct HttpOptions
{
    std::string url;
    Millis refreshInterval { 60'000 };
    http::ClientOptions client;
    friend bool operator==(const HttpOptions&, const HttpOptions&) = default;
};

struct DnsOptions
{
    std::vector<std::string> names;
    std::string type = "SRV";
    int port = 0;
    Millis refreshInterval { 30'000 };
    friend bool operator==(const DnsOptions&, const DnsOptions&) = default;
};

// One entry of the `filters` that Docker's API takes.
struct DockerFilter
{
    std::string name;
    std::vector<std::string> values;
    friend bool operator==(const DockerFilter&, const DockerFilter&) = default;
};

struct DockerOptions
{
    std::string host; // "unix:///var/run/docker.sock", "tcp://host:2375", "https://host:2376"
    int port = 80; // Of a container without ports of its own.
    std::vector<DockerFilter> filters;
    std::string hostNetworkingHost = "localhost"; // The address of a container in host mode.
    bool matchFirstNetwork = true;
    Millis refreshInterval { 60'000 };
    http::ClientOptions client;
    friend bool operator==(const DockerOptions&, const DockerOptions&) = default;
};

struct SwarmOptions
{
    std::string host;
    std::string role; // "services", "tasks", "nodes"
    int port = 80; // Of a node, or of a service or task without published ports.
    std::vector<DockerFilter> filters;
    Millis refreshInterval { 60'000 };
    http::ClientOptions client;
    friend bool operator==(const SwarmOptions&, const SwarmOptions&) = default;
};

struct ConsulOptions
{
    std::string server = "localhost:8500";
    std::string pathPrefix;
    std::string scheme = "http";
    Secret token;
    std::string datacenter; // Empty: the agent's own.
    std::string nameSpace;
    std::string partition;
    std::string tagSeparator = ",";
    std::string username;
    Secret password;
    bool allowStale = true;
    std::vector<std::string> services; // Empty: all of the catalog.
    std::vector<std::string> tags; // All of them are demanded.
    LabelPairs nodeMeta;
    std::string filter; // Of the catalog.
    std::string healthFilter; // Of the instances.
    Millis refreshInterval { 30'000 };
    http::ClientOptions client;
    friend bool operator==(const ConsulOptions&, const ConsulOptions&) = default;
};

// A mechanism that is recognised and kept, but not run here.
struct SkippedMechanism
{
    std::string name; // "ec2_sd_configs"
    int line = 0; // In the file it came from.
    friend bool operator==(const SkippedMechanism&, const SkippedMechanism&) = default;
};

struct DiscoveryOptions
{
    std::vector<TargetGroup> statics;
    std::vector<FileOptions> files;
    std::vector<HttpOptions> http;
    std::vector<DnsOptions> dns;
    std::vector<DockerOptions> docker;
    std::vector<SwarmOptions> swarm;
    std::vector<ConsulOptions> consul;
    std::vector<KubernetesOptions> kubernetes;
    std::vector<SkippedMechanism> skipped;
    friend bool operator==(const DiscoveryOptions&, const DiscoveryOptions&) = default;
};

} // namespace fleetglass::discovery
