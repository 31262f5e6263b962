#include "core/config/discovery_section.h"

#include "core/base/utf8.h"
#include "core/config/consul_section.h"
#include "core/config/discovery_catalog.h"
#include "core/config/docker_section.h"
#include "core/config/http_section.h"
#include "core/config/job_extension.h"
#include "core/config/kubernetes_section.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace fleetglass::config {

namespace {

std::string upper(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
        [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

// Calls read(item, index) for each entry that is not null; a null one is an error.
template<class F>
void forEachItem(Section& section, std::string_view key, F&& read)
{
    const YamlNode* list = section.takeValue(key);
    if (list == nullptr)
        return;
    size_t index = 0;
    for (const YamlNode* item : listOf(section.reader(), *list, "[]*config.SDConfig")) {
        if (item->isNull())
            section.reader().fail(item->position, "empty or null section in " + std::string(key));
        else
            read(*item, index);
        ++index;
    }
}

// ^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$ of discovery/file: a glob in the last part only.
bool isFileSdPath(std::string_view path)
{
    constexpr std::array<std::string_view, 6> kEndings { ".json", ".yml", ".yaml", ".JSON", ".YML",
        ".YAML" };
    const auto ending = std::find_if(kEndings.begin(), kEndings.end(),
        [path](std::string_view candidate) { return path.ends_with(candidate); });
    if (ending == kEndings.end())
        return false;
    path.remove_suffix(ending->size());
    const size_t star = path.find('*');
    return star == std::string_view::npos || path.find('/', star) == std::string_view::npos;
}

void readFileSd(Reader& reader, const YamlNode& node, discovery::FileOptions& options)
{
    Section section(reader, node, "file.plain");
    section.texts("files", options.files);
    section.duration("refresh_interval", options.refreshInterval);
    section.finish();
    if (options.files.empty())
        section.fail("file service discovery config must contain at least one path name");
    for (std::string& file : options.files) {
        if (!isFileSdPath(file))
            section.failAt(
                "files", "path name " + labels::quote(file) + " is not valid for file discovery");
        file = reader.resolve(file);
    }
}

void checkHttpUrl(Section& section, const std::string& url)
{
    if (url.empty()) {
        section.fail("URL is missing");
        return;
    }
    if (const std::string problem = urlProblem(url); !problem.empty())
        section.failAt("url", problem);
    else if (urlScheme(url) != "http" && urlScheme(url) != "https")
        section.failAt("url", "URL scheme must be 'http' or 'https'");
    else if (urlHost(url).empty())
        section.failAt("url", "host is missing in URL");
}

// User and password of a URL would be shown with it: they move to where secrets are kept.
void takeUserinfo(std::string& url, http::ClientOptions& client)
{
    const size_t start = url.find("//");
    const size_t end = start == std::string::npos ? start : url.find_first_of("/?#", start + 2);
    const size_t at = url.rfind('@', end);
    if (start == std::string::npos || at == std::string::npos || at < start + 2)
        return;
    const std::string userinfo = url.substr(start + 2, at - start - 2);
    url.erase(start + 2, at - start - 1);
    if (client.basicAuth || client.authorization || client.oauth2)
        return;
    const size_t colon = std::min(userinfo.find(':'), userinfo.size());
    http::BasicAuth& auth = client.basicAuth.emplace();
    auth.username = userinfo.substr(0, colon);
    if (colon < userinfo.size())
        auth.password.text = Secret(userinfo.substr(colon + 1));
}

void readHttpSd(Reader& reader, const YamlNode& node, discovery::HttpOptions& options)
{
    Section section(reader, node, "http.plain");
    section.text("url", options.url);
    section.duration("refresh_interval", options.refreshInterval);
    readHttpKeys(section, options.client);
    section.finish();
    checkHttpUrl(section, options.url);
    takeUserinfo(options.url, options.client);
}

void readDnsSd(Reader& reader, const YamlNode& node, discovery::DnsOptions& options)
{
    Section section(reader, node, "dns.plain");
    section.texts("names", options.names);
    section.text("type", options.type);
    section.integer("port", options.port);
    section.duration("refresh_interval", options.refreshInterval);
    section.finish();
    if (options.names.empty())
        section.fail("DNS-SD config must contain at least one SRV record name");
    const std::string type = upper(options.type);
    const bool isAddress = type == "A" || type == "AAAA" || type == "MX" || type == "NS";
    if (isAddress && options.port == 0)
        section.fail("a port is required in DNS-SD configs for all record types except SRV");
    else if (!isAddress && type != "SRV")
        section.failAt("type", "invalid DNS-SD records type " + options.type);
    options.type = type;
}

void readStatics(Section& section, std::vector<discovery::TargetGroup>& groups)
{
    const YamlNode* list = section.takeValue("static_configs");
    if (list == nullptr)
        return;
    size_t index = 0;
    for (const YamlNode* item : listOf(section.reader(), *list, "[]*targetgroup.Group")) {
        if (item->isNull()) {
            section.reader().fail(item->position, "empty or null section in static_configs");
            continue;
        }
        discovery::TargetGroup group;
        readTargetGroup(section.reader(), *item, group);
        group.source = "static/" + std::to_string(index++);
        groups.push_back(std::move(group));
    }
}

void readSkipped(Section& section, discovery::DiscoveryOptions& options)
{
    for (const SdMechanism& mechanism : sdMechanisms()) {
        bool found = false;
        forEachItem(section, mechanism.key, [&](const YamlNode& item, size_t) {
            checkMechanism(section.reader(), item, mechanism);
            found = true;
        });
        if (!found)
            continue;
        const Position position = section.positionOf(mechanism.key);
        options.skipped.push_back({ std::string(mechanism.key), position.line });
        section.reader().warn(position,
            std::string(mechanism.key)
                + " is recognised but not run here; its targets can come through file_sd_configs "
                  "or http_sd_configs");
    }
}

bool asksThroughApiServer(const YamlNode& job)
{
    const YamlEntry* extension = job.find(kExtensionKey);
    if (extension == nullptr || !extension->value->isMap())
        return false;
    const YamlEntry* entry = extension->value->find(kKubernetesProxyKey);
    return entry != nullptr && yamlBoolean(entry->value->text).value_or(false);
}

} // namespace

void readTargetGroup(Reader& reader, const YamlNode& node, discovery::TargetGroup& group)
{
    Section section(reader, node, "targetgroup.Group");
    section.texts("targets", group.targets);
    section.textMap("labels", group.labels);
    section.finish();
    for (const auto& [name, value] : group.labels) {
        if (name.empty() || !isValidUtf8(name))
            section.failAt("labels", labels::quote(name) + " is not a valid label name");
    }
}

void readDiscovery(Section& section, discovery::DiscoveryOptions& options)
{
    Reader& reader = section.reader();
    readStatics(section, options.statics);
    forEachItem(section, "file_sd_configs", [&](const YamlNode& item, size_t) {
        readFileSd(reader, item, options.files.emplace_back());
    });
    forEachItem(section, "http_sd_configs", [&](const YamlNode& item, size_t) {
        readHttpSd(reader, item, options.http.emplace_back());
    });
    forEachItem(section, "dns_sd_configs",
        [&](const YamlNode& item, size_t) { readDnsSd(reader, item, options.dns.emplace_back()); });
    forEachItem(section, "docker_sd_configs", [&](const YamlNode& item, size_t) {
        readDockerSd(reader, item, options.docker.emplace_back());
    });
    forEachItem(section, "dockerswarm_sd_configs", [&](const YamlNode& item, size_t) {
        readSwarmSd(reader, item, options.swarm.emplace_back());
    });
    forEachItem(section, "consul_sd_configs", [&](const YamlNode& item, size_t) {
        readConsulSd(reader, item, options.consul.emplace_back());
    });
    forEachItem(section, "kubernetes_sd_configs", [&](const YamlNode& item, size_t) {
        readKubernetesSd(reader, item, options.kubernetes.emplace_back());
        options.kubernetes.back().viaProxy = asksThroughApiServer(section.node());
    });
    readSkipped(section, options);
}

void checkStaticTargets(
    Reader& reader, const Section& section, const discovery::DiscoveryOptions& options)
{
    for (const discovery::TargetGroup& group : options.statics) {
        for (const std::string& target : group.targets) {
            if (target.find('/') != std::string::npos)
                reader.fail(section.positionOf("static_configs"),
                    labels::quote(target) + " is not a valid hostname");
        }
    }
}

} // namespace fleetglass::config
