// The HTTP client and the limits of the operator's resources. References to secrets and config maps
// become placeholders: their values are in the cluster, not in the file.
#include "core/config/operator_nodes.h"

#include <array>

namespace fleetglass::config::monitoring {

namespace {

// {secret: {...}} or {configMap: {...}}.
const YamlNode* secretOrConfigMap(Fields fields)
{
    const YamlNode* secret = fields.take("secret");
    const YamlNode* configMap = fields.take("configMap");
    fields.finish();
    return secret != nullptr ? secretText(fields.resource(), secret, "secret")
                             : secretText(fields.resource(), configMap, "config map");
}

Fields below(Fields& fields, std::string_view key)
{
    return { fields.resource(), fields.take(key), fields.pathOf(key) };
}

void addTls(Fields fields, YamlNode& into)
{
    if (!fields.exists())
        return;
    YamlNode& tls = fields.resource().maker.map(fields.position());
    NodeMaker::set(tls, "ca", secretOrConfigMap(below(fields, "ca")));
    NodeMaker::set(tls, "cert", secretOrConfigMap(below(fields, "cert")));
    NodeMaker::set(tls, "key", secretText(fields.resource(), fields.take("keySecret"), "secret"));
    fields.copy("caFile", tls, "ca_file");
    fields.copy("certFile", tls, "cert_file");
    fields.copy("keyFile", tls, "key_file");
    fields.copy("serverName", tls, "server_name");
    fields.copy("insecureSkipVerify", tls, "insecure_skip_verify");
    fields.copy("minVersion", tls, "min_version");
    fields.copy("maxVersion", tls, "max_version");
    fields.finish();
    if (!tls.entries.empty())
        NodeMaker::set(into, "tls_config", &tls);
}

void addBasicAuth(Fields fields, YamlNode& into)
{
    if (!fields.exists())
        return;
    YamlNode& auth = fields.resource().maker.map(fields.position());
    NodeMaker::set(
        auth, "username", secretText(fields.resource(), fields.take("username"), "secret"));
    NodeMaker::set(
        auth, "password", secretText(fields.resource(), fields.take("password"), "secret"));
    fields.finish();
    NodeMaker::set(into, "basic_auth", &auth);
}

void addAuthorization(Fields fields, YamlNode& into)
{
    if (!fields.exists())
        return;
    YamlNode& auth = fields.resource().maker.map(fields.position());
    fields.copy("type", auth, "type");
    NodeMaker::set(
        auth, "credentials", secretText(fields.resource(), fields.take("credentials"), "secret"));
    fields.copy("credentialsFile", auth, "credentials_file");
    fields.finish();
    NodeMaker::set(into, "authorization", &auth);
}

// {NAME: [secret, ...]} as headers for the proxy.
void addProxy(Fields& fields, YamlNode& into)
{
    fields.copy("proxyUrl", into, "proxy_url");
    fields.copy("noProxy", into, "no_proxy");
    fields.copy("proxyFromEnvironment", into, "proxy_from_environment");
    const YamlNode* headers = fields.take("proxyConnectHeader");
    if (headers == nullptr || !headers->isMap())
        return;
    NodeMaker& maker = fields.resource().maker;
    YamlNode& map = maker.map(headers->position);
    for (const YamlEntry& entry : headers->entries) {
        YamlNode& values = maker.list(entry.keyPosition);
        for (const YamlNode* item : entry.value->items) {
            if (const YamlNode* text = secretText(fields.resource(), item, "secret"))
                values.items.push_back(text);
        }
        NodeMaker::set(map, entry.key, &values);
    }
    NodeMaker::set(into, "proxy_connect_header", &map);
}

void addOAuth2(Fields fields, YamlNode& into)
{
    if (!fields.exists())
        return;
    YamlNode& oauth2 = fields.resource().maker.map(fields.position());
    NodeMaker::set(oauth2, "client_id", secretOrConfigMap(below(fields, "clientId")));
    NodeMaker::set(oauth2, "client_secret",
        secretText(fields.resource(), fields.take("clientSecret"), "secret"));
    fields.copy("tokenUrl", oauth2, "token_url");
    fields.copy("scopes", oauth2, "scopes");
    fields.copy("endpointParams", oauth2, "endpoint_params");
    addTls(below(fields, "tlsConfig"), oauth2);
    addProxy(fields, oauth2);
    fields.finish();
    NodeMaker::set(into, "oauth2", &oauth2);
}

} // namespace

const YamlNode* secretText(const Resource& resource, const YamlNode* selector, const char* what)
{
    if (selector == nullptr)
        return nullptr;
    Fields fields(resource, selector, what);
    const std::string name = fields.text("name");
    const std::string key = fields.text("key");
    // An empty reference is what serialisers leave of none.
    if (name.empty() && key.empty())
        return nullptr;
    std::string text = std::string("<") + what + ' ' + resource.nameSpace + '/' + name + ": " + key;
    std::erase_if(text, [](char c) { return c == '>' || c == '\n'; });
    return &resource.maker.scalar(text + '>', selector->position);
}

void addClient(Fields& fields, YamlNode& job)
{
    fields.copy("followRedirects", job, "follow_redirects");
    fields.copy("enableHttp2", job, "enable_http2");
    fields.copy("enableHTTP2", job, "enable_http2");
    addProxy(fields, job);
    addBasicAuth(below(fields, "basicAuth"), job);
    addAuthorization(below(fields, "authorization"), job);
    addOAuth2(below(fields, "oauth2"), job);
    addTls(below(fields, "tlsConfig"), job);
    fields.copy("bearerTokenFile", job, "bearer_token_file");
    NodeMaker::set(job, "bearer_token",
        secretText(fields.resource(), fields.take("bearerTokenSecret"), "secret"));
}

void addLimits(Fields& fields, YamlNode& job)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kNames { {
        { "sampleLimit", "sample_limit" },
        { "targetLimit", "target_limit" },
        { "labelLimit", "label_limit" },
        { "labelNameLengthLimit", "label_name_length_limit" },
        { "labelValueLengthLimit", "label_value_length_limit" },
        { "keepDroppedTargets", "keep_dropped_targets" },
        { "bodySizeLimit", "body_size_limit" },
        { "scrapeProtocols", "scrape_protocols" },
        { "fallbackScrapeProtocol", "fallback_scrape_protocol" },
        { "scrapeNativeHistograms", "scrape_native_histograms" },
        { "scrapeClassicHistograms", "always_scrape_classic_histograms" },
        { "nativeHistogramBucketLimit", "native_histogram_bucket_limit" },
        { "nativeHistogramMinBucketFactor", "native_histogram_min_bucket_factor" },
        { "convertClassicHistogramsToNHCB", "convert_classic_histograms_to_nhcb" },
        { "honorLabels", "honor_labels" },
        { "honorTimestamps", "honor_timestamps" },
        { "trackTimestampsStaleness", "track_timestamps_staleness" },
    } };
    for (const auto& [key, newKey] : kNames)
        fields.copy(key, job, newKey);
    fields.skip("scrapeClass", "is not acted on: scrape classes stand in the Prometheus resource");
}

YamlNode& addKubernetesSd(const Resource& resource, YamlNode& job, const std::string& role,
    const YamlNode* namespaceSelector, Position position)
{
    NodeMaker& maker = resource.maker;
    YamlNode& sd = maker.map(position);
    maker.setText(sd, "role", role);
    Fields selector(resource, namespaceSelector, "namespaceSelector");
    const YamlNode* names = selector.take("matchNames");
    const bool any = lowerCase(selector.text("any")) == "true";
    selector.finish();
    if (!any) {
        YamlNode& namespaces = maker.map(position);
        const bool hasNames = names != nullptr && !names->items.empty();
        NodeMaker::set(
            namespaces, "names", hasNames ? names : &maker.texts({ resource.nameSpace }, position));
        NodeMaker::set(sd, "namespaces", &namespaces);
    }
    YamlNode& list = maker.list(position);
    list.items.push_back(&sd);
    NodeMaker::set(job, "kubernetes_sd_configs", &list);
    return sd;
}

} // namespace fleetglass::config::monitoring
