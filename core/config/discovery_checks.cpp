#include "core/config/discovery_checks.h"

#include "core/config/http_section.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <array>

namespace fleetglass::config::checks {

namespace {

// A key's text, or `fallback` where it is absent. Types were checked before.
std::string textOf(const Section& section, std::string_view key, std::string_view fallback = {})
{
    const YamlEntry* entry = section.node().find(key);
    return entry && entry->value->isScalar() ? entry->value->text : std::string(fallback);
}

bool isSet(const Section& section, std::string_view key)
{
    return !textOf(section, key).empty();
}

size_t countOf(const Section& section, std::string_view key)
{
    const YamlEntry* entry = section.node().find(key);
    return entry ? entry->value->items.size() : 0;
}

// The first key that is empty gives the first message.
using Demand = std::pair<std::string_view, std::string_view>;

bool demand(Section& section, std::initializer_list<Demand> demands)
{
    for (const auto& [key, message] : demands) {
        if (isSet(section, key))
            continue;
        section.failAt(key, std::string(message));
        return false;
    }
    return true;
}

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), text) != words.end();
}

void checkHttpUrl(Section& section, std::string_view key, const std::string& missing)
{
    const std::string url = textOf(section, key);
    if (url.empty())
        section.fail(missing);
    else if (const std::string problem = urlProblem(url); !problem.empty())
        section.failAt(key, problem);
    else if (!isOneOf(urlScheme(url), { "http", "https" }))
        section.failAt(key, "URL scheme must be 'http' or 'https'");
    else if (urlHost(url).empty())
        section.failAt(key, "host is missing in URL");
}

void checkZookeeper(Section& section, const std::string& kind)
{
    if (countOf(section, "servers") == 0)
        section.fail(kind + " SD config must contain at least one Zookeeper server");
    if (countOf(section, "paths") == 0) {
        section.fail(kind + " SD config must contain at least one path");
        return;
    }
    for (const YamlNode* path : section.node().find("paths")->value->items) {
        if (!path->text.starts_with('/'))
            section.reader().fail(
                path->position, kind + " SD config paths must begin with '/': " + path->text);
    }
}

void checkSecretKey(Section& section)
{
    const bool text = isSet(section, "secret_key");
    const bool file = isSet(section, "secret_key_file");
    if (!text && !file)
        section.fail("one of secret_key & secret_key_file must be configured");
    if (text && file)
        section.failAt(
            "secret_key_file", "at most one of secret_key & secret_key_file must be configured");
}

} // namespace

void azure(Section& section, const Client&)
{
    if (!demand(section,
            { { "subscription_id", "azure SD configuration requires a subscription_id" } }))
        return;
    const std::string method = textOf(section, "authentication_method", "OAuth");
    if (method == "OAuth")
        demand(section,
            { { "tenant_id", "azure SD configuration requires a tenant_id" },
                { "client_id", "azure SD configuration requires a client_id" },
                { "client_secret", "azure SD configuration requires a client_secret" } });
    else if (!isOneOf(method, { "ManagedIdentity", "SDK", "WorkloadIdentity" }))
        section.failAt("authentication_method",
            "unknown authentication_type " + labels::quote(method)
                + ". Supported types are \"OAuth\", \"ManagedIdentity\", \"SDK\" or "
                  "\"WorkloadIdentity\"");
}

void aws(Section& section, const Client& client)
{
    const std::string role = textOf(section, "role");
    if (!isOneOf(role, { "ec2", "ecs", "elasticache", "lightsail", "msk", "rds" }))
        section.failAt("role", "unknown AWS SD role " + labels::quote(role));
    ec2(section, client);
}

void digitalOcean(Section& section, const Client&)
{
    const std::string role = textOf(section, "role", "droplets");
    if (!isOneOf(role, { "droplets", "databases" }))
        section.failAt("role", "unknown DigitalOcean SD role " + labels::quote(role));
}

