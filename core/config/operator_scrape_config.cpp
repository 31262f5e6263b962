// ScrapeConfig: a job in the operator's spelling. The discovery kinds differ from Prometheus' own
// only in how their keys are written, so they are rewritten key by key; the strict reader then says
// what is wrong with them.
#include "core/config/operator_nodes.h"

#include <array>
#include <cctype>

namespace fleetglass::config::monitoring {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kDiscovery { {
    { "fileSDConfigs", "file_sd_configs" },
    { "httpSDConfigs", "http_sd_configs" },
    { "kubernetesSDConfigs", "kubernetes_sd_configs" },
    { "consulSDConfigs", "consul_sd_configs" },
    { "dnsSDConfigs", "dns_sd_configs" },
    { "ec2SDConfigs", "ec2_sd_configs" },
    { "azureSDConfigs", "azure_sd_configs" },
    { "gceSDConfigs", "gce_sd_configs" },
    { "openstackSDConfigs", "openstack_sd_configs" },
    { "digitalOceanSDConfigs", "digitalocean_sd_configs" },
    { "kumaSDConfigs", "kuma_sd_configs" },
    { "eurekaSDConfigs", "eureka_sd_configs" },
    { "dockerSDConfigs", "docker_sd_configs" },
    { "dockerSwarmSDConfigs", "dockerswarm_sd_configs" },
    { "linodeSDConfigs", "linode_sd_configs" },
    { "hetznerSDConfigs", "hetzner_sd_configs" },
    { "nomadSDConfigs", "nomad_sd_configs" },
    { "lightSailSDConfigs", "lightsail_sd_configs" },
    { "ovhcloudSDConfigs", "ovhcloud_sd_configs" },
    { "scalewaySDConfigs", "scaleway_sd_configs" },
    { "puppetDBSDConfigs", "puppetdb_sd_configs" },
    { "ionosSDConfigs", "ionos_sd_configs" },
} };

// Keys that are not the words of Prometheus with capitals.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kOddKeys { {
    { "tokenRef", "token" },
    { "tagSeparator", "tag_separator" },
    { "subscriptionID", "subscription_id" },
    { "tenantID", "tenant_id" },
    { "clientID", "client_id" },
    { "userID", "userid" },
    { "projectID", "project_id" },
    { "domainID", "domain_id" },
    { "roleARN", "role_arn" },
    { "secretKey", "secret_key" },
    { "hostNetworkingHost", "host_networking_host" },
    { "datacenterID", "datacenter_id" },
} };

// Values that the operator writes with capitals.
bool isWord(std::string_view key)
{
    return key == "role" || key == "scheme";
}

// "refreshInterval" -> "refresh_interval".
std::string snakeCase(std::string_view key)
{
    for (const auto& [odd, plain] : kOddKeys) {
        if (odd == key)
            return std::string(plain);
    }
    std::string result;
    for (size_t i = 0; i < key.size(); ++i) {
        const auto c = static_cast<unsigned char>(key[i]);
        if (std::isupper(c) && i > 0 && !std::isupper(static_cast<unsigned char>(key[i - 1])))
            result += '_';
        result += static_cast<char>(std::tolower(c));
    }
    return result;
}

bool isSecretReference(const YamlNode& node)
{
    return node.isMap() && node.find("name") != nullptr && node.find("key") != nullptr
        && node.entries.size() <= 3;
}

bool isClientKey(std::string_view key)
{
    constexpr std::array<std::string_view, 11> kKeys { "basicAuth", "authorization", "oauth2",
        "tlsConfig", "proxyUrl", "noProxy", "proxyFromEnvironment", "proxyConnectHeader",
        "followRedirects", "enableHTTP2", "enableHttp2" };
    for (const std::string_view known : kKeys) {
        if (known == key)
            return true;
    }
    return false;
}

class Rewriter
{
public:
    explicit Rewriter(const Resource& resource)
        : m_resource(resource)
    {
    }

