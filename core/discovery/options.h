// Where the targets of a job come from, as plain values. Values.
#pragma once

#include "core/base/duration.h"
#include "core/http/client_options.h"
#include "core/labels/labels.h"

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
    std::vector<SkippedMechanism> skipped;
    friend bool operator==(const DiscoveryOptions&, const DiscoveryOptions&) = default;
};

} // namespace fleetglass::discovery
