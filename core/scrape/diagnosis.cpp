#include "core/scrape/diagnosis.h"

#include <algorithm>

namespace fleetglass::scrape {

namespace {

using http::FailureCode;

// "<token_value>", "YOUR_TOKEN", "changeme": text from a manual that nobody has replaced.
bool isPlaceholder(const std::string& text)
{
    const size_t open = text.find('<');
    if (open != std::string::npos && text.find('>', open) != std::string::npos)
        return true;
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(),
        [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return upper.starts_with("YOUR_") || upper.starts_with("YOUR-") || upper == "CHANGEME"
        || upper == "CHANGE_ME";
}

std::string placeholderHint(const JobOptions& job, const Target& target)
{
    const auto& client = job.client;
    if (target.url.find("%3C") != std::string::npos)
        return "The address or a parameter still holds placeholder text such as <host>: put the "
               "real value there.";
    if (client.authorization && isPlaceholder(client.authorization->credentials.text.reveal()))
        return "The token still holds placeholder text such as <token_value>: put the real "
               "token there.";
    if (client.basicAuth && isPlaceholder(client.basicAuth->password.text.reveal()))
        return "The password still holds placeholder text: put the real one there.";
    return {};
}

bool isController(const Target& target)
{
    return target.url.find("/v2/metrics") != std::string::npos;
}

std::string credentialName(const http::ClientOptions& client)
{
    if (client.basicAuth)
        return "basic_auth (user " + client.basicAuth->username + ")";
    if (client.authorization)
        return client.authorization->credentials.file.empty()
            ? "authorization"
            : client.authorization->credentials.file;
    return client.oauth2 ? "oauth2" : "";
}

std::string authHint(const http::Exchange& exchange, const JobOptions& job, const Target& target)
{
    if (isController(target))
        return "The metrics of the controller need a token of a superuser or a system auditor.";
    const std::string used = credentialName(job.client);
    if (!used.empty())
        return "The server refused the credentials of " + used + ". Check them.";
    const bool basic = std::find(exchange.authSchemes.begin(), exchange.authSchemes.end(), "Basic")
        != exchange.authSchemes.end();
    return basic ? "The job sends no credentials: set basic_auth."
                 : "The job sends no credentials: set authorization (bearer token) or basic_auth.";
}

std::string caHint(const http::Exchange& exchange, const JobOptions& job)
{
    std::string issuer;
    if (exchange.tls && !exchange.tls->chain.empty())
        issuer
            = " The certificate presented was issued by " + exchange.tls->chain.back().issuer + ".";
    const http::TlsOptions& tls = job.client.tls;
    if (tls.ca.empty() && tls.caFile.empty())
        return "Set ca_file in tls_config to the authority of this server." + issuer;
    return "The CA in tls_config is not the one that signed this certificate." + issuer;
}

std::string tlsHint(FailureCode code, const http::Exchange& exchange, const JobOptions& job)
{
    switch (code) {
    case FailureCode::TlsUnknownAuthority:
        return caHint(exchange, job);
    case FailureCode::TlsSelfSigned:
        return "Trust this certificate for the job, or set it as ca in tls_config.";
    case FailureCode::TlsExpired:
        return "The certificate must be renewed on the server.";
    case FailureCode::TlsNotYetValid:
        return "Check the clocks of the server and of this computer.";
    case FailureCode::TlsWrongHost:
        return "Set server_name in tls_config to a name of the certificate, or ask the target "
               "by such a name.";
    case FailureCode::TlsClientCertificate:
        return "Set cert_file and key_file in tls_config to a certificate the server accepts.";
    case FailureCode::TlsVersion:
        return "Set min_version in tls_config if this old server must be read.";
    case FailureCode::TlsRevoked:
        return "The authority has revoked this certificate: the server needs a new one.";
    case FailureCode::TlsHandshake:
        return "Perhaps the server speaks plain HTTP: set scheme: http.";
    case FailureCode::TlsTimeout:
        return "The port is open, but nothing there answers TLS: is it the right port?";
    default:
        return {};
    }
}

std::string statusHint(const http::Exchange& exchange, const Target& target)
{
    if (exchange.status == 404 && isController(target))
        return "From version 2.5 on the controller's metrics are at "
               "/api/controller/v2/metrics/, before that at /api/v2/metrics/: set metrics_path.";
    if (exchange.status == 404)
        return "Check metrics_path.";
    if (exchange.status >= 300 && exchange.status < 400)
        return "The page has moved: set the address and metrics_path to where it is now, or "
               "follow_redirects: true.";
    if (exchange.status == 400 && exchange.tls && exchange.tls->clientCertificateAsked)
        return "The server asks for a client certificate: set cert_file and key_file in "
               "tls_config.";
    if (exchange.status == 400 && target.url.starts_with("http://"))
        return std::string(kExpectsHttpsHint);
    if (exchange.status >= 500)
        return "The exporter itself failed: its own log says why.";
    return {};
}

std::string hintFor(const http::Failure& failure, const http::Exchange& exchange,
    const JobOptions& job, const Target& target)
{
    if (std::string hint = placeholderHint(job, target); !hint.empty())
        return hint;
    switch (failure.code) {
    case FailureCode::Unauthorized:
    case FailureCode::Forbidden:
        return authHint(exchange, job, target);
    case FailureCode::Status:
        return statusHint(exchange, target);
    case FailureCode::ConnectRefused:
        return "Nothing listens on this port: is the exporter running, and the port right?";
    case FailureCode::ConnectTimeout:
    case FailureCode::ConnectUnreachable:
        return "Check the network, a firewall, or whether the host is up.";
    case FailureCode::DnsNotFound:
        return "Check the spelling of the host, or the name server.";
    case FailureCode::HttpTimeout:
    case FailureCode::BodyTimeout:
        return "The server is slow or stuck; raise scrape_timeout if it needs longer.";
    case FailureCode::BodyTooLarge:
        return "Raise body_size_limit of the job if the page is meant to be so large.";
    case FailureCode::BodyTruncated:
        return "The exporter or a proxy before it closed the connection within the page.";
    case FailureCode::Encoding:
    case FailureCode::Decode:
        return "Set enable_compression: false for the job if the server cannot be mended.";
    case FailureCode::HttpClosed:
        return target.url.starts_with("http://") ? std::string(kExpectsHttpsHint)
                                                 : "Is it an HTTP server that listens there?";
    case FailureCode::HttpProtocol:
        return "Is it an HTTP server that listens there, and the port right?";
    case FailureCode::TooManyRequests:
        return "The server asks for fewer requests: raise scrape_interval.";
    case FailureCode::RedirectBlocked:
    case FailureCode::RedirectLimit:
        return "Set the address and metrics_path to where the page really is.";
    case FailureCode::Proxy:
        return "Check proxy_url and whether the proxy lets this host through.";
    case FailureCode::Credentials:
    case FailureCode::BadTlsOptions:
        return "The configuration names this file: check its path and who may read it.";
    default:
        return failure.phase == http::Phase::Tls ? tlsHint(failure.code, exchange, job)
                                                 : std::string();
    }
}

} // namespace

ScrapeFailure diagnose(const http::Failure& failure, const http::Exchange& exchange,
    const JobOptions& job, const Target& target)
{
    return { phaseOf(failure.phase), std::string(http::toWord(failure.code)), failure.message,
        hintFor(failure, exchange, job, target), 0, 0 };
}

std::string adviceFor(const JobOptions& job, const MetadataMap& metadata)
{
    if (!job.honorLabels && metadata.find("push_time_seconds") != metadata.end())
        return std::string(kPushgatewayAdvice);
    return {};
}

} // namespace fleetglass::scrape
