#include "core/monitor/definition.h"

#include <algorithm>

namespace fleetglass::monitor {

namespace {

Secret secretOr(const std::string& text, const http::SecretSource& known)
{
    return text.empty() ? known.text : Secret(text);
}

void takeAuth(const view::TargetDefinition& definition, http::ClientOptions& client)
{
    const auto basic = client.basicAuth.value_or(http::BasicAuth());
    const auto authorization = client.authorization.value_or(http::Authorization());
    client.basicAuth.reset();
    client.authorization.reset();
    if (definition.authKind == "basic") {
        client.basicAuth = basic;
        client.basicAuth->username = definition.username;
        client.basicAuth->password.text = secretOr(definition.secret, basic.password);
    } else if (definition.authKind == "bearer") {
        client.authorization = authorization;
        client.authorization->type = "Bearer";
        client.authorization->credentials.text
            = secretOr(definition.secret, authorization.credentials);
    }
}

void takeTls(const view::TargetDefinition& definition, http::TlsOptions& tls)
{
    tls.ca = definition.caPem;
    tls.caFile = definition.caFile;
    tls.certFile = definition.certFile;
    if (!definition.keyFile.empty())
        tls.key = { {}, definition.keyFile };
    tls.serverName = definition.serverName;
    tls.insecureSkipVerify = definition.insecureSkipVerify;
}

} // namespace

view::TargetDefinition definitionOf(const scrape::JobOptions& job)
{
    view::TargetDefinition definition;
    definition.job = job.name;
    for (const auto& group : job.discovery.statics)
        definition.addresses.insert(
            definition.addresses.end(), group.targets.begin(), group.targets.end());
    definition.scheme = job.scheme;
    definition.metricsPath = job.metricsPath;
    for (const auto& [name, values] : job.params) {
        for (size_t i = 0; i < values.size(); ++i)
            definition.params.emplace_back(name, Secret::kMask);
    }
    definition.intervalMs = job.interval.count();
    definition.timeoutMs = job.timeout.count();
    definition.honorLabels = job.honorLabels;
    if (job.client.basicAuth) {
        definition.authKind = "basic";
        definition.username = job.client.basicAuth->username;
    } else if (job.client.authorization) {
        definition.authKind = "bearer";
    }
    definition.caPem = job.client.tls.ca;
    definition.caFile = job.client.tls.caFile;
    definition.certFile = job.client.tls.certFile;
    definition.keyFile = job.client.tls.key.file;
    definition.serverName = job.client.tls.serverName;
    definition.insecureSkipVerify = job.client.tls.insecureSkipVerify;
    definition.followRedirects = job.client.followRedirects;
    return definition;
}

Result<scrape::JobOptions> jobOf(
    const view::TargetDefinition& definition, const scrape::JobOptions* known)
{
    if (definition.job.empty())
        return failure("the job needs a name");
    if (definition.addresses.empty())
        return failure(
            "job \"" + definition.job + "\" needs at least one address, as in host:port");
    if (definition.scheme != "http" && definition.scheme != "https")
        return failure("unknown scheme \"" + definition.scheme + "\"; write http or https");
    if (definition.intervalMs < 100 || definition.timeoutMs < 10)
        return failure("the interval must be at least 100 ms and the timeout at least 10 ms");
    if (definition.timeoutMs > definition.intervalMs)
        return failure("scrape timeout of " + std::to_string(definition.timeoutMs)
            + " ms is longer than the interval of " + std::to_string(definition.intervalMs)
            + " ms");
    scrape::JobOptions job = known ? *known : scrape::JobOptions();
    job.name = definition.job;
    job.scheme = definition.scheme;
    job.metricsPath = definition.metricsPath.empty() ? "/metrics" : definition.metricsPath;
    job.interval = Millis(definition.intervalMs);
    job.timeout = Millis(definition.timeoutMs);
    job.honorLabels = definition.honorLabels;
    const auto oldParams = std::exchange(job.params, {});
    for (const auto& [name, value] : definition.params) {
        const auto old = std::find_if(oldParams.begin(), oldParams.end(),
            [&](const auto& param) { return param.first == name; });
        // The mask means: as it was.
        if (value == Secret::kMask && old != oldParams.end())
            job.params.push_back(*old);
        else if (value != Secret::kMask)
            job.params.push_back({ name, { value } });
    }
    const bool sameAddresses = known && definitionOf(*known).addresses == definition.addresses;
    if (!sameAddresses)
        job.discovery.statics = { { definition.addresses, {}, "static/0" } };
    takeAuth(definition, job.client);
    takeTls(definition, job.client.tls);
    job.client.followRedirects = definition.followRedirects;
    return job;
}

std::string plainFingerprint(std::string_view fingerprint)
{
    std::string plain;
    for (const char c : fingerprint) {
        if (c != ':')
            plain += c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
    }
    return plain;
}

} // namespace fleetglass::monitor