void ec2(Section& section, const Client&)
{
    const YamlEntry* filters = section.node().find("filters");
    if (filters == nullptr)
        return;
    for (const YamlNode* filter : filters->value->items) {
        const YamlEntry* values = filter->find("values");
        if (values == nullptr || values->value->items.empty())
            section.reader().fail(
                filter->position, "EC2 SD configuration filter values cannot be empty");
    }
}

void eureka(Section& section, const Client&)
{
    const std::string server = textOf(section, "server");
    if (server.empty())
        section.fail("eureka_sd: empty or null eureka server");
    else if (const std::string problem = urlProblem(server); !problem.empty())
        section.failAt("server", problem);
    else if (urlScheme(server).empty() || urlHost(server).empty())
        section.failAt("server", "eureka_sd: invalid eureka server URL");
}

void gce(Section& section, const Client&)
{
    demand(section,
        { { "project", "GCE SD configuration requires a project" },
            { "zone", "GCE SD configuration requires a zone" } });
}

void hetzner(Section& section, const Client&)
{
    const std::string role = textOf(section, "role");
    if (role.empty())
        section.fail("role missing (one of: robot, hcloud)");
    else if (!isOneOf(role, { "robot", "hcloud" }))
        section.failAt("role", "unknown role " + labels::quote(role));
}

void ionos(Section& section, const Client&)
{
    demand(section, { { "datacenter_id", "datacenter id can't be empty" } });
}

void kuma(Section& section, const Client&)
{
    const std::string server = textOf(section, "server");
    if (server.empty())
        section.fail("kuma SD server must not be empty: ");
    else if (const std::string problem = urlProblem(server); !problem.empty())
        section.failAt("server", problem);
    else if (urlScheme(server).empty() || urlHost(server).empty())
        section.failAt("server", "kuma SD server must not be empty and have a scheme: " + server);
}

void marathon(Section& section, const Client& client)
{
    if (countOf(section, "servers") == 0)
        section.fail("marathon_sd: must contain at least one Marathon server");
    const bool token = isSet(section, "auth_token");
    const bool file = isSet(section, "auth_token_file");
    if (token && file)
        section.failAt("auth_token_file",
            "marathon_sd: at most one of auth_token & auth_token_file must be configured");
    if (!token && !file)
        return;
    if (client.basicAuth)
        section.failAt("basic_auth",
            "marathon_sd: at most one of basic_auth, auth_token & auth_token_file must be "
            "configured");
    if (isSet(section, "bearer_token") || isSet(section, "bearer_token_file"))
        section.fail("marathon_sd: at most one of bearer_token, bearer_token_file, auth_token & "
                     "auth_token_file must be configured");
    else if (client.authorization)
        section.failAt("authorization",
            "marathon_sd: at most one of auth_token, auth_token_file & authorization must be "
            "configured");
}

void nerve(Section& section, const Client&)
{
    checkZookeeper(section, "nerve");
}

void serverset(Section& section, const Client&)
{
    checkZookeeper(section, "serverset");
}

void nomad(Section& section, const Client&)
{
    if (section.has("server") && !isSet(section, "server"))
        section.failAt("server", "nomad SD configuration requires a server address");
}

void oci(Section& section, const Client&)
{
    const std::string auth = textOf(section, "auth", "api_key");
    if (!demand(section, { { "region", "oci_sd: region is required" } }))
        return;
    if (auth == "api_key") {
        demand(section,
            { { "tenancy", "oci_sd: api_key auth requires tenancy" },
                { "user", "oci_sd: api_key auth requires user" },
                { "fingerprint", "oci_sd: api_key auth requires fingerprint" },
                { "key_file", "oci_sd: api_key auth requires key_file" } });
        if (isSet(section, "key_passphrase") && isSet(section, "key_passphrase_file"))
            section.fail(
                "oci_sd: at most one of key_passphrase and key_passphrase_file must be configured");
    } else if (auth == "instance_principal") {
        for (const std::string_view key : { "tenancy", "user", "fingerprint", "key_file",
                 "key_passphrase", "key_passphrase_file" }) {
            if (isSet(section, key))
                section.failAt(key,
                    "oci_sd: instance_principal auth must not have tenancy, user, fingerprint, "
                    "key_file, key_passphrase, or key_passphrase_file set");
        }
    } else {
        section.failAt("auth",
            "oci_sd: unknown auth method " + labels::quote(auth)
                + ", expected \"api_key\" or \"instance_principal\"");
    }
}

