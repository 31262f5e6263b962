#include "core/scrape/scrape_request.h"

#include "core/base/number.h"
#include "core/base/secret.h"
#include "core/exposition/format.h"
#include "core/http/url.h"
#include "core/scrape/limits.h"
#include "core/scrape/page.h"

namespace fleetglass::scrape {

namespace {

exposition::Escaping escapingOf(NameEscaping escaping)
{
    switch (escaping) {
    case NameEscaping::Underscores:
        return exposition::Escaping::Underscores;
    case NameEscaping::Dots:
        return exposition::Escaping::Dots;
    case NameEscaping::Values:
        return exposition::Escaping::Values;
    case NameEscaping::AllowUtf8:
        break;
    }
    return exposition::Escaping::AllowUtf8;
}

std::string acceptOf(const JobOptions& job)
{
    return exposition::acceptHeader(protocolsOf(job), escapingOf(job.nameEscaping));
}

// 'it'\''s': safe between single quotes in a shell.
std::string quoted(std::string_view text)
{
    std::string result = "'";
    for (const char c : text)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + '\'';
}

std::string challengeArguments(const http::ChallengeAuth& auth)
{
    switch (auth.scheme) {
    case http::ChallengeScheme::Digest:
        return " --digest -u " + quoted(auth.username + ':' + Secret::kMask);
    case http::ChallengeScheme::Ntlm:
        return " --ntlm -u " + quoted(auth.username + ':' + Secret::kMask);
    case http::ChallengeScheme::Negotiate:
        break;
    }
    return " --negotiate -u ':'";
}

// The proxy's password stays here.
std::string wayArguments(const http::ClientOptions& client)
{
    if (!client.unixSocket.empty())
        return " --unix-socket " + quoted(client.unixSocket);
    if (client.proxy.url.empty())
        return {};
    const std::string text = " --proxy " + quoted(http::maskUrl(client.proxy.url.reveal(), {}));
    return client.proxy.noProxy.empty() ? text
                                        : text + " --noproxy " + quoted(client.proxy.noProxy);
}

std::string credentialArguments(const http::ClientOptions& client)
{
    std::string text;
    if (client.basicAuth)
        text += " -u " + quoted(client.basicAuth->username + ':' + Secret::kMask);
    if (client.authorization)
        text += " -H "
            + quoted("Authorization: " + client.authorization->type + ' ' + Secret::kMask);
    if (client.challengeAuth)
        text += challengeArguments(*client.challengeAuth);
    for (const http::Header& header : client.headers) {
        for (const std::string& value : header.values)
            text += " -H " + quoted(header.name + ": " + value);
        for (size_t i = 0; i < header.secrets.size(); ++i)
            text += " -H " + quoted(header.name + ": " + Secret::kMask);
    }
    return text;
}

std::string tlsArguments(const http::TlsOptions& tls)
{
    std::string text;
    if (!tls.caFile.empty())
        text += " --cacert " + quoted(tls.caFile);
    else if (!tls.ca.empty())
        text += " --cacert ca.pem";
    if (!tls.certFile.empty())
        text += " --cert " + quoted(tls.certFile);
    if (!tls.key.file.empty())
        text += " --key " + quoted(tls.key.file);
    return text + (tls.insecureSkipVerify ? " --insecure" : "");
}

} // namespace

http::Request scrapeRequest(const std::shared_ptr<const JobOptions>& job, const Target& target,
    const std::string& userAgent)
{
    http::Request request;
    request.url = target.url;
    request.maskedParams = target.maskedParams;
    // A relay has credentials of its own, and gets none of the job's.
    request.client = target.relay ? target.relay->client()
                                  : std::shared_ptr<const http::ClientOptions>(job, &job->client);
    request.userAgent = userAgent;
    request.compression = job->enableCompression;
    request.timeout = target.timeout;
    request.limits = effectiveLimits(job->limits).sizes;
    const double seconds = static_cast<double>(target.timeout.count()) / 1000.0;
    request.headers = { { "Accept", acceptOf(*job) },
        { "X-Prometheus-Scrape-Timeout-Seconds", formatFloat(seconds) } };
    return request;
}

std::string curlCommand(const JobOptions& job, const Target& target)
{
    const auto relayClient = target.relay ? target.relay->client() : nullptr;
    const http::ClientOptions& client = relayClient ? *relayClient : job.client;
    const double seconds = static_cast<double>(target.timeout.count()) / 1000.0;
    return "curl --max-time " + formatFloat(seconds) + " -H " + quoted("Accept: " + acceptOf(job))
        + credentialArguments(client) + wayArguments(client) + tlsArguments(client.tls)
        + (job.enableCompression ? " --compressed" : "")
        + (client.followRedirects ? " --location " : " ") + quoted(target.shownUrl);
}

} // namespace fleetglass::scrape
