#include "core/monitor/job_secrets.h"

#include "core/config/import.h"
#include "core/config/writer.h"
#include "core/monitor/secret_lines.h"

#include <algorithm>
#include <map>

namespace fleetglass::monitor {

namespace {

void addSecret(std::vector<Secret>& secrets, const std::string& text)
{
    // Shorter ones would be found in any page; they are masked where they are shown.
    constexpr size_t kBytesMin = 4;
    if (text.size() >= kBytesMin)
        secrets.emplace_back(text);
}

// A parameter's value of this length is no word of every page.
constexpr size_t kLongValueBytes = 16;

void addHeaderSecrets(std::vector<Secret>& secrets, const std::vector<http::Header>& headers)
{
    for (const auto& header : headers) {
        for (const auto& secret : header.secrets)
            addSecret(secrets, secret.text.reveal());
    }
}

void addClientSecrets(std::vector<Secret>& secrets, const http::ClientOptions& client)
{
    if (client.basicAuth)
        addSecret(secrets, client.basicAuth->password.text.reveal());
    if (client.authorization)
        addSecret(secrets, client.authorization->credentials.text.reveal());
    if (client.oauth2) {
        addSecret(secrets, client.oauth2->clientSecret.text.reveal());
        addSecret(secrets, client.oauth2->clientCertificateKey.text.reveal());
        addSecret(secrets, client.oauth2->tls.key.text.reveal());
    }
    if (client.challengeAuth)
        addSecret(secrets, client.challengeAuth->password.text.reveal());
    addSecret(secrets, client.tls.key.text.reveal());
    addSecret(secrets, client.proxy.url.reveal());
    addHeaderSecrets(secrets, client.headers);
    addHeaderSecrets(secrets, client.proxy.connectHeaders);
}

void addDiscoverySecrets(std::vector<Secret>& secrets, const discovery::DiscoveryOptions& discovery)
{
    for (const auto& source : discovery.http)
        addClientSecrets(secrets, source.client);
    for (const auto& source : discovery.docker)
        addClientSecrets(secrets, source.client);
    for (const auto& source : discovery.swarm)
        addClientSecrets(secrets, source.client);
    for (const auto& source : discovery.kubernetes)
        addClientSecrets(secrets, source.client);
    for (const auto& source : discovery.consul) {
        addClientSecrets(secrets, source.client);
        addSecret(secrets, source.token.reveal());
        addSecret(secrets, source.password.reveal());
    }
}

std::map<std::string, Secret> byPath(const scrape::JobOptions& job)
{
    std::map<std::string, Secret> secrets;
    for (auto& placed : placedSecretsOf(job))
        secrets.emplace(std::move(placed.path), std::move(placed.secret));
    return secrets;
}

bool isShown(const Secret& secret)
{
    return secret.reveal() == kShownSecret;
}

} // namespace

std::vector<Secret> secretsOf(const std::vector<scrape::JobOptions>& jobs)
{
    std::vector<Secret> secrets;
    for (const auto& job : jobs) {
        for (const auto& [name, values] : job.params) {
            for (const auto& value : values) {
                if (config::isSecretName(name) || value.size() >= kLongValueBytes)
                    addSecret(secrets, value);
            }
        }
        addClientSecrets(secrets, job.client);
        addDiscoverySecrets(secrets, job.discovery);
    }
    return secrets;
}

bool hasShownSecret(const scrape::JobOptions& job)
{
    const auto placed = placedSecretsOf(job);
    return std::any_of(
        placed.begin(), placed.end(), [](const auto& one) { return isShown(one.secret); });
}

// The way through the writer and the reader reaches every place a secret can stand in.
Result<scrape::JobOptions> withKnownSecrets(
    const scrape::JobOptions& job, const scrape::JobOptions* known)
{
    const auto secrets = known ? byPath(*known) : std::map<std::string, Secret>();
    std::string missing;
    config::WriteOptions options;
    options.secretText = [&](const Secret& secret, const std::string& path) {
        if (!isShown(secret))
            return secret.reveal();
        const auto found = secrets.find(path);
        if (found != secrets.end() && !isShown(found->second))
            return found->second.reveal();
        if (missing.empty())
            missing = path;
        return std::string(kShownSecret);
    };
    const std::string text = config::writeJobs(std::span(&job, 1), options);
    if (!missing.empty())
        return failure("\"<secret>\" stands at " + missing
            + ", and no secret is known there: write the secret itself, or name a file");
    config::LoadOptions load;
    load.readIncludes = false;
    auto config = config::loadConfig(text, load);
    if (!config || config->jobs.size() != 1)
        return failure("the secrets of job \"" + job.name + "\" cannot be put in place");
    auto result = std::move(config->jobs.front());
    // What has no words in a configuration.
    result.discovery.skipped = job.discovery.skipped;
    result.client.tls.trustedSha256 = job.client.tls.trustedSha256;
    result.file = job.file;
    result.line = job.line;
    return result;
}

} // namespace fleetglass::monitor