void openstack(Section& section, const Client&)
{
    const std::string availability = textOf(section, "availability", "public");
    if (!isOneOf(availability, { "public", "internal", "admin" })) {
        section.failAt("availability",
            "unknown availability " + availability + ", must be one of admin, internal or public");
        return;
    }
    const std::string role = textOf(section, "role");
    if (role.empty())
        section.fail("role missing (one of: instance, hypervisor, loadbalancer)");
    else if (!isOneOf(role, { "instance", "hypervisor", "loadbalancer" }))
        section.failAt("role", "unknown OpenStack SD role " + labels::quote(role));
    demand(section, { { "region", "openstack SD configuration requires a region" } });
}

void outscale(Section& section, const Client&)
{
    if (section.has("region") && !isSet(section, "region"))
        section.failAt("region", "outscale SD configuration requires a region");
    demand(section, { { "access_key", "outscale SD configuration requires access_key" } });
    checkSecretKey(section);
}

void ovhcloud(Section& section, const Client&)
{
    demand(section,
        { { "application_key", "application key can not be empty" },
            { "application_secret", "application secret can not be empty" },
            { "consumer_key", "consumer key can not be empty" } });
    const std::string service = textOf(section, "service");
    if (!isOneOf(service, { "vps", "dedicated_server" }))
        section.failAt("service", "unknown service: " + service);
}

void puppetDb(Section& section, const Client&)
{
    checkHttpUrl(section, "url", "URL is missing");
    demand(section, { { "query", "query missing" } });
}

void scaleway(Section& section, const Client&)
{
    const std::string role = textOf(section, "role");
    if (role.empty())
        section.fail("role missing (one of: instance, baremetal)");
    else if (!isOneOf(role, { "instance", "baremetal" }))
        section.failAt("role", "unknown role " + labels::quote(role));
    demand(section, { { "project_id", "project_id is mandatory" } });
    checkSecretKey(section);
    demand(section, { { "access_key", "access_key is mandatory" } });
}

void stackit(Section& section, const Client&)
{
    const std::string endpoint = textOf(section, "endpoint");
    if (endpoint.empty() && textOf(section, "region", "eu01").empty())
        section.fail("endpoint or region missing");
    else if (const std::string problem = urlProblem(endpoint); !problem.empty())
        section.failAt("endpoint", "invalid endpoint " + labels::quote(endpoint) + ": " + problem);
}

void triton(Section& section, const Client&)
{
    const std::string role = textOf(section, "role", "container");
    if (!isOneOf(role, { "container", "cn" }))
        section.failAt("role", "triton SD configuration requires role to be 'container' or 'cn'");
    demand(section,
        { { "account", "triton SD configuration requires an account" },
            { "dns_suffix", "triton SD configuration requires a dns_suffix" },
            { "endpoint", "triton SD configuration requires an endpoint" } });
}

void uyuni(Section& section, const Client&)
{
    if (!demand(section, { { "server", "Uyuni SD configuration requires server host" } }))
        return;
    if (const std::string problem = urlProblem(textOf(section, "server")); !problem.empty())
        section.failAt("server", "Uyuni Server URL is not valid: " + problem);
    demand(section,
        { { "username", "Uyuni SD configuration requires a username" },
            { "password", "Uyuni SD configuration requires a password" } });
}

} // namespace fleetglass::config::checks
