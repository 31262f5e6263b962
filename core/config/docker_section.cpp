#include "core/config/docker_section.h"

#include "core/config/http_section.h"

#include <algorithm>
#include <array>

namespace fleetglass::config {

namespace {

using discovery::DockerFilter;
using discovery::DockerOptions;
using discovery::SwarmOptions;

void readFilters(Section& section, std::vector<DockerFilter>& filters)
{
    const YamlNode* list = section.takeValue("filters");
    if (list == nullptr)
        return;
    for (const YamlNode* item : listOf(section.reader(), *list, "[]moby.Filter")) {
        if (item->isNull())
            continue; // Go's zero value: a filter for nothing.
        Section filter(section.reader(), *item, "moby.Filter");
        DockerFilter& read = filters.emplace_back();
        filter.text("name", read.name);
        filter.texts("values", read.values);
        filter.finish();
    }
}

void checkHost(Section& section, const std::string& host)
{
    if (host.empty())
        section.failAt("host", "host missing");
    else if (const std::string problem = urlProblem(host); !problem.empty())
        section.failAt("host", problem);
}

void checkRole(Section& section, const std::string& role)
{
    constexpr std::array<std::string_view, 3> kRoles { "services", "nodes", "tasks" };
    if (role.empty())
        section.fail("role missing (one of: tasks, services, nodes)");
    else if (std::find(kRoles.begin(), kRoles.end(), role) == kRoles.end())
        section.failAt("role", "invalid role " + role + ", expected tasks, services, or nodes");
}

void writeFilters(YamlEmitter& out, const std::vector<DockerFilter>& filters)
{
    if (filters.empty())
        return;
    out.key("filters");
    for (const DockerFilter& filter : filters) {
        out.item();
        out.text("name", filter.name);
        out.texts("values", filter.values);
        out.end();
    }
    out.end();
}

void writePort(YamlEmitter& out, int port, int standard)
{
    if (port != standard)
        out.raw("port", std::to_string(port));
}

void writeRefresh(YamlEmitter& out, Millis interval, Millis standard)
{
    if (interval != standard)
        out.raw("refresh_interval", formatDuration(interval));
}

} // namespace

void readDockerSd(Reader& reader, const YamlNode& node, DockerOptions& options)
{
    Section section(reader, node, "moby.plain");
    section.text("host", options.host);
    section.integer("port", options.port);
    readFilters(section, options.filters);
    section.text("host_networking_host", options.hostNetworkingHost);
    section.boolean("match_first_network", options.matchFirstNetwork);
    section.duration("refresh_interval", options.refreshInterval);
    readHttpKeys(section, options.client);
    section.finish();
    checkHost(section, options.host);
}

void readSwarmSd(Reader& reader, const YamlNode& node, SwarmOptions& options)
{
    Section section(reader, node, "moby.plain");
    section.text("host", options.host);
    section.text("role", options.role);
    section.integer("port", options.port);
    readFilters(section, options.filters);
    section.duration("refresh_interval", options.refreshInterval);
    readHttpKeys(section, options.client);
    section.finish();
    checkHost(section, options.host);
    checkRole(section, options.role);
}

void writeDockerSd(YamlEmitter& out, const DockerOptions& options)
{
    const DockerOptions standard;
    out.text("host", options.host);
    writePort(out, options.port, standard.port);
    writeFilters(out, options.filters);
    if (options.hostNetworkingHost != standard.hostNetworkingHost)
        out.text("host_networking_host", options.hostNetworkingHost);
    if (options.matchFirstNetwork != standard.matchFirstNetwork)
        out.raw("match_first_network", "false");
    writeRefresh(out, options.refreshInterval, standard.refreshInterval);
}

void writeSwarmSd(YamlEmitter& out, const SwarmOptions& options)
{
    const SwarmOptions standard;
    out.text("host", options.host);
    out.text("role", options.role);
    writePort(out, options.port, standard.port);
    writeFilters(out, options.filters);
    writeRefresh(out, options.refreshInterval, standard.refreshInterval);
}

} // namespace fleetglass::config
