#include "core/config/remote_section.h"

#include "core/config/discovery_section.h"
#include "core/config/http_section.h"
#include "core/config/relabel_section.h"
#include "core/labels/labels.h"

#include <set>

namespace fleetglass::config {

namespace {

constexpr std::string_view kWriteV1 = "prometheus.WriteRequest";
constexpr std::string_view kWriteV2 = "io.prometheus.write.v2.Request";

void readUrl(Section& section, std::string_view what, Secret& url)
{
    std::string text;
    section.text("url", text);
    if (!section.has("url") || section.node().find("url")->value->isNull())
        section.fail("url for " + std::string(what) + " is empty");
    else if (const std::string problem = urlProblem(text); !problem.empty())
        section.failAt("url", problem);
    url = Secret(std::move(text));
}

void readQueue(Reader& reader, const YamlNode& node, QueueOptions& queue)
{
    Section section(reader, node, "config.QueueConfig");
    section.integer("capacity", queue.capacity);
    section.integer("max_shards", queue.shardsMax);
    section.integer("min_shards", queue.shardsMin);
    section.integer("max_samples_per_send", queue.samplesPerSendMax);
    section.duration("batch_send_deadline", queue.batchSendDeadline);
    section.duration("min_backoff", queue.backoffMin);
    section.duration("max_backoff", queue.backoffMax);
    section.boolean("retry_on_http_429", queue.retryOnRateLimit);
    section.duration("sample_age_limit", queue.sampleAgeLimit);
    section.finish();
    if (queue.capacity <= 0)
        section.failAt("capacity", "remote write queue capacity must be positive");
    if (queue.shardsMax <= 0)
        section.failAt("max_shards", "remote write queue max_shards must be positive");
    if (queue.shardsMin <= 0)
        section.failAt("min_shards", "remote write queue min_shards must be positive");
    if (queue.shardsMax > 0 && queue.shardsMin > queue.shardsMax)
        section.failAt(
            "min_shards", "remote write queue min_shards must not be greater than max_shards");
    if (queue.samplesPerSendMax <= 0)
        section.failAt(
            "max_samples_per_send", "remote write queue max_samples_per_send must be positive");
}

void readMetadata(Reader& reader, const YamlNode& node, RemoteWriteOptions& options)
{
    Section section(reader, node, "config.MetadataConfig");
    section.boolean("send", options.sendMetadata);
    section.duration("send_interval", options.metadataInterval);
    section.integer("max_samples_per_send", options.metadataSamplesPerSendMax);
    section.finish();
}

void checkSigV4(Reader& reader, const YamlNode& node)
{
    Section section(reader, node, "sigv4.plain");
    std::string region;
    std::string accessKey;
    std::string text;
    Secret secretKey;
    bool flag = false;
    section.text("region", region);
    section.text("access_key", accessKey);
    section.secret("secret_key", secretKey);
    section.text("profile", text);
    section.text("role_arn", text);
    section.text("external_id", text);
    section.boolean("use_fips_sts_endpoint", flag);
    section.text("service_name", text);
    section.finish();
    if (accessKey.empty() != secretKey.empty())
        section.fail("must provide a AWS SigV4 Access key and Secret Key if credentials are "
                     "specified in the SigV4 config");
}

void checkAzureAd(Reader& reader, const YamlNode& node)
{
    Section section(reader, node, "azuread.plain");
    std::string cloud;
    section.text("cloud", cloud);
    int methods = 0;
    std::string text;
    const auto part = [&](std::string_view key, std::initializer_list<std::string_view> keys) {
        const YamlNode* value = section.takeValue(key);
        if (value == nullptr)
            return;
        ++methods;
        Section inner(reader, *value, "azuread.plain");
        for (const std::string_view name : keys)
            inner.text(name, text);
        inner.finish();
    };
    part("managed_identity", { "client_id" });
    part("oauth", { "client_id", "client_secret", "tenant_id" });
    part("sdk", { "tenant_id" });
    part("workload_identity", { "client_id", "tenant_id", "token_file_path" });
    std::string scope;
    section.text("scope", scope);
    section.finish();
    if (methods == 0)
        section.fail(
            "must provide an Azure Managed Identity, Azure Workload Identity, Azure OAuth or "
            "Azure SDK in the Azure AD config");
    if (methods > 1)
        section.fail("cannot provide multiple authentication methods in the Azure AD config");
}

void checkGoogleIam(Reader& reader, const YamlNode& node)
{
    Section section(reader, node, "googleiam.Config");
    std::string file;
    section.path("credentials_file", file);
    section.finish();
}

// Returns whether one of the ways of signing that are not built in is asked for.
bool readSigning(Section& section, const http::ClientOptions& client)
{
    Reader& reader = section.reader();
    std::vector<std::string_view> configured;
    if (client.basicAuth)
        configured.push_back("basic_auth");
    if (client.authorization)
        configured.push_back("authorization");
    if (client.oauth2)
        configured.push_back("oauth2");
    const size_t builtIn = configured.size();
    if (const YamlNode* node = section.takeValue("sigv4")) {
        checkSigV4(reader, *node);
        configured.push_back("sigv4");
    }
    if (const YamlNode* node = section.takeValue("azuread")) {
        checkAzureAd(reader, *node);
        configured.push_back("azuread");
    }
    if (const YamlNode* node = section.takeValue("google_iam")) {
        checkGoogleIam(reader, *node);
        configured.push_back("google_iam");
    }
    if (configured.size() > 1) {
        std::string list;
        for (const std::string_view name : configured)
            list += (list.empty() ? "" : " ") + std::string(name);
        section.fail(
            "at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam "
            "must be configured. Currently configured: ["
            + list + "]");
    }
    return configured.size() > builtIn;
}

void checkProtobufMessage(Section& section, const std::string& message)
{
    if (message != kWriteV1 && message != kWriteV2)
        section.failAt("protobuf_message",
            "invalid protobuf_message value: unknown type for remote write protobuf message "
                + message + ", supported: " + std::string(kWriteV1) + ", " + std::string(kWriteV2));
}

void readRemoteWrite(
    Reader& reader, const YamlNode& node, relabel::NameScheme names, RemoteWriteOptions& options)
{
    Section section(reader, node, "config.plain");
    options.line = node.position.line;
    readUrl(section, "remote_write", options.url);
    section.duration("remote_timeout", options.timeout);
    section.textMap("headers", options.headers);
    readRelabelRules(section, "write_relabel_configs", names,
        "empty or null relabeling rule in remote write config", options.relabelRules);
    section.text("name", options.name);
    section.boolean("send_exemplars", options.sendExemplars);
    section.boolean("send_native_histograms", options.sendNativeHistograms);
    section.boolean("round_robin_dns", options.roundRobinDns);
    bool failedRequestLogging = false;
    section.boolean("failed_request_logging", failedRequestLogging);
    section.text("protobuf_message", options.protobufMessage);
    readHttpKeys(section, options.client);
    if (const YamlNode* queue = section.takeValue("queue_config"))
        readQueue(reader, *queue, options.queue);
    if (const YamlNode* metadata = section.takeValue("metadata_config"))
        readMetadata(reader, *metadata, options);
    options.runnable = !readSigning(section, options.client);
    section.finish();
    checkHeaders(section, "headers", options.headers, false);
    checkProtobufMessage(section, options.protobufMessage);
}

void readRemoteRead(Reader& reader, const YamlNode& node, std::string& name)
{
    Section section(reader, node, "config.plain");
    Secret url;
    Millis timeout { 0 };
    uint64_t limit = 0;
    TextPairs headers;
    TextPairs matchers;
    bool flag = false;
    http::ClientOptions client;
    readUrl(section, "remote_read", url);
    section.duration("remote_timeout", timeout);
    section.unsignedInteger("chunked_read_limit", limit);
    section.textMap("headers", headers);
    section.boolean("read_recent", flag);
    section.text("name", name);
    section.textMap("required_matchers", matchers);
    section.boolean("filter_external_labels", flag);
    readHttpKeys(section, client);
    section.finish();
    checkHeaders(section, "headers", headers, false);
}

void checkName(Reader& reader, Position position, std::string_view kind, const std::string& name,
    std::set<std::string>& names)
{
    if (!name.empty() && !names.insert(name).second)
        reader.fail(position,
            "found multiple " + std::string(kind) + " configs with job name "
                + labels::quote(name));
}

void readAlertmanager(
    Reader& reader, const YamlNode& node, relabel::NameScheme names, AlertmanagerOptions& options)
{
    Section section(reader, node, "config.plain");
    options.line = node.position.line;
    section.text("scheme", options.scheme);
    section.text("path_prefix", options.pathPrefix);
    section.duration("timeout", options.timeout);
    section.text("api_version", options.apiVersion);
    readHttpKeys(section, options.client);
    if (const YamlNode* sigV4 = section.takeValue("sigv4")) {
        checkSigV4(reader, *sigV4);
        if (options.client.basicAuth || options.client.authorization || options.client.oauth2)
            section.failAt("sigv4",
                "at most one of basic_auth, authorization, oauth2, & sigv4 must be configured");
    }
    readRelabelRules(section, "relabel_configs", names,
        "empty or null Alertmanager target relabeling rule", options.relabelRules);
    readRelabelRules(section, "alert_relabel_configs", names,
        "empty or null Alertmanager alert relabeling rule", options.alertRelabelRules);
    readDiscovery(section, options.discovery);
    section.finish();
    if (options.relabelRules.empty())
        checkStaticTargets(reader, section, options.discovery);
    // v1 was Alertmanager's before 0.16; files that still ask for it get v2, as upstream gives
    // them.
    if (options.apiVersion == "v1") {
        reader.warn(section.positionOf("api_version"), "api_version v1 is gone; v2 is used");
        options.apiVersion = "v2";
    }
    if (options.apiVersion != "v2")
        section.failAt("api_version",
            "expected Alertmanager api version to be one of [v2] but got " + options.apiVersion);
}

} // namespace

void readRemoteWrites(
    Section& section, relabel::NameScheme names, std::vector<RemoteWriteOptions>& all)
{
    const YamlNode* list = section.takeValue("remote_write");
    if (list == nullptr)
        return;
    Reader& reader = section.reader();
    std::set<std::string> seen;
    for (const YamlNode* item : listOf(reader, *list, "[]*config.RemoteWriteConfig")) {
        if (item->isNull()) {
            reader.fail(item->position, "empty or null remote write config section");
            continue;
        }
        RemoteWriteOptions& options = all.emplace_back();
        readRemoteWrite(reader, *item, names, options);
        checkName(reader, item->position, "remote write", options.name, seen);
    }
}

void readRemoteReads(Section& section, std::vector<SkippedSection>& skipped)
{
    const YamlNode* list = section.takeValue("remote_read");
    if (list == nullptr)
        return;
    Reader& reader = section.reader();
    std::set<std::string> seen;
    for (const YamlNode* item : listOf(reader, *list, "[]*config.RemoteReadConfig")) {
        if (item->isNull()) {
            reader.fail(item->position, "empty or null remote read config section");
            continue;
        }
        std::string name;
        readRemoteRead(reader, *item, name);
        checkName(reader, item->position, "remote read", name, seen);
    }
    if (!list->items.empty())
        skipped.push_back({ "remote_read", reader.file(), section.positionOf("remote_read").line,
            "other servers are read through their query API" });
}

void readAlerting(
    Reader& reader, const YamlNode& node, relabel::NameScheme names, AlertingOptions& alerting)
{
    Section section(reader, node, "config.plain");
    readRelabelRules(section, "alert_relabel_configs", names, "empty or null alert relabeling rule",
        alerting.relabelRules);
    if (const YamlNode* list = section.takeValue("alertmanagers")) {
        for (const YamlNode* item : listOf(reader, *list, "config.AlertmanagerConfigs")) {
            if (item->isNull())
                reader.fail(item->position, "empty or null alertmanager section");
            else
                readAlertmanager(reader, *item, names, alerting.alertmanagers.emplace_back());
        }
    }
    section.finish();
}

} // namespace fleetglass::config
