#include "core/config/discovery_catalog.h"

#include "core/config/discovery_checks.h"
#include "core/config/http_section.h"

#include <array>

namespace fleetglass::config {

namespace {

constexpr SdType kText = SdType::Text;
constexpr SdType kPath = SdType::Path;
constexpr SdType kSecret = SdType::Secret;
constexpr SdType kInteger = SdType::Integer;
constexpr SdType kBoolean = SdType::Boolean;
constexpr SdType kDuration = SdType::Duration;
constexpr SdType kTexts = SdType::Texts;

constexpr SdKey kRefresh { "refresh_interval", kDuration };
constexpr SdKey kPort { "port", kInteger };

constexpr SdKey kAzure[] { { "environment" }, kPort, { "subscription_id" }, { "tenant_id" },
    { "client_id" }, { "client_secret", kSecret }, kRefresh, { "authentication_method" },
    { "resource_group" } };
constexpr SdKey kDigitalOcean[] { { "role" }, kRefresh, kPort };
constexpr SdKey kEc2[] { { "endpoint" }, { "region" }, { "access_key" }, { "secret_key", kSecret },
    { "profile" }, { "role_arn" }, { "external_id" }, kRefresh, kPort,
    { "filters", SdType::Filters } };
// One table for the AWS kinds that list clusters; lightsail takes fewer.
constexpr SdKey kAwsClusters[] { { "endpoint" }, { "region" }, { "access_key" },
    { "secret_key", kSecret }, { "profile" }, { "role_arn" }, { "external_id" },
    { "clusters", kTexts }, kRefresh, kPort, { "request_concurrency", kInteger } };
constexpr SdKey kRds[] { { "endpoint" }, { "region" }, { "access_key" }, { "secret_key", kSecret },
    { "profile" }, { "role_arn" }, { "external_id" }, { "clusters", kTexts }, kRefresh, kPort,
    { "request_concurrency", kInteger }, { "filters", SdType::Filters } };
constexpr SdKey kLightsail[] { { "endpoint" }, { "region" }, { "access_key" },
    { "secret_key", kSecret }, { "profile" }, { "role_arn" }, { "external_id" }, kRefresh, kPort };
constexpr SdKey kAws[] { { "role" }, { "endpoint" }, { "region" }, { "access_key" },
    { "secret_key", kSecret }, { "profile" }, { "role_arn" }, { "external_id" }, kRefresh, kPort,
    { "filters", SdType::Filters }, { "clusters", kTexts }, { "request_concurrency", kInteger } };
constexpr SdKey kEureka[] { { "server" }, kRefresh };
constexpr SdKey kGce[] { { "project" }, { "zone" }, { "filter" }, kRefresh, kPort,
    { "tag_separator" } };
constexpr SdKey kHetzner[] { kRefresh, kPort, { "role" }, { "label_selector" } };
constexpr SdKey kIonos[] { { "datacenter_id" }, kRefresh, kPort };
constexpr SdKey kKuma[] { { "server" }, { "client_id" }, { "fetch_timeout", kDuration }, kRefresh };
constexpr SdKey kLinode[] { kRefresh, kPort, { "tag_separator" }, { "region" } };
constexpr SdKey kMarathon[] { { "servers", kTexts }, kRefresh, { "auth_token", kSecret },
    { "auth_token_file", kPath } };
constexpr SdKey kZookeeper[] { { "servers", kTexts }, { "paths", kTexts },
    { "timeout", kDuration } };
constexpr SdKey kNomad[] { { "server" }, { "namespace" }, { "region" }, { "tag_separator" },
    { "allow_stale", kBoolean }, kRefresh };
constexpr SdKey kOci[] { { "auth" }, { "region" }, { "tenancy" }, { "user" }, { "fingerprint" },
    { "key_file", kPath }, { "key_passphrase", kSecret }, { "key_passphrase_file", kPath },
    { "compartments", kTexts }, { "profile" }, kPort, kRefresh };
constexpr SdKey kOpenstack[] { { "identity_endpoint" }, { "username" }, { "userid" },
    { "password", kSecret }, { "project_name" }, { "project_id" }, { "domain_name" },
    { "domain_id" }, { "application_credential_name" }, { "application_credential_id" },
    { "application_credential_secret", kSecret }, { "role" }, { "region" }, kRefresh, kPort,
    { "all_tenants", kBoolean }, { "tls_config", SdType::Tls }, { "availability" } };
constexpr SdKey kOutscale[] { { "endpoint" }, { "region" }, { "access_key" },
    { "secret_key", kSecret }, { "secret_key_file", kPath }, kRefresh, kPort };
constexpr SdKey kOvhcloud[] { { "endpoint" }, { "application_key" },
    { "application_secret", kSecret }, { "consumer_key", kSecret }, kRefresh, { "service" } };
constexpr SdKey kPuppetDb[] { { "url" }, { "query" }, { "include_parameters", kBoolean }, kRefresh,
    kPort };
constexpr SdKey kScaleway[] { { "project_id" }, { "api_url" }, { "zone" }, { "access_key" },
    { "secret_key", kSecret }, { "secret_key_file", kPath }, { "name_filter" },
    { "tags_filter", kTexts }, kRefresh, kPort, { "role" } };
constexpr SdKey kStackit[] { kRefresh, kPort, { "region" }, { "endpoint" }, { "project" },
    { "service_account_key", kSecret }, { "private_key", kSecret },
    { "service_account_key_path", kPath }, { "private_key_path", kPath },
    { "credentials_file_path", kPath } };
constexpr SdKey kTriton[] { { "account" }, { "role" }, { "dns_suffix" }, { "endpoint" },
    { "groups", kTexts }, kPort, kRefresh, { "tls_config", SdType::Tls }, { "version", kInteger } };
constexpr SdKey kUyuni[] { { "server" }, { "username" }, { "password", kSecret }, { "entitlement" },
    { "separator" }, kRefresh };
constexpr SdKey kVultr[] { kRefresh, kPort };

constexpr SdMechanism kMechanisms[] {
    { "aws_sd_configs", "aws.plain", true, kAws, checks::aws },
    { "azure_sd_configs", "azure.plain", true, kAzure, checks::azure },
    { "digitalocean_sd_configs", "digitalocean.plain", true, kDigitalOcean, checks::digitalOcean },
    { "ec2_sd_configs", "aws.plain", true, kEc2, checks::ec2 },
    { "ecs_sd_configs", "aws.plain", true, kAwsClusters, nullptr },
    { "elasticache_sd_configs", "aws.plain", true, kAwsClusters, nullptr },
    { "eureka_sd_configs", "eureka.plain", true, kEureka, checks::eureka },
    { "gce_sd_configs", "gce.plain", false, kGce, checks::gce },
    { "hetzner_sd_configs", "hetzner.plain", true, kHetzner, checks::hetzner },
    { "ionos_sd_configs", "ionos.plain", true, kIonos, checks::ionos },
    { "kuma_sd_configs", "xds.plain", true, kKuma, checks::kuma },
    { "lightsail_sd_configs", "aws.plain", true, kLightsail, nullptr },
    { "linode_sd_configs", "linode.plain", true, kLinode, nullptr },
    { "marathon_sd_configs", "marathon.plain", true, kMarathon, checks::marathon },
    { "msk_sd_configs", "aws.plain", true, kAwsClusters, nullptr },
    { "nerve_sd_configs", "zookeeper.plain", false, kZookeeper, checks::nerve },
    { "nomad_sd_configs", "nomad.plain", true, kNomad, checks::nomad },
    { "oci_sd_configs", "oci.plain", true, kOci, checks::oci },
    { "openstack_sd_configs", "openstack.plain", false, kOpenstack, checks::openstack },
    { "outscale_sd_configs", "outscale.plain", true, kOutscale, checks::outscale },
    { "ovhcloud_sd_configs", "ovhcloud.plain", false, kOvhcloud, checks::ovhcloud },
    { "puppetdb_sd_configs", "puppetdb.plain", true, kPuppetDb, checks::puppetDb },
    { "rds_sd_configs", "aws.plain", true, kRds, nullptr },
    { "scaleway_sd_configs", "scaleway.plain", true, kScaleway, checks::scaleway },
    { "serverset_sd_configs", "zookeeper.plain", false, kZookeeper, checks::serverset },
    { "stackit_sd_configs", "stackit.plain", true, kStackit, checks::stackit },
    { "triton_sd_configs", "triton.plain", false, kTriton, checks::triton },
    { "uyuni_sd_configs", "uyuni.plain", true, kUyuni, checks::uyuni },
    { "vultr_sd_configs", "vultr.plain", true, kVultr, nullptr },
};

void checkFilters(Section& section, std::string_view key)
{
    const YamlNode* list = section.takeValue(key);
    if (list == nullptr)
        return;
    for (const YamlNode* item : listOf(section.reader(), *list, "[]Filter")) {
        Section filter(section.reader(), *item, "Filter");
        std::string name;
        std::vector<std::string> values;
        filter.text("name", name);
        filter.texts("values", values);
        filter.finish();
    }
}

void checkKey(Section& section, const SdKey& key)
{
    std::string text;
    std::vector<std::string> texts;
    int64_t integer = 0;
    double number = 0;
    bool boolean = false;
    Millis duration { 0 };
    Secret secret;
    http::TlsOptions tls;
    switch (key.type) {
    case SdType::Text:
    case SdType::Path:
        return section.text(key.name, text);
    case SdType::Secret:
        return section.secret(key.name, secret);
    case SdType::Integer:
        return section.integer(key.name, integer);
    case SdType::Number:
        return section.number(key.name, number);
    case SdType::Boolean:
        return section.boolean(key.name, boolean);
    case SdType::Duration:
        return section.duration(key.name, duration);
    case SdType::Texts:
        return section.texts(key.name, texts);
    case SdType::Filters:
        return checkFilters(section, key.name);
    case SdType::Tls:
        if (const YamlNode* node = section.takeValue(key.name))
            readTls(section.reader(), *node, tls);
        return;
    }
}

} // namespace

std::span<const SdMechanism> sdMechanisms()
{
    return kMechanisms;
}

void checkMechanism(Reader& reader, const YamlNode& node, const SdMechanism& mechanism)
{
    Section section(reader, node, mechanism.type);
    for (const SdKey& key : mechanism.keys)
        checkKey(section, key);
    http::ClientOptions client;
    if (mechanism.http)
        readHttpKeys(section, client);
    section.finish();
    if (mechanism.check != nullptr && node.isMap())
        mechanism.check(section, client);
}

} // namespace fleetglass::config
