#include "core/config/writer.h"

#include "core/base/number.h"
#include "core/config/byte_size.h"
#include "core/config/consul_section.h"
#include "core/config/docker_section.h"
#include "core/config/import.h"
#include "core/config/job_extension.h"
#include "core/config/kubernetes_section.h"
#include "core/config/protocols.h"
#include "core/config/yaml_emitter.h"

#include <array>

namespace fleetglass::config {

namespace {

using scrape::JobOptions;

// Which Prometheus does not speak; SOCKS 5 it does.
bool isSocks4(const Secret& proxyUrl)
{
    return proxyUrl.reveal().starts_with("socks4");
}

// Writes one job. Each part names its secrets by the path under which they are kept.
class JobWriter
{
public:
    JobWriter(const JobOptions& job, const WriteOptions& options)
        : m_job(job)
        , m_options(options)
    {
    }

    std::string run()
    {
        m_out.item();
        m_out.text("job_name", m_job.name);
        writeTimes();
        writeRequest();
        writeHistograms();
        writeLimits();
        writeNaming();
        writeClient(m_job.client, {});
        writeExtension();
        writeDiscovery();
        writeRelabel("relabel_configs", m_job.relabelRules);
        writeRelabel("metric_relabel_configs", m_job.metricRelabelRules);
        m_out.end();
        return m_out.result();
    }

private:
    void flag(std::string_view name, bool value, bool standard)
    {
        if (value != standard)
            m_out.raw(name, value ? "true" : "false");
    }
    void textIfSet(std::string_view name, const std::string& value, std::string_view standard = {})
    {
        if (value != standard)
            m_out.text(name, value);
    }
    void numberIfSet(std::string_view name, uint64_t value)
    {
        if (value != 0)
            m_out.raw(name, std::to_string(value));
    }
    std::string secret(const Secret& value, const std::string& path) const
    {
        return m_options.secretText(value, "job/" + m_job.name + "/" + path);
    }
    void source(std::string_view key, std::string_view fileKey, const http::SecretSource& value,
        const std::string& prefix)
    {
        if (!value.file.empty())
            m_out.text(fileKey, value.file);
        else if (!value.text.empty())
            m_out.text(key, secret(value.text, prefix + std::string(key)));
    }

    void writeTimes()
    {
        if (m_job.interval != m_options.globalInterval)
            m_out.raw("scrape_interval", formatDuration(m_job.interval));
        if (m_job.timeout != std::min(m_options.globalTimeout, m_job.interval))
            m_out.raw("scrape_timeout", formatDuration(m_job.timeout));
    }

    void writeRequest()
    {
        textIfSet("scheme", m_job.scheme, "http");
        textIfSet("metrics_path", m_job.metricsPath, "/metrics");
        writeParams();
        flag("honor_labels", m_job.honorLabels, false);
        flag("honor_timestamps", m_job.honorTimestamps, true);
        flag("track_timestamps_staleness", m_job.trackTimestampsStaleness, false);
        flag("enable_compression", m_job.enableCompression, true);
        if (!m_job.protocols.empty()
            && m_job.protocols != defaultProtocols(m_job.scrapeNativeHistograms))
            m_out.texts("scrape_protocols", m_job.protocols);
        textIfSet("fallback_scrape_protocol", m_job.fallbackProtocol);
    }

    void writeParams()
    {
        if (m_job.params.empty())
            return;
        m_out.key("params");
        for (const auto& [name, values] : m_job.params) {
            m_out.key(name);
            for (const std::string& value : values)
                m_out.scalarItem(
                    isSecretName(name) ? secret(Secret(value), "params." + name) : value);
            m_out.end();
        }
        m_out.end();
    }

    void writeHistograms()
    {
        flag("scrape_native_histograms", m_job.scrapeNativeHistograms, false);
        flag("always_scrape_classic_histograms", m_job.alwaysScrapeClassicHistograms, false);
        flag("convert_classic_histograms_to_nhcb", m_job.convertClassicHistogramsToNhcb, false);
        flag("extra_scrape_metrics", m_job.extraScrapeMetrics, false);
        numberIfSet("native_histogram_bucket_limit", m_job.nativeHistogramBucketLimit);
        if (m_job.nativeHistogramMinBucketFactor != 0)
            m_out.raw("native_histogram_min_bucket_factor",
                formatFloat(m_job.nativeHistogramMinBucketFactor));
    }