    // Depth is bounded by the YAML reader.
    const YamlNode* rewrite(const YamlNode& node, const std::string& path)
    {
        NodeMaker& maker = m_resource.maker;
        if (isSecretReference(node))
            return secretText(m_resource, &node, "secret");
        if (node.isSequence()) {
            YamlNode& list = maker.list(node.position);
            for (size_t i = 0; i < node.items.size(); ++i) {
                if (const YamlNode* item
                    = rewrite(*node.items[i], path + '[' + std::to_string(i) + ']'))
                    list.items.push_back(item);
            }
            return &list;
        }
        return node.isMap() ? rewriteMap(node, path) : &node;
    }

private:
    const YamlNode* rewriteMap(const YamlNode& node, const std::string& path)
    {
        NodeMaker& maker = m_resource.maker;
        YamlNode& map = maker.map(node.position);
        YamlNode client;
        client.kind = YamlKind::Map;
        client.position = node.position;
        for (const YamlEntry& entry : node.entries) {
            if (isClientKey(entry.key))
                client.entries.push_back(entry);
            else if (isWord(entry.key) && entry.value->isScalar())
                NodeMaker::set(map, entry.key,
                    &maker.scalar(lowerCase(entry.value->text), entry.value->position));
            else if (isPlainMap(entry.key))
                NodeMaker::set(map, snakeCase(entry.key), entry.value);
            else
                NodeMaker::set(
                    map, snakeCase(entry.key), rewrite(*entry.value, path + '.' + entry.key));
        }
        Fields fields(m_resource, &client, path);
        addClient(fields, map);
        return &map;
    }

    // The user's own names, not keys of ours.
    static bool isPlainMap(std::string_view key)
    {
        return key == "labels" || key == "params" || key == "nodeMeta";
    }

    const Resource& m_resource;
};

} // namespace

void addScrapeConfig(const Resource& resource, const YamlNode& spec, YamlNode& jobs)
{
    Fields fields(resource, &spec, {});
    NodeMaker& maker = resource.maker;
    YamlNode& job = maker.map(spec.position);
    maker.setText(job, "job_name", "scrapeConfig/" + resource.nameSpace + '/' + resource.name);
    fields.copy("scrapeInterval", job, "scrape_interval");
    fields.copy("scrapeTimeout", job, "scrape_timeout");
    fields.copy("metricsPath", job, "metrics_path");
    fields.copy("params", job, "params");
    fields.copyLower("scheme", job, "scheme");
    fields.copy("enableCompression", job, "enable_compression");
    fields.copyLower("nameValidationScheme", job, "metric_name_validation_scheme");
    if (const std::string scheme = lowerCase(fields.text("nameEscapingScheme")); !scheme.empty())
        maker.setText(
            job, "metric_name_escaping_scheme", scheme == "allowutf8" ? "allow-utf-8" : scheme);
    fields.copy("staticConfigs", job, "static_configs");
    Rewriter rewriter(resource);
    for (const auto& [key, newKey] : kDiscovery) {
        if (const YamlNode* value = fields.take(key))
            NodeMaker::set(job, newKey, rewriter.rewrite(*value, std::string(key)));
    }
    addClient(fields, job);
    addLimits(fields, job);
    YamlNode& rules = maker.list(spec.position);
    addRule(resource, rules, spec.position, { {}, { "job" }, {}, "__tmp_prometheus_job_name", {} });
    if (const std::string name = fields.text("jobName"); !name.empty())
        addRule(resource, rules, spec.position, { {}, {}, {}, "job", name });
    addRelabelings(fields, "relabelings", rules);
    NodeMaker::set(job, "relabel_configs", &rules);
    YamlNode& sampleRules = maker.list(spec.position);
    addRelabelings(fields, "metricRelabelings", sampleRules);
    if (!sampleRules.items.empty())
        NodeMaker::set(job, "metric_relabel_configs", &sampleRules);
    fields.finish();
    jobs.items.push_back(&job);
}

} // namespace fleetglass::config::monitoring
