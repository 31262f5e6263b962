// What every mechanism needs to write addresses and __meta_ labels as Prometheus does. Pure
// functions; share freely.
#pragma once

#include "core/discovery/options.h"

#include <map>
#include <string>
#include <string_view>

namespace fleetglass::discovery {

// The labels of one target before it becomes a group; later values win, as in upstream's maps.
using MetaLabels = std::map<std::string, std::string>;

// Each character outside of [a-zA-Z0-9_] becomes one "_" (strutil.SanitizeLabelName).
std::string sanitizeLabelName(std::string_view name);

// Sets prefix + the sanitised key for each pair.
void addFamily(MetaLabels& labels, std::string_view prefix, const MetaLabels& family);

// "host:port"; an IPv6 address gets its brackets (net.JoinHostPort).
std::string joinHostPort(std::string_view host, std::string_view port);
std::string joinHostPort(std::string_view host, int64_t port);

// "10.0.0.3" of "10.0.0.3/24"; empty where the text is no address with a prefix length.
std::string addressOfCidr(const std::string& cidr);

// A group of one target. Labels without a value are left out: to relabelling they are the same.
TargetGroup oneTarget(std::string address, const MetaLabels& labels, std::string source);

} // namespace fleetglass::discovery