    void writeLimits()
    {
        const scrape::LimitOptions& limits = m_job.limits;
        if (limits.bodyBytesMax != 0)
            m_out.raw("body_size_limit", formatByteSize(limits.bodyBytesMax));
        numberIfSet("sample_limit", limits.samplesMax);
        numberIfSet("label_limit", limits.labelsMax);
        numberIfSet("label_name_length_limit", limits.labelNameBytesMax);
        numberIfSet("label_value_length_limit", limits.labelValueBytesMax);
        numberIfSet("target_limit", limits.targetsMax);
        numberIfSet("keep_dropped_targets", limits.keepDroppedTargets);
    }

    void writeNaming()
    {
        const bool legacy = m_job.nameValidation == scrape::NameValidation::Legacy;
        if (legacy)
            m_out.text("metric_name_validation_scheme", toWord(m_job.nameValidation));
        const scrape::NameEscaping standard
            = legacy ? scrape::NameEscaping::Underscores : scrape::NameEscaping::AllowUtf8;
        if (m_job.nameEscaping != standard)
            m_out.text("metric_name_escaping_scheme", toWord(m_job.nameEscaping));
    }

    void writeClient(const http::ClientOptions& client, const std::string& prefix)
    {
        if (client.basicAuth)
            writeBasicAuth(*client.basicAuth, prefix);
        if (client.authorization)
            writeAuthorization(*client.authorization, prefix);
        if (client.oauth2)
            writeOAuth2(*client.oauth2, prefix);
        writeTls(client.tls, prefix);
        flag("follow_redirects", client.followRedirects, true);
        flag("enable_http2", client.enableHttp2, true);
        writeProxy(client.proxy, prefix);
        writeHeaders("http_headers", client.headers, prefix);
    }

    void writeExtension()
    {
        const http::ClientOptions& client = m_job.client;
        const bool socks4 = isSocks4(client.proxy.url);
        if (m_options.forPrometheus
            || (!client.challengeAuth && !socks4 && client.unixSocket.empty()
                && !asksThroughApiServer()))
            return;
        const std::string prefix = std::string(kExtensionKey) + '.';
        m_out.key(kExtensionKey);
        if (client.challengeAuth) {
            m_out.key("http_auth");
            m_out.text("type", toWord(client.challengeAuth->scheme));
            textIfSet("username", client.challengeAuth->username);
            source(
                "password", "password_file", client.challengeAuth->password, prefix + "http_auth.");
            m_out.end();
        }
        if (socks4)
            writeProxyUrl("socks_proxy", client.proxy.url, prefix);
        textIfSet("unix_socket", client.unixSocket);
        flag(kKubernetesProxyKey, asksThroughApiServer(), false);
        m_out.end();
    }

    void writeProxyUrl(std::string_view key, const Secret& url, const std::string& prefix)
    {
        const bool hasUser = url.reveal().find('@') != std::string::npos;
        m_out.text(key, hasUser ? secret(url, prefix + std::string(key)) : url.reveal());
    }

    void writeBasicAuth(const http::BasicAuth& auth, const std::string& prefix)
    {
        m_out.key("basic_auth");
        textIfSet("username", auth.username);
        textIfSet("username_file", auth.usernameFile);
        source("password", "password_file", auth.password, prefix + "basic_auth.");
        m_out.end();
    }

    void writeAuthorization(const http::Authorization& authorization, const std::string& prefix)
    {
        m_out.key("authorization");
        m_out.text("type", authorization.type);
        source("credentials", "credentials_file", authorization.credentials,
            prefix + "authorization.");
        m_out.end();
    }

    void writeOAuth2(const http::OAuth2& oauth2, const std::string& prefix)
    {
        m_out.key("oauth2");
        textIfSet("client_id", oauth2.clientId);
        source("client_secret", "client_secret_file", oauth2.clientSecret, prefix + "oauth2.");
        textIfSet("grant_type", oauth2.grantType, "client_credentials");
        source("client_certificate_key", "client_certificate_key_file", oauth2.clientCertificateKey,
            prefix + "oauth2.");
        textIfSet("client_certificate_key_id", oauth2.clientCertificateKeyId);
        textIfSet("signature_algorithm", oauth2.signatureAlgorithm, "RS256");
        textIfSet("iss", oauth2.issuer);
        textIfSet("audience", oauth2.audience);
        if (!oauth2.claims.empty())
            writeClaims(oauth2.claims);
        if (!oauth2.scopes.empty())
            m_out.texts("scopes", oauth2.scopes);
        textIfSet("token_url", oauth2.tokenUrl);
        if (!oauth2.endpointParams.empty())
            m_out.textMap("endpoint_params", oauth2.endpointParams);
        writeTls(oauth2.tls, prefix + "oauth2.");
        writeProxy(oauth2.proxy, prefix + "oauth2.");
        m_out.end();
    }

    // JSON is YAML too.
    void writeClaims(const std::vector<std::pair<std::string, std::string>>& claims)
    {
        m_out.key("claims");
        for (const auto& [name, json] : claims)
            m_out.raw(name, json);
        m_out.end();
    }

    void writeTls(const http::TlsOptions& tls, const std::string& prefix)
    {
        http::TlsOptions standard;
        standard.trustedSha256 = tls.trustedSha256; // Ours alone; no key of the file format.
        if (tls == standard)
            return;
        constexpr std::array<std::string_view, 5> kVersions { "", "TLS10", "TLS11", "TLS12",
            "TLS13" };
        m_out.key("tls_config");
        textIfSet("ca", tls.ca);
        textIfSet("ca_file", tls.caFile);
        textIfSet("cert", tls.cert);
        textIfSet("cert_file", tls.certFile);
        source("key", "key_file", tls.key, prefix + "tls_config.");
        textIfSet("server_name", tls.serverName);
        flag("insecure_skip_verify", tls.insecureSkipVerify, false);
        textIfSet("min_version", std::string(kVersions[static_cast<size_t>(tls.minVersion)]));
        textIfSet("max_version", std::string(kVersions[static_cast<size_t>(tls.maxVersion)]));
        m_out.end();
    }

    void writeProxy(const http::ProxyOptions& proxy, const std::string& prefix)
    {
        if (!proxy.url.empty() && !isSocks4(proxy.url))
            writeProxyUrl("proxy_url", proxy.url, prefix);
        textIfSet("no_proxy", proxy.noProxy);
        flag("proxy_from_environment", proxy.fromEnvironment, false);
        if (proxy.connectHeaders.empty())
            return;
        m_out.key("proxy_connect_header");
        for (const http::Header& header : proxy.connectHeaders) {
            m_out.key(header.name);
            for (const std::string& value : header.values)
                m_out.scalarItem(value);
            for (const http::SecretSource& value : header.secrets)
                m_out.scalarItem(
                    secret(value.text, prefix + "proxy_connect_header." + header.name));
            m_out.end();
        }
        m_out.end();
    }

    void writeHeaders(
        std::string_view key, const std::vector<http::Header>& headers, const std::string& prefix)
    {
        if (headers.empty())
            return;
        m_out.key(key);
        for (const http::Header& header : headers) {
            m_out.key(header.name);
            std::vector<std::string> secrets;
            std::vector<std::string> files;
            for (const http::SecretSource& value : header.secrets) {
                if (value.file.empty())
                    secrets.push_back(secret(value.text, prefix + "http_headers." + header.name));
                else
                    files.push_back(value.file);
            }
            if (!header.values.empty())
                m_out.texts("values", header.values);
            if (!secrets.empty())
                m_out.texts("secrets", secrets);
            if (!files.empty())
                m_out.texts("files", files);
            m_out.end();
        }
        m_out.end();
    }

    void writeDiscovery()
    {
        const discovery::DiscoveryOptions& from = m_job.discovery;
        if (!from.statics.empty()) {
            m_out.key("static_configs");
            for (const discovery::TargetGroup& group : from.statics) {
                m_out.item();
                m_out.texts("targets", group.targets);
                if (!group.labels.empty())
                    m_out.textMap("labels", group.labels);
                m_out.end();
            }
            m_out.end();
        }
        writeFiles(from.files);
        writeHttp(from.http);
        writeDns(from.dns);
        writeServices("docker_sd_configs", from.docker,
            [this](const auto& options) { writeDockerSd(m_out, options); });
        writeServices("dockerswarm_sd_configs", from.swarm,
            [this](const auto& options) { writeSwarmSd(m_out, options); });
        writeConsul(from.consul);
        writeServices("kubernetes_sd_configs", from.kubernetes,
            [this](const auto& options) { writeKubernetesSd(m_out, options); });
    }

    void writeFiles(const std::vector<discovery::FileOptions>& all)
    {
        if (all.empty())
            return;
        m_out.key("file_sd_configs");
        for (const discovery::FileOptions& options : all) {
            m_out.item();
            m_out.texts("files", options.files);
            refresh(options.refreshInterval, discovery::FileOptions {}.refreshInterval);
            m_out.end();
        }
        m_out.end();
    }

    void writeHttp(const std::vector<discovery::HttpOptions>& all)
    {
        if (all.empty())
            return;
        m_out.key("http_sd_configs");
        size_t index = 0;
        for (const discovery::HttpOptions& options : all) {
            m_out.item();
            m_out.text("url", options.url);
            refresh(options.refreshInterval, discovery::HttpOptions {}.refreshInterval);
            writeClient(options.client, "http_sd_configs[" + std::to_string(index++) + "].");
            m_out.end();
        }
        m_out.end();
    }

    void writeDns(const std::vector<discovery::DnsOptions>& all)
    {
        if (all.empty())
            return;
        m_out.key("dns_sd_configs");
        for (const discovery::DnsOptions& options : all) {
            m_out.item();
            m_out.texts("names", options.names);
            textIfSet("type", options.type, "SRV");
            numberIfSet("port", static_cast<uint64_t>(options.port));
            refresh(options.refreshInterval, discovery::DnsOptions {}.refreshInterval);
            m_out.end();
        }
        m_out.end();
    }

    // Mechanisms whose own keys are written elsewhere; those of the client follow.
    template<class Options, class Write>
    void writeServices(std::string_view key, const std::vector<Options>& all, Write&& write)
    {
        if (all.empty())
            return;
        m_out.key(key);
        size_t index = 0;
        for (const Options& options : all) {
            m_out.item();
            write(options);
            writeClient(options.client, std::string(key) + '[' + std::to_string(index++) + "].");
            m_out.end();
        }
        m_out.end();
    }

    bool asksThroughApiServer() const
    {
        const auto& all = m_job.discovery.kubernetes;
        return !all.empty() && all.front().viaProxy;
    }

    void writeConsul(const std::vector<discovery::ConsulOptions>& all)
    {
        size_t index = 0;
        writeServices("consul_sd_configs", all, [&](const discovery::ConsulOptions& options) {
            const std::string prefix = "consul_sd_configs[" + std::to_string(index++) + "].";
            writeConsulSd(m_out, options, [&](const Secret& value, const std::string& key) {
                return secret(value, prefix + key);
            });
        });
    }

    void refresh(Millis interval, Millis standard)
    {
        if (interval != standard)
            m_out.raw("refresh_interval", formatDuration(interval));
    }

    void writeRelabel(std::string_view key, const std::vector<relabel::Rule>& rules)
    {
        if (rules.empty())
            return;
        m_out.key(key);
        for (const relabel::Rule& rule : rules) {
            m_out.item();
            m_out.text("action", relabel::toWord(rule.action));
            if (!rule.sourceLabels.empty())
                m_out.texts("source_labels", rule.sourceLabels);
            textIfSet("separator", rule.separator, relabel::kDefaultSeparator);
            textIfSet("regex", rule.regexText, relabel::kDefaultRegex);
            numberIfSet("modulus", rule.modulus);
            textIfSet("target_label", rule.targetLabel);
            textIfSet("replacement", rule.replacement, relabel::kDefaultReplacement);
            m_out.end();
        }
        m_out.end();
    }

    const JobOptions& m_job;
    const WriteOptions& m_options;
    YamlEmitter m_out;
};

} // namespace

std::string maskedSecret(const Secret&, const std::string&)
{
    return "<secret>";
}

std::string clearSecret(const Secret& secret, const std::string&)
{
    return secret.reveal();
}

std::string writeJob(const scrape::JobOptions& job, const WriteOptions& options)
{
    return JobWriter(job, options).run();
}

std::string writeJobs(std::span<const scrape::JobOptions> jobs, const WriteOptions& options)
{
    std::string text = jobs.empty() ? "scrape_configs: []\n" : "scrape_configs:\n";
    for (const scrape::JobOptions& job : jobs)
        text += writeJob(job, options);
    return text;
}

} // namespace fleetglass::config
